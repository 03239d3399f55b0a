// Adds a bar with Run and Edit below each block of code, or the reason why it cannot run here. This is all that a
// page loads before a click; the first click fetches the rest (panel.js or console.js, then worker.js).

/** The text in the page's language. @param {string} chinese @param {string} english */
export const text = (chinese, english) => (document.documentElement.lang === "zh" ? chinese : english);

export const LABELS = {
  run: text("运行", "Run"),
  edit: text("修改", "Edit"),
  start: text("启动服务器", "Start the server"),
  retry: text("再试一次", "Try again"),
};

/** @param {HTMLElement} parent */
function addBar(parent) {
  const bar = Object.assign(document.createElement("div"), { className: "run" });
  parent.append(bar);
  return bar;
}

/**
 * Add a button that loads its script when it is clicked.
 * @param {HTMLElement} bar
 * @param {string} label
 * @param {() => Promise<void>} load
 */
function addButton(bar, label, load) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
  button.onclick = () =>
    load().catch(() => {
      button.textContent = LABELS.retry;
      dispatchEvent(new Event("loadfailed")); // theme/main.html
    });
  bar.append(button);
  return button;
}

/** @param {HTMLElement} block */
function addRunBar(block) {
  const bar = addBar(block);
  if (block.dataset.runNot) {
    bar.textContent = block.dataset.runNot;
    return;
  }
  /** @param {() => HTMLButtonElement} clicked */
  const load = async (clicked) => {
    const { Panel } = await import("./panel.js");
    new Panel(block, bar, run, edit); // replaces both onclick
    clicked().click();
  };
  const run = addButton(bar, LABELS.run, () => load(() => run));
  const edit = addButton(bar, LABELS.edit, () => load(() => edit));
}

/** @param {HTMLElement} container of the console */
function addStartButton(container) {
  const start = addButton(addBar(container), LABELS.start, async () => {
    const { Console } = await import("./console.js");
    new Console(container, start);
  });
}

document$.subscribe(() => {
  for (const container of document.querySelectorAll("[data-console]:empty"))
    addStartButton(/** @type {HTMLElement} */ (container));
  for (const block of document.querySelectorAll("[data-run]:not(:has(.run)), [data-run-not]:not(:has(.run))"))
    addRunBar(/** @type {HTMLElement} */ (block));
});
