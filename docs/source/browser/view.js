// Where the source is shown: in the pane if the reader wants it always and there is room, else below the paragraph.

import { loadStyles } from "./dom.js";
import * as excerpt from "./excerpt.js";
import * as pane from "./pane.js";
import { isAlways, markers, setAlways } from "./panel.js";

const WIDE = matchMedia("(min-width: 76.25em)"); // as in assets/site.css
// What keeps room for an excerpt (assets/site.css): paragraphs and list items, no tables.
const ROOMS = "article :is(p, li):has(a.source):not(:has(p, li), [data-source-closed])";

const styles = loadStyles("source.css");
const hasPane = () => isAlways() && WIDE.matches;
pane.followScrolling(hasPane, always);
WIDE.addEventListener("change", () => isAlways() && showAll());

/** Show the lines behind a link, or hide them. @param {HTMLButtonElement} marker */
export async function toggle(marker) {
  await styles;
  if (hasPane()) return pane.choose(marker, always, marker.matches(":focus-visible"));
  if (marker.ariaExpanded === "true") return excerpt.close(marker);
  return excerpt.open(marker, always);
}

/** Show the source without being asked. */
export async function showAll() {
  await styles;
  if (hasPane()) {
    excerpt.closeAll();
    if (markers().length) pane.follow(always);
    return;
  }
  pane.remove();
  for (const block of document.querySelectorAll(ROOMS)) {
    const marker = /** @type {HTMLButtonElement | null} */ (block.querySelector(".source-link > button"));
    if (marker && !block.querySelector('[aria-expanded="true"]')) excerpt.open(marker, always);
  }
}

/** @param {boolean} wanted */
function always(wanted) {
  setAlways(wanted);
  for (const block of document.querySelectorAll("[data-source-closed]"))
    block.removeAttribute("data-source-closed");
  if (wanted) showAll();
  else pane.remove();
}
