// The card that asks for a file: the reader's own, or GitHub's.

import { button, create } from "./dom.js";
import { fetchPinned, isKnown, Refusal, take } from "./texts.js";
import { CARD, PANEL, refusalText } from "./words.js";

/** @param {string} file @param {string} tag @param {() => void} taken */
export function card(file, tag, taken) {
  const status = create("p", { role: "status", className: "refused" });
  /** @param {string} waiting @param {() => Promise<unknown>} work */
  const attempt = async (waiting, work) => {
    status.textContent = waiting;
    try {
      await work();
      taken();
    } catch (error) {
      status.textContent = error instanceof Refusal ? refusalText(error, file) : PANEL.loadFailed;
    }
  };
  /** Several can be chosen at once: each is known by its name. @param {Iterable<File>} files */
  const takeFiles = (files) =>
    attempt("", async () => {
      for (const one of files) await take(isKnown(one.name) ? one.name : file, one);
    });
  const input = create("input", { type: "file", multiple: true, accept: ".py,text/x-python", hidden: true });
  input.onchange = () => takeFiles(input.files ?? []);
  const paste = create("textarea", {
    rows: 1,
    placeholder: CARD.paste,
    ariaLabel: CARD.paste,
    spellcheck: false,
  });
  paste.onpaste = (event) => {
    event.preventDefault();
    attempt("", () => take(file, event.clipboardData?.getData("text") ?? ""));
  };
  const choose = button(CARD.choose, () => input.click());
  const fetch = button(CARD.fetch, () => attempt(CARD.fetching, () => fetchPinned(file)));
  const place = create(
    "div",
    { className: "card" },
    create("p", { textContent: CARD.why(file, tag) }),
    create("p", {}, choose, input, ` ${CARD.chooseNote}`),
    paste,
    create("p", {}, fetch, ` ${CARD.fetchNote(tag)}`),
    status,
  );
  place.ondragover = (event) => event.preventDefault();
  place.ondrop = (event) => {
    event.preventDefault();
    takeFiles(event.dataTransfer?.files ?? []);
  };
  return place;
}
