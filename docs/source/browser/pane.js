// The pane beside the text, where there is room: the whole file, with the lines lit that the reader is reading about.

import { create } from "./dom.js";
import { markers, neighbour, Panel } from "./panel.js";

/** @type {Panel | undefined} */
let panel;
/** What the reader has chosen, which holds until it is out of sight. @type {HTMLButtonElement | undefined} */
let chosen;
let isWaiting = false;

/** @param {HTMLButtonElement} marker @param {(wanted: boolean) => void} always */
export async function show(marker, always) {
  panel ??= createPane(always);
  if (panel.marker) panel.marker.ariaExpanded = "false";
  marker.ariaExpanded = "true";
  marker.setAttribute("aria-controls", panel.section.id);
  await panel.show(marker);
  if (panel?.section.isConnected === false) {
    document.body.append(panel.section);
    panel.scroll();
  }
}

/** Show what the reader has clicked; the keyboard goes there too. @param {HTMLButtonElement} marker @param {(wanted: boolean) => void} always @param {boolean} [withFocus] */
export async function choose(marker, always, withFocus) {
  chosen = marker;
  await show(marker, always);
  if (withFocus) panel?.section.focus();
}

export const redraw = async () => panel?.marker?.isConnected && panel.show(panel.marker);

export function remove() {
  if (panel?.marker) panel.marker.ariaExpanded = "false";
  panel?.section.remove();
  panel = chosen = undefined;
}

/** @param {(wanted: boolean) => void} always */
function createPane(always) {
  const section = create("section", {
    className: "source-panel source-pane highlight md-typeset",
    id: "source-pane",
    tabIndex: -1,
  });
  const created = new Panel(
    section,
    {
      close: () => {
        always(false);
        created.marker?.focus();
      },
      step: (by) => step(by, always),
      always,
      changed: async () => void (await redraw()),
    },
    true,
  );
  return created;
}

/** @param {number} by @param {(wanted: boolean) => void} always */
async function step(by, always) {
  const target = panel?.marker && neighbour(panel.marker, by);
  if (!target) return;
  await choose(target, always);
  target.scrollIntoView({ block: "center" });
}

/** Follow the reading: the last link above a line that sinks from a fifth of the window to four as the page ends. @param {(wanted: boolean) => void} always */
export function follow(always) {
  const all = markers();
  const inSight = (/** @type {HTMLElement} */ one) => {
    const { top, bottom } = one.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  };
  if (chosen?.isConnected && inSight(chosen)) return;
  chosen = undefined;
  const { scrollHeight } = document.documentElement;
  const line = innerHeight * (0.2 + (0.6 * scrollY) / Math.max(1, scrollHeight - innerHeight));
  const now = all.findLast((one) => one.getBoundingClientRect().top < line) ?? all[0];
  if (now && now !== panel?.marker) show(now, always);
}

/** @param {() => boolean} isOn @param {(wanted: boolean) => void} always */
export function followScrolling(isOn, always) {
  addEventListener(
    "scroll",
    () => {
      if (!isOn() || isWaiting) return;
      isWaiting = true;
      requestAnimationFrame(() => {
        isWaiting = false;
        follow(always);
      });
    },
    { passive: true },
  );
}
