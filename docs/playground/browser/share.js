// A link that carries edited code: the path and the code, compressed, in the address. No server sees it.

import { EDITS } from "./editor.js";
import { text } from "./run.js";

/** @param {Uint8Array<ArrayBuffer>} bytes @param {CompressionStream | DecompressionStream} stream */
async function through(bytes, stream) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

/** Return the address of this page with a snippet as edited. @param {string} path @param {string} source */
export async function address(path, source) {
  const bytes = new TextEncoder().encode(JSON.stringify([path, source]));
  const packed = await through(bytes, new CompressionStream("deflate-raw"));
  const base64 = btoa(Array.from(packed, (byte) => String.fromCharCode(byte)).join(""));
  const url = new URL(location.href);
  url.hash = `code=${base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
  return url.href;
}

/** Keep the code of such an address, which the page has, as if the reader had edited it here. */
export async function receive() {
  const code = location.hash.slice("#code=".length);
  history.replaceState(history.state, "", location.pathname + location.search); // a reload keeps later edits
  try {
    const packed = Uint8Array.from(atob(code.replaceAll("-", "+").replaceAll("_", "/")), (one) =>
      one.charCodeAt(0),
    );
    const bytes = await through(packed, new DecompressionStream("deflate-raw"));
    const [path, source] = JSON.parse(new TextDecoder().decode(bytes));
    EDITS.receive(path, source);
    showEditorOf(path);
  } catch {
    const cut = "The link is not whole: the page shows its own code.";
    alert$.next(text("链接不完整，这里显示的是页面自己的代码。", cut));
  }
}

/** Show a snippet's block once it has its editor; it may be far down, or in a folded answer. @param {string} path */
function showEditorOf(path) {
  const blocks = /** @type {NodeListOf<HTMLElement>} */ (
    document.querySelectorAll("[data-run], [data-exercise]")
  );
  const block = [...blocks].find(({ dataset }) => path === (dataset.exercise ?? dataset.run));
  if (!block) return;
  new MutationObserver((_, observer) => {
    if (!block.querySelector(".run-editor")) return;
    observer.disconnect();
    block.closest("details")?.setAttribute("open", "");
    block.scrollIntoView({ block: "center" });
  }).observe(block, { childList: true });
}
