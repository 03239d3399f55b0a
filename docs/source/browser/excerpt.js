// An excerpt: the lines behind a link, below its paragraph, in its list item, or as a row below its row of a table.

import { create } from "./dom.js";
import { neighbour, Panel } from "./panel.js";

/** @typedef {{ panel: Panel, holder: HTMLElement }} Excerpt @type {Map<Element, Excerpt>} */
const excerpts = new Map();
let count = 0;

/** @param {HTMLButtonElement} marker */
const blockOf = (marker) =>
  /** @type {HTMLElement} */ (marker.closest("[data-original]") ?? marker.closest("tr, li, p, dd, div"));

/**
 * Show the lines, or other lines where an excerpt of the same paragraph is open.
 * @param {HTMLButtonElement} marker
 */
export async function open(marker) {
  const block = blockOf(marker);
  const excerpt = excerpts.get(block) ?? createExcerpt(block);
  if (excerpt.panel.marker) fold(excerpt.panel.marker);
  marker.ariaExpanded = "true";
  await excerpt.panel.show(marker);
  if (excerpts.get(block) !== excerpt) return;
  if (!excerpt.holder.isConnected) insert(block, excerpt.holder);
  if (marker.ariaExpanded === "true") marker.setAttribute("aria-controls", excerpt.panel.section.id);
}

/** Bring into sight what a click has opened. @param {HTMLButtonElement} marker */
export function reveal(marker) {
  excerpts.get(blockOf(marker))?.holder.scrollIntoView({ block: "nearest" });
}

/** @param {HTMLButtonElement} marker */
function fold(marker) {
  marker.ariaExpanded = "false";
  marker.removeAttribute("aria-controls");
}

/** @param {HTMLButtonElement} marker */
export function close(marker) {
  const block = blockOf(marker);
  block.dataset.sourceClosed = ""; // no room is kept for it any more
  excerpts.get(block)?.holder.remove();
  excerpts.delete(block);
  fold(marker);
}

/** Close all; return the marker of the one that has the focus. */
export function closeAll() {
  /** @type {HTMLButtonElement | undefined} */
  let read;
  for (const { panel } of excerpts.values()) {
    if (panel.section.matches(":focus-within")) read = panel.marker;
    if (panel.marker) close(panel.marker);
  }
  return read;
}

/** Draw again what is open on this page. */
export async function redraw() {
  for (const [block] of excerpts) if (!block.isConnected) excerpts.delete(block);
  await Promise.all([...excerpts.values()].map(({ panel }) => panel.marker && panel.show(panel.marker)));
}

/** @param {HTMLElement} block @returns {Excerpt} */
function createExcerpt(block) {
  const section = create("section", { className: "source-panel highlight", id: `source-${++count}` });
  const panel = new Panel(section, {
    close: () => panel.marker && leave(panel.marker),
    step: (by) => panel.marker && step(panel.marker, by),
    changed: redraw,
  });
  const isRow = block.tagName === "TR";
  const cell = isRow && create("td", { colSpan: block.children.length }, section);
  const holder = create(isRow ? "tr" : "div", { className: "source-holder" }, cell || section);
  const excerpt = { panel, holder };
  excerpts.set(block, excerpt);
  return excerpt;
}

/** @param {HTMLElement} block @param {HTMLElement} holder */
function insert(block, holder) {
  if (["TR", "P"].includes(block.tagName)) block.after(holder);
  else block.append(holder);
}

/** @param {HTMLButtonElement} marker */
function leave(marker) {
  close(marker);
  marker.focus();
}

/** Close, and go on to the next or previous place. @param {HTMLButtonElement} marker @param {number} by */
async function step(marker, by) {
  const target = neighbour(marker, by);
  if (!target) return;
  if (blockOf(target) !== blockOf(marker)) close(marker);
  await open(target);
  const panel = excerpts.get(blockOf(target))?.panel;
  target.scrollIntoView({ block: "center" });
  (by > 0 ? panel?.next : panel?.previous)?.focus();
}
