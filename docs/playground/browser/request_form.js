// The console's form for HTTP requests, and what came of the last one.

import { create, label } from "./dom.js";
import { pack, unpack } from "./packed.js";
import { GROUPS, PRESETS, presetInAddress } from "./presets.js";
import { send } from "./python.js";
import { text } from "./run.js";
import { REQUEST, REQUEST_ERRORS } from "./words.js";

const LINKED = "#request=";
const SHOWN = 200; // letters of what should be a picture
const STEPS = 24; // of the toy prompt; each sends a preview
// The pages about the functions that a request passes through.
/** @type {Record<string, string>} */
const PAGES = {
  cache_control: "../cache-control/",
  cors_middleware: "../cors/",
  origin_only_middleware: "../origin-check/",
  router: "../routes/",
  "static files": "../../aiohttp/static-files/",
};
/** @type {Record<string, string>} */
const NAMES = {
  router: text("路由", "router"),
  "static files": text("静态文件", "static files"),
};
const WAY = ["cache_control", "origin_only_middleware", REQUEST.handler]; // of a request that nothing stops
const PLAIN_INPUT = { autocapitalize: "off", spellcheck: false };

/** A region with text from the server. @param {string} name @param {string} content */
const region = (name, content) =>
  create("pre", { textContent: content || REQUEST.empty, tabIndex: 0, role: "region", ariaLabel: name });

/** @param {string} name @param {string} href */
const link = (name, href) => create("a", { textContent: name, href });

/** @param {[string, string][]} headers */
const lines = (headers) => headers.map(([name, value]) => `${name}: ${value}`).join("\n");

/**
 * What the form's text means as headers.
 * @param {string} source one header a line
 * @returns {[string, string][]}
 * @throws {SyntaxError} a line without a name; the message is for the reader
 */
function parseHeaders(source) {
  /** @type {[string, string][]} */
  const headers = [];
  for (const [index, line] of source.split("\n").entries()) {
    if (!line.trim()) continue;
    const colon = line.indexOf(":");
    if (colon < 1) throw new SyntaxError(REQUEST.malformedHeader(index + 1));
    headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
  }
  return headers;
}

/** @param {[string, string][]} headers @param {string} body @throws {SyntaxError} the connection could not be used again */
function checkLength(headers, body) {
  const { length } = new TextEncoder().encode(body);
  const said = headers.find(([name]) => name.toLowerCase() === "content-length")?.[1];
  if (said !== undefined && said !== String(length)) throw new SyntaxError(REQUEST.wrongLength(length));
}

export class RequestForm {
  unanswered = 0;

  /** @param {any} prompt the toy prompt @param {string} clientName @param {string} flags of the server */
  constructor(prompt, clientName, flags) {
    prompt.sample.inputs.steps = STEPS;
    this.prompt = prompt;
    this.clientName = clientName;
    this.flags = flags;
    const groups = GROUPS.map(([label, presets]) =>
      create("optgroup", { label }, ...presets.map(({ name, id }) => new Option(name, id))),
    );
    this.presets = create("select", { onchange: () => this.choose() }, ...groups);
    this.presets.value = (presetInAddress() ?? PRESETS[0]).id;
    this.explanation = create("p", { className: "console-explanation" });
    this.method = create("input", { ...PLAIN_INPUT, required: true, size: 8 });
    this.path = create("input", { ...PLAIN_INPUT, required: true });
    this.headers = create("textarea", { rows: 2, spellcheck: false, placeholder: REQUEST.headerHint });
    this.body = create("textarea", { rows: 4, spellcheck: false });
    this.copied = create("span", { role: "status" });
    this.error = create("p", { className: "console-error", role: "alert" });
    this.status = create("p", { className: "console-status", role: "status" });
    this.result = create("dl", { className: "console-result" });
    const legend = create("legend", { textContent: REQUEST.title });
    this.element = create("fieldset", {}, legend, this.createForm(), this.error, this.status, this.result);
    this.fill();
    if (location.hash.startsWith(LINKED)) this.fillFromAddress();
  }

  createForm() {
    const method = label(REQUEST.method, this.method);
    const form = create(
      "form",
      {},
      label(REQUEST.preset, this.presets),
      this.explanation,
      create("div", { className: "console-row" }, method, label(REQUEST.path, this.path)),
      label(REQUEST.headers, this.headers),
      label(REQUEST.body, this.body),
      create("button", { type: "submit", textContent: REQUEST.send }),
      create("button", { type: "button", textContent: REQUEST.link, onclick: () => this.copyLink() }),
      this.copied,
    );
    form.onsubmit = (event) => {
      event.preventDefault();
      this.send();
    };
    return form;
  }

  /** Fill the form; the address names the choice, for whom it is sent to. */
  choose() {
    const address = new URLSearchParams({ preset: this.presets.value });
    history.replaceState(history.state, "", `${location.pathname}?${address}`);
    this.fill();
  }

  /** Put the chosen preset into the form. */
  fill() {
    const preset = PRESETS[this.presets.selectedIndex];
    const { body: made = "" } = preset;
    const body = typeof made === "function" ? made(this.prompt, this.clientName) : made;
    this.method.value = preset.method;
    this.path.value = preset.path;
    this.headers.value = preset.headers ?? "";
    this.body.value = typeof body === "string" ? body : JSON.stringify(body, null, 1);
    const page = link(REQUEST.explained, preset.page);
    const restart = (preset.flags ?? "") === this.flags ? "" : REQUEST.restart(preset.flags);
    this.explanation.replaceChildren(restart, preset.explanation, text("", " "), page);
    this.error.textContent = this.copied.textContent = "";
  }

  /** Put the request that the address brings into the form. */
  async fillFromAddress() {
    const fields = await unpack(location.hash.slice(LINKED.length)).catch(() => undefined);
    if (!fields) return this.showError(REQUEST.cut);
    for (const [index, field] of this.fields.entries()) field.value = String(fields[index]);
    this.explanation.textContent = REQUEST.linked;
  }

  get fields() {
    return [this.method, this.path, this.headers, this.body];
  }

  async copyLink() {
    const url = new URL(location.pathname, location.href);
    url.hash = LINKED + (await pack(this.fields.map(({ value }) => value)));
    try {
      await navigator.clipboard.writeText(url.href);
      this.copied.textContent = REQUEST.copied;
    } catch {
      this.copied.replaceChildren(link(REQUEST.copyThis, url.href)); // not allowed here
    }
  }

  /** Some presets name the client that gets the prompt's messages. @param {string} name */
  setClientName(name) {
    if (name === this.clientName) return;
    this.clientName = name;
    if (typeof PRESETS[this.presets.selectedIndex].body === "function") this.fill();
  }

  send() {
    this.error.textContent = "";
    try {
      const headers = parseHeaders(this.headers.value);
      const [method, path] = [this.method.value.trim(), this.path.value.trim()];
      const multipart = headers.some(([, value]) => value.startsWith("multipart/"));
      const body = multipart ? this.body.value.replaceAll("\n", "\r\n") : this.body.value;
      checkLength(headers, body);
      send({ do: "send", method, path, headers, body });
      this.unanswered += 1;
      this.status.textContent = REQUEST.waiting;
      this.result.replaceChildren();
    } catch (error) {
      this.showError(/** @type {Error} */ (error).message);
    }
  }

  /** The answers come in the order of the requests; only the last one's is of what the form shows. @param {any} message */
  receive(message) {
    this.unanswered -= 1;
    if (this.unanswered) return;
    if (message.kind === "done") this.showResponse(message);
    else this.showError(REQUEST_ERRORS[message.why] ?? `${REQUEST.noResponse} ${message.why}`);
  }

  /** @param {string} message */
  showError(message) {
    this.error.textContent = message;
    this.status.textContent = "";
    this.result.replaceChildren();
  }

  /** Say what became of the server where the reader looks, after Send. @param {string} what */
  say(what) {
    this.error.textContent = what;
  }

  /** The server has ended. @param {string} [why] */
  stopWaiting(why = "") {
    if (why) this.say(why);
    if (this.status.textContent === REQUEST.waiting) this.status.textContent = "";
  }

  /** @param {{ status: string, way: string[], sent: [string, string][], headers: [string, string][], text?: string, picture?: string }} response */
  showResponse({ status, way: passed, sent, headers, text: body, picture }) {
    const type = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1].split(";")[0];
    const parts = {
      [REQUEST.passed]: this.createPassed(passed, status),
      [REQUEST.responseHeaders]: region(REQUEST.responseHeaders, lines(headers)),
      [REQUEST.responseBody]: picture ? createImage(picture, type) : region(REQUEST.responseBody, body ?? ""),
      [REQUEST.requestHeaders]: region(REQUEST.requestHeaders, lines(sent)),
    };
    this.status.replaceChildren(
      `${REQUEST.response} `,
      create("strong", { textContent: status, className: status < "400" ? "console-fine" : "" }),
    );
    this.result.replaceChildren();
    for (const [name, part] of Object.entries(parts))
      this.result.append(create("dt", { textContent: name }), create("dd", {}, part));
    this.result.scrollIntoView({ block: "nearest" }); // it stands below a form that may fill the screen
  }

  /** The way to a handler: what the request passed, who responded, and what it did not reach. @param {string[]} passed @param {string} status */
  createPassed(passed, status) {
    const items = passed.map((name) => {
      const shown = NAMES[name] ?? name;
      return create("li", {}, PAGES[name] ? link(shown, PAGES[name]) : shown);
    });
    const last = status.startsWith("500") ? REQUEST.failedHere : REQUEST.responded;
    items.at(-1)?.append(create("em", { textContent: last }));
    for (const name of WAY.slice(passed.length))
      items.push(
        create(
          "li",
          { className: "console-beyond" },
          name,
          create("em", { textContent: REQUEST.notReached }),
        ),
      );
    const path = create("ol", { className: "console-path" }, ...items);
    return passed.length ? path : create("div", {}, REQUEST.passedNothing, path);
  }
}

/** The picture of a response; its first bytes, if they are none. @param {string} base64 @param {string} [type] */
function createImage(base64, type) {
  const image = create("img", { src: `data:${type};base64,${base64}`, alt: REQUEST.image });
  image.onerror = () =>
    image.replaceWith(region(REQUEST.responseBody, REQUEST.noImage + atob(base64).slice(0, SHOWN)));
  return image;
}
