// The one Python of a tab. It lives in a worker, so that the page never freezes, and runs one program at a time.

import { LABELS } from "./run.js";

/**
 * What worker.js posts.
 * @typedef {{ kind: "progress", received: number, total: number }
 *   | { kind: "started" }
 *   | { kind: "stdout" | "stderr", text: string }
 *   | { kind: "message", text: string }
 *   | { kind: "ended", outcome: string, seconds: number }
 *   | { kind: "loadFailed", text: string }} Message
 */

/**
 * What worker.js takes: a snippet to run, with `source` if the reader changed it; the console's server to run; or
 * a command for that server, in JSON.
 * @typedef {{ kind: "run", path: string, source?: string }
 *   | { kind: "proof", name: string }
 *   | { kind: "console", flags: string }
 *   | { kind: "command", text: string }} Request
 */

/** @type {Worker | undefined} */
let worker;
/** @type {((message: Message) => void) | undefined} */
let listener;

/** Start a worker; it begins to fetch and to start Python at once. */
function start() {
  const url = new URL("worker.js", import.meta.url);
  const started = new Worker(url, { type: "module" });
  started.onmessage = ({ data }) => dispatch(data);
  started.onerror = async ({ message }) => {
    const text = message || (await whatIsSent(IMPORTED.map((name) => new URL(name, url))));
    if (worker === started) dispatch({ kind: "loadFailed", text });
  };
  worker = started;
}

/** What worker.js needs to begin: of an import that fails, a browser does not say why. */
const IMPORTED = ["worker.js", "image_codec.js"];

/** What the server sends for each that is no JavaScript. @param {URL[]} urls */
async function whatIsSent(urls) {
  const answers = await Promise.all(urls.map((url) => fetch(url, { method: "HEAD" }).catch(() => undefined)));
  const lines = answers.map((answer, i) => {
    const type = answer?.headers.get("Content-Type") ?? "no Content-Type";
    if (answer?.ok && type.includes("javascript")) return "";
    return `${urls[i].pathname}: ${answer ? `${answer.status}, ${type}` : "no answer"}\n`;
  });
  return lines.join("") || "worker.js";
}

/** @param {Message} message */
function dispatch(message) {
  if (message.kind === "started") {
    sessionStorage.python = "downloaded"; // from then on it only starts
    for (const { firstChild } of document.querySelectorAll(".run"))
      if (firstChild?.nodeValue === LABELS.size) firstChild.remove();
  }
  if (message.kind === "progress" && sessionStorage.python) return;
  const receiver = listener;
  if (message.kind === "ended" || message.kind === "loadFailed") listener = undefined;
  if (message.kind === "loadFailed" || (message.kind === "ended" && message.outcome === "crashed"))
    terminate();
  if (message.kind === "loadFailed") dispatchEvent(new Event("loadfailed")); // theme/main.html
  receiver?.(message);
}

function terminate() {
  worker?.terminate();
  worker = undefined;
}

/**
 * Run a program; one that runs already is stopped.
 * @param {Request} request
 * @param {(message: Message) => void} listen
 */
export function run(request, listen) {
  stop();
  listener = listen;
  if (typeof WebAssembly !== "object")
    return dispatch({ kind: "ended", outcome: "noWebAssembly", seconds: 0 });
  if (!worker) start();
  post(request);
}

/** Send a command to the console's server. @param {object} command */
export const send = (command) => post({ kind: "command", text: JSON.stringify(command) });

/** @param {Request} request */
const post = (request) => worker?.postMessage(request);

/** End the program at once. Only terminating its worker is sure to do that; the next worker starts right away. */
export function stop() {
  if (!listener) return;
  terminate();
  dispatch({ kind: "ended", outcome: "stopped", seconds: 0 });
  start();
}

document$.subscribe(stop); // a program ends when its reader goes to another page
