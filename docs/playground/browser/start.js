// The button that starts the console's server; only the console's page loads it.

import { addBar, addButton, hash, text } from "./run.js";

export const START = text("启动服务器", "Start the server");

/** @param {HTMLElement} container of the console */
export function addStart(container) {
  if (container.firstChild) return; // another call was faster
  const bar = addBar(container);
  const start = addButton(bar, START, "", async () => {
    /** @type {typeof import("./console.js")} */
    const { Console } = await import(`./console.js${hash}`);
    new Console(container, start);
  });
  if (/\b(preset|request)=/.test(location.href)) sayRequest(bar);
}

/** Say which request the address brings, before the server is started. @param {HTMLElement} bar */
async function sayRequest(bar) {
  const { idInAddress, presetInAddress } = await import("./presets.js");
  const id = idInAddress();
  const name = id ? presetInAddress()?.name : text("链接里的请求", "the link's request");
  const ready = text("启动后就可以发送：", "Then ready to send: ") + name;
  const unknown = text(`没有叫“${id}”的现成请求。`, `No ready-made request is called “${id}”.`);
  bar.append(name ? ready : unknown);
}
