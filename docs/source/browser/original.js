// The original beside a part of the re-creation: a link to its lines, what is called how in both, and what differs.

import { create } from "./dom.js";
import { LOOK, original } from "./words.js";

/** What is called how, by the link. @type {WeakMap<HTMLAnchorElement, string[]>} */
const names = new WeakMap();

/** Put links in the place of the buttons that the page has. */
export async function prepare() {
  const bars = [...document.querySelectorAll("[data-original] > .run:not(:has(a))")];
  if (!bars.length) return;
  const page = location.pathname.slice(root.pathname.length).replace(/(index\.html)?$/, "original.json");
  const response = await fetch(new URL(page, import.meta.url));
  /** @type {Record<string, [string, number, number, string[]][]>} */
  const spans = await response.json();
  for (const bar of bars) {
    const block = /** @type {HTMLElement} */ (bar.parentElement);
    bar.replaceChildren(
      ...spans[block.dataset.original ?? ""].map(([href, first, last, named]) => {
        const textContent = original(first, last);
        const link = create("a", { className: "source", target: "_blank", href, textContent });
        names.set(link, named);
        const ariaLabel = LOOK + textContent;
        const button = create("button", { type: "button", ariaExpanded: "false", ariaLabel });
        return create("span", { className: "source-link" }, link, button);
      }),
    );
  }
}

/** The button of the first link that takes the place of a button. @param {HTMLButtonElement} clicked */
export async function meet(clicked) {
  const bar = clicked.parentElement;
  await prepare();
  const marker = /** @type {HTMLButtonElement} */ (bar?.querySelector(".source + button"));
  marker.focus();
  return marker;
}

/** What stands above the code. @param {HTMLElement} block @param {HTMLAnchorElement} link */
export function mapped(block, link) {
  const code = block.querySelector("pre > code")?.textContent ?? "";
  const differences = [...code.matchAll(/# (ComfyUI: .*)/g)].map(([, text]) => text);
  return [names.get(link)?.join(" · ") ?? "", ...differences].map((textContent) =>
    create("p", { textContent }),
  );
}
