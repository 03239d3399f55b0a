// The output of a snippet: what the tests saw, and what this browser printed, in one panel.

import { differing } from "./differing.js";
import { create } from "./dom.js";
import { CHECKED, OUTPUT, PROGRAM_OUTCOMES } from "./words.js";

const LIMIT = 100_000; // characters that are shown
const FRAME = /File "[^"]*\/snippets\/([^"]+)", line (\d+)/;

/** @typedef {{ kind: string, text: string }} Piece what was printed to a stream, "stdout" or "stderr" */

/** Split what was printed into lines. @param {Piece[]} pieces */
function linesOf(pieces) {
  /** @type {Piece[][]} */
  const lines = [[]];
  for (const { kind, text } of pieces)
    for (const [index, part] of text.split("\n").entries()) {
      if (index) lines.push([]);
      if (part) lines.at(-1)?.push({ kind, text: part });
    }
  if (!lines.at(-1)?.length) lines.pop();
  return lines;
}

/** @param {Piece[]} line */
const textOf = (line) => line.map(({ text }) => text).join("");

/** What an exercise printed, its tracebacks below and folded: its verdict says what is wrong. @param {HTMLElement[]} lines */
function folded(lines) {
  const logged = lines.filter((line) => line.querySelector(".stderr"));
  const summary = create("summary", { textContent: CHECKED.log });
  const log = logged.length ? [create("details", {}, summary, ...logged)] : [];
  return [...lines.filter((line) => !logged.includes(line)), ...log];
}

/** What the answer of an exercise prints, as a block of its own. @param {string} text */
function expected(text) {
  const code = create("code", {
    tabIndex: 0,
    role: "region",
    ariaLabel: CHECKED.expected,
    textContent: text,
  });
  const header = create("span", { className: "filename", textContent: CHECKED.expected });
  return create("div", { className: "language-text highlight" }, header, create("pre", {}, code));
}

export class Output {
  /** @type {Piece[]} */
  printed = [];
  remaining = LIMIT;
  same = false;

  /**
   * @param {string} path
   * @param {HTMLElement} block the code
   * @param {(line: number) => void} goTo
   * @param {boolean} exercise whether it should print what its answer prints
   */
  constructor(path, block, goTo, exercise) {
    this.path = path;
    this.goTo = goTo;
    this.exercise = exercise;
    this.words = exercise ? CHECKED : OUTPUT;
    /** @type {HTMLElement | null} */
    const shown = document.querySelector(`[data-out="${path}"]`);
    const tested = exercise ? expected(shown?.querySelector("code")?.textContent ?? "") : shown;
    this.element = tested ?? create("div", { className: "language-text highlight" });
    if (!tested?.isConnected) block.after(this.element);
    this.tested = /** @type {HTMLElement | undefined} */ (tested?.querySelector("pre"));
    this.testedText = tested?.querySelector("code")?.textContent ?? "";
    this.code = create("code", { tabIndex: 0, role: "region", ariaLabel: `${OUTPUT.mine} (${path})` });
    this.mine = create("pre", { className: "run-output", hidden: true }, this.code);
    this.element.append(this.mine);
    this.addCopy();
    const header = this.element.querySelector(".filename") ?? create("span", { className: "filename" });
    this.label = header.textContent ?? "";
    this.ended = this.label;
    this.status = create("span", { role: "status", textContent: this.label });
    this.progress = create("progress", { ariaLabel: OUTPUT.progress, hidden: true });
    this.buttons = [false, true].map((mine) =>
      create("button", {
        type: "button",
        textContent: mine ? OUTPUT.showMine : this.words.showTested,
        onclick: () => this.showMine(mine),
      }),
    );
    this.choice = create(
      "span",
      { className: "run-choice", role: "group", ariaLabel: OUTPUT.which, hidden: true },
      ...this.buttons,
    );
    header.classList.add("run-header");
    header.replaceChildren(this.status, this.progress, this.choice);
    this.element.prepend(header);
  }

  /** Material's button copies the tested output; one like it copies what is shown in its place. */
  addCopy() {
    if (!this.tested || this.exercise) return;
    this.mine.dataset.path = this.path;
    const button = create("button", { className: "md-code__button", type: "button", title: OUTPUT.copy });
    button.dataset.mdType = "copy";
    button.dataset.clipboardTarget = `.run-output[data-path="${this.path}"] > code`;
    this.mine.prepend(create("nav", { className: "md-code__nav" }, button));
  }

  /** A program begins. */
  begin() {
    this.printed = [];
    this.remaining = LIMIT;
    this.choice.hidden = true;
    this.status.textContent = OUTPUT.starting;
    this.element.scrollIntoView({ block: "nearest" }); // what was asked for
  }

  /**
   * Show what the worker posts; return how the program ended, once it has.
   * @param {import("./python.js").Message} message
   */
  receive(message) {
    switch (message.kind) {
      case "progress":
        this.showProgress(message.received, message.total);
        return undefined;
      case "started":
        this.started();
        return undefined;
      case "stdout":
      case "stderr":
        this.print(message.kind, message.text);
        return undefined;
      case "ended":
        return message;
      case "loadFailed":
        this.started();
        this.print("stderr", message.text);
        return { outcome: "loadFailed", seconds: 0 };
    }
  }

  /** @param {number} received @param {number} total in bytes */
  showProgress(received, total) {
    this.progress.hidden = false;
    this.progress.value = received / total;
    const megabytes = [received, total].map((bytes) => (bytes / 1e6).toFixed(1)).join(" / ");
    this.status.textContent = received < total ? OUTPUT.downloading(megabytes) : OUTPUT.starting;
  }

  /** The program runs: its output takes the place of the other. */
  started() {
    this.progress.hidden = true;
    this.status.textContent = OUTPUT.running;
    if (this.tested) this.mine.style.minHeight = `${this.tested.offsetHeight}px`; // nothing below moves
    this.code.replaceChildren();
    this.showMine(true);
  }

  /** @param {string} kind "stdout" or "stderr" @param {string} text */
  print(kind, text) {
    const shown = text.slice(0, this.remaining);
    this.remaining -= shown.length;
    if (shown) {
      this.printed.push({ kind, text: shown });
      this.code.append(create("span", { className: kind, textContent: shown }));
    }
    if (shown && shown.length < text.length)
      this.code.append(create("em", { textContent: OUTPUT.truncated }));
  }

  /**
   * The program has ended, or there was none.
   * @param {string} outcome
   * @param {number} seconds
   * @param {boolean} edited
   * @returns {number | undefined} the line of the file that failed
   */
  end(outcome, seconds, edited) {
    this.progress.hidden = true;
    this.mine.style.minHeight = "";
    const lines = linesOf(this.printed);
    const tested = linesOf([{ kind: "stdout", text: this.testedText }]);
    // Of an exercise, a log of what went wrong is no line too many.
    const compared = lines.filter((line) => !this.exercise || line.every(({ kind }) => kind === "stdout"));
    const [mine, theirs] = differing(compared.map(textOf), tested.map(textOf));
    const count = Math.max(mine.size, theirs.size);
    const says = [PROGRAM_OUTCOMES[outcome]];
    this.same = outcome === "done" && count === 0;
    if (this.tested && !this.mine.hidden) {
      if (outcome === "done") says[0] = count ? this.words.differs(count) : this.words.same;
      if (this.exercise && count) {
        const first = Math.min(...mine, ...theirs);
        const [should, is] = [tested, compared].map((all) => all[first] && textOf(all[first]));
        says.push(CHECKED.first(first + 1, should, is));
      }
      this.choice.hidden = count === 0;
      this.tested.querySelector("code")?.replaceChildren(...this.render(tested, theirs));
      const isOther = edited && !this.exercise && mine.size === compared.length; // marks would say nothing
      if (!count || isOther) mine.clear();
      this.element.dataset.differs = String(count);
    }
    const marked = new Set([...mine].map((index) => lines.indexOf(compared[index])));
    const rendered = this.render(lines, this.tested ? marked : new Set());
    this.code.replaceChildren(...(this.exercise ? folded(rendered) : rendered));
    if (this.remaining <= 0) this.code.append(create("em", { textContent: OUTPUT.truncated }));
    if (seconds) says.push(`${seconds.toFixed(1)} s`);
    const of = edited ? OUTPUT.edited : OUTPUT.browser;
    this.ended = (this.exercise ? (this.same ? "" : CHECKED.notYet) : of) + says.join(" · ");
    this.status.textContent = this.ended;
    return lines.map((line) => this.lineIn(textOf(line))).findLast((line) => line !== undefined);
  }

  /** The line of this file that a line of a traceback names. @param {string} text */
  lineIn(text) {
    const [, path, line] = text.match(FRAME) ?? [];
    return path === this.path ? Number(line) : undefined;
  }

  /** @param {Piece[][]} lines @param {Set<number>} marked */
  render(lines, marked) {
    return lines.map((line, index) => {
      const pieces = line.map(({ kind, text }) => create("span", { className: kind }, ...this.linked(text)));
      return create(marked.has(index) ? "mark" : "span", {}, ...pieces, "\n");
    });
  }

  /** In a traceback, make a button of the line in this file. @param {string} text */
  linked(text) {
    const line = this.lineIn(text);
    if (line === undefined) return [text];
    const [before, after] = text.split(`line ${line}`, 2);
    const button = { type: "button", textContent: `line ${line} ↑`, onclick: () => this.goTo(line) };
    return [before, create("button", button), after];
  }

  /** Say whether it is the output of another code than the one that is shown. @param {boolean} outdated */
  setOutdated(outdated) {
    const text = outdated ? `${this.ended} · ${OUTPUT.outdated}` : this.ended;
    if (this.status.textContent !== text) this.status.textContent = text;
    this.element.toggleAttribute("data-outdated", outdated);
  }

  /** Show the tested output again: the code that printed the other is gone. */
  forget() {
    this.choice.hidden = true;
    this.status.textContent = this.ended = this.label;
    this.code.replaceChildren();
    this.tested?.querySelector("code")?.replaceChildren(this.testedText);
    this.showMine(false);
  }

  /** @param {boolean} mine */
  showMine(mine) {
    this.mine.hidden = !mine;
    if (this.tested) this.tested.hidden = mine;
    for (const [index, button] of this.buttons.entries()) button.ariaPressed = String(mine === (index === 1));
  }
}
