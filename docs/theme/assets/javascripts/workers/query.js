// Adds two things to Material's search worker: a query is cut into the words that the index knows, one slip forgiven;
// and whole pages are ranked, not sections, by their words, titles and keywords. search.js loads it when it is wanted.

const STOP = new Set(
  "a an and any are can do does for from get had has have how i in is it its me my of on or should that the this to was what when where which who why with you your".split(" "),
);
const ASKING = /为什么|是什么|什么是|怎么样|怎么办|怎么|怎样|如何|为何|什么|哪些|哪个|哪里|多少|是不是|能不能|可不可以|可以|有没有|会不会|区别|不同|应该|吗|呢|的|了|我/gu;
const OPERATOR = /(^|\s)[+-][\p{L}\p{N}]{2}|"[^"]*[\p{L}\p{N}][^"]*"|[\p{L}\p{N}][*~^]|\*[\p{L}\p{N}]/u; // `--flag` and `-f` are none
const NO_WORD = "〇"; // a Han character that no word of the index ends in; see cut()
const WEIGHT = { text: 1, again: 0.7, heading: 0.5, keyword: 1, title: 1, together: 0.3 };
const SHARE = 5; // of the words in a page's rank; see fit() for the rest

let asked = "";
let core = ""; // what was asked, without the words that only ask and without endings
let wanted = []; // its words, without those that only ask
const words = new Set(); // of the texts
const named = new Set(); // of titles and keywords
const pages = new Map(); // path -> its names, keywords and headings; the weights of its words, and their sections
const stems = new Map(); // word -> what it has in common with its other forms

const isHan = (text) => /\p{sc=Han}/u.test(text);
const known = (word) => words.has(word) || named.has(word);
const path = (location) => location.split("#")[0];

/** Lower case, without the marks that jieba left between Han words, and with single blanks. */
const plain = (text) => text.replace(/<[^>]+>|\u200b/g, "").replace(/\s+/g, " ").trim().toLowerCase();

/** What `block`, `blocks`, `blocked` and `blocking` have in common. */
function stem(word) {
  if (!stems.has(word)) {
    const common = word.replace(/ies$/, "y").replace(/(?<=[aeiouy][a-z]+)(ing|ed|es|(?<!s)s|e)$/, "");
    stems.set(word, /(ing|ed)$/.test(word) ? common.replace(/([bdgmnprt])\1$/, "$1") : common);
  }
  return stems.get(word);
}

/** Leave out what only asks, and the endings. */
function essence(text) {
  const telling = plain(text.replace(ASKING, " ")).split(" ").filter((word) => !STOP.has(word));
  return telling.map(stem).join(" ") || text;
}

/** Cut a run of Han characters into the longest words there are; leave out what is none. */
function longest(run, is) {
  const found = [];
  for (let start = 0; start < run.length; ) {
    let end = run.length;
    while (end > start && !is(run.slice(start, end))) end--;
    if (end > start) found.push(run.slice(start, end));
    start = Math.max(end, start + 1);
  }
  return found;
}

/** Cut a title or a keyword into words; a run of Han characters counts as a whole and in parts. */
function apart(text) {
  const parts = text.toLowerCase().split(/<[^>]+>|[^\p{L}\p{N}]+/u).filter(Boolean);
  return new Set(parts.flatMap((part) => (isHan(part) ? [part, ...longest(part, (word) => words.has(word))] : part)));
}

/** Turn the index back into texts (docs/tools/hooks.py turned it inside out), and weigh the words of each page. */
function take({ docs, words: list, steps }) {
  const weigh = (doc, word, weight) => {
    const { weights } = pages.get(path(doc.location));
    weights.set(word, (weights.get(word) ?? 0) + weight);
  };
  for (const doc of docs) {
    doc.text = "";
    if (doc.location.includes("#")) continue;
    const names = [doc.title, ...doc.title.split(/[（）：:]/)].map(essence).filter(Boolean);
    pages.set(doc.location, { names, keywords: doc.tags.map(essence), headings: [], weights: new Map(), sections: new Map() });
  }
  const places = steps.split(" ");
  for (const [number, word] of list.split(" ").entries()) {
    words.add(word);
    let place = 0;
    for (const [count, step] of places[number].split(",").entries()) {
      const doc = docs[(place += Number(step))];
      doc.text += ` ${word}`;
      weigh(doc, word, count && step === "0" ? WEIGHT.again : WEIGHT.text);
      pages.get(path(doc.location)).sections.set(word, doc);
    }
  }
  const titles = docs.map(({ title }) => plain(title));
  for (const [number, doc] of docs.entries()) {
    if (!doc.tags && titles.indexOf(titles[number]) === titles.lastIndexOf(titles[number])) pages.get(path(doc.location)).headings.push(essence(doc.title));
    const title = apart(doc.title);
    const keywords = new Set((doc.tags ?? []).flatMap((tag) => [...apart(tag)]));
    for (const word of title) weigh(doc, word, doc.tags ? WEIGHT.title : WEIGHT.heading);
    if (!doc.tags) for (const word of title) pages.get(path(doc.location)).sections.set(word, doc);
    for (const word of keywords) weigh(doc, word, WEIGHT.keyword);
    for (const word of [...title, ...keywords]) named.add(word);
    doc.text += ` ${[...keywords].join(" ")}`; // Material cuts camelCase, and no run of Han characters
  }
  return docs;
}

/** Fetch the index and hand it to Material's worker. */
async function start() {
  const response = await fetch(new URL("../../../search/docs.json", location));
  const docs = take(await response.json());
  importScripts(location.search.slice(1));
  const first = await setup; // the box may have the focus before the page has said anything
  dispatchEvent(new MessageEvent("message", { data: { ...first, data: { ...first.data, docs } } }));
  await new Promise((resolve) => setTimeout(resolve)); // it takes the index in a microtask
}

/** Ask Material's worker; its answer comes through postMessage below. */
function ask(query) {
  dispatchEvent(new MessageEvent("message", { data: { type: QUERY, data: improve(query) } }));
}

/** Cut a run of Han characters into words, and those that stand only in a title or a keyword once more. */
function cut(run) {
  const found = new Set(longest(run, known).flatMap((word) => (words.has(word) ? word : [word, ...longest(word, (part) => words.has(part))])));
  if (!found.size) for (const word of [...named, ...words].filter((word) => word.startsWith(run)).slice(0, 3)) found.add(word); // still typing
  return ` ${[...found].join(" ")} `;
}

/** Count the letters that are more, less, other or swapped between two words. */
function slips(a, b) {
  const rows = [[...Array(b.length + 1).keys()]];
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j++) {
      rows[i][j] = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] !== b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
    }
  }
  return rows[a.length][b.length];
}

/** Correct one slip in a word that the index does not have, or two in a long one. */
function correct(word) {
  const all = [...named, ...words];
  if (!/^[a-z]{5,}$/.test(word) || all.some((other) => other.startsWith(stem(word)))) return word;
  for (let allowed = 1; allowed <= (word.length < 8 ? 1 : 2); allowed++) {
    const right = all.find((other) => Math.abs(other.length - word.length) <= allowed && slips(word, other) <= allowed);
    if (!right) continue;
    asked = asked.replace(word, right);
    return right;
  }
  return word;
}

/** Rewrite a query, unless it uses the operators that Material's own help names. */
function improve(query) {
  asked = plain(query).replace(/[?？!！。]+$/u, "");
  const telling = query.replace(ASKING, " ");
  const terms = (/\S/.test(telling) ? telling : query)
    .replace(/\p{sc=Han}+/gu, cut)
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  const rare = terms.filter((term) => !STOP.has(term));
  const right = (rare.length ? rare : terms).map(correct);
  const joined = right.map((term, place) => term + right[place + 1]).filter((word) => !isHan(word) && known(word)); // task group
  wanted = [...new Set([...right, ...joined])];
  core = essence(asked);
  if (OPERATOR.test(query)) return query;
  const long = wanted.filter((word) => word.length > 1 || !isHan(word));
  // Material looks for all that begins with a word; it segments each run of Han characters once more and never tries
  // a run's last character, so give it one to lose.
  const other = (word) => [...named, ...words].some((one) => one.startsWith(stem(word)) && !one.startsWith(word));
  return (long.length ? long : wanted).map((word) => (isHan(word) ? word + NO_WORD : other(word) ? `${word} ${stem(word)}` : word)).join(" ");
}

/** Say how close a word of the index comes to one of the query. */
function closeness(word, term) {
  if (word === term) return 1;
  if (stem(word) === stem(term)) return 0.9;
  return word.startsWith(stem(term)) ? 0.3 : 0;
}

/** Rate all pages by the words of the query: a word of few pages counts for more, and so do words of one section. */
function rate() {
  const ratings = new Map();
  const together = new Map(); // section -> how rare its words are
  let best = 0;
  for (const term of wanted) {
    const found = new Map();
    for (const [path, { weights, sections }] of pages) {
      let [most, where] = [0, null];
      for (const [word, weight] of weights) {
        const much = closeness(word, term) * Math.log(1 + weight);
        if (much > most) [most, where] = [much, sections.get(word)];
      }
      if (most) found.set(path, [most, where]);
    }
    const rarity = Math.log(1 + pages.size / Math.max(found.size, 1)) * (isHan(term) && term.length === 1 ? 0.35 : 1);
    best += rarity;
    for (const [path, [most, where]] of found) {
      ratings.set(path, (ratings.get(path) ?? 0) + rarity * most);
      if (where) together.set(where, [...(together.get(where) ?? []), rarity]);
    }
  }
  const near = new Map();
  for (const [doc, all] of together) near.set(path(doc.location), Math.max(near.get(path(doc.location)) ?? 0, all.reduce((a, b) => a + b) - Math.max(...all)));
  for (const [page, rating] of ratings) ratings.set(page, ((rating + WEIGHT.together * (near.get(page) ?? 0)) / best) * SHARE);
  return ratings;
}

/** Tell whether a text has a phrase in it, not just the letters of one. */
const has = (text, phrase) => (/[a-z0-9]/.test(phrase) ? ` ${text} `.includes(` ${phrase} `) : text.includes(phrase));

/** Say how well a page fits what was asked, beyond the words in it: by its keywords, its title and its headings. */
function fit({ names, keywords, headings }) {
  const exact = keywords.indexOf(core);
  if (exact >= 0) return Math.max(12 - exact, 4);
  if (names.includes(core)) return 12;
  const phrases = [...new Set([...names, ...keywords, ...headings])];
  const inside = phrases.filter((phrase) => has(core, phrase)).reduce((sum, phrase) => sum + phrase.length, 0) / core.length;
  const around = Math.max(...phrases.map((phrase) => (has(phrase, core) ? core.length / phrase.length : 0)));
  return Math.min(inside, 2) * 3 + around * 2;
}

self.postMessage = (message) => {
  if (message.type === RESULT) {
    const ratings = rate();
    const order = new Map(
      message.data.items.map((group, rank) => {
        const found = path(group[0].location);
        return [group, (ratings.get(found) ?? 0) + fit(pages.get(found)) - rank / 100];
      }),
    );
    message.data.items.sort((a, b) => order.get(b) - order.get(a));
    for (const entry of message.data.items.flat()) entry.text = ""; // words in the order of the alphabet
  }
  post(message);
};
