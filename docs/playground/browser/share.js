// A link that carries edited code: the path and the code, in the address. No server sees it.

import { EDITS } from "./editor.js";
import { pack, unpack } from "./packed.js";
import { text } from "./run.js";

/** Return the address of this page with a snippet as edited. @param {string} path @param {string} source */
export async function address(path, source) {
  const url = new URL(location.href);
  url.hash = `code=${await pack([path, source])}`;
  return url.href;
}

/** Show the code of such an address, which stays: who copies it from there shares the same. */
export async function receive() {
  if (sessionStorage.received === location.hash) return; // after a reload, what has become of it
  let path, source;
  try {
    [path, source] = await unpack(location.hash.slice("#code=".length));
  } catch {
    const cut = "The link is not whole, so its code is not shown. Ask for it again.";
    return alert$.next(text("链接不完整，无法显示它带的代码。请再要一次。", cut));
  }
  sessionStorage.received = location.hash;
  const block = blockOf(path);
  if (!block) {
    const gone = `The link's code belongs to ${path}, which this page no longer has.`;
    return alert$.next(text(`链接里的代码属于 ${path}，这一页已经没有它了。`, gone));
  }
  EDITS.receive(path, source);
  showEditorOf(block);
}

/** @param {string} path @returns {HTMLElement | undefined} */
function blockOf(path) {
  const blocks = /** @type {NodeListOf<HTMLElement>} */ (
    document.querySelectorAll("[data-run], [data-exercise]")
  );
  return [...blocks].find(({ dataset }) => path === (dataset.exercise ?? dataset.run));
}

/** Show a block once it has its editor; it may be far down, or in a folded answer. @param {HTMLElement} block */
function showEditorOf(block) {
  new MutationObserver((_, observer) => {
    if (!block.querySelector(".run-editor")) return;
    observer.disconnect();
    block.closest("details")?.setAttribute("open", "");
    block.scrollIntoView({ block: "center" });
  }).observe(block, { childList: true });
}
