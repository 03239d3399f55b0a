// Adds a button to each link into ComfyUI's source, and one to each part of the re-creation. This is all that a page
// carries before a click, since build.py puts it into the page, each `text(…)` in the page's language. The rest is
// fetched by a click, by the pointer for a hover text, and at once where the reader asked to see the source always.

/** @param {"view" | "known"} name */
const load = (name) =>
  import(`${root}source/${name}.js${again}`).catch((error) => {
    again += "#";
    // theme/main.html tells the reader
    dispatchEvent(new Event("loadfailed"));
    throw error;
  });
let again = ""; // some browsers keep it if a module cannot be fetched, so the next try has another address
/** @param {{ target: any }} event */
const describe = ({ target }) =>
  target.matches?.("a.source:not([title])") && load("known").then(({ describe }) => describe(target));
addEventListener("focusin", describe);
addEventListener("pointerover", describe);
// So does the link itself; with a key held down, and without a script, it leads to GitHub.
addEventListener(
  "click",
  /** @param {any} event */
  (event) => {
    const button = event.target.closest(".source-link, [data-original] > .run")?.lastChild;
    if (!button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    load("view").then(({ toggle }) => toggle(button));
  },
);

document$.subscribe(() => {
  for (const block of document.querySelectorAll("[data-original]:not(:has(.run))"))
    block.insertAdjacentHTML(
      "beforeend",
      `<div class="run"><button aria-expanded="false">${text("对照原文", "Compare with the original")}</button></div>`,
    );
  for (const link of document.querySelectorAll("a.source:not(.source-link > *)"))
    link.outerHTML = `<span class="source-link">${link.outerHTML}<button aria-expanded="false" aria-label="${text("在这里看源码：", "Show the source here: ")}${link.textContent}"></button></span>`;
  if (document.querySelector(".source-always")) load("view").then(({ showAll }) => showAll());
});
