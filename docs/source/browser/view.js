// Where the source is shown: in the pane if the reader wants it always and there is room, else below the paragraph.

import { loadStyles } from "./dom.js";
import * as excerpt from "./excerpt.js";
import { ALWAYS_CHANGED, hasPane, isAlways, markers, WIDE } from "./panel.js";

// What keeps room for an excerpt (assets/site.css): paragraphs and list items, no tables.
const ROOMS = "article :is(p, li):has(a.source):not(:has(p, li), [data-source-closed])";

const styles = loadStyles("source.css");
const pane = () => import("./pane.js");
const original = () => import("./original.js");
WIDE.addEventListener("change", () => isAlways() && showAll());
addEventListener(ALWAYS_CHANGED, async () => {
  for (const block of document.querySelectorAll("[data-source-closed]"))
    block.removeAttribute("data-source-closed");
  if (isAlways()) await showAll();
  else await removePane();
});

// In an excerpt, panel.js hears the key.
addEventListener(
  "keydown",
  /** @param {any} event */
  ({ key, target }) => {
    const marker = target.closest(".source-link")?.querySelector("[aria-expanded=true]");
    if (key === "Escape" && marker && !hasPane()) excerpt.close(marker);
  },
);

/** Show the lines behind a link, or hide them. @param {HTMLButtonElement} clicked */
export async function toggle(clicked) {
  await styles;
  const withFocus = clicked.matches(":focus-visible");
  const marker = clicked.matches(".run > button")
    ? await original().then(({ meet }) => meet(clicked))
    : clicked;
  if (hasPane()) await (await pane()).choose(marker, withFocus);
  else if (marker.ariaExpanded === "true") excerpt.close(marker);
  else {
    await excerpt.open(marker);
    excerpt.reveal(marker);
  }
}

/** Show the source without being asked. */
export async function showAll() {
  await styles;
  if (hasPane()) {
    const read = excerpt.closeAll(); // what the reader looks at when asking for the pane
    if (document.querySelector("[data-original]")) await (await original()).prepare();
    if (read) (await pane()).choose(read);
    else if (markers().length) (await pane()).follow();
    read?.focus();
    return;
  }
  await removePane();
  for (const block of document.querySelectorAll(ROOMS)) {
    const marker = /** @type {HTMLButtonElement | null} */ (block.querySelector(".source-link > button"));
    if (marker && !block.querySelector('[aria-expanded="true"]')) excerpt.open(marker);
  }
}

async function removePane() {
  if (document.querySelector(".source-pane")) (await pane()).remove();
}
