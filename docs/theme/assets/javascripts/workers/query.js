// Adds two things to Material's search worker: a query is cut into the words that the index knows, one slip forgiven;
// and keywords and titles decide which page comes first. search.js loads it when it is wanted.

const STOP = new Set(
  "a an and are can do does for from get how i in is it its me my of on or should that the this to was what when where which who why with you your".split(" "),
);
const ASKING = /为什么|怎么样|怎么办|怎么|怎样|如何|什么|哪些|哪个|是不是|能不能|有没有|会不会|区别|吗|呢|的|了|我/gu;
const NO_WORD = "〇"; // a Han character that no word of the index ends in; see cut()

let asked = "";
const words = new Set();
const pages = new Map(); // path -> { title, keywords }

/** Lower case, without the marks that jieba left between Han words, and with single blanks. */
const plain = (text) => text.replace(/<[^>]+>|\u200b/g, "").replace(/\s+/g, " ").trim().toLowerCase();

/** Fetch the index, turn it back into texts (docs/hooks.py turned it inside out), and hand it to Material's worker. */
async function start() {
  const response = await fetch(new URL("../../../search/docs.json", location));
  const { docs, words: list, steps } = await response.json();
  for (const doc of docs) doc.text = "";
  const places = steps.split(" ");
  for (const [number, word] of list.split(" ").entries()) {
    words.add(word);
    let place = 0;
    for (const step of places[number].split(",")) docs[(place += Number(step))].text += ` ${word}`;
  }
  for (const { location: at, title, tags = [] } of docs) {
    for (const word of [title, ...tags].join(" ").toLowerCase().split(/<[^>]+>|[^\p{L}\p{N}]+/u)) words.add(word);
    if (!at.includes("#")) pages.set(at, { title: plain(title), keywords: tags.map(plain) });
  }
  importScripts(location.search.slice(1));
  const first = await setup; // the box may have the focus before the page has said anything
  dispatchEvent(new MessageEvent("message", { data: { ...first, data: { ...first.data, docs } } }));
  await new Promise((resolve) => setTimeout(resolve)); // it takes the index in a microtask
}

/** Ask Material's worker; its answer comes through postMessage below. */
function ask(query) {
  asked = plain(query);
  dispatchEvent(new MessageEvent("message", { data: { type: QUERY, data: improve(query) } }));
}

/** Cut a run of Han characters into the longest words that the index knows; what it does not know is left out. */
function cut(run) {
  const found = [];
  for (let start = 0; start < run.length; ) {
    let end = run.length;
    while (end > start && !words.has(run.slice(start, end))) end--;
    if (end > start + 1 || run.length === 1) found.push(run.slice(start, end));
    start = Math.max(end, start + 1);
  }
  if (!found.length) found.push(...[...words].filter((word) => word.startsWith(run)).slice(0, 3)); // still typing
  // Material segments each run once more and never tries a run's last character; so give it one to lose.
  return ` ${found.map((word) => word + NO_WORD).join(" ")} `;
}

/** Tell whether one letter more, less, other or swapped makes one word of the other. */
function near(a, b) {
  if (Math.abs(a.length - b.length) > 1) return false;
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  const [restA, restB] = [a.slice(same), b.slice(same)];
  const swapped = restA[1] + restA[0] + restA.slice(2);
  return restA.slice(1) === restB || restA === restB.slice(1) || restA.slice(1) === restB.slice(1) || swapped === restB;
}

/** Correct one slip in a longer word that the index does not have, and find `blocking` for `blocked`. */
function relax(word) {
  if (!/^[a-z]{5,}$/.test(word)) return word;
  const stem = word.replace(/(?<=[a-z]{4})(ing|ed|es|s)$/, ""); // Material looks for all that begins with it
  if ([...words].some((other) => other.startsWith(stem))) return stem;
  return [...words].find((other) => near(word, other)) ?? word;
}

/** Rewrite a query, unless it uses the operators that Material's own help names. */
function improve(query) {
  if (/(^|\s)[+-]\S|["*~^]/.test(query)) return query;
  const telling = query.replace(ASKING, " ");
  const terms = (/\S/.test(telling) ? telling : query)
    .replace(/\p{sc=Han}+/gu, cut)
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  const rare = terms.filter((term) => !STOP.has(term));
  const found = (rare.length ? rare : terms).map(relax);
  const [only] = found.map((word) => word.replace(NO_WORD, ""));
  if (terms.length === 1 && !asked.includes(only)) asked = only; // a slip, corrected
  return found.join(" ");
}

/** Say how well a page fits what was asked, beyond the words in it: by its keywords and its title. */
function fit({ title, keywords }) {
  const exact = keywords.indexOf(asked);
  if (exact >= 0) return Math.max(12 - exact, 4);
  if (title === asked) return 12;
  const inside = [title, ...keywords].filter((keyword) => (/[a-z0-9]/.test(keyword) ? ` ${asked} `.includes(` ${keyword} `) : asked.includes(keyword)));
  const named = inside.reduce((sum, keyword) => sum + keyword.length, 0) / asked.length;
  return Math.min(named, 2) * 3;
}

self.postMessage = (message) => {
  if (message.type === RESULT) {
    const order = new Map(message.data.items.map((group, rank) => [group, fit(pages.get(group[0].location.split("#")[0])) - rank / 4]));
    message.data.items.sort((a, b) => order.get(b) - order.get(a));
    for (const entry of message.data.items.flat()) entry.text = ""; // words in the order of the alphabet
  }
  post(message);
};
