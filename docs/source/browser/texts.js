// Where the text of a file comes from: this browser, the reader's disk, GitHub, or the reader's own `mkdocs serve`.

import { Copy } from "./copy.js";
import { known } from "./known.js";

const LARGEST = 2_000_000; // bytes; server.py has 36,000
const LIKE_ENOUGH = 0.2; // the newest version still has 0.7 of the lines
const TIME_LIMIT = 20_000; // milliseconds
const CACHE = "source";

/** Why a text was not taken; words.js has a sentence for each reason. */
export class Refusal extends Error {
  /** @param {"large" | "binary" | "html" | "other" | "network" | "status" | "unlike"} reason @param {number} [status] */
  constructor(reason, status) {
    super(reason);
    this.reason = reason;
    this.status = status;
  }
}

/** @type {Map<string, Promise<Copy | undefined>>} */
const copies = new Map();
/** Whether the browser keeps the texts. @type {"kept" | "none" | "full"} */
export let storage = "kept";

/** @param {string} file */
export const isKnown = (file) => /^(server|execution|main)\.py$/.test(file);

/** The reader's copy of a file, if there is one. @param {string} file */
export function copyOf(file) {
  const found = copies.get(file) ?? read(file);
  copies.set(file, found);
  found.catch(() => copies.delete(file));
  return found;
}

/** @param {string} file */
async function read(file) {
  const text = (await stored(file)) ?? (await served(file));
  return text === undefined ? undefined : new Copy(text, (await known(file)).sums);
}

/** Where a copy is kept: the same after each build, though this folder's name changes. @param {string} file */
const address = (file) => new URL(`../source/${file}`, import.meta.url).href;

/** The Cache Storage, which plain http and some private windows lack. @returns {Promise<Cache | undefined>} */
const cache = async () => globalThis.caches?.open(CACHE).catch(() => undefined);

/** @param {string} file */
const stored = async (file) => (await (await cache())?.match(address(file)))?.text();

/** What `COMFYUI=… mkdocs serve` has of a file (build.py). @param {string} file */
async function served(file) {
  if (!document.querySelector("script[data-served]")) return undefined;
  const response = await fetch(address(file));
  return response.ok ? response.text() : undefined;
}

/** @param {string} file @param {string} text @param {Copy} copy */
async function keep(file, text, copy) {
  copies.set(file, Promise.resolve(copy));
  const place = await cache();
  storage = place ? "kept" : "none";
  await place?.put(address(file), new Response(text)).catch(() => {
    storage = "full";
  });
}

/** Forget every text. */
export async function forget() {
  copies.clear();
  await globalThis.caches?.delete(CACHE);
}

/** Take a text that the reader has. @param {string} file @param {Blob | string} given */
export async function take(file, given) {
  const text = normal(typeof given === "string" ? given : await decoded(given));
  if (text.length > LARGEST) throw new Refusal("large");
  if (/^\s*</.test(text)) throw new Refusal("html");
  const copy = new Copy(text, (await known(file)).sums);
  if (copy.likeness < LIKE_ENOUGH) throw new Refusal("other");
  await keep(file, text, copy);
}

/** @param {Blob} given */
async function decoded(given) {
  if (given.size > LARGEST) throw new Refusal("large");
  const bytes = new Uint8Array(await given.arrayBuffer());
  const utf16 = { 65534: "utf-16be", 65279: "utf-16le" }[(bytes[1] << 8) | bytes[0]];
  if (utf16) return new TextDecoder(utf16).decode(bytes);
  if (bytes.includes(0)) throw new Refusal("binary");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes); // as some Chinese editors save; ASCII is the same in it
  }
}

/** @param {string} text */
const normal = (text) => text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");

/** Fetch the pinned version from GitHub: the one request to another host. @param {string} file */
export async function fetchPinned(file) {
  const { raw, sums } = await known(file);
  const text = await fetchText(raw);
  const copy = new Copy(text, sums);
  if (!copy.isExact) throw new Refusal("unlike");
  await keep(file, text, copy);
}

/** @param {string} url */
async function fetchText(url) {
  /** @type {RequestInit} */
  const options = {
    credentials: "omit",
    referrerPolicy: "no-referrer",
    signal: AbortSignal.timeout(TIME_LIMIT),
  };
  try {
    const response = await fetch(url, options);
    if (!response.ok) throw new Refusal("status", response.status);
    return normal(await response.text());
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal("network");
  }
}
