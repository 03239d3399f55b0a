// What appears below a block of code once its reader clicks: output, progress, the editor.

import { run, stop } from "./python.js";

const LIMIT = 100_000; // characters of output that are shown
const zh = document.documentElement.lang === "zh";
const WORDS = zh
  ? {
      run: "运行",
      stop: "停止",
      edit: "修改",
      reset: "还原",
      again: "再试一次",
      output: "浏览器里的输出",
      editor: "代码，可以修改",
      fetching: "正在下载 Python",
      running: "运行中",
      edited: "这是改过的代码，不是测试过的那份。",
      cut: "\n……输出太长，后面的不再显示。",
    }
  : {
      run: "Run",
      stop: "Stop",
      edit: "Edit",
      reset: "Reset",
      again: "Try again",
      output: "Output in this browser",
      editor: "Code, editable",
      fetching: "Fetching Python",
      running: "Running",
      edited: "From the edited code, not the tested one.",
      cut: "\n… more output, not shown.",
    };
/** @type {Record<string, string>} */
const ENDINGS = zh
  ? {
      done: "跑完了",
      failed: "出错了",
      stopped: "停下了",
      deadlock: "死锁（deadlock）：每个任务都在等，再没有什么能叫醒它们。",
      memory: "内存不够：网页里的 Python 只有有限的内存。",
      network: "这个地址在网页之外：这里只能连到示例自己开的服务器。",
      threads: "这个浏览器开不了第二个线程：它没有 JSPI，新版的 Chrome、Edge 应当有。",
      dead: "Python 崩溃了，下次运行会重新启动它。",
      "no WebAssembly": "这个浏览器没有 WebAssembly，跑不了 Python。",
      broken: "下载中断了。",
    }
  : {
      done: "Done",
      failed: "Failed",
      stopped: "Stopped",
      deadlock: "Deadlock: every task waits, and nothing is left to wake one.",
      memory: "Out of memory: Python in a page has only so much.",
      network: "That address is outside the page: only servers that the snippet starts can be reached.",
      threads:
        "This browser cannot run a second thread: it lacks JSPI; a recent Chrome or Edge should have it.",
      dead: "Python has crashed; the next run starts it anew.",
      "no WebAssembly": "This browser has no WebAssembly, so it cannot run Python.",
      broken: "The download broke.",
    };

document.head.append(
  Object.assign(document.createElement("link"), {
    rel: "stylesheet",
    href: new URL("panel.css", import.meta.url).href,
  }),
);

/** @template {keyof HTMLElementTagNameMap} T @param {T} tag @param {object} properties */
const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

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
    this.room = LIMIT;
    this.code = /** @type {HTMLElement} */ (block.querySelector("pre"));
    this.runButton = runButton;
    this.editButton = editButton;
    this.status = make("span", { role: "status" });
    this.progress = make("progress", { ariaLabel: WORDS.fetching, hidden: true });
    bar.append(this.progress, this.status);
    this.output = make("pre", {
      className: "run-output",
      tabIndex: 0,
      role: "region",
      ariaLabel: WORDS.output,
    });
    runButton.onclick = () => (this.running ? stop() : this.run());
    editButton.onclick = () => (this.editor ? this.reset() : this.edit());
  }

  /** Run what the block shows: the tested file, or what the reader made of it. */
  run() {
    const source = this.editor?.value;
    this.running = true;
    this.runButton.textContent = WORDS.stop;
    this.status.textContent = WORDS.fetching;
    this.output.replaceChildren();
    this.block.append(this.output);
    this.room = LIMIT;
    run({ path: this.path, source }, (said) => this.hear(said, source !== undefined));
  }

  /** @param {import("./python.js").Said} said @param {boolean} edited */
  hear(said, edited) {
    switch (said.kind) {
      case "progress":
        this.progress.hidden = false;
        this.progress.value = said.share;
        break;
      case "started":
        this.progress.hidden = true;
        this.status.textContent = WORDS.running;
        break;
      case "stdout":
      case "stderr":
        this.print(said.kind, said.text);
        break;
      case "ended":
        this.end(said.how, said.seconds, edited);
        break;
      case "broken":
        this.end("broken", 0, edited);
        this.print("stderr", said.text);
        this.runButton.textContent = WORDS.again;
    }
  }

  /** @param {"stdout" | "stderr"} stream @param {string} text */
  print(stream, text) {
    const shown = text.slice(0, this.room);
    this.room -= shown.length;
    const last = /** @type {HTMLElement | null} */ (this.output.lastElementChild);
    if (last?.className === stream) last.append(shown);
    else if (shown) this.output.append(make("span", { className: stream, textContent: shown }));
    if (shown.length < text.length && shown) this.output.append(make("em", { textContent: WORDS.cut }));
  }

  /** @param {string} how @param {number} seconds @param {boolean} edited */
  end(how, seconds, edited) {
    this.running = false;
    this.progress.hidden = true;
    this.runButton.textContent = WORDS.run;
    const took = seconds ? ` · ${seconds.toFixed(1)} s` : "";
    this.status.textContent = ENDINGS[how] + took + (edited ? ` · ${WORDS.edited}` : "");
    this.block.dataset.ran = how;
  }

  /** Put the whole file, of which the block shows a part, into an editor in its place. */
  async edit() {
    const answer = await fetch(new URL(`snippets/${this.path}`, import.meta.url)).catch(() => undefined);
    if (!answer?.ok) {
      this.status.textContent = ENDINGS.broken;
      return;
    }
    const value = await answer.text();
    this.editor = make("textarea", { value, spellcheck: false, rows: value.split("\n").length, wrap: "off" });
    this.editor.ariaLabel = `${WORDS.editor} (${this.path})`;
    this.editor.onkeydown = (event) => this.indent(event);
    this.code.hidden = true;
    this.code.after(this.editor);
    this.editButton.textContent = WORDS.reset;
    this.editor.focus();
    this.editor.setSelectionRange(0, 0);
  }

  /** Begin a new line below the last one's first character. @param {KeyboardEvent} event */
  indent(event) {
    const editor = /** @type {HTMLTextAreaElement} */ (event.target);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.runButton.click();
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) return;
    const before = editor.value.slice(0, editor.selectionStart).split("\n").at(-1) ?? "";
    const blanks = (before.match(/^ */)?.[0] ?? "") + (before.endsWith(":") ? "    " : "");
    editor.setRangeText(`\n${blanks}`, editor.selectionStart, editor.selectionEnd, "end");
  }

  /** Bring the tested text back. */
  reset() {
    if (this.running) stop();
    this.editor?.remove();
    this.editor = undefined;
    this.code.hidden = false;
    this.output.remove();
    this.status.textContent = "";
    this.editButton.textContent = WORDS.edit;
  }
}
