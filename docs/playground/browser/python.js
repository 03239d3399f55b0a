// The one Python of a tab: it lives in a worker, so that the page never freezes, and runs one program at a time.

/**
 * @typedef {{ kind: "progress", share: number }
 *   | { kind: "started" }
 *   | { kind: "stdout" | "stderr", text: string }
 *   | { kind: "ended", how: string, seconds: number }
 *   | { kind: "broken", text: string }
 *   | { kind: "told", text: string }} Said
 */

/** @type {Worker | undefined} */
let worker;
/** @type {((said: Said) => void) | undefined} */
let listener;

/** Start a worker; it begins to fetch and to start Python at once. */
function start() {
  worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }) => tell(data);
  worker.onerror = (event) => tell({ kind: "broken", text: event.message || "worker.js" });
}

/** @param {Said} said */
function tell(said) {
  const told = listener;
  if (said.kind === "ended" || said.kind === "broken") listener = undefined;
  if (said.kind === "broken" || (said.kind === "ended" && said.how === "dead")) drop();
  told?.(said);
}

function drop() {
  worker?.terminate();
  worker = undefined;
}

/**
 * Run a program; what runs already is stopped.
 * @param {object} request what worker.js is to do
 * @param {(said: Said) => void} listen
 */
export function run(request, listen) {
  stop();
  listener = listen;
  if (typeof WebAssembly !== "object") return tell({ kind: "ended", how: "no WebAssembly", seconds: 0 });
  if (!worker) start();
  worker?.postMessage(request);
}

/** Say something to the program that runs; what it answers comes as `told`. @param {object} message */
export const say = (message) => worker?.postMessage({ said: JSON.stringify(message) });

/** End the program at once. Only the end of its worker does that surely; the next worker starts right away. */
export function stop() {
  if (!listener) return;
  drop();
  tell({ kind: "ended", how: "stopped", seconds: 0 });
  start();
}

document$.subscribe(stop); // whoever goes to another page has left the program
