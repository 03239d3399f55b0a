// What an excerpt and the pane have in common: a head that says what has become of the lines, the code, and a foot.

import { card } from "./card.js";
import { announce, button, create } from "./dom.js";
import { highlight } from "./highlight.js";
import { known, linesOf, regionAt } from "./known.js";
import { copyOf, forget, storage } from "./texts.js";
import { banner, fateText, lines, PANEL, STORAGE } from "./words.js";

/** @typedef {import("./copy.js").Copy} Copy @typedef {import("./copy.js").Fate} Fate @typedef {import("./known.js").Known} Known */
/** @typedef {{ file: string, first: number, last: number, link: HTMLAnchorElement }} Place */

export const WIDE = matchMedia("(min-width: 76.25em)"); // as in assets/site.css
export const ALWAYS_CHANGED = "source-always-changed";
const AROUND = 3; // lines before and after an excerpt

/** Every button beside a link into the source, in the order of the page. */
export const markers = () =>
  /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll(".source-link > button")]);

/** The lines that a link leads to. @param {HTMLButtonElement} marker @returns {Place} */
export function placeOf(marker) {
  const link = /** @type {HTMLAnchorElement} */ (marker.previousElementSibling);
  return { ...linesOf(link), link };
}

/** The marker before or after one. @param {HTMLButtonElement} marker @param {number} by */
export const neighbour = (marker, by) => markers()[markers().indexOf(marker) + by];

/**
 * @typedef {object} Actions what its container does
 * @property {() => void} close
 * @property {(by: number) => void} step to the next or previous place
 * @property {() => void} changed the reader has given or removed a text
 */

export class Panel {
  /** @param {HTMLElement} section @param {Actions} actions @param {boolean} isWhole whether it shows the whole file */
  constructor(section, actions, isWhole = false) {
    this.section = section;
    this.actions = actions;
    this.isWhole = isWhole;
    /** What is drawn, so that the whole file is drawn once. @type {Copy | undefined} */
    this.drawn = undefined;
    this.name = create("a", { target: "_blank" });
    this.status = create("span");
    this.previous = this.#control("↑", PANEL.previous, () => actions.step(-1));
    this.next = this.#control("↓", PANEL.next, () => actions.step(1));
    const close = this.#control("×", PANEL.close, actions.close);
    const controls = create("span", { className: "controls" }, this.previous, this.next, close);
    this.about = create("div", { className: "about" });
    this.body = create("div", { className: "body" });
    this.foot = create("div", { className: "foot" });
    section.append(
      create("div", { className: "head" }, this.name, this.status, controls),
      this.about,
      this.body,
      this.foot,
    );
    section.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.marker?.focus();
      if (!isWhole) actions.close();
    });
  }

  /** @param {string} sign @param {string} label @param {() => void} onclick */
  #control = (sign, label, onclick) =>
    Object.assign(button(sign, onclick), { ariaLabel: label, title: label });

  /** Show the lines of a marker's link. @param {HTMLButtonElement} marker */
  async show(marker) {
    this.marker = marker;
    const place = placeOf(marker);
    const loaded = await Promise.all([known(place.file), copyOf(place.file)]).catch(() => undefined);
    /** @type {HTMLElement | null} */
    const block = marker.closest("[data-original]");
    const mapped = block ? (await import("./original.js")).mapped(block, place.link) : [];
    const region = loaded && regionAt(loaded[0], place);
    const fate = loaded?.[1]?.fate(place, region?.end ?? place.last);
    const isLost = fate && ["changed", "gone"].includes(fate.state);
    const since = isLost ? await (await import("./since.js")).since(place) : [];
    if (this.marker !== marker) return;
    this.about.replaceChildren(...mapped, ...since);
    if (!loaded) {
      this.body.textContent = PANEL.loadFailed;
      return;
    }
    const [map, copy] = loaded;
    const { file, first, last } = place;
    const title = `${file}, ${lines(first, last)}`;
    this.section.ariaLabel = block && !this.isWhole ? place.link.textContent : title; // unlike that of the prose
    this.name.href = place.link.href;
    this.name.textContent = title;
    this.name.title = region?.purpose ?? "";
    [this.previous.disabled, this.next.disabled] = [!neighbour(marker, -1), !neighbour(marker, 1)];
    this.status.textContent = copy && fate ? fateText(map.tag, copy, fate) : "";
    this.status.className = copy?.isExact ? "" : (fate?.state ?? "");
    if (copy && fate) this.#drawCode(copy, fate);
    else this.body.replaceChildren(card(file, map.tag, () => this.#given()));
    this.#drawFoot(map, copy, place);
    this.drawn = copy;
    announce(`${title} ${this.status.textContent}`);
  }

  /** The focus goes to the code, since the button that had it is gone. */
  async #given() {
    await this.actions.changed();
    this.body.querySelector("pre")?.focus();
  }

  /** @param {Copy} copy @param {Fate} fate */
  #drawCode(copy, fate) {
    if (!this.isWhole || this.drawn !== copy) {
      const first = this.isWhole ? 1 : Math.max(1, fate.first - AROUND);
      const last = this.isWhole ? copy.lines.length : Math.min(copy.lines.length, fate.last + AROUND);
      this.code = create("code", {}, ...rows(copy, first, last));
      // A phone has no room for the blanks that all lines begin with (site.css).
      const lines = copy.lines.slice(first - 1, last).filter((line) => line.trim());
      this.code.style.cssText = `--indent: -${Math.min(...lines.map((line) => line.search(/\S/)))}ch`;
      const pre = create("pre", { tabIndex: 0, ariaLabel: PANEL.code }, this.code);
      pre.role = "group";
      this.body.replaceChildren(pre);
    }
    this.#mark(fate);
    this.fate = fate;
    if (this.isWhole) this.scroll();
  }

  /** @param {number} line */
  #row = (line) =>
    /** @type {HTMLElement | undefined} */ (this.code?.querySelector(`[data-line="${line}"]`) ?? undefined);

  /** Make the lines stand out, and say where some are lost. @param {Fate} fate */
  #mark({ state, first, last, added, lost }) {
    for (const row of this.code?.querySelectorAll(".lost") ?? []) row.remove();
    for (const row of this.code?.querySelectorAll(".lit, .new, .gap") ?? [])
      row.classList.remove("lit", "new", "gap");
    if (state === "gone") {
      this.#row(last)?.classList.add("gap");
      return;
    }
    for (let line = first; line <= last; line++) this.#row(line)?.classList.add("lit");
    for (const line of added) this.#row(line)?.classList.add("new");
    for (const [before, count] of lost) {
      const said = create("span", { className: "row lost", textContent: `${PANEL.lost(count)}\n` });
      const row = this.#row(before);
      if (row) row.after(said);
      else this.code?.prepend(said);
    }
  }

  /** Scroll the whole file to lines. @param {import("./copy.js").Lines} [lines] */
  scroll({ first, last } = this.fate ?? { first: 1, last: 1 }) {
    const pre = this.body.querySelector("pre");
    const [top, bottom] = [this.#row(Math.max(first, 1)), this.#row(last)];
    if (!pre || !top) return;
    const height = (bottom ?? top).offsetTop + top.offsetHeight - top.offsetTop;
    pre.scrollTop = top.offsetTop - Math.max(AROUND * top.offsetHeight, (pre.clientHeight - height) / 3);
  }

  /** @param {Known} map @param {Copy | undefined} copy @param {Place} place */
  #drawFoot(map, copy, place) {
    const paragraphs = [];
    const others = pagesAbout(map, place, location.href.split("#")[0]);
    if (others.length) paragraphs.push(create("p", { className: "others" }, PANEL.others, ...others));
    this.foot.replaceChildren();
    if (copy && !copy.isExact && !document.querySelector(".source-panel .banner"))
      paragraphs.push(create("p", { className: "banner", textContent: pageBanner(map, copy, place.file) }));
    if (copy && STORAGE[storage]) paragraphs.push(create("p", { textContent: STORAGE[storage] }));
    const box = create("input", { type: "checkbox", checked: isAlways() });
    box.onchange = () => setAlways(box.checked);
    const choices = create("p", { className: "choices" }, create("label", {}, box, ` ${PANEL.always}`));
    if (copy) choices.append(button(PANEL.forget, () => forget().then(this.actions.changed)));
    this.foot.replaceChildren(...paragraphs, choices);
  }
}

/** @param {Copy} copy @param {number} first @param {number} last */
function rows(copy, first, last) {
  const coloured = colours.get(copy) ?? highlight(copy.lines.join("\n"));
  colours.set(copy, coloured);
  return coloured.slice(first - 1, last).map((parts, i) => {
    const row = create("span", { className: "row" });
    row.dataset.line = String(first + i);
    for (const [className, textContent] of parts)
      row.append(className ? create("span", { className, textContent }) : textContent);
    row.append("\n");
    return row;
  });
}
/** @type {WeakMap<Copy, [string, string][][]>} */
const colours = new WeakMap();

/** How many of the places of this page are word for word the same. @param {Known} map @param {Copy} copy @param {string} file */
function pageBanner(map, copy, file) {
  const places = new Map(
    markers()
      .map(placeOf)
      .map((place) => [place.link.href, place]),
  );
  const here = [...places.values()].filter((place) => place.file === file);
  const holds = (/** @type {Place} */ place) =>
    ["same", "moved"].includes(copy.fate(place, regionAt(map, place)?.end).state);
  return banner(map.tag, here.filter(holds).length, here.length);
}

/** Links to the pages that speak of lines, separated by dots. @param {Known} map @param {import("./copy.js").Lines} place @param {string} [but] a page */
export function pagesAbout(map, { first, last }, but = "") {
  const near = map.notes.filter((note) => note.first <= last && first <= note.last && isNarrow(note));
  const pages = new Map(
    near.filter(({ url }) => url.split("#")[0] !== but).map((note) => [note.title, note]),
  );
  return [...pages.values()].flatMap(({ title, url, proofs }, i) => [
    i ? " · " : "",
    create("a", { href: url, textContent: title }),
    ...(proofs
      ? [" ", create("a", { className: "proof", href: proofs, textContent: "✓", title: PANEL.proofs })]
      : []),
  ]);
}

/** Whether a page that speaks of lines says anything of each. @param {import("./copy.js").Lines} lines */
export const isNarrow = ({ first, last }) => last - first < 60;

/** Whether the reader wants to see the source without a click. The page's head reads it as well (theme/main.html). */
export const isAlways = () => document.documentElement.classList.contains("source-always");

/** Whether the pane is in use. */
export const hasPane = () => isAlways() && WIDE.matches;

/** @param {boolean} wanted */
export function setAlways(wanted) {
  document.documentElement.classList.toggle("source-always", wanted);
  try {
    if (wanted) localStorage.setItem("source", "always");
    else localStorage.removeItem("source");
  } catch {
    // Where nothing can be stored it holds for this page.
  }
  dispatchEvent(new Event(ALWAYS_CHANGED));
}
