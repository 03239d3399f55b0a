// Ranks the pages for a query, and the sections of each. MiniSearch does the searching; here is said how much a page's
// fields count.

import MiniSearch from "./minisearch.js";
import { apart, Cutter, ERROR, HAN, join, name, plain, split, term, withoutReason } from "./words.js";

/** @typedef {{ id: string, level: number, title: string, text: string, names: string[], proofs: string[] }} BuiltSection */
/** @typedef {{ path: string, where: string, keywords: string[], words: string[], sections: BuiltSection[] }} BuiltPage */
/** @typedef {BuiltSection & { location: string, page: BuiltPage, above: string, heading: string, plain: string }} Section `above` is the heading above */
/** @typedef {{ page: BuiltPage, sections: Section[] }} Hit the sections that answer, best first */
/** @typedef {{ hits: Hit[], query: Query }} Answer */
/**
 * @typedef {object} Query
 * @property {string[]} words what was asked, without what only asks
 * @property {string[]} unknown words that are on no page
 * @property {string[]} near names that look like them
 * @property {Set<string>} terms what the index is asked for
 * @property {Set<string>} begun those that may be the beginning of a word: `cor` of `cors` is none
 * @property {Set<string>} asked those that are marked: whole words and names, and what was found for begun and mistyped ones
 * @property {string} phrase what was typed
 */

const BOOST = { main: 4, whole: 6, title: 2, keywords: 2, headings: 1, text: 1.5, names: 0.6, words: 0.3 };
const SECTION_BOOST = { title: 2, text: 1, proofs: 1, names: 0.5 };
const TOGETHER = 0.5; // of its best section's score in a page's: words of one section mean more than words apart
const EXACT = { name: 1.5, sentence: 5 }; // times the score of what has the query word for word
const LONGEST = 4; // words in a row that may be a name
const ALIKE = 0.45; // of two words' pairs of letters, so that one is proposed for the other
const LONG_HEADING = 12; // letters; a shorter one is in many a question
const MAIN = 2; // keywords that say what the page is about
const TWO_SLIPS = 6; // letters, from which on a word may have two wrong: a change of places is two
const SHOWN = 12; // pages
const NEAR = 4; // names that are proposed
// `File "…/server.py", line 632`, `server.py:632`, `server.py 632 行`; without a file `line 632`, `632 行`.
const LINE = /(\w+\.py)"?(?:,? ?(?:line|第) ?|:| (?=\d+ ?行))(\d+)/gi;
const LINE_ALONE = /\bline (\d+)(?!\d| column)|(\d+) ?行/gi; // of a text, not of JSON
const RAISED = /^[\w.]+: /; // the name of an error, before its message
const MAIN_FILE = "server.py";

/** @typedef {[number, number, string, string]} Explained first and last line, what they do, where they are explained */

/** @param {BuiltPage} page */
const title = (page) => page.sections[0].title;

export class Engine {
  /** @param {{ pages: BuiltPage[], simplified: Record<string, string>, lines?: Record<string, Explained[]>, tag?: string }} index as docs/tools/search.py wrote it */
  constructor({ pages, simplified, lines = {}, tag = "" }) {
    this.lines = lines;
    this.tag = tag;
    /** @type {Map<string, BuiltPage>} */
    this.pages = new Map(pages.map((page) => [page.path, page]));
    /** @type {Map<string, Section>} */
    this.sections = new Map(pages.flatMap(laidOut).map((section) => [section.location, section]));
    const said = [
      ...pages.flatMap((page) => page.keywords),
      ...[...this.sections.values()].map((section) => section.title),
    ];
    /** @type {string[]} keywords, titles, and the names in code */
    this.names = [
      ...said.map((one) => one.replace(/[\u200b`]/g, "")),
      ...pages.flatMap((page) => page.sections).flatMap((section) => section.names),
    ].filter((one) => !one.endsWith(".py"));
    const others = pages.map((page) => [...page.keywords, ...page.words].join("\n"));
    this.cutter = new Cutter([...[...this.sections.values()].map(textOf), ...others], simplified);
    this.byPage = new MiniSearch({ fields: Object.keys(BOOST), idField: "path", ...settings(pageField) });
    this.bySection = new MiniSearch({
      fields: Object.keys(SECTION_BOOST),
      idField: "location",
      ...settings(sectionField),
    });
    this.byPage.addAll(pages);
    this.bySection.addAll([...this.sections.values()]);
  }

  /**
   * Rank the pages, and the sections of each.
   * @param {string} text what was typed
   * @returns {Answer}
   */
  search(text) {
    const query = this.understand(withoutReason(text));
    const favoured = this.wordForWord(query.phrase);
    const exact = query.words.length > LONGEST ? EXACT.sentence : EXACT.name;
    const options = {
      tokenize: () => [...query.terms],
      processTerm: (/** @type {string} */ word) => word,
      boostDocument: (/** @type {string} */ id) => (favoured.has(id) ? exact : 1),
      prefix: (/** @type {string} */ word) =>
        query.begun.has(word) && (word.length > 1 || query.terms.size === 1),
      fuzzy: (/** @type {string} */ word) =>
        !/\d/.test(word) &&
        query.unknown.some((one) => word.includes(term(one) || one)) &&
        (word.length < TWO_SLIPS ? 1 : 2),
    };
    const answers = this.bySection.search(text, { ...options, boost: SECTION_BOOST });
    /** @type {Map<string, { score: number, sections: Section[] }>} */
    const best = new Map();
    for (const { id, score } of answers) {
      const section = /** @type {Section} */ (this.sections.get(id));
      const { path } = section.page;
      if (!best.has(path)) best.set(path, { score, sections: [] });
      best.get(path)?.sections.push(section);
    }
    const found = this.byPage.search(text, { ...options, boost: BOOST }).map(({ id, score, terms }) => ({
      page: /** @type {BuiltPage} */ (this.pages.get(id)),
      sections: best.get(id)?.sections ?? [],
      score: score + TOGETHER * (best.get(id)?.score ?? 0),
      terms,
    }));
    const isForeign = query.unknown.some((word) => ERROR.test(word)) && !this.hasMessage(query.phrase);
    const hits = isForeign ? [] : found.sort((a, b) => b.score - a.score).slice(0, SHOWN);
    for (const word of meant(query.words, [...new Set(hits.flatMap((hit) => hit.terms))]))
      query.asked.add(word);
    return { hits, query };
  }

  /** What is known of the line that a text names; of a traceback, of the last one that is in a mapped file. @param {string} text */
  lineIn(text) {
    const named = [...text.matchAll(LINE)].map(([, file, line]) => ({ file, line: Number(line) }));
    const alone = [...text.matchAll(LINE_ALONE)].map(([, a, b]) => ({
      file: MAIN_FILE,
      line: Number(a ?? b),
    }));
    return (named.length ? named : alone).flatMap((one) => this.regionAt(one)).at(-1);
  }

  /** The innermost region around a line. @param {{ file: string, line: number }} place */
  regionAt({ file, line }) {
    const around = this.lines[file]?.filter(([first, last]) => first <= line && line <= last) ?? [];
    const [region] = around.sort((a, b) => a[1] - a[0] - (b[1] - b[0]));
    return region ? [{ file, line, region }] : [];
  }

  /** The name that the last word begins, which Material shows in grey. @param {string} text */
  complete(text) {
    const last = text.toLowerCase().match(/[^\s-]{2,}$/)?.[0];
    const names = last ? this.names.filter((one) => one.startsWith(last) && !one.includes(" ")) : [];
    return names.sort((a, b) => a.length - b.length).slice(0, 1);
  }

  /**
   * Say what is looked for: the words of a query, and those that stand side by side as one name.
   * @param {string} text
   * @returns {Query}
   */
  understand(text) {
    const { words, unknown } = this.cutter.cut(text);
    const parts = words.flatMap((word) => (unknown.includes(word) ? word.split(".") : apart(word)));
    const rows = words.flatMap((_, from) =>
      Array.from({ length: LONGEST }, (_, more) => join(words.slice(from, from + more + 1))),
    );
    const asTerms = (/** @type {string[]} */ list) =>
      list.map((word) => term(word) || word.toLowerCase()).filter(Boolean);
    return {
      words,
      unknown,
      near: unknown.length ? this.near(unknown, text) : [],
      terms: new Set(asTerms([...words, ...parts, ...rows])),
      begun: new Set([...words, ...parts, ...rows].map((word) => word.toLowerCase())),
      asked: new Set(asTerms([...words, ...rows])),
      phrase: plain(text).replace(/^["“\s]+|["”\s]+$/g, ""),
    };
  }

  /** Whether a page has what an error says behind its name; if not, it may be any program's. @param {string} phrase */
  hasMessage = (phrase) => this.wordForWord(phrase.replace(RAISED, "")).size > 0;

  /** The pages and sections that have a phrase word for word, or whose heading it has. @param {string} phrase */
  wordForWord(phrase) {
    if (phrase.length < 8 && !/.[^\p{L}]./u.test(phrase)) return new Set();
    const found = [...this.sections.values()].filter(
      ({ plain, heading }) =>
        plain.includes(phrase) || (heading.length > LONG_HEADING && phrase.includes(heading)),
    );
    return new Set(found.flatMap((section) => [section.location, section.page.path]));
  }

  /** The names that look most like words that are on no page. @param {string[]} words @param {string} text where they stand */
  near(words, text) {
    const slips = [...(text.match(HAN) ?? []), ...words].flatMap((word) => this.slips(word));
    const rated = words.flatMap((word) =>
      this.names.map((one) => ({ one, rate: alike(word.toLowerCase(), one.toLowerCase()) })),
    );
    const close = rated.filter(({ rate }) => rate >= ALIKE).sort((a, b) => b.rate - a.rate);
    const found = [...slips, ...close.map(({ one }) => one)];
    return [...new Map(found.map((one) => [one.toLowerCase(), one])).values()].slice(0, NEAR);
  }

  /** The Chinese names, or else words, of which one is another but for a single character. @param {string} word */
  slips(word) {
    const isSlip = (/** @type {string} */ one) =>
      one.length === word.length && [...one].filter((letter, at) => letter !== word[at]).length === 1;
    const names = this.names.flatMap((one) => one.match(HAN) ?? []).filter(isSlip);
    const found = names.length ? names : [...this.cutter.known].filter(isSlip);
    return found.sort((a, b) => Number(b[0] === word[0]) - Number(a[0] === word[0]));
  }
}

/** Say where each section of a page is, and what stands above it. @param {BuiltPage} page @returns {Section[]} */
function laidOut(page) {
  let above = "";
  return page.sections.map((section) => {
    if (section.level === 2) above = section.title;
    const location = section.level === 1 ? page.path : `${page.path}#${section.id}`;
    return {
      ...section,
      location,
      page,
      above: section.level > 2 ? above : "",
      heading: plain(section.title).replace(/["“”]/g, ""),
      plain: plain(textOf(section)),
    };
  });
}

/** @param {BuiltSection} section */
const textOf = (section) => [section.title, section.text, ...section.proofs, ...section.names].join("\n");

/** @param {(doc: any, field: string) => string | string[]} read */
const settings = (read) => ({
  extractField: (/** @type {any} */ doc, /** @type {string} */ field) => [read(doc, field)].flat().join("\n"),
  tokenize: (/** @type {string} */ text, /** @type {string | undefined} */ field) =>
    field === "main" || field === "whole" ? text.split("\n") : split(text).flatMap(apart),
  processTerm: term,
});

/** @param {BuiltPage} page @param {string} field */
function pageField(page, field) {
  switch (field) {
    case "path":
      return page.path;
    case "main": // names, each a single term: the page's own
      return [title(page), ...title(page).split(/[（）：:]/), ...page.keywords.slice(0, MAIN)].map(name);
    case "whole": // and all that it goes by
      return [title(page), ...title(page).split(/[（）：:]/), ...page.keywords].map(name);
    case "title":
      return title(page);
    case "headings":
      return page.sections.slice(1).map((section) => section.title);
    case "text":
      return page.sections.flatMap((section) => [section.text, ...section.proofs]);
    case "names":
      return page.sections.flatMap((section) => section.names);
    default:
      return field === "words" ? page.words : page.keywords;
  }
}

/** @param {Section} section @param {string} field */
const sectionField = (section, field) => section[/** @type {"title"} */ (field)];

/**
 * The words of the texts that were found for words which no text has: begun, or mistyped.
 * @param {string[]} words
 * @param {string[]} found
 */
function meant(words, found) {
  const open = words.map((word) => term(word) || word.toLowerCase()).filter((word) => !found.includes(word));
  return found.filter((one) => open.some((word) => one.startsWith(word) || alike(one, word) >= ALIKE));
}

/** How much of their pairs of letters two words share, 0 to 1. @param {string} a @param {string} b */
function alike(a, b) {
  const pairs = (/** @type {string} */ word) =>
    new Set(Array.from(word.slice(1), (letter, place) => word[place] + letter));
  const [one, other] = [pairs(a), pairs(b)];
  const shared = [...one].filter((pair) => other.has(pair)).length;
  return (2 * shared) / (one.size + other.size || 1);
}
