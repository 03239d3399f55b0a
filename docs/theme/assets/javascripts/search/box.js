// What Material's search box shows beside the results: ways in while it is empty, and which words are on no page.

const OFFERED = 5; // last queries
const HOME = new URL("../../../", import.meta.url);
const KEPT = `search ${HOME.pathname}`; // where they are kept, in localStorage
const { last, start, starts, keys, missing, near, loading, failed } = {
  zh: {
    last: "最近搜索",
    start: "从这里开始",
    starts: {
      "server/map/": "源码地图",
      "server/hazards/": "隐患",
      "server/try-it/": "试一试",
      "glossary/": "术语表",
    },
    keys: { "/ · Ctrl K": "打开", "↑ ↓": "选择", Enter: "打开第一条", Esc: "关闭" },
    missing: (/** @type {string} */ words) => `笔记里没有出现过${words}。`,
    near: "最接近的是",
    loading: "正在加载搜索……",
    failed: "搜索没有加载成功。请检查网络，再输入一次。",
  },
  en: {
    last: "Last searched for",
    start: "Start here",
    starts: {
      "server/map/": "The map",
      "server/hazards/": "What can go wrong",
      "server/try-it/": "Try it",
      "glossary/": "Glossary",
    },
    keys: { "/ · Ctrl K": "opens", "↑ ↓": "choose", Enter: "opens the first", Esc: "closes" },
    missing: (/** @type {string} */ words) => `No note has ${words}.`,
    near: "Nearest:",
    loading: "Loading the search…",
    failed: "The search could not be loaded. Check the network and type again.",
  },
}[document.documentElement.lang === "zh" ? "zh" : "en"];

/** @typedef {{ items: object[], unknown?: string[], near?: string[], failed?: string }} Answer what the worker sends */

/** Let the worker load, and show what belongs below the box. @param {Worker} worker */
export function open(worker) {
  const box = /** @type {HTMLInputElement} */ (
    document.forms.namedItem("search")?.elements.namedItem("query")
  );
  const results = /** @type {HTMLElement} */ (document.querySelector(".md-search-result"));
  const note = document.createElement("div");
  note.className = "search-note";
  results.children[0].after(note);
  const draw = (/** @type {Answer} */ answer) => {
    if (note.contains(document.activeElement)) box.focus(); // what had the focus goes
    note.replaceChildren(...(box.value.trim() ? words(answer, box) : beginning(box)));
  };
  let isAnswered = false;
  worker.addEventListener("message", ({ data: { data } }) => {
    if (!data) return;
    isAnswered = true;
    draw(data);
  });
  worker.postMessage({ type: "focus" });
  results.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest(".md-search-result__link")) keep(box.value.trim());
  });
  // Material looks when a key comes up; a drop, a paste with the mouse and dictation bring none.
  box.addEventListener("input", () => {
    const ghost = document.querySelector("[data-md-component=search-suggest]");
    if (ghost && !ghost.textContent?.startsWith(box.value)) ghost.textContent = ""; // the end of another word
    if (!isAnswered && box.value.trim() && note.firstChild?.textContent !== loading)
      note.prepend(Object.assign(line(loading), { className: "search-loading" })); // until the first answer
    box.dispatchEvent(new Event("keyup"));
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !box.value.trim()) event.stopPropagation(); // Material would open the first way in
  });
  // From result to result: Material's arrows stop at each fold as well, which Tab reaches.
  let arrow = "";
  const search = /** @type {HTMLElement} */ (results.closest(".md-search"));
  search.addEventListener("keydown", ({ key }) => {
    arrow = /^Arrow(Up|Down)$/.test(key) ? key : "";
  });
  search.addEventListener("keyup", () => {
    arrow = "";
  });
  results.addEventListener("focusin", ({ target }) => {
    if (arrow && target instanceof HTMLElement && target.matches("summary"))
      target.dispatchEvent(new KeyboardEvent("keydown", { key: arrow, bubbles: true }));
  });
  draw({ items: [] });
}

/** Say which words are on no page, and what comes near. @param {Answer} answer @param {HTMLInputElement} box */
function words({ items, unknown = [], near: names = [], failed: error }, box) {
  if (error) {
    dispatchEvent(new Event("loadfailed")); // theme/main.html
    return [line(failed)];
  }
  if (!unknown.length) return [];
  const said = [
    line(
      missing(unknown.map((word) => `“${word}”`).join(document.documentElement.lang === "zh" ? "、" : ", ")),
    ),
  ];
  if (names.length) said[0].append(` ${near} `, ...names.map((name) => query(name, box)));
  return items.length ? said : [...said, waysIn()];
}

/** What an empty box offers. @param {HTMLInputElement} box */
function beginning(box) {
  const before = lastQueries();
  const hints = Object.entries(keys).map(([key, does]) => [element("kbd", key), ` ${does} `]);
  return [
    ...(before.length ? [line(`${last} `, ...before.map((text) => query(text, box)))] : []),
    waysIn(),
    Object.assign(line(...hints.flat()), { className: "search-keys" }),
  ];
}

const waysIn = () =>
  line(`${start} `, ...Object.entries(starts).map(([path, title]) => link(new URL(path, HOME).href, title)));

/** @returns {string[]} */
function lastQueries() {
  return JSON.parse(localStorage.getItem(KEPT) ?? "[]");
}

/** Remember a query that led somewhere. @param {string} text */
function keep(text) {
  const all = [text, ...lastQueries().filter((other) => other !== text)];
  localStorage.setItem(KEPT, JSON.stringify(all.slice(0, OFFERED)));
}

/** A link that asks. @param {string} text @param {HTMLInputElement} box */
function query(text, box) {
  const asks = link(`?q=${encodeURIComponent(text)}`, text);
  asks.addEventListener("click", (event) => {
    event.preventDefault();
    event.stopPropagation(); // Material would close the search
    box.value = text;
    box.focus();
    box.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }));
  });
  return asks;
}

/** A link that Material's arrow keys reach; they read the score. @param {string} href @param {string} text */
function link(href, text) {
  const made = Object.assign(document.createElement("a"), { href });
  made.append(element("span", text));
  made.children[0].setAttribute("data-md-score", "0");
  return made;
}

/** @param {(string | Node)[]} content */
function line(...content) {
  const made = document.createElement("p");
  made.append(...content);
  return made;
}

/** @param {string} tag @param {string} text */
function element(tag, text) {
  return Object.assign(document.createElement(tag), { textContent: text });
}
