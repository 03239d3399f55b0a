// Every text of the excerpts, the pane and the card in English; words.js chooses.

/** @param {number} first @param {number} last */
export function lines(first, last) {
  const span = first === last ? String(first) : `${first}–${last}`;
  return first === last ? `line ${span}` : `lines ${span}`;
}

export const LOOK = "Show the source here: ";

/** @param {number} first @param {number} last */
export const original = (first, last) => `The original, ${lines(first, last)}`;

export const SINCE = {
  /** @param {string} tag @param {string} text */
  said: (tag, text) => `In ${tag}: ${text}`,
  page: "Then and now",
};

export const PANEL = {
  loadFailed: "The download failed; try again.",
  code: "Source",
  close: "Close",
  previous: "Previous place on this page",
  next: "Next place on this page",
  always: "Always show the source",
  forget: "Forget the source",
  others: "Pages about these lines: ",
  proofs: "Its proofs",
  goTo: "Line",
  look: "Look up",
  /** @param {number} line */
  about: (line) => `Pages about line ${line}: `,
  /** @param {number} line */
  noPage: (line) => `No page is about line ${line}.`,
  /** @param {number} count */
  lost: (count) => (count === 1 ? "1 line is gone here" : `${count} lines are gone here`),
};

/** @param {string} tag @param {import("./copy.js").Copy} copy @param {import("./copy.js").Fate} fate */
export function fateText(tag, copy, { state, first, last, left, all, added }) {
  if (copy.isExact) return `exactly ${tag}`;
  const now = lines(first, last);
  if (state === "same") return "unchanged";
  if (state === "moved") return `unchanged, moved to ${now}`;
  if (state === "gone") return "gone: none of these lines is in your copy";
  const more = added.length && `, ${added.length} new`;
  return `changed: ${left} of ${all} lines as in ${tag}${more || ""}; now ${now}`;
}

/** How much of a page still holds. @param {string} tag @param {number} same @param {number} all */
export const banner = (tag, same, all) =>
  `Your copy is not ${tag}: ${same} of the ${all} places this page points to are word for word the same.`;

export const CARD = {
  /** @param {string} file @param {string} tag */
  why: (file, tag) =>
    `This site holds none of ComfyUI's code. Provide ${file} once, and its lines appear beside the text. Any version will do: the browser compares it with ${tag} line by line.`,
  choose: "Choose your own file…",
  chooseNote: "Or drop it here. It stays in this browser.",
  paste: "Or paste the whole text here",
  fetch: "Download from GitHub",
  /** @param {string} tag */
  fetchNote: (tag) => `${tag}, from raw.githubusercontent.com, which may be out of reach in mainland China.`,
  fetching: "Downloading…",
};

/** Why a text was not taken. @param {import("./texts.js").Refusal} refusal @param {string} file */
export function refusalText({ reason, status }, file) {
  return {
    large: `The file is larger than 2 MB, so it is not ${file}.`,
    binary: "That is a binary file, not a text.",
    html: "That is a web page, not the source. On GitHub, save the file with “Download raw file”.",
    other: `That is hardly ComfyUI's ${file}: almost none of its lines are in it.`,
    network:
      "raw.githubusercontent.com is out of reach. Choose your own file, or follow the link above to GitHub.",
    status: `GitHub responded with error ${status}. Try again later, or choose your own file.`,
    unlike: "What was downloaded is not that version, and was not used.",
  }[reason];
}

/** Where the browser keeps nothing. @type {Record<"kept" | "none" | "full", string>} */
export const STORAGE = {
  kept: "",
  none: "This browser keeps no files here: provide it again after you close the page.",
  full: "The browser's storage is full: provide it again after you close the page.",
};
