// The button that starts the console's server; only the console's page loads it.

import { addBar, addButton, text } from "./run.js";

export const START = text("启动服务器", "Start the server");

/** @param {HTMLElement} container of the console */
export function addStart(container) {
  if (container.firstChild) return; // another call was faster
  const start = addButton(addBar(container), START, "", async () => {
    const { Console } = await import("./console.js");
    new Console(container, start);
  });
}
