// Adds Run and Edit to each block of code, or the reason why it cannot run here. This is all that a page loads before
// a click; the first click fetches the rest (panel.js or console.js, then worker.js).

/** The text in the page's language. @param {string} chinese @param {string} english */
export const text = (chinese, english) => (document.documentElement.lang === "zh" ? chinese : english);

export const LABELS = {
  run: text("运行", "Run"),
  edit: text("修改", "Edit"),
  retry: text("再试一次", "Try again"),
  size: text("Python：下载一次，SIZE MB", "Python: one download, SIZE MB"), // docs/playground/build.py measures
};
export const EXERCISE = { edit: text("在这里写", "Write it here"), run: text("检查", "Check") };
/** What a script's address ends in: some browsers keep it if one cannot be fetched, so the next try has another. */
export let hash = "";
const PLAY = "▶\uFE0E ";

/** @param {Element} parent */
export function addBar(parent) {
  const bar = Object.assign(document.createElement("div"), { className: "run" });
  parent.append(bar);
  return bar;
}

/**
 * Add a button that loads its script when it is clicked.
 * @param {Element} bar
 * @param {string} label
 * @param {string} file the snippet, for who does not see where the button stands
 * @param {() => Promise<void>} load
 */
export function addButton(bar, label, file, load) {
  const button = Object.assign(document.createElement("button"), { textContent: label });
  if (file) button.ariaLabel = `${label.replace(PLAY, "")} ${file}`;
  button.title = LABELS.size;
  button.onclick = () =>
    load().catch(() => {
      hash += "#";
      button.ariaLabel = button.textContent = LABELS.retry;
      dispatchEvent(new Event("loadfailed")); // theme/main.html
    });
  bar.append(button);
  return button;
}

/** @param {HTMLElement} block */
function addRunBar(block) {
  const bar = addBar(block);
  const { exercise = "", run: path = exercise, runNot } = block.dataset;
  const [labels, memory] = exercise ? [EXERCISE, localStorage] : [LABELS, sessionStorage];
  if (runNot) return bar.append(runNot);
  block.id = `run-${path}`;
  if (exercise && localStorage[`passed:${exercise}`]) block.dataset.passed = ""; // site.css
  /** @param {"edit" | "run"} method @param {boolean} [focus] */
  const load = async (method, focus) =>
    new (await import(`./panel.js${hash}`)).Panel(block, bar, run, edit)[method](focus); // replaces both onclick
  const edit = addButton(bar, labels.edit, path, () => load("edit"));
  const run = addButton(bar, PLAY + labels.run, path, () => load("run"));
  if (memory[`edited:${path}`]) load("edit", false);
}

/** Lead from a block to the one of the same file that has the button. @param {HTMLElement} block */
function addLink(block) {
  const { below, above } = block.dataset;
  const textContent = below ? text("在下文运行 ↓", "Runs below ↓") : text("在上文运行 ↑", "Runs above ↑");
  const id = `run-${below ?? above}`;
  const onclick = () => document.getElementById(id)?.scrollIntoView({ block: "center" });
  addBar(block).append(Object.assign(document.createElement("a"), { href: `#${id}`, textContent, onclick }));
}

document$.subscribe(async () => {
  if (location.hash.startsWith("#code=")) await (await import("./share.js")).receive();
  /** @param {string} selector @param {(element: any) => void} add */
  const each = (selector, add) => {
    for (const element of document.querySelectorAll(selector)) add(element);
  };
  each("[data-console]:empty", async (container) => (await import("./start.js")).addStart(container));
  each(":is([data-run], [data-run-not], [data-exercise]):not(:has(.run))", addRunBar);
  each(":is([data-below], [data-above]):not(:has(.run))", addLink);
  if (!sessionStorage.python)
    document.querySelector(":is([data-run], [data-console]) > .run")?.prepend(LABELS.size);
});
