// The reader's copy of a file, and what has become of the lines of the pinned version in it.

import { align } from "./align.js";
import { BLANK, lineSum } from "./line_sums.js";

/**
 * Lines, from 1, the last included. @typedef {{ first: number, last: number }} Lines
 * What has become of lines: where they are now, or between which lines they stood; `left` of their `all` lines that
 * are not blank are still there, the lines `added` are new among them; `lost` has, by the line before, how many are gone.
 * @typedef {{ state: "same" | "moved" | "changed" | "gone", left: number, all: number, added: number[],
 *   lost: Map<number, number> } & Lines} Fate
 */

export class Copy {
  /** @param {string} text @param {number[]} pinned the sums of the lines of the pinned version */
  constructor(text, pinned) {
    this.lines = text.replace(/\n$/, "").split("\n");
    this.pinned = pinned;
    this.sums = this.lines.map(lineSum);
    this.found = align(this.pinned, this.sums);
    this.known = new Set(this.found);
    this.isExact = this.pinned.length === this.sums.length && this.found.every((at, line) => at === line);
    /** How often each line occurs in the pinned version. @type {Map<number, number>} */
    this.times = new Map();
    for (const sum of pinned) this.times.set(sum, (this.times.get(sum) ?? 0) + 1);
  }

  /** How many of the telling lines of the pinned version it has, from 0 to 1. */
  get likeness() {
    const telling = this.#telling(1, this.pinned.length);
    return telling.filter((line) => this.found[line] >= 0).length / telling.length;
  }

  /** Whether the pinned version lacks a line that is not blank. @param {number} line from 1 */
  isNew(line) {
    return this.lines[line - 1] !== undefined && !this.known.has(line - 1) && this.sums[line - 1] !== BLANK;
  }

  /**
   * What has become of lines; new ones right after them belong to them if there were blank ones up to `end`.
   * @param {Lines} place @param {number} end
   */
  fate({ first, last }, end = last) {
    const apart = { above: first === 1 || this.pinned[first - 2] === BLANK, below: end > last };
    const start = this.#whole(first, last);
    const grown = (apart.above && this.isNew(start)) || (apart.below && this.isNew(start + 2 + last - first));
    if (start >= 0 && !grown) return this.#unchanged(first, last, start);
    const code = [];
    for (let line = first - 1; line < last; line++) if (this.pinned[line] !== BLANK) code.push(line);
    const telling = this.#telling(first, last);
    let found = telling.length ? this.#between(first, last) : this.found;
    if (!(telling.length ? telling : code).some((line) => found[line] >= 0)) {
      found = this.#elsewhere(first, last);
      if (code.filter((line) => found[line] >= 0).length * 2 <= code.length)
        return this.#gone(first, code.length);
    }
    return this.#changed(first, last, apart, code, found);
  }

  /** The lines, from 0, that occur only once in the pinned version. @param {number} first @param {number} last */
  #telling(first, last) {
    const lines = [];
    for (let line = first - 1; line < last; line++)
      if (this.times.get(this.pinned[line]) === 1) lines.push(line);
    return lines;
  }

  /** Where lines are, from 0, word for word and in one piece, or -1. @param {number} first @param {number} last */
  #whole(first, last) {
    /** @param {number} at */
    const isAt = (at) => {
      for (let line = first - 1; line < last; line++)
        if (this.pinned[line] !== this.sums[at + line - first + 1]) return false;
      return true;
    };
    const aligned = this.found[first - 1];
    if (aligned >= 0 && isAt(aligned)) return aligned;
    // A neighbour that begins or ends alike may have been taken for them, or they were carried past others.
    return this.#telling(first, last).length ? this.sums.findIndex((_, at) => isAt(at)) : -1;
  }

  /** @param {number} first @param {number} last @param {number} start @returns {Fate} */
  #unchanged(first, last, start) {
    const all = this.pinned.slice(first - 1, last).filter((sum) => sum !== BLANK).length;
    const state = start === first - 1 ? "same" : "moved";
    return {
      state,
      first: start + 1,
      last: start + 1 + last - first,
      left: all,
      all,
      added: [],
      lost: new Map(),
    };
  }

  /** @param {number} first @param {number} all @returns {Fate} */
  #gone(first, all) {
    let before = first - 2;
    while (before >= 0 && this.found[before] < 0) before--;
    const line = before < 0 ? 0 : this.found[before] + 1;
    return { state: "gone", first: line, last: line + 1, left: 0, all, added: [], lost: new Map() };
  }

  /**
   * Where lines are, given where the telling ones among them and next to them are. The alignment of the whole gives
   * what two neighbours have in common to either; one of them may be gone.
   * @param {number} first @param {number} last
   */
  #between(first, last) {
    /** @param {number} line */
    const isAnchor = (line) => this.found[line] >= 0 && this.times.get(this.pinned[line]) === 1;
    let [before, after] = [first - 2, last];
    while (before >= 0 && !isAnchor(before)) before--;
    while (after < this.pinned.length && !isAnchor(after)) after++;
    const found = new Int32Array(this.pinned.length).fill(-1);
    let [line, at] = [first - 1, before < 0 ? 0 : this.found[before] + 1];
    for (const anchor of this.#telling(first, last).filter(isAnchor)) {
      this.#fill(found, line, anchor, this.sums.slice(at, this.found[anchor]), at);
      found[anchor] = this.found[anchor];
      [line, at] = [anchor + 1, found[anchor] + 1];
    }
    this.#fill(found, line, last, this.sums.slice(at, this.found[after] ?? this.sums.length), at);
    return found;
  }

  /** Where lines are among those that the alignment left over. @param {number} first @param {number} last */
  #elsewhere(first, last) {
    const left = this.sums.map((sum, line) => (this.known.has(line) ? -1 : sum));
    const found = new Int32Array(this.pinned.length).fill(-1);
    this.#fill(found, first - 1, last, left, 0);
    return found;
  }

  /**
   * Align pinned lines with some of the copy's, of which the first is `from`, all from 0.
   * @param {Int32Array} found @param {number} line @param {number} end @param {number[]} sums @param {number} from
   */
  #fill(found, line, end, sums, from) {
    for (const [i, at] of align(this.pinned.slice(line, end), sums).entries())
      if (at >= 0) found[line + i] = from + at;
  }

  /**
   * @param {number} first @param {number} last @param {{ above: boolean, below: boolean }} apart from the code there
   * @param {number[]} code the lines that are not blank @param {Int32Array} found
   * @returns {Fate}
   */
  #changed(first, last, apart, code, found) {
    const own = code.filter((line) => found[line] >= 0);
    const ownNow = new Set(found);
    /** @param {number} line */
    const isNew = (line) => this.isNew(line) && !ownNow.has(line - 1);
    const [top, bottom] = [own[0], own[own.length - 1]];
    let [start, stop] = [found[top] + 1, found[bottom] + 1];
    // What replaced its first or last lines belongs to it, and what stands right at them where there was nothing.
    if (apart.above || top >= first) while (isNew(start - 1)) start--;
    if (apart.below || bottom < last - 1) while (isNew(stop + 1)) stop++;
    const added = [];
    for (let line = start; line <= stop; line++) if (isNew(line)) added.push(line);
    /** @type {Map<number, number>} */
    const lost = new Map();
    let before = start - 1;
    for (const line of code) {
      if (found[line] >= 0) before = found[line] + 1;
      else lost.set(before, (lost.get(before) ?? 0) + 1);
    }
    return { state: "changed", first: start, last: stop, left: own.length, all: code.length, added, lost };
  }
}
