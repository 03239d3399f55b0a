// Turns an answer into what Material draws: for each page its title, the sections that answer, and of each the sentence
// that says it, with the words marked.

import { Engine } from "./engine.js";
import { apart, plain, split, term, WORD } from "./words.js";

/** @typedef {import("./engine.js").Section} Section */
/** @typedef {import("./engine.js").Query} Query */
/** @typedef {{ location: string, title: string, text: string, score: number, terms: Record<string, true>, tags?: string[] }} Item */

const OPEN = 2; // sections of a page that show their sentence; the others are folded
const MORE = 3;
const LETTERS = { han: 70, latin: 140 }; // that an excerpt has at least, if the paragraph has them
const BEFORE = 12; // words and gaps before the first that was asked for, in a long sentence
const FITS = 30; // letters of a query that the box shows without scrolling
const MARKED = 8; // words that are marked on the page, once it is opened

/**
 * @param {ConstructorParameters<typeof Engine>[0]} index
 * @returns {(text: string) => object}
 */
export function answerer(index) {
  const engine = new Engine(index);
  return (text) => {
    const { hits, query } = engine.search(text);
    const items = hits.map((hit, place) => group(hit, query, place));
    const named = engine.lineIn(text);
    if (named) items.unshift(line(engine, named, 1001));
    // A number alone may be a status: the line comes second.
    const number = engine.lineIn(/^\s*\d+\s*$/.test(text) ? `line ${text.trim()}` : "");
    if (number) items.splice(1, 0, line(engine, number, 999.5));
    const suggest = text.length > FITS ? [] : engine.complete(text); // else it would lie over the end of the text
    const isLine = (/** @type {string} */ word) => (named ?? number) && /^\d+$/.test(word);
    const unknown = query.unknown.filter((word) => !isLine(word));
    return { items, suggest, unknown, near: unknown.length ? query.near : [] };
  };
}

/**
 * Where a line of ComfyUI's is explained: the page, and in it the lines around.
 * @param {Engine} engine
 * @param {NonNullable<ReturnType<Engine["lineIn"]>>} named
 * @param {number} score
 * @returns {Item[]}
 */
function line(engine, { file, line, region: [first, last, does, address] }, score) {
  const [path, anchor] = address.split("#");
  const [head] = engine.pages.get(path)?.sections ?? [];
  const text = `<span>${engine.tag}, ${first}–${last}${does && ` · ${escapeHtml(does)}`}</span>`;
  const common = { score, terms: {} };
  return [
    { ...common, location: `${path}#${anchor ?? head?.id}`, title: `${file}:${line}`, text },
    // Enter opens the lines, not the page.
    {
      ...common,
      location: path,
      title: escapeHtml(head?.title.replace(/[\u200b`]/g, "") ?? ""),
      text: "",
      score: score - 0.1,
    },
  ];
}

/**
 * One page. Material shows what has the score of the first, and folds the rest; Enter goes to the highest score, and
 * of equal ones to the first that is shown, the page.
 * @param {import("./engine.js").Hit} hit
 * @param {Query} query
 * @param {number} place
 */
function group({ page, sections }, query, place) {
  const [head] = sections.filter((section) => section.level === 1);
  const best = sections.slice(0, OPEN + MORE);
  const inside = best.filter((section) => section.level > 1);
  const open = best[0] === head ? 0 : OPEN;
  const score = 1000 - place;
  const where = page.where ? `<small>${escapeHtml(page.where)} › </small>` : "";
  const top = {
    ...item(page.sections[0], page.path, query, score),
    title: where + mark(page.sections[0].title, query),
  };
  const chips = page.keywords.filter((word) => isHit(word, query)).slice(0, 2);
  const items = [
    ...inside.slice(0, open).map((section) => item(section, section.location, query, score)),
    top,
    ...inside.slice(open).map((section) => item(section, section.location, query, score - 0.5)),
  ];
  const shown = items.slice(0, open || 1).concat(top);
  if (!shown.some(({ title, text }) => /<mark>/.test(title + text)))
    top.tags = chips.map((word) => mark(word, query));
  return items;
}

/**
 * @param {import("./engine.js").BuiltSection & { above?: string }} section
 * @param {string} location
 * @param {Query} query
 * @param {number} score
 * @returns {Item}
 */
function item(section, location, query, score) {
  const above = section.above
    ? `<small>${mark(section.above, { ...query, asked: new Set() })} › </small>`
    : "";
  const terms = Object.fromEntries(
    query.words.slice(0, MARKED).map((word) => [word, /** @type {const} */ (true)]),
  );
  return { location, title: above + mark(section.title, query), text: excerpt(section, query), score, terms };
}

/**
 * The sentence that has most of the words, and what follows it; that of a proof only if it has more.
 * @param {import("./engine.js").BuiltSection} section
 * @param {Query} query
 */
function excerpt(section, query) {
  const sentences = sentencesOf(section);
  const rates = sentences.map((sentence) => rate(sentence, query));
  const most = Math.max(...rates, 0);
  if (!most && query.asked !== query.terms) return excerpt(section, { ...query, asked: query.terms }); // parts
  const from = Math.max(rates.indexOf(most), 0);
  let shown = sentences[from]?.text ?? "";
  for (const next of sentences.slice(from + 1)) {
    if (shown.endsWith("\n") || next.text.startsWith("✓") || enough(shown)) break;
    shown += next.text;
  }
  const inCode = most ? [] : section.names.filter((one) => isHit(one, query)).slice(0, 3);
  const code = inCode.map((one) => `<code><mark>${escapeHtml(one)}</mark></code>`).join(" ");
  return `<span>${mark(shorten(shown.trim(), query), query)} ${code}</span>`;
}

/** @typedef {{ text: string, plain: string, terms: Set<string | false> }} Sentence */
/** @type {WeakMap<import("./engine.js").BuiltSection, Sentence[]>} */
const taken = new WeakMap();

/**
 * Take a section's text apart, once: the next key asks again.
 * @param {import("./engine.js").BuiltSection} section
 * @returns {Sentence[]}
 */
function sentencesOf(section) {
  let sentences = taken.get(section);
  if (!sentences) {
    const texts = [
      ...section.text.split("\n").flatMap(inSentences),
      ...section.proofs.map((proof) => `✓ ${proof}`),
    ];
    sentences = texts.map((text) => ({
      text,
      plain: plain(text),
      terms: new Set(split(text).flatMap(apart).map(term)),
    }));
    taken.set(section, sentences);
  }
  return sentences;
}

/** The sentences of a paragraph; the last one ends with a line break. @param {string} paragraph */
const inSentences = (paragraph) => `${paragraph}\n`.split(/(?<=[。！？；]|[.!?] )/);

/** @param {string} text */
const enough = (text) => text.length >= (/\p{sc=Han}/u.test(text) ? 2 * LETTERS.han : LETTERS.latin); // with U+200B

/**
 * Of a long sentence, what is around the first word that was asked for.
 * @param {string} text
 * @param {Query} query
 */
function shorten(text, query) {
  const most = /\p{sc=Han}/u.test(text) ? 4 * LETTERS.han : 2 * LETTERS.latin;
  if (text.length <= most) return text;
  const pieces = inPieces(text);
  const before = (/** @type {number} */ count) => pieces.slice(0, count).join("").length;
  const first = pieces.findIndex((piece) => isHit(piece, query));
  const from = before(first) < most / 2 ? 0 : first - BEFORE;
  const to = pieces.findLastIndex((_, count) => before(count) <= before(from) + most);
  return `${from ? "…" : ""}${pieces.slice(from, to).join("")}${to < pieces.length - 1 ? "…" : ""}`;
}

/**
 * How many of the words a sentence has; more if it has them as they were typed.
 * @param {Sentence} sentence
 * @param {Query} query
 */
function rate(sentence, query) {
  const phrase = query.phrase.length > 1 && sentence.plain.includes(query.phrase) ? 1 : 0;
  return [...query.asked].filter((one) => sentence.terms.has(one)).length + phrase;
}

/** @param {string} word @param {Query} query */
const isHit = (word, query) =>
  split(word)
    .flatMap(apart)
    .some((part) => query.asked.has(term(part) || ""));

/** Words, and what stands between them. @param {string} text */
const inPieces = (text) => text.split(new RegExp(`(${WORD.source})`, "u"));

/** Mark the words, and show code as code. @param {string} text @param {Query} query */
function mark(text, query) {
  const marked = inPieces(text).map((piece) =>
    isHit(piece, query) ? `<mark>${escapeHtml(piece)}</mark>` : escapeHtml(piece),
  );
  return marked
    .join("")
    .replaceAll("\u200b", "")
    .replace(/<\/mark>(\s*)<mark>/g, "$1")
    .replace(/`([^`]*)`/g, "<code>$1</code>")
    .replaceAll("`", "");
}

/** @param {string} text */
const escapeHtml = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
