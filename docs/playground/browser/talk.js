// The re-creation of server.py in this page: a form to send it requests, and a WebSocket to listen at.

import { PRESETS } from "./presets.js";
import { run, say, stop } from "./python.js";

const zh = document.documentElement.lang === "zh";
const LINES = 300; // that a log keeps
const STEPS = 24; // of the toy prompt, each with a preview
const WORDS = zh
  ? {
      start: "启动服务器",
      again: "再试一次",
      stop: "停止服务器",
      fetching: "正在下载 Python",
      starting: "服务器正在启动",
      running: "服务器在这个网页里运行（只有这一页连得到），Host 是",
      request: "请求",
      preset: "现成的请求",
      method: "方法",
      path: "路径",
      headers: "头部，一行一个",
      body: "正文",
      send: "发送",
      why: "讲这件事的一页",
      waiting: "等待响应……",
      answer: "响应",
      way: "经过了",
      answered: "由它回答",
      before: "一个中间件也没到，aiohttp 自己就回答了。",
      sent: "实际发出的",
      received: "收到的头部",
      content: "收到的正文",
      empty: "（空）",
      picture: "响应里的图片",
      name: "客户端名字",
      connect: "连接",
      leave: "断开",
      text: "对服务器说",
      say: "说",
      log: "WebSocket 上的消息",
      connected: "连上了，名字是",
      closed: "连接结束",
      read: "服务器读过了，什么也没答。",
      preview: "预览图",
      binary: (/** @type {number} */ event, /** @type {number} */ type) =>
        `二进制消息：事件 ${event}，类型 ${type}`,
      failed: "没有响应：",
      journal: "服务器的日志",
      line: (/** @type {number} */ number) => `头部第 ${number} 行不是“名字: 值”。`,
      header: "名字: 值",
      failedThere: "在这里出了错，由 aiohttp 回答",
      chosen: "连上了，名字由服务器起（见 sid）",
    }
  : {
      start: "Start the server",
      again: "Try again",
      stop: "Stop the server",
      fetching: "Fetching Python",
      starting: "The server is starting",
      running: "The server runs in this page (only this page can reach it); its Host is",
      request: "Request",
      preset: "Ready-made request",
      method: "Method",
      path: "Path",
      headers: "Headers, one per line",
      body: "Body",
      send: "Send",
      why: "The page about this",
      waiting: "Waiting for the answer…",
      answer: "Response",
      way: "Passed through",
      answered: "answered",
      before: "No middleware: aiohttp itself answered first.",
      sent: "What went out",
      received: "Response headers",
      content: "Response body",
      empty: "(empty)",
      picture: "The picture in the response",
      name: "Client name",
      connect: "Connect",
      leave: "Disconnect",
      text: "Say to the server",
      say: "Say",
      log: "Messages of the WebSocket",
      connected: "Connected as",
      closed: "The connection has ended",
      read: "The server has read it, and answered nothing.",
      preview: "Preview",
      binary: (/** @type {number} */ event, /** @type {number} */ type) =>
        `binary: event ${event}, type ${type}`,
      failed: "No answer:",
      journal: "The server's log",
      line: (/** @type {number} */ number) => `Header line ${number} is not “Name: value”.`,
      header: "Name: value",
      failedThere: "failed here; aiohttp answered",
      chosen: "Connected; the server has chosen the name (see sid)",
    };
/** @type {Record<string, string>} */
const FAILURES = zh
  ? {
      method: "方法里只能有字母、数字和少数几个符号，不能有空格。",
      path: "路径要以 / 开头，而且只能有一个：不能是 //，也不能是 http://。",
      headers: "头部的名字里只能有字母、数字和少数几个符号，值里不能有控制字符。",
      TimeoutError: "等了 10 秒，没有完整的响应。",
    }
  : {
      method: "A method has letters, digits and a few signs in it, and no space.",
      path: "A path begins with exactly one /: neither // nor http://.",
      headers: "A header's name has letters, digits and a few signs in it; its value, no control characters.",
      TimeoutError: "10 seconds have passed without a whole response.",
    };
const LOCALLY = zh
  ? "在自己的机器上可以运行 .venv/bin/python -m snippets.server。"
  : "On your own machine, .venv/bin/python -m snippets.server does it.";
/** @type {Record<string, string>} */
const ENDINGS = zh
  ? {
      stopped: "服务器停下了。",
      ousted: "服务器停下了：同一时间只能跑一个程序。",
      failed: "服务器出错停下了，原因在下面的日志里。",
      memory: "内存不够，服务器停下了。",
      threads: `服务器要有第二个线程，这个浏览器开不了：它没有 JSPI，新版的 Chrome、Edge 应当有。${LOCALLY}`,
      "no WebAssembly": `这个浏览器没有 WebAssembly，跑不了 Python。${LOCALLY}`,
      broken: "下载中断了。",
      dead: "Python 崩溃了。",
    }
  : {
      stopped: "The server has stopped.",
      ousted: "The server has stopped: only one program can run at a time.",
      failed: "The server failed; its log below says why.",
      memory: "Out of memory: the server has stopped.",
      threads: `The server needs a second thread, and this browser lacks JSPI for it; a recent Chrome or Edge should have it. ${LOCALLY}`,
      "no WebAssembly": `This browser has no WebAssembly, so it cannot run Python. ${LOCALLY}`,
      broken: "The download broke.",
      dead: "Python has crashed.",
    };
const FINAL = ["stopped", "ousted", "threads", "no WebAssembly"]; // where trying again would help nothing
// Where it is explained who stands on a request's way.
/** @type {Record<string, string>} */
const PLACES = {
  cache_control: "../cache-control/",
  origin_only_middleware: "../origin-check/",
  router: "../routes/",
  "static files": "../../aiohttp/static-files/",
};
/** @type {Record<string, string>} */
const NAMES = zh
  ? { ask_again: "ask_again（即 cache_control）", router: "路由", "static files": "静态文件" }
  : { ask_again: "ask_again (our cache_control)" };

document.head.append(
  Object.assign(document.createElement("link"), {
    rel: "stylesheet",
    href: new URL("talk.css", import.meta.url).href,
  }),
);

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {object} [properties] @param {(Node | string)[]} children
 */
function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** @param {string} text @param {HTMLElement} control */
const label = (text, control) => make("label", {}, make("span", { textContent: text }), control);

/** A box for text that came from the server. @param {string} name @param {string} text */
const shown = (name, text) =>
  make("pre", { textContent: text || WORDS.empty, tabIndex: 0, role: "region", ariaLabel: name });

/** @param {[string, string][]} pairs */
const lines = (pairs) => pairs.map(([name, value]) => `${name}: ${value}`).join("\n");

/** @param {string} text @param {string} href */
const link = (text, href) => make("a", { textContent: text, href });

/** A form for requests, what came of the last one, and a WebSocket. */
class Desk {
  connected = false;
  turning = false; // from a click until the server has done it
  pictures = 0;

  /** @param {HTMLElement} place @param {any} prompt the toy */
  constructor(place, prompt) {
    prompt.sample.inputs.steps = STEPS;
    this.prompt = prompt;
    this.presets = make(
      "select",
      {},
      ...PRESETS.map((preset, index) => new Option(preset.name, String(index))),
    );
    this.why = make("p", { className: "talk-why" });
    this.method = make("input", { required: true, autocapitalize: "off", spellcheck: false, size: 8 });
    this.path = make("input", { required: true, autocapitalize: "off", spellcheck: false });
    this.headers = make("textarea", { rows: 2, spellcheck: false, placeholder: WORDS.header });
    this.body = make("textarea", { rows: 4, spellcheck: false });
    this.error = make("p", { className: "talk-error", role: "alert" });
    this.verdict = make("p", { className: "talk-status", role: "status" });
    this.result = make("dl", { className: "talk-result" });
    this.presets.onchange = () => this.fill();
    const request = make(
      "form",
      {},
      label(WORDS.preset, this.presets),
      this.why,
      make("div", { className: "talk-row" }, label(WORDS.method, this.method), label(WORDS.path, this.path)),
      label(WORDS.headers, this.headers),
      label(WORDS.body, this.body),
      make("button", { textContent: WORDS.send }),
      this.error,
    );
    request.onsubmit = (event) => {
      event.preventDefault();
      this.send();
    };

    this.name = make("input", { value: "me", autocapitalize: "off", spellcheck: false, size: 10 });
    this.toggle = make("button", { textContent: WORDS.connect });
    const door = make("form", { className: "talk-row" }, label(WORDS.name, this.name), this.toggle);
    door.onsubmit = (event) => {
      event.preventDefault();
      if (!this.turning) this.turn();
    };
    this.text = make("input", { value: '{"type": "status"}', autocapitalize: "off", spellcheck: false });
    this.speak = make("button", { textContent: WORDS.say, disabled: true });
    const mouth = make("form", { className: "talk-row" }, label(WORDS.text, this.text), this.speak);
    mouth.onsubmit = (event) => {
      event.preventDefault();
      this.speakUp();
    };
    this.log = make("div", { role: "log", ariaLabel: WORDS.log, tabIndex: 0 });

    place.append(
      make(
        "fieldset",
        {},
        make("legend", { textContent: WORDS.request }),
        request,
        this.verdict,
        this.result,
      ),
      make("fieldset", {}, make("legend", { textContent: "WebSocket" }), door, mouth, this.log),
    );
    this.fill();
    this.turn();
  }

  /** What converse() in snippets/server/try_it/part.py tells. @param {any} said */
  hear(said) {
    switch (said.kind) {
      case "done":
        if (said.do === "send") this.answer(said);
        if (said.do === "open") this.opened();
        break;
      case "failed":
        if (said.do === "send") return this.fail(FAILURES[said.why] ?? `${WORDS.failed} ${said.why}`);
        this.write("note", said.why);
        if (said.do !== "say") this.turning = false;
        break;
      case "text":
        this.write("came", said.text);
        break;
      case "picture":
        this.picture(said);
        break;
      case "read":
        this.write("note", WORDS.read);
        break;
      case "closed":
        this.closed(said.code);
    }
  }

  /** Put the chosen request into the form. */
  fill() {
    const preset = PRESETS[this.presets.selectedIndex];
    const body =
      preset === PRESETS[0] ? { client_id: this.name.value, prompt: this.prompt } : (preset.body ?? "");
    this.method.value = preset.method;
    this.path.value = preset.path;
    this.headers.value = preset.headers ?? "";
    this.body.value = typeof body === "string" ? body : JSON.stringify(body, null, 1);
    this.why.replaceChildren(preset.why, zh ? "" : " ", link(WORDS.why, preset.page));
    this.error.textContent = "";
    this.filledFor = this.name.value;
  }

  /** Send what the form says. */
  send() {
    this.error.textContent = "";
    /** @type {[string, string][]} */
    const headers = [];
    for (const [index, line] of this.headers.value.split("\n").entries()) {
      const colon = line.indexOf(":");
      if (line.trim() && colon < 1) return this.fail(WORDS.line(index + 1));
      if (line.trim()) headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
    }
    const [method, path, body] = [this.method.value.trim(), this.path.value.trim(), this.body.value];
    this.verdict.textContent = WORDS.waiting;
    this.result.replaceChildren();
    say({ do: "send", method, path, headers, body });
  }

  /** @param {string} why */
  fail(why) {
    this.error.textContent = why;
    this.verdict.textContent = "";
    this.result.replaceChildren();
  }

  /**
   * Show what exchange() in snippets/server/try_it/exchange.py returned.
   * @param {{ status: string, way: string[], sent: [string, string][], headers: [string, string][], text?: string, picture?: string }} came
   */
  answer({ status, way, sent, headers, text, picture }) {
    const stops = way.map((name, index) => {
      const shown = NAMES[name] ?? name;
      const last = index === way.length - 1;
      return make(
        "li",
        {},
        PLACES[name] ? link(shown, PLACES[name]) : shown,
        ...(last
          ? [make("em", { textContent: status.startsWith("500") ? WORDS.failedThere : WORDS.answered })]
          : []),
      );
    });
    const type = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1].split(";")[0];
    this.result.replaceChildren();
    this.verdict.replaceChildren(`${WORDS.answer} `, make("strong", { textContent: status }));
    const parts = {
      [WORDS.way]: stops.length ? make("ol", {}, ...stops) : WORDS.before,
      [WORDS.received]: shown(WORDS.received, lines(headers)),
      [WORDS.content]: picture
        ? make("img", { src: `data:${type};base64,${picture}`, alt: WORDS.picture })
        : shown(WORDS.content, text ?? ""),
      [WORDS.sent]: shown(WORDS.sent, lines(sent)),
    };
    for (const [name, part] of Object.entries(parts))
      this.result.append(make("dt", { textContent: name }), make("dd", {}, part));
  }

  /** Connect, or leave. */
  turn() {
    this.turning = true;
    say(this.connected ? { do: "close" } : { do: "open", name: this.name.value });
  }

  opened() {
    this.connected = true;
    this.turning = false;
    this.toggle.textContent = WORDS.leave;
    this.speak.disabled = false;
    this.name.readOnly = true;
    this.write("note", this.name.value ? `${WORDS.connected} ${this.name.value}` : WORDS.chosen);
    if (this.presets.selectedIndex === 0 && this.filledFor !== this.name.value) this.fill();
  }

  /** @param {number | null} code */
  closed(code) {
    this.connected = false;
    this.turning = false;
    this.toggle.textContent = WORDS.connect;
    this.speak.disabled = true;
    this.name.readOnly = false;
    this.write("note", WORDS.closed + (code ? ` (${code})` : ""));
  }

  speakUp() {
    this.write("gone", this.text.value);
    say({ do: "say", text: this.text.value });
  }

  /** Add to the log; the oldest goes. @param {string} kind @param {...(Node | string)} what */
  write(kind, ...what) {
    const low = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 40; // the reader has not scrolled up
    this.log.append(make("div", { className: `talk-${kind}` }, ...what));
    if (this.log.childElementCount > LINES) this.log.firstElementChild?.remove();
    if (low) this.log.scrollTop = this.log.scrollHeight;
  }

  /** @param {{ event: number, type: number, data: string }} said */
  picture({ event, type, data }) {
    this.pictures += 1;
    const kind = type === 1 ? "jpeg" : "png";
    const alt = `${WORDS.preview} ${this.pictures}`;
    const picture = make("img", { src: `data:image/${kind};base64,${data}`, alt, width: 64, height: 64 });
    this.write("came", picture, ` ${WORDS.binary(event, type)}`);
  }
}

/** The server's life in a page: from the click to its end. */
class Talk {
  wanted = false; // its end, by the button
  /** @type {Desk | undefined} */
  desk;
  /** @type {HTMLElement | undefined} */
  journal;

  /** @param {HTMLElement} place @param {HTMLButtonElement} button */
  constructor(place, button) {
    this.place = place;
    this.button = button;
    this.progress = make("progress", { ariaLabel: WORDS.fetching });
    this.status = make("span", { role: "status", textContent: WORDS.fetching });
    button.textContent = WORDS.stop;
    button.onclick = () => {
      this.wanted = true;
      stop();
    };
    place.className = "talk";
    place.replaceChildren(make("div", { className: "run" }, button, this.progress, this.status));
    button.focus(); // which moving it took away
    run({ path: "", talk: true }, (said) => this.hear(said));
  }

  /** @param {import("./python.js").Said} said */
  hear(said) {
    switch (said.kind) {
      case "progress":
        this.progress.value = said.share;
        break;
      case "started":
        this.progress.hidden = true;
        this.status.textContent = WORDS.starting;
        break;
      case "told":
        this.told(JSON.parse(said.text));
        break;
      case "stdout":
      case "stderr":
        this.note(said.text);
        break;
      case "ended":
        this.end(said.how);
        break;
      case "broken":
        this.end("broken");
    }
  }

  /** @param {any} said */
  told(said) {
    if (this.desk) return this.desk.hear(said);
    this.status.textContent = `${WORDS.running} ${said.host}`;
    this.desk = new Desk(this.place, said.prompt);
  }

  /** Keep what the server logs. @param {string} text */
  note(text) {
    if (!this.journal) {
      this.journal = make("pre", { tabIndex: 0, role: "region", ariaLabel: WORDS.journal });
      this.place.append(make("details", {}, make("summary", { textContent: WORDS.journal }), this.journal));
    }
    this.journal.append(text);
  }

  /** @param {string} how */
  end(how) {
    this.progress.hidden = true;
    const ending = how === "stopped" && !this.wanted ? "ousted" : how;
    this.status.textContent = ENDINGS[ending] ?? ENDINGS.dead;
    if (this.desk?.verdict.textContent === WORDS.waiting) this.desk.verdict.textContent = "";
    for (const set of this.place.querySelectorAll("fieldset")) set.disabled = true;
    this.button.textContent = FINAL.includes(how) ? WORDS.start : WORDS.again;
    this.button.onclick = () => open(this.place, this.button);
  }
}

/** Start the server, and show the panel. @param {HTMLElement} place @param {HTMLButtonElement} button */
export function open(place, button) {
  new Talk(place, button);
}
