// Which line of one text is which of another, by their sums alone (a patience diff).

/** @typedef {ArrayLike<number>} Sums */

/**
 * For each line of `then`, from 0, its line in `now`, or -1: first the lines that are unique in both, in the longest
 * order that they share; between two of these what is equal at the ends; and then the same again.
 * @param {Sums} then @param {Sums} now
 */
export function align(then, now) {
  const found = new Int32Array(then.length).fill(-1);
  /** @type {[number, number, number, number][]} */
  const parts = [];
  /** Cut a part at its anchors. @param {number} a @param {number} aEnd @param {number} b @param {number} bEnd */
  const cut = (a, aEnd, b, bEnd) => {
    const cuts = anchors(then, a, aEnd, now, b, bEnd);
    for (const [i, j] of [...cuts, [aEnd, bEnd]]) {
      parts.push([a, i, b, j]);
      [a, b] = [i, j];
    }
    return cuts.length;
  };
  cut(0, then.length, 0, now.length);
  for (let part = parts.pop(); part; part = parts.pop()) {
    let [a, aEnd, b, bEnd] = part;
    while (a < aEnd && b < bEnd && then[a] === now[b]) found[a++] = b++;
    while (a < aEnd && b < bEnd && then[aEnd - 1] === now[bEnd - 1]) found[--aEnd] = --bEnd;
    if (a < aEnd && b < bEnd && !cut(a, aEnd, b, bEnd)) parts.pop(); // the whole part again
  }
  return found;
}

/**
 * The longest run of lines, in order in both, that are unique in both.
 * @param {Sums} then @param {number} a @param {number} aEnd @param {Sums} now @param {number} b @param {number} bEnd
 */
function anchors(then, a, aEnd, now, b, bEnd) {
  /** @typedef {{ i: number, j: number, inThen: number, inNow: number, before?: Line }} Line @type {Map<number, Line>} */
  const lines = new Map();
  for (let i = a; i < aEnd; i++) {
    const times = lines.get(then[i])?.inThen ?? 0;
    lines.set(then[i], { i, j: -1, inThen: times + 1, inNow: 0 });
  }
  for (let j = b; j < bEnd; j++) {
    const line = lines.get(now[j]);
    if (line && !line.inNow++) line.j = j;
  }
  /** The last line of the best run of each length. @type {Line[]} */
  const ends = [];
  for (const line of lines.values()) {
    if (line.inThen !== 1 || line.inNow !== 1) continue;
    let low = 0;
    for (let high = ends.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (ends[middle].j < line.j) low = middle + 1;
      else high = middle;
    }
    line.before = ends[low - 1];
    ends[low] = line;
  }
  /** @type {[number, number][]} */
  const run = [];
  for (let line = ends.at(-1); line; line = line.before) run.push([line.i, line.j]);
  return run.reverse();
}
