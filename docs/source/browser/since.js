// What the page "Then and now" says of lines that a newer version has changed or lost.

import { create } from "./dom.js";
import { SINCE } from "./words.js";

const MOST = 3; // a link says more of a whole class

/** @param {{ file: string, first: number, last: number }} place */
export async function since({ file, first, last }) {
  const { lang } = document.documentElement;
  const response = await fetch(new URL(`${file}.since.${lang}.json`, import.meta.url)).catch(() => undefined);
  if (!response?.ok) return [];
  /** @type {{ tag: string, address: string, regions: [number, number, string][] }} */
  const { tag, address, regions } = await response.json();
  const here = regions.filter((one) => one[0] <= last && first <= one[1]);
  if (!here.length) return [];
  const href = new URL(`../${address}#changed`, import.meta.url).href;
  const told = here.length > MOST ? [] : here;
  return [
    ...told.map(([, , said]) => create("p", { textContent: SINCE.said(tag, said) })),
    create("p", {}, create("a", { href, textContent: SINCE.page })),
  ];
}
