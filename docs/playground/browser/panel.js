// A block of code that runs: its buttons, and the editor in its place. What it prints is shown by output.js.

import { addStylesheet } from "./dom.js";
import { Output } from "./output.js";
import { run, stop } from "./python.js";
import { EXERCISE, PANEL } from "./words.js";

addStylesheet("panel.css");

export class Panel {
  /** @type {import("./editor.js").Editor | undefined} */
  editor;
  running = false;
  /** The edited code that the output is of; without one, the tested code. @type {string | undefined} */
  ran;

  /**
   * @param {HTMLElement} block the code
   * @param {HTMLElement} bar
   * @param {HTMLButtonElement} runButton
   * @param {HTMLButtonElement} editButton
   */
  constructor(block, bar, runButton, editButton) {
    this.block = block;
    this.bar = bar;
    this.exercise = block.dataset.exercise; // the file with its gap
    this.path = this.exercise ?? block.dataset.run ?? "";
    this.program = this.path.replace(/^exercises\//, ""); // an exercise runs in its answer's place
    this.words = this.exercise ? EXERCISE : PANEL;
    this.code = /** @type {HTMLElement} */ (block.querySelector("pre"));
    this.runButton = runButton;
    this.editButton = editButton;
    this.output = new Output(this.program, block, (line) => this.goTo(line), Boolean(this.exercise));
    runButton.onclick = () => (this.running ? stop() : this.run());
    editButton.onclick = () => (this.code.hidden ? this.close() : this.edit());
  }

  /** Run the code that is shown: the tested file, or what the reader made of it. */
  async run() {
    if (this.exercise && !this.code.hidden) await this.edit(false); // what is checked is what is shown
    if (this.exercise && !this.editor) return;
    const source = this.shown();
    this.ran = source;
    this.running = true;
    this.label(this.runButton, PANEL.stop);
    this.output.begin();
    this.editor?.markLine(undefined);
    run({ kind: "run", path: this.program, source }, (message) =>
      this.receive(message, source !== undefined),
    );
  }

  /** The code in the editor if it is not the tested one. @returns {string | undefined} */
  shown() {
    return this.code.hidden && (this.exercise || this.editor?.isEdited) ? this.editor?.source : undefined;
  }

  /** Say of the output that the code has been changed since; of what an exercise should print nothing. */
  compare() {
    if (!this.running && !(this.exercise && this.ran === undefined))
      this.output.setOutdated(this.shown() !== this.ran);
  }

  /** @param {import("./python.js").Message} message @param {boolean} edited */
  receive(message, edited) {
    const ended = this.output.receive(message);
    if (ended) this.end(ended.outcome, ended.seconds, edited);
  }

  /** @param {string} outcome @param {number} seconds @param {boolean} edited */
  end(outcome, seconds, edited) {
    this.running = false;
    this.label(this.runButton, outcome === "loadFailed" ? PANEL.retry : this.words.run);
    const failedLine = this.output.end(outcome, seconds, edited);
    this.editor?.markLine(failedLine);
    this.compare(); // one may have gone on writing
    this.block.dataset.outcome = outcome;
    if (this.exercise && this.output.same) {
      localStorage[`passed:${this.path}`] = "1";
      this.block.dataset.passed = ""; // site.css
    }
  }

  /** @param {HTMLButtonElement} button @param {string} label */
  label(button, label) {
    button.textContent = label;
    button.ariaLabel = `${label.replace(/^\W+ /u, "")} ${this.path}`;
    button.title = "";
  }

  /** Put an editor in the place of the code. @param {boolean} [focus] */
  async edit(focus = true) {
    this.editor ??= await this.createEditor();
    if (!this.editor) return;
    this.code.hidden = true;
    this.code.after(this.editor.element);
    this.label(this.editButton, PANEL.close);
    this.editor.changed();
    if (focus) this.editor.begin();
    else this.editor.showChange();
  }

  async createEditor() {
    const [{ Editor }, response] = await Promise.all([
      import("./editor.js"),
      fetch(new URL(`snippets/${this.path}`, import.meta.url), { cache: "no-cache" }),
    ]).catch(() => []);
    if (!Editor || !response?.ok) {
      this.label(this.editButton, PANEL.retry);
      return undefined;
    }
    return new Editor(this.path, await response.text(), this.block.dataset.lines, {
      change: () => this.compare(),
      reset: () => {
        if (this.running) return;
        this.ran = undefined;
        this.output.forget();
        this.compare();
      },
      run: () => this.runButton.click(),
      leave: () => this.editButton.focus(),
    });
  }

  /** Show the tested code again; what the reader wrote is kept. */
  close() {
    this.editor?.element.remove();
    this.code.hidden = false;
    this.compare();
    this.label(this.editButton, this.editor?.isEdited ? this.words.editMine : this.words.edit);
  }

  /** Show a line of the file in the editor. @param {number} line */
  async goTo(line) {
    if (!this.code.hidden) await this.edit(false);
    this.editor?.goTo(line);
    this.editor?.markLine(line);
  }
}
