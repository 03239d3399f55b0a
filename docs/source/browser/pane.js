// The pane beside the text, where there is room: the whole file, with the lines lit that the reader is reading about.

import { create } from "./dom.js";
import { known } from "./known.js";
import { hasPane, isNarrow, markers, neighbour, Panel, pagesAbout, placeOf, setAlways } from "./panel.js";
import { copyOf } from "./texts.js";
import { PANEL } from "./words.js";

/** @type {Panel | undefined} */
let panel;
/** What the reader has chosen, which holds until it is out of sight. @type {HTMLButtonElement | undefined} */
let chosen;
/** The code whose lines are marked. @type {HTMLElement | undefined} */
let marked;
let isWaiting = false;
const GUTTER = 60; // pixels at the left of a line, where its number stands

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
 * Show what is being read: the last link above a line that sinks from two fifths of the window to nine tenths as the page ends.
 */
export function follow() {
  if (chosen?.isConnected && isInSight(chosen)) return;
  chosen = undefined;
  const { scrollHeight } = document.documentElement;
  const line = innerHeight * (0.4 + (0.5 * scrollY) / Math.max(1, scrollHeight - innerHeight));
  const shown = markers().filter((one) => !one.closest("details:not([open])"));
  const now = shown.findLast((one) => one.getBoundingClientRect().top < line) ?? shown[0];
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
  await markNotes();
  if (panel?.section.isConnected !== false) return;
  document.body.append(panel.section);
  panel.scroll();
}

function createPane() {
  const className = "source-panel source-pane highlight md-typeset";
  const section = create("section", { className, id: "source-pane", tabIndex: -1 });
  const created = new Panel(section, { close, step, changed: redraw }, true);
  created.foot.before(lineForm(created));
  return created;
}

/** A form that says which pages speak of a line; so does a click on its number. @param {Panel} created */
function lineForm(created) {
  const input = create("input", { type: "number", min: "1", required: true });
  const answer = create("p", { role: "status" });
  const label = create("label", {}, `${PANEL.goTo} `, input);
  const form = create(
    "form",
    { className: "line" },
    label,
    create("button", { textContent: PANEL.look }),
    answer,
  );
  const look = async () => answer.replaceChildren(...(await aboutLine(input.valueAsNumber)));
  form.onsubmit = (event) => {
    event.preventDefault();
    created.scroll({ first: input.valueAsNumber, last: input.valueAsNumber });
    look();
  };
  created.body.onclick = (event) => {
    const row = /** @type {HTMLElement} */ (event.target).closest(".row");
    const line = Number(/** @type {HTMLElement | null} */ (row)?.dataset.line);
    if (!line || !row || event.clientX > row.getBoundingClientRect().left + GUTTER) return;
    input.valueAsNumber = line;
    look();
  };
  return form;
}

/** @param {number} line of the reader's copy */
async function aboutLine(line) {
  const file = panel?.marker && placeOf(panel.marker).file;
  const copy = file && (await copyOf(file));
  if (!copy) return [];
  const pinned = copy.found.indexOf(line - 1) + 1;
  const pages = pinned ? pagesAbout(await known(file), { first: pinned, last: pinned }) : [];
  return pages.length ? [PANEL.about(line), ...pages] : [PANEL.noPage(line)];
}

/** Mark the lines that a page speaks of. */
async function markNotes() {
  const { code, marker, drawn } = panel ?? {};
  if (!code || !marker || !drawn || code === marked) return;
  marked = code;
  const { notes } = await known(placeOf(marker).file);
  const rows = code.querySelectorAll("[data-line]");
  for (const { first, last } of notes.filter(isNarrow))
    for (const at of drawn.found.slice(first - 1, last)) rows[at]?.classList.add("noted");
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
  if (panel?.marker?.isConnected) await show(panel.marker);
}
