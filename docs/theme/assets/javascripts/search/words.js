// What a word is: in the texts, which the build has cut (U+200B stands between Chinese words), and in a query.

/** A word; `request.match_info` and `If-None-Match` are one each. */
export const WORD = /\p{sc=Han}+|[\w\u00c0-\u024f]+(?:[.-][\w\u00c0-\u024f]+)*/gu;
export const HAN = /\p{sc=Han}+/gu;
const STOP = new Set(
  (
    "a an and any are be can cannot do does for from get had has have how i if in into is it its me my no not of on " +
    "or should so that the then this to was were what when where which who why will with you your"
  ).split(" "),
);
const SUBJECT = "comfyui"; // every page is about it
const ASKING =
  /为什么|是什么|什么是|怎么样|怎么办|怎么|怎样|如何|为何|什么|哪些|哪个|哪里|多少|是不是|能不能|可不可以|可以|有没有|会不会|区别|不同|应该|吗|呢|的|了|我/gu;

/** @param {string} text */
export const split = (text) => text.match(WORD) ?? [];

/** @param {string} word */
const tells = (word) => !STOP.has(word.toLowerCase());

/** What the index holds of a word: `upload` of `uploading`, nothing of a stop word. @param {string} word */
export const term = (word) =>
  tells(word) && word.toLowerCase().replace(/(?<=^[a-z]{3,})(?:ing|ed|es|s|e)$/, "");

/** A text as a reader sees it, in lower case. @param {string} text */
export const plain = (text) => text.replace(/[\u200b`]/g, "").toLowerCase();

/** An identifier as a whole, by its dots, and in parts: `api.addEventListener` has `addEventListener` too. @param {string} word */
export const apart = (word) => [
  ...new Set([word, ...word.split("."), ...word.split(/[._-]+|(?<=[a-z])(?=[A-Z])/)].filter(Boolean)),
];

/** `event loop` and `EventLoop` are one name. @param {string[]} words */
export const join = (words) => words.filter(tells).join("").toLowerCase();

/** A name as a single term. @param {string} text */
export const name = (text) => join(split(text.replace(/`/g, "")));

/** What ends a class that can be raised. */
export const ERROR = /(?:Error|Exception|Warning|Exit)$/;

/** A status, and behind it what it is called: that is in many a sentence, and tells nothing more. */
const REASON =
  /\b([345]\d\d):? (?:moved permanently|found|not modified|bad request|unauthorized|forbidden|not found|method not allowed|not acceptable|precondition failed|(?:request entity|content|payload) too large|expectation failed|internal server error|bad gateway|service unavailable)\b/gi;

/** @param {string} query */
export const withoutReason = (query) => query.replace(REASON, "$1");

/** Of a traceback, what was raised. @param {string} query */
const raised = (query) =>
  (/Traceback|File "/.test(query) &&
    query.match(/.*\b([\w.]*(?:Error|Exception|Warning|Exit)\b.*)$/s)?.[1]) ||
  query;

/** Cuts queries into the words that the texts have. */
export class Cutter {
  /**
   * @param {string[]} texts everything that is there
   * @param {Record<string, string>} simplified traditional characters, and words of Taiwan, as they are written here
   */
  constructor(texts, simplified) {
    this.text = texts.map(plain).join("\n");
    this.known = new Set(texts.flatMap((text) => text.match(HAN) ?? []));
    this.simplified = simplified;
    this.traditional = new RegExp(
      Object.keys(simplified)
        .sort((a, b) => b.length - a.length)
        .join("|") || "$^",
      "g",
    );
  }

  /** Whether it is on any page. @param {string} word */
  has(word) {
    return this.text.includes(plain(word));
  }

  /**
   * Cut a run of Chinese characters into the longest words there are; drop a stretch that is on no page.
   * @param {string} run
   * @returns {{ words: string[], unknown: string[] }}
   */
  cutHan(run) {
    /** @type {string[][]} */
    const stretches = [];
    for (let start = 0, end; start < run.length; start = end) {
      for (end = run.length; end > start + 1 && !this.known.has(run.slice(start, end)); ) end--;
      const last = stretches.at(-1);
      if (end === start + 1 && last?.at(-1)?.length === 1) last.push(run[start]);
      else stretches.push([run.slice(start, end)]);
    }
    const isThere = (/** @type {string[]} */ stretch) => stretch.length === 1 || this.has(stretch.join(""));
    return {
      words: stretches.filter(isThere).flat(),
      unknown: stretches.filter((stretch) => !isThere(stretch)).map((stretch) => stretch.join("")),
    };
  }

  /**
   * The words of a query that tell something, and those that are on no page.
   * @param {string} query
   */
  cut(query) {
    const simpler = (/** @type {string} */ one) =>
      one.replace(this.traditional, (old) => this.simplified[old]);
    const text = simpler(simpler(raised(query))); // first the characters, then Taiwan's words, which have them
    const telling = text.replace(ASKING, " ");
    /** @type {string[]} */
    const unknown = [];
    const words = split(/[\p{L}\p{N}]/u.test(telling) ? telling : text).flatMap((word) => {
      if (!/\p{sc=Han}/u.test(word)) {
        const last = ERROR.test(word) ? word.slice(word.lastIndexOf(".") + 1) : word; // pages leave the module out
        const isThere = this.has(word);
        if (tells(word) && word.length > 2 && !isThere && !this.has(last)) unknown.push(last);
        return isThere ? word : last;
      }
      const cut = this.cutHan(word);
      unknown.push(...cut.unknown);
      return cut.words;
    });
    const special = words.filter((word) => tells(word) && word.toLowerCase() !== SUBJECT);
    const kept = special.length ? special : words.filter(tells);
    const isOneLetter = (/** @type {string} */ word) => /^\p{sc=Han}$/u.test(word);
    if (kept.length && kept.every(isOneLetter) && !this.has(telling.trim()) && !this.has(text.trim()))
      return { words: [], unknown: [text.trim()] };
    return { words: kept.length ? kept : words, unknown };
  }
}
