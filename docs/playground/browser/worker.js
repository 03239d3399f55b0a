// Python in a worker. files.json says where Python lies: its runtime is fetched at once, aiohttp when it is needed.

import { decodeImage, encodeImage } from "./image_codec.js";

const RUNTIME = ["pyodide.asm.wasm", "stdlib.zip", "home.zip"]; // the files whose progress is shown: nearly all bytes
const FLUSH_INTERVAL = 40; // ms; a program that prints much must not flood the page
const base = new URL(".", import.meta.url);

// Output

/** @type {Record<string, string>} */
const buffered = { stdout: "", stderr: "" };
let lastFlush = 0;

/** Post what was printed. */
function flush() {
  lastFlush = performance.now();
  for (const kind of ["stdout", "stderr"]) {
    if (buffered[kind]) postMessage({ kind, text: buffered[kind] });
    buffered[kind] = "";
  }
}

// Downloads

/** @type {Record<string, number>} */
let sizes = {};
let pythonFolder = base;
let expectedBytes = 0;
let receivedBytes = 0;
const originalFetch = self.fetch;

/** Fetch a file and post the progress of all downloads. @param {string | URL | Request} name @param {RequestInit} [init] */
async function fetchWithProgress(name, init) {
  const url = name instanceof Request ? name.url : new URL(name, base).href;
  const response = await originalFetch(name, init);
  if (!response.ok || !response.body) throw new Error(`${response.status} ${url}`);
  const size = sizes[url.slice(url.lastIndexOf("/") + 1)];
  if (!size) return response;
  const counter = new TransformStream({
    transform(chunk, controller) {
      receivedBytes += chunk.length;
      postMessage({ kind: "progress", share: Math.min(receivedBytes / expectedBytes, 1) });
      controller.enqueue(chunk);
    },
  });
  response.body.pipeTo(counter.writable).catch(reportFailure);
  const headers = new Headers(response.headers);
  if (url.endsWith(".wasm")) headers.set("Content-Type", "application/wasm"); // some servers do not know it
  return new Response(counter.readable, { headers });
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
  const files = await (await originalFetch(new URL("files.json", base))).json();
  sizes = files.sizes;
  pythonFolder = new URL(files.python, base);
  /** @type {[typeof import("pyodide"), { default: import("pyodide").PyodideConfig["createPyodideModule"] }]} */
  const [{ loadPyodide }, { default: createPyodideModule }] = await Promise.all([
    importPython("pyodide.js"),
    importPython("pyodide.asm.js"),
  ]);
  expectedBytes = RUNTIME.reduce((sum, name) => sum + sizes[name], 0);
  const [python, home] = await Promise.all([
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
  ]);
  for (const [kind, set] of Object.entries({ stdout: python.setStdout, stderr: python.setStderr })) {
    const decoder = new TextDecoder();
    set({
      write(bytes) {
        buffered[kind] += decoder.decode(bytes, { stream: true });
        if (performance.now() - lastFlush > FLUSH_INTERVAL) flush();
        return bytes.length;
      },
    });
  }
  python.registerJsModule("worker", api);
  python.unpackArchive(home, "zip", { extractDir: "/home/pyodide" });
  python.runPython(`
import sys
sys.path[:0] = ["/home/pyodide", "/home/pyodide/playground/shims"]
sys.path.append("/packages.zip")
from playground.python import scheduler
scheduler.install()  # before anything else is imported
from playground.python import runner`);
  return python;
}

/** @type {Promise<void> | undefined} */
let libraries;

/** Fetch aiohttp and what it depends on. @param {import("pyodide").PyodideInterface} python */
async function addLibraries(python) {
  expectedBytes += sizes["packages.zip"];
  python.FS.writeFile("/packages.zip", await fetchBytes(new URL("packages.zip", pythonFolder)));
  python.runPython("import importlib; importlib.invalidate_caches()");
}

const ready = start();
ready.catch(() => {}); // reported by the first run

/** @param {Exclude<import("./python.js").Request, { kind: "command" }>} request */
async function run(request) {
  const python = await ready;
  const runner = python.pyimport("playground.python.runner");
  if (request.kind === "console" || runner.needs_libraries(request.path, request.source)) {
    libraries ??= addLibraries(python);
    await libraries;
  }
  postMessage({ kind: "started" });
  const begin = performance.now();
  let outcome = "crashed";
  try {
    const call = (/** @type {import("pyodide/ffi").PyCallable} */ f, /** @type {any[]} */ ...args) =>
      "Suspending" in WebAssembly ? f.callPromising(...args) : f(...args);
    outcome = await (request.kind === "console"
      ? call(runner.run_console)
      : call(runner.run, request.path, request.source));
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
