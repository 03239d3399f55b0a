// Colours for Python, in the classes that Pygments uses on this site. It finds what is coloured (strings, comments,
// numbers, words) and does not parse; the braces of an f-string keep the colour of the string.

/** @param {string} list */
const words = (list) => new Set(list.split(" "));
const KEYWORDS = words(
  "and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield",
);
const CONSTANTS = words("None True False");
const BUILTINS = words(
  "all any bool bytearray bytes callable chr cls dict dir enumerate filter float format getattr hasattr hash id input int isinstance issubclass iter len list map max min next object open ord print property range repr reversed round self set setattr sorted staticmethod classmethod str sum super tuple type vars zip",
);
const TOKEN = new RegExp(
  [
    "(?<c>#.*)",
    `(?<s>(?<!\\w)[rRbBuUfF]{0,2}(?:"""[^]*?"""|'''[^]*?'''|"(?:\\\\[^]|[^"\\\\\\n])*"|'(?:\\\\[^]|[^'\\\\\\n])*'))`,
    "(?<nd>^[ \\t]*@\\w+)",
    "(?<m>\\b(?:0[xXoObB][\\da-fA-F_]+|\\d[\\d_]*(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)\\b)",
    "[^\\W\\d]\\w*",
  ].join("|"),
  "gm",
);

/** @param {string} word @param {string} before the word before @param {string} sign the character before */
function wordClass(word, before, sign) {
  if (before === "def") return "nf";
  if (before === "class") return "nc";
  if (KEYWORDS.has(word)) return "k";
  if (CONSTANTS.has(word)) return "kc";
  return sign !== "." && (BUILTINS.has(word) || /(?:Error|Exception|Warning)$/.test(word)) ? "nb" : "";
}

/** For each line its parts: a class, or "", and the text. @param {string} text */
export function highlight(text) {
  /** @type {[string, string][][]} */
  const lines = [[]];
  /** @param {string} kind @param {string} part */
  const add = (kind, part) => {
    for (const [number, piece] of part.split("\n").entries()) {
      if (number) lines.push([]);
      if (piece) lines[lines.length - 1].push([kind, piece]);
    }
  };
  let [at, before] = [0, ""];
  for (const match of text.matchAll(TOKEN)) {
    const kind = Object.entries(match.groups ?? {}).find(([, part]) => part !== undefined)?.[0];
    add("", text.slice(at, match.index));
    add(kind ?? wordClass(match[0], before, text[match.index - 1]), match[0]);
    at = match.index + match[0].length;
    before = match[0];
  }
  add("", text.slice(at));
  return lines;
}
