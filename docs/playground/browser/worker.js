// Python in a worker. files.json says where Python lies; all of it is fetched at once.

import { decodeImage, encodeImage } from "./image_codec.js";

const RUNTIME = "pyodide.asm.wasm"; // the largest file
const [FLUSH_INTERVAL, FLUSHES] = [40, 8]; // ms, and how often in that time; a flood is posted in larger pieces
const FRESH = /** @type {const} */ ({ cache: "no-cache" }); // after a new version of the site: ask the host
const base = new URL(".", import.meta.url);

// Output

/** @type {Record<string, string>} */
const buffered = { stdout: "", stderr: "" };
let [windowStart, flushes] = [0, 0];

/** Post what was printed, unless much has been posted just now. */
function flushSometimes() {
  if (performance.now() - windowStart > FLUSH_INTERVAL) [windowStart, flushes] = [performance.now(), 0];
  flushes += 1;
  if (flushes <= FLUSHES) flush();
}

/** Post what was printed. */
function flush() {
  for (const kind of ["stdout", "stderr"]) {
    if (buffered[kind]) postMessage({ kind, text: buffered[kind] });
    buffered[kind] = "";
  }
}

// Downloads

/** How many bytes each file has, and how many if the host compresses it. @type {Record<string, [number, number]>} */
let sizes = {};
/** Whether this host compresses; known once the largest file begins to come. @type {0 | 1 | undefined} */
let compressed;
/** How many bytes of each file have come; the modules have before any progress is posted. @type {Record<string, number>} */
const received = {};
let pythonFolder = base;
const originalFetch = self.fetch;

/** Fetch a file and post the progress of all downloads. @param {string | URL | Request} name @param {RequestInit} [init] */
async function fetchWithProgress(name, init) {
  const url = name instanceof Request ? name.url : new URL(name, base).href;
  const response = await originalFetch(name, init);
  if (!response.ok || !response.body) throw new Error(`${response.status} ${url}`);
  const file = url.slice(url.lastIndexOf("/") + 1);
  if (!sizes[file]) return response;
  if (file === RUNTIME) compressed = response.headers.has("Content-Encoding") ? 1 : 0;
  received[file] = 0;
  const counter = new TransformStream({
    transform(chunk, controller) {
      received[file] += chunk.length;
      postProgress();
      controller.enqueue(chunk);
    },
  });
  response.body.pipeTo(counter.writable).catch(reportFailure);
  const headers = new Headers(response.headers);
  if (url.endsWith(".wasm")) headers.set("Content-Type", "application/wasm"); // some servers do not know it
  return new Response(counter.readable, { headers });
}

/** Post how many bytes have come over the line, of how many. */
function postProgress() {
  if (compressed === undefined) return;
  const progress = { kind: "progress", received: 0, total: 0 };
  for (const [file, weights] of Object.entries(sizes)) {
    const weight = weights[compressed];
    progress.total += weight;
    progress.received += file.endsWith(".js") ? weight : ((received[file] ?? 0) / weights[0]) * weight;
  }
  postMessage(progress);
}

// Pyodide fetches with it, and never reports a download that fails; so it is reported here.
self.fetch = (name, init) => {
  const response = fetchWithProgress(name, init);
  response.catch(reportFailure);
  return response;
};

/** @param {unknown} error */
const reportFailure = (error) => postMessage({ kind: "loadFailed", text: String(error) });

/** @param {URL} url */
const fetchBytes = async (url) => new Uint8Array(await (await fetchWithProgress(url)).arrayBuffer());

/** A script of Pyodide. @param {string} name */
const importPython = (name) => import(new URL(name, pythonFolder).href);

// What Python imports as the module `worker`; used by playground/python and the shims.
const api = {
  /** A promise that ends by `resolve`, or as "timeout" after `ms`. @param {number | null | undefined} ms */
  createWait(ms) {
    flush();
    const { promise, resolve } = Promise.withResolvers();
    if (ms === 0) callSoon(() => resolve("timeout"));
    else if (typeof ms === "number") setTimeout(() => resolve("timeout"), ms);
    return { promise, resolve };
  },
  /** Run a thread on a stack of its own. @param {import("pyodide/ffi").PyCallable} thread */
  startThread(thread) {
    callSoon(() => thread.callPromising().finally(() => thread.destroy()));
  },
  /** Block the whole worker, for browsers without JSPI. @param {number} ms */
  block(ms) {
    flush();
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    Atomics.wait(new Int32Array(memory.buffer), 0, 0, ms);
  },
  /** Post a message of the console's server to the page. @param {string} text JSON */
  postMessage(text) {
    flush();
    postMessage({ kind: "message", text });
  },
  encodeImage,
  decodeImage,
};

/** Call later, without the 4 ms that a timer takes at least. @param {() => void} callback */
function callSoon(callback) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    callback();
  };
  port2.postMessage(0);
}

// Programs

async function start() {
  const files = await (await originalFetch(new URL("files.json", base), FRESH)).json();
  sizes = files.sizes;
  pythonFolder = new URL(files.python, base);
  /** @type {[typeof import("pyodide"), { default: import("pyodide").PyodideConfig["createPyodideModule"] }]} */
  const [{ loadPyodide }, { default: createPyodideModule }] = await Promise.all([
    importPython("pyodide.js"),
    importPython("pyodide.asm.js"),
  ]);
  const [python, home, packages] = await Promise.all([
    loadPyodide({
      createPyodideModule, // else it would import pyodide.asm.mjs
      indexURL: pythonFolder.href,
      stdLibURL: new URL("stdlib.zip", pythonFolder).href,
      lockFileContents: {
        info: { abi_version: "2026_0", arch: "wasm32", platform: "", python: "3.14.2", version: "" },
        packages: {},
      },
      packageBaseUrl: pythonFolder.href,
      env: { HOME: "/home/pyodide" },
    }),
    fetchBytes(new URL("home.zip", base)),
    fetchBytes(new URL("packages.zip", pythonFolder)),
  ]);
  for (const [kind, set] of Object.entries({ stdout: python.setStdout, stderr: python.setStderr })) {
    const decoder = new TextDecoder();
    set({
      write(bytes) {
        buffered[kind] += decoder.decode(bytes, { stream: true });
        flushSometimes();
        return bytes.length;
      },
    });
  }
  python.setStdin({ stdin: () => undefined }); // the end of input: there is no keyboard
  python.registerJsModule("worker", api);
  python.unpackArchive(home, "zip", { extractDir: "/home/pyodide" });
  python.FS.writeFile("/packages.zip", packages);
  python.runPython(`
import sys
sys.path[:0] = ["/home/pyodide", "/home/pyodide/playground/shims"]
sys.path.append("/packages.zip")
from playground.python import scheduler
scheduler.install()  # before anything else is imported
from playground.python import runner`);
  return python;
}

const ready = start();
ready.catch(() => {}); // reported by the first run

/** What runs a proof: pytest and the proofs, fetched for the first one. @type {Promise<any> | undefined} */
let proofs;

async function loadProofs() {
  const [python, archive] = await Promise.all([ready, fetchBytes(new URL("proofs.zip", base))]);
  python.unpackArchive(archive, "zip", { extractDir: "/home/pyodide" });
  python.runPython(`sys.path += ["/home/pyodide/docs", "/home/pyodide/libraries"]`);
  return python.pyimport("playground.python.proof");
}

/** @param {Exclude<import("./python.js").Request, { kind: "command" }>} request */
async function run(request) {
  const python = await ready;
  const runner = python.pyimport("playground.python.runner");
  if (request.kind === "proof") proofs ??= loadProofs();
  const proof = await proofs;
  postMessage({ kind: "started" });
  const begin = performance.now();
  let outcome = "crashed";
  try {
    const call = (/** @type {import("pyodide/ffi").PyCallable} */ f, /** @type {any[]} */ ...args) =>
      "Suspending" in WebAssembly ? f.callPromising(...args) : f(...args);
    if (request.kind === "console") outcome = await call(runner.run_console, request.flags);
    else if (request.kind === "proof") outcome = await call(proof.run_proof, request.name);
    else outcome = await call(runner.run, request.path, request.source);
  } catch (error) {
    buffered.stderr += error;
  }
  flush();
  postMessage({ kind: "ended", outcome, seconds: (performance.now() - begin) / 1000 });
}

addEventListener("message", async ({ data }) => {
  if (data.kind === "command") (await ready).pyimport("playground.python.runner").receive(data.text);
  else run(data).catch(reportFailure);
});
