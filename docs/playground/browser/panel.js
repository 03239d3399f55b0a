// Runs a block of code: buttons, progress, output, and an editor in place of the block.

import { addStylesheet, create } from "./dom.js";
import { run, stop } from "./python.js";
import { PANEL, PROGRAM_OUTCOMES } from "./words.js";

const OUTPUT_LIMIT = 100_000; // characters that are shown

addStylesheet("panel.css");

export class Panel {
  /** @type {HTMLTextAreaElement | undefined} */
  editor;
  running = false;

  /**
   * @param {HTMLElement} block the code
   * @param {HTMLElement} bar
   * @param {HTMLButtonElement} runButton
   * @param {HTMLButtonElement} editButton
   */
  constructor(block, bar, runButton, editButton) {
    this.block = block;
    this.path = block.dataset.run ?? "";
    this.remaining = OUTPUT_LIMIT;
    this.code = /** @type {HTMLElement} */ (block.querySelector("pre"));
    this.runButton = runButton;
    this.editButton = editButton;
    this.status = create("span", { role: "status" });
    this.progress = create("progress", { ariaLabel: PANEL.fetching, hidden: true });
    bar.append(this.progress, this.status);
    this.output = create("pre", {
      className: "run-output",
      tabIndex: 0,
      role: "region",
      ariaLabel: PANEL.output,
    });
    runButton.onclick = () => (this.running ? stop() : this.run());
    editButton.onclick = () => (this.editor ? this.reset() : this.edit());
  }

  /** Run the tested file, or what the reader made of it. */
  run() {
    const source = this.editor?.value;
    this.running = true;
    this.runButton.textContent = PANEL.stop;
    this.status.textContent = PANEL.fetching;
    this.output.replaceChildren();
    this.block.append(this.output);
    this.remaining = OUTPUT_LIMIT;
    run({ kind: "run", path: this.path, source }, (message) => this.receive(message, source !== undefined));
  }

  /** @param {import("./python.js").Message} message @param {boolean} edited */
  receive(message, edited) {
    switch (message.kind) {
      case "progress":
        this.progress.hidden = false;
        this.progress.value = message.share;
        break;
      case "started":
        this.progress.hidden = true;
        this.status.textContent = PANEL.running;
        break;
      case "stdout":
      case "stderr":
        this.print(message.kind, message.text);
        break;
      case "ended":
        this.end(message.outcome, message.seconds, edited);
        break;
      case "loadFailed":
        this.end("loadFailed", 0, edited);
        this.print("stderr", message.text);
        this.runButton.textContent = PANEL.retry;
    }
  }

  /** @param {"stdout" | "stderr"} stream @param {string} text */
  print(stream, text) {
    const shown = text.slice(0, this.remaining);
    this.remaining -= shown.length;
    const last = /** @type {HTMLElement | null} */ (this.output.lastElementChild);
    if (last?.className === stream) last.append(shown);
    else if (shown) this.output.append(create("span", { className: stream, textContent: shown }));
    if (shown.length < text.length && shown)
      this.output.append(create("em", { textContent: PANEL.truncated }));
  }

  /** @param {string} outcome @param {number} seconds @param {boolean} edited */
  end(outcome, seconds, edited) {
    this.running = false;
    this.progress.hidden = true;
    this.runButton.textContent = PANEL.run;
    const took = seconds ? ` · ${seconds.toFixed(1)} s` : "";
    this.status.textContent = PROGRAM_OUTCOMES[outcome] + took + (edited ? ` · ${PANEL.edited}` : "");
    this.block.dataset.outcome = outcome;
  }

  /** Replace the block, which may show a part of the file, by an editor for the whole file. */
  async edit() {
    const response = await fetch(new URL(`snippets/${this.path}`, import.meta.url)).catch(() => undefined);
    if (!response?.ok) {
      this.status.textContent = PROGRAM_OUTCOMES.loadFailed;
      return;
    }
    const value = await response.text();
    this.editor = create("textarea", {
      value,
      spellcheck: false,
      rows: value.split("\n").length,
      wrap: "off",
    });
    this.editor.ariaLabel = `${PANEL.editor} (${this.path})`;
    this.editor.onkeydown = (event) => this.indent(event);
    this.code.hidden = true;
    this.code.after(this.editor);
    this.editButton.textContent = PANEL.reset;
    this.editor.focus();
    this.editor.setSelectionRange(0, 0);
  }

  /** Run on Ctrl-Enter; on Enter, indent the new line like the one above. @param {KeyboardEvent} event */
  indent(event) {
    const editor = /** @type {HTMLTextAreaElement} */ (event.target);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.runButton.click();
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) return;
    const before = editor.value.slice(0, editor.selectionStart).split("\n").at(-1) ?? "";
    const indentation = (before.match(/^ */)?.[0] ?? "") + (before.endsWith(":") ? "    " : "");
    editor.setRangeText(`\n${indentation}`, editor.selectionStart, editor.selectionEnd, "end");
  }

  /** Show the tested code again. */
  reset() {
    if (this.running) stop();
    this.editor?.remove();
    this.editor = undefined;
    this.code.hidden = false;
    this.output.remove();
    this.status.textContent = "";
    this.editButton.textContent = PANEL.edit;
  }
}
