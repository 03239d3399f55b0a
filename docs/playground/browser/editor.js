// The editor in place of a block of code: prism-code-editor (npm), showing the block's own lines or the whole file.

import { differing } from "./differing.js";
import { addStylesheet, create } from "./dom.js";
import { createEditor } from "./editor/index.js";
import "./editor/prism/languages/python.js";
import { EDITOR } from "./words.js";

addStylesheet("editor/layout.css");
addStylesheet("editor.css");

/** @param {string} path */
const isExercise = (path) => path.startsWith("exercises/");

/** @param {string} path */
const memoryOf = (path) => (isExercise(path) ? localStorage : sessionStorage);

/**
 * What the reader made of each snippet, for as long as the tab is open; of an exercise, for longer. Beside it the
 * other code: what Reset or a link took the place of; and what came with the link.
 */
export const EDITS = {
  /** @param {string} path @returns {string | undefined} */
  read: (path) => memoryOf(path)[`edited:${path}`],
  /** @param {string} path @returns {string | undefined} */
  other: (path) => memoryOf(path)[`other:${path}`],
  /** @param {string} path @returns {string | undefined} */
  linked: (path) => memoryOf(path)[`linked:${path}`],
  /** Keep the code, or nothing if it is the tested one. @param {string} path @param {string} [source] */
  write(path, source) {
    if (source === undefined) delete memoryOf(path)[`edited:${path}`];
    else memoryOf(path)[`edited:${path}`] = source;
  },
  /** Put another code in its place, which can be brought back. @param {string} path @param {string} [source] */
  replace(path, source) {
    const shown = this.read(path);
    const isOwn = shown !== undefined && shown !== this.linked(path);
    const other = isOwn ? shown : (this.other(path) ?? shown); // one's own rather than that of the link
    this.keepOther(path, other);
    this.write(path, source);
  },
  /** @param {string} path @param {string} [source] */
  keepOther(path, source) {
    if (source === undefined) delete memoryOf(path)[`other:${path}`];
    else memoryOf(path)[`other:${path}`] = source;
  },
  /** Show the code of a link. @param {string} path @param {string} source */
  receive(path, source) {
    this.replace(path, source);
    memoryOf(path)[`linked:${path}`] = source;
  },
};

export class Editor {
  firstLine = 1;
  firstChange = 1;
  /** Lines of the file that are not shown. @type {string | undefined} */
  hiddenBefore;
  hiddenAfter = "";

  /**
   * @param {string} path
   * @param {string} tested the whole file
   * @param {string | undefined} lines of the block, as "12-20"; without it the block is the whole file
   * @param {{ change: () => void, reset: () => void, run: () => void, leave: () => void }} events
   */
  constructor(path, tested, lines, events) {
    this.path = path;
    this.tested = tested;
    this.events = events;
    const [first, last] = lines?.split("-").map(Number) ?? [1, Number.POSITIVE_INFINITY];
    const all = tested.split(/(?<=\n)/);
    this.before = all.slice(0, first - 1).join("");
    this.after = last < all.length ? `\n${all.slice(last).join("")}` : ""; // with the end of the last line shown
    this.wholeFile = create("button", { type: "button", onclick: () => this.toggle() });
    this.resetButton = create("button", {
      type: "button",
      textContent: EDITOR.reset,
      onclick: () => this.reset(),
    });
    this.otherButton = create("button", { type: "button", onclick: () => this.showOther() });
    const link = create("button", {
      type: "button",
      textContent: EDITOR.link,
      onclick: () => this.copyLink(),
    });
    this.note = create("span", { role: "status" });
    const hint = create("span", { className: "run-editor-keys", textContent: EDITOR.keys });
    const bar = create("div", { className: "run-editor-bar" }, this.resetButton, this.otherButton);
    bar.append(link, this.note, hint);
    if (this.before || this.after) bar.prepend(this.wholeFile);
    this.element = create("div", { className: "run-editor" });
    this.view = createEditor(this.element, {
      language: "python",
      tabSize: 4,
      wordWrap: matchMedia("(pointer: coarse)").matches, // a phone has some 30 columns
      onUpdate: () => this.changed(),
    });
    this.element.append(bar);
    this.view.textarea.ariaLabel = `${EDITOR.label} (${path})`;
    Object.assign(this.view.keyCommandMap, {
      Escape: () => {
        events.leave();
        return true;
      },
      Enter: (/** @type {KeyboardEvent} */ event) => this.enter(event),
    });
    this.show(EDITS.read(path) ?? tested);
  }

  /** The whole file as it stands. */
  get source() {
    return (this.hiddenBefore ?? "") + this.view.value + this.hiddenAfter;
  }

  get isEdited() {
    return this.source !== this.tested;
  }

  /** Show a file: the block's lines of it if all else is as tested. @param {string} source @param {boolean} [whole] */
  show(source, whole = false) {
    const partial =
      !whole && source.startsWith(this.before) && source.slice(this.before.length).endsWith(this.after);
    const before = partial ? this.before : "";
    this.hiddenBefore = before;
    this.hiddenAfter = partial ? this.after : "";
    this.firstLine = before.split("\n").length;
    const value = source.slice(before.length, source.length - this.hiddenAfter.length);
    this.view.container.style.counterReset = `line ${this.firstLine - 1}`;
    this.view.setOptions({ value });
    this.wholeFile.textContent = EDITOR.part;
    if (partial) this.countLines();
    this.changed();
  }

  toggle() {
    this.show(this.source, Boolean(this.hiddenBefore || this.hiddenAfter));
    if (this.hiddenBefore || this.hiddenAfter) this.goTo(this.firstLine);
    else this.goTo(this.before.split("\n").length); // the block's lines stay in sight
  }

  countLines() {
    this.wholeFile.textContent = EDITOR.whole(this.source.trimEnd().split("\n").length);
  }

  changed() {
    if (!this.view || this.hiddenBefore === undefined) return;
    if (this.hiddenBefore || this.hiddenAfter) this.countLines();
    this.markLine(undefined);
    if (this.isEdited) EDITS.write(this.path, this.source);
    else if (EDITS.read(this.path) !== undefined) EDITS.write(this.path);
    this.resetButton.disabled = !this.isEdited;
    const [other, linked] = [EDITS.other(this.path), EDITS.linked(this.path)];
    const sameKind = this.isEdited && linked === undefined; // an edit after Reset takes the place of the one before
    this.otherButton.hidden = other === undefined || other === this.source || sameKind;
    this.otherButton.textContent =
      other === linked ? EDITOR.showLinked : this.isEdited ? EDITOR.showOwn : EDITOR.undo;
    const lines = this.markChanges();
    const kept = isExercise(this.path) ? EDITOR.kept : EDITOR.edited;
    const note = this.source === linked ? EDITOR.linked(lines) : kept;
    this.note.textContent = this.isEdited ? note : "";
    this.events.change();
  }

  /** Mark the lines that are not as tested; return how many differ. */
  markChanges() {
    const [tested, mine] = differing(this.tested.split("\n"), this.source.split("\n"));
    for (const [index, line] of [...this.view.lines].slice(1).entries()) // the first is no line
      line.classList.toggle("run-changed", mine.has(index + this.firstLine - 1));
    this.firstChange = Math.min(...mine, ...tested) + 1;
    return Math.max(mine.size, tested.size);
  }

  /** Show the tested code. */
  reset() {
    EDITS.replace(this.path);
    this.show(this.tested);
    this.events.reset();
  }

  /** Show the code that Reset or a link took the place of, and keep this one in its place. */
  showOther() {
    const [own, other] = [EDITS.read(this.path), EDITS.other(this.path) ?? this.tested];
    EDITS.keepOther(this.path, own);
    this.show(other);
  }

  async copyLink() {
    const { address } = await import("./share.js");
    const href = await address(this.path, this.source);
    try {
      await navigator.clipboard.writeText(href);
      this.note.textContent = EDITOR.copied;
    } catch {
      this.note.replaceChildren(create("a", { href, textContent: EDITOR.copyThis })); // not allowed here
    }
  }

  /** Run on Ctrl-Enter; on Enter, indent the new line like the one above. @param {KeyboardEvent} event */
  enter(event) {
    if (event.isComposing) return false;
    if (event.ctrlKey || event.metaKey) this.events.run();
    else {
      const { textarea } = this.view;
      const before = textarea.value.slice(0, textarea.selectionStart).split("\n").at(-1) ?? "";
      const indentation = (before.match(/^ */)?.[0] ?? "") + (/:\s*$/.test(before) ? "    " : "");
      document.execCommand("insertText", false, `\n${indentation}`); // so that Ctrl-Z takes it back
    }
    return true;
  }

  /** Put the caret into a line of the file, and show it. @param {number} line @returns {void} */
  goTo(line) {
    const { textarea, container, value } = this.view;
    const index = line - this.firstLine;
    if (index < 0 || index >= value.split("\n").length) {
      this.show(this.source, true);
      return this.goTo(Math.max(line, 1));
    }
    const offset = value.split("\n").slice(0, index).join("\n").length + (index ? 1 : 0);
    textarea.focus({ preventScroll: true });
    textarea.setSelectionRange(offset, offset);
    const height = container.scrollHeight / value.split("\n").length;
    container.scrollTo({ top: height * index - container.clientHeight / 3, left: 0 });
    this.element.scrollIntoView({ block: "nearest" });
  }

  /** Put the caret where one begins: before the code of the block's first line, or onto the gap, to type over it. */
  begin() {
    const lines = this.view.value.split("\n");
    const gap = lines.findIndex((line) => line.trim() === "...");
    this.goTo(this.firstLine + Math.max(gap, 0));
    const { textarea } = this.view;
    const start = textarea.selectionStart + lines[Math.max(gap, 0)].search(/\S|$/);
    textarea.setSelectionRange(start, gap < 0 ? start : start + 3);
  }

  /** Scroll to the first line that is not as tested. */
  showChange() {
    const { container, value } = this.view;
    const height = container.scrollHeight / value.split("\n").length;
    container.scrollTo({ top: height * (this.firstChange - this.firstLine) - container.clientHeight / 3 });
  }

  /** Tint the line that failed. @param {number | undefined} line */
  markLine(line) {
    for (const marked of this.element.querySelectorAll(".run-failed")) marked.classList.remove("run-failed");
    if (line !== undefined) this.view.lines[line - this.firstLine + 1]?.classList.add("run-failed");
  }
}
