// What the site knows of a file: its regions, who speaks of them, and a sum of each line (build.py).

import { unpack } from "./line_sums.js";

/**
 * @typedef {{ first: number, last: number, end: number, purpose: string }} Region
 * @typedef {{ first: number, last: number, title: string, url: string, proofs?: string }} Note a page that speaks of lines
 * @typedef {{ tag: string, raw: string, regions: Region[], notes: Note[], sums: number[] }} Known
 */

/** @type {Map<string, Promise<Known>>} */
const maps = new Map();

/** What the site knows of a file. @param {string} file */
export function known(file) {
  const found = maps.get(file) ?? load(file);
  maps.set(file, found);
  found.catch(() => maps.delete(file)); // so that the next click tries again
  return found;
}

/** @param {string} file @returns {Promise<Known>} */
async function load(file) {
  const response = await fetch(new URL(`${file}.${document.documentElement.lang}.json`, import.meta.url));
  const { tag, raw, pages, regions, notes, sums } = await response.json();
  return {
    tag,
    raw,
    regions: regions.map((/** @type {[number, number, number, string]} */ [first, last, end, purpose]) => {
      return { first, last, end, purpose };
    }),
    notes: notes.flatMap((/** @type {[number, number, [number, string][]]} */ [first, last, said]) =>
      said.map(([page, anchor]) => {
        const [title, address, isProved] = pages[page];
        const at = (/** @type {string} */ path) => new URL(`../${path}`, import.meta.url).href;
        const proofs = isProved && at(address.replace(/^(en\/)?/, "$1proofs/"));
        return { first, last, title, url: at(`${address}#${anchor}`), proofs };
      }),
    ),
    sums: unpack(sums),
  };
}

/** The file and the lines of a link. @param {HTMLAnchorElement} link */
export function linesOf({ href }) {
  const [, file, first, last] = /** @type {string[]} */ (/([^/]+)#L(\d+)-L(\d+)$/.exec(href));
  return { file, first: Number(first), last: Number(last) };
}

/** What the map says of lines, if they are a region. @param {Known} map @param {{ first: number, last: number }} lines */
export const regionAt = ({ regions }, { first, last }) =>
  regions.find((one) => one.first === first && one.last === last);

/** Give a link its hover text: what the lines do, or where it leads. @param {HTMLAnchorElement} link */
export async function describe(link) {
  const place = linesOf(link);
  const purpose = regionAt(await known(place.file), place)?.purpose;
  const elsewhere = document.documentElement.lang === "zh" ? "在新标签页打开 GitHub" : "GitHub, new tab";
  link.title = purpose || elsewhere;
}
