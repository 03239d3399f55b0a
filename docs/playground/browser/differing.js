// Which lines of two texts differ: of two outputs (output.js), of the code and its edit (editor.js).

/**
 * Which lines of two texts differ: all but a common beginning and a common end, compared one by one.
 * @param {string[]} one
 * @param {string[]} other
 * @returns {[Set<number>, Set<number>]}
 */
export function differing(one, other) {
  let begin = 0;
  while (begin < one.length && begin < other.length && one[begin] === other[begin]) begin += 1;
  let end = 0;
  while (end < Math.min(one.length, other.length) - begin && one.at(-1 - end) === other.at(-1 - end))
    end += 1;
  /** @param {string[]} mine @param {string[]} theirs */
  const marked = (mine, theirs) => {
    const indices = Array.from({ length: mine.length - end - begin }, (_, index) => begin + index);
    return new Set(indices.filter((index) => index >= theirs.length - end || mine[index] !== theirs[index]));
  };
  return [marked(one, other), marked(other, one)];
}
