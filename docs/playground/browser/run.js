// A bar with Run and Edit below each block of code that can run here, or the reason why it cannot. What a click
// needs is fetched at the first click (panel.js, worker.js); until then this is all there is.

const zh = document.documentElement.lang === "zh";

/** @param {HTMLElement} bar @param {string} text */
function addButton(bar, text) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
  bar.append(button);
  return button;
}

/** @param {HTMLElement} block */
function dress(block) {
  const bar = Object.assign(document.createElement("div"), { className: "run" });
  block.append(bar);
  if (block.dataset.runNot) {
    bar.textContent = block.dataset.runNot;
    return;
  }
  const run = addButton(bar, zh ? "运行" : "Run");
  const edit = addButton(bar, zh ? "修改" : "Edit");
  for (const button of [run, edit])
    button.onclick = async () => {
      try {
        const { Panel } = await import("./panel.js");
        new Panel(block, bar, run, edit); // it takes over both buttons
        button.click();
      } catch {
        button.textContent = zh ? "再试一次" : "Try again";
      }
    };
}

/** @param {HTMLElement} place where the server of talk.js goes */
function offer(place) {
  const bar = Object.assign(document.createElement("div"), { className: "run" });
  place.append(bar);
  const start = addButton(bar, zh ? "启动服务器" : "Start the server");
  start.onclick = async () => {
    try {
      (await import("./talk.js")).open(place, start);
    } catch {
      start.textContent = zh ? "再试一次" : "Try again";
    }
  };
}

document$.subscribe(() => {
  for (const place of document.querySelectorAll("[data-talk]:empty"))
    offer(/** @type {HTMLElement} */ (place));
  for (const block of document.querySelectorAll("[data-run]:not(:has(.run)), [data-run-not]:not(:has(.run))"))
    dress(/** @type {HTMLElement} */ (block));
});
