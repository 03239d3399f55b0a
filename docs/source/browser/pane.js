// The pane beside the text, where there is room: the whole file, with the lines lit that the reader is reading about.

import { create } from "./dom.js";
import { hasPane, markers, neighbour, Panel, setAlways } from "./panel.js";

/** @type {Panel | undefined} */
let panel;
/** What the reader has chosen, which holds until it is out of sight. @type {HTMLButtonElement | undefined} */
let chosen;
let isWaiting = false;

addEventListener(
  "scroll",
  () => {
    if (!hasPane() || isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      follow();
    });
  },
  { passive: true },
);

/** Show what the reader has clicked; the keyboard goes there too. @param {HTMLButtonElement} marker @param {boolean} [withFocus] */
export async function choose(marker, withFocus) {
  chosen = marker;
  await show(marker);
  if (withFocus) panel?.section.focus();
}

export function remove() {
  if (panel?.marker) panel.marker.ariaExpanded = "false";
  panel?.section.remove();
  panel = chosen = undefined;
}

/**
 * Show what is being read: the last link above a line that sinks from a fifth of the window to four as the page ends.
 */
export function follow() {
  if (chosen?.isConnected && isInSight(chosen)) return;
  chosen = undefined;
  const { scrollHeight } = document.documentElement;
  const line = innerHeight * (0.2 + (0.6 * scrollY) / Math.max(1, scrollHeight - innerHeight));
  const now = markers().findLast((one) => one.getBoundingClientRect().top < line) ?? markers()[0];
  if (now && now !== panel?.marker) show(now);
}

/** @param {HTMLElement} element */
function isInSight(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

/** @param {HTMLButtonElement} marker */
async function show(marker) {
  panel ??= createPane();
  if (panel.marker) panel.marker.ariaExpanded = "false";
  marker.ariaExpanded = "true";
  marker.setAttribute("aria-controls", panel.section.id);
  await panel.show(marker);
  if (panel?.section.isConnected !== false) return;
  document.body.append(panel.section);
  panel.scroll();
}

function createPane() {
  const className = "source-panel source-pane highlight md-typeset";
  const section = create("section", { className, id: "source-pane", tabIndex: -1 });
  return new Panel(section, { close, step, changed: redraw }, true);
}

function close() {
  const marker = panel?.marker;
  setAlways(false);
  marker?.focus();
}

/** @param {number} by */
async function step(by) {
  const target = panel?.marker && neighbour(panel.marker, by);
  if (!target) return;
  await choose(target);
  target.scrollIntoView({ block: "center" });
}

async function redraw() {
  if (panel?.marker?.isConnected) await panel.show(panel.marker);
}
