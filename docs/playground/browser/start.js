// The button that starts the console's server; only the console's page loads it.

import { addBar, addButton, text } from "./run.js";

export const START = text("启动服务器", "Start the server");

/** @param {HTMLElement} container of the console */
export function addStart(container) {
  if (container.firstChild) return; // another call was faster
  const bar = addBar(container);
  const start = addButton(bar, START, "", async () => {
    const { Console } = await import("./console.js");
    new Console(container, start);
  });
  if (/\bpreset=/.test(location.href)) sayPreset(bar);
}

/** Say which request the address has chosen, before the server is started. @param {HTMLElement} bar */
async function sayPreset(bar) {
  const { PRESETS, presetInAddress } = await import("./presets.js");
  const preset = PRESETS.find(({ id }) => id === presetInAddress());
  if (preset) bar.append(text("启动后就可以发送：", "Then ready to send: ") + preset.name);
}
