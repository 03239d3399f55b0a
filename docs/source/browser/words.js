// The texts in the language of the page; only they are fetched.

/** @type {typeof import("./words.en.js")} */
const words = await import(`./words.${document.documentElement.lang}.js`);
export const { banner, CARD, fateText, lines, LOOK, original, PANEL, refusalText, SINCE, STORAGE } = words;
