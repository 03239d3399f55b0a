// Python in a worker. Everything comes from beside this file: the runtime at once, aiohttp when it is wanted.

import { decode, encode } from "./pictures.js";
import { loadPyodide } from "./pyodide.mjs";

const FIRST = ["pyodide.asm.wasm", "stdlib.zip", "home.zip"]; // what is shown as progress: nearly all of it
const PAUSE = 40; // ms between two pieces of output, so that a program that prints much does not flood the page
const here = new URL(".", import.meta.url);
/** @type {Record<string, string>} */
const pending = { stdout: "", stderr: "" };
let sent = 0;

/** Hand what was printed to the page. */
function flush() {
  sent = performance.now();
  for (const kind of ["stdout", "stderr"]) {
    if (pending[kind]) postMessage({ kind, text: pending[kind] });
    pending[kind] = "";
  }
}

/** @type {Record<string, number>} */
let sizes = {};
let awaited = 0;
let arrived = 0;

/** Fetch a file and say how far all downloads are. @param {string | URL | Request} name @param {RequestInit} [init] */
async function fetchCounted(name, init) {
  const url = name instanceof Request ? name.url : new URL(name, here).href;
  const answer = await realFetch(name, init);
  if (!answer.ok || !answer.body) throw new Error(`${answer.status} ${url}`);
  const size = sizes[url.slice(here.href.length)];
  if (!size) return answer;
  const counter = new TransformStream({
    transform(chunk, controller) {
      arrived += chunk.length;
      postMessage({ kind: "progress", share: Math.min(arrived / awaited, 1) });
      controller.enqueue(chunk);
    },
  });
  answer.body.pipeTo(counter.writable).catch(breakOff);
  return new Response(counter.readable, { headers: answer.headers });
}

const realFetch = self.fetch;
// Pyodide fetches with it, and waits for ever where that breaks: so it is told here.
self.fetch = (name, init) => {
  const answer = fetchCounted(name, init);
  answer.catch(breakOff);
  return answer;
};

/** @param {unknown} error */
const breakOff = (error) => postMessage({ kind: "broken", text: String(error) });

/** @param {string} name */
const fetchBytes = async (name) =>
  new Uint8Array(await (await fetchCounted(new URL(name, here))).arrayBuffer());

// What turns.py and the stand-ins import as `page`.
const page = {
  /** A wait: it ends when somebody says so, or after `ms`. @param {number | null | undefined} ms */
  slip(ms) {
    flush();
    /** @type {(how: string) => void} */
    let end = () => {};
    const ended = new Promise((resolve) => {
      end = resolve;
    });
    if (ms === 0) soon(() => end("time"));
    else if (typeof ms === "number") setTimeout(() => end("time"), ms);
    return { ended, end };
  },
  /** Start a thread on a stack of its own. @param {import("pyodide/ffi").PyCallable} thread */
  start(thread) {
    soon(() => thread.callPromising().finally(() => thread.destroy()));
  },
  /** Sleep with the whole worker, where the browser has no second stack. @param {number} ms */
  block(ms) {
    flush();
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    Atomics.wait(new Int32Array(memory.buffer), 0, 0, ms);
  },
  /** Hand something that a program says to the page's script. @param {string} text */
  tell(text) {
    flush();
    postMessage({ kind: "told", text });
  },
  encode,
  decode,
};

/** Call later, but without the 4 ms that a timer takes at least. @param {() => void} call */
function soon(call) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    call();
  };
  port2.postMessage(0);
}

async function start() {
  sizes = await (await realFetch(new URL("sizes.json", here))).json();
  awaited = FIRST.reduce((sum, name) => sum + sizes[name], 0);
  const [python, home] = await Promise.all([
    loadPyodide({
      indexURL: here.href,
      stdLibURL: new URL("stdlib.zip", here).href,
      lockFileContents: {
        info: { abi_version: "2026_0", arch: "wasm32", platform: "", python: "3.14.2", version: "" },
        packages: {},
      },
      packageBaseUrl: here.href,
      env: { HOME: "/home/pyodide" },
    }),
    fetchBytes("home.zip"),
  ]);
  for (const [kind, set] of Object.entries({ stdout: python.setStdout, stderr: python.setStderr })) {
    const decoder = new TextDecoder();
    set({
      write(bytes) {
        pending[kind] += decoder.decode(bytes, { stream: true });
        if (performance.now() - sent > PAUSE) flush();
        return bytes.length;
      },
    });
  }
  python.registerJsModule("page", page);
  python.unpackArchive(home, "zip", { extractDir: "/home/pyodide" });
  python.runPython(`
import sys
sys.path[:0] = ["/home/pyodide", "/home/pyodide/shims"]
sys.path.append("/packages.zip")
import turns
turns.install()
import program`);
  return python;
}

/** @type {Promise<void> | undefined} */
let libraries;

/** Fetch aiohttp and what it stands on. @param {import("pyodide").PyodideInterface} python */
async function addLibraries(python) {
  awaited += sizes["packages.zip"];
  python.FS.writeFile("/packages.zip", await fetchBytes("packages.zip"));
  python.runPython("import importlib; importlib.invalidate_caches()");
}

const ready = start();
ready.catch(() => {}); // told at the first run

/**
 * Run a program to its end: a snippet (`path`, with `source` where the reader changed it), or the server that
 * talk.js speaks with (`talk`).
 * @param {{ path: string, source?: string, talk?: boolean }} request
 */
async function run({ path, source, talk }) {
  const python = await ready;
  const { run, talk: converse, needs_libraries } = python.pyimport("program");
  if (talk || needs_libraries(path, source)) {
    libraries ??= addLibraries(python);
    await libraries;
  }
  postMessage({ kind: "started" });
  const begin = performance.now();
  let how = "dead";
  try {
    const call = (/** @type {import("pyodide/ffi").PyCallable} */ f, /** @type {any[]} */ ...words) =>
      "Suspending" in WebAssembly ? f.callPromising(...words) : f(...words);
    how = await (talk ? call(converse) : call(run, path, source));
  } catch (error) {
    pending.stderr += error;
  }
  flush();
  postMessage({ kind: "ended", how, seconds: (performance.now() - begin) / 1000 });
}

addEventListener("message", async ({ data }) => {
  if (data.said) (await ready).pyimport("program").hear(data.said);
  else run(data).catch((error) => postMessage({ kind: "broken", text: String(error) }));
});
