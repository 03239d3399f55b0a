// The console's WebSocket: a form to connect, a form to send a message, and a log.

import { create, label } from "./dom.js";
import { send } from "./python.js";
import { WEB_SOCKET } from "./words.js";

const LOG_LIMIT = 300; // entries
const NEAR_BOTTOM = 40; // pixels; a reader who has scrolled up farther is left there
const JPEG = 1; // the type in front of a preview; 2 is PNG

export class WebSocketPanel {
  connected = false;
  pending = false; // from a click until the server has connected or disconnected
  previews = 0;

  /** @param {(clientName: string) => void} onConnect */
  constructor(onConnect) {
    this.onConnect = onConnect;
    const input = { autocapitalize: "off", spellcheck: false };
    this.name = create("input", { ...input, value: "me", size: 10 });
    this.toggle = create("button", { textContent: WEB_SOCKET.connect });
    this.message = create("input", { ...input, value: '{"type": "status"}' });
    this.sendButton = create("button", { textContent: WEB_SOCKET.send, disabled: true });
    this.log = create("div", { role: "log", ariaLabel: WEB_SOCKET.log, tabIndex: 0 });

    const row = { className: "console-row" };
    const connectForm = create("form", row, label(WEB_SOCKET.name, this.name), this.toggle);
    connectForm.onsubmit = (event) => {
      event.preventDefault();
      if (!this.pending) this.toggleConnection();
    };
    const messageForm = create("form", row, label(WEB_SOCKET.message, this.message), this.sendButton);
    messageForm.onsubmit = (event) => {
      event.preventDefault();
      this.sendMessage();
    };
    const legend = create("legend", { textContent: "WebSocket" });
    this.element = create("fieldset", {}, legend, connectForm, messageForm, this.log);
  }

  get clientName() {
    return this.name.value;
  }

  toggleConnection() {
    this.pending = true;
    send(this.connected ? { do: "close" } : { do: "open", name: this.clientName });
  }

  sendMessage() {
    this.addToLog("sent", this.message.value);
    send({ do: "say", text: this.message.value });
  }

  /** @param {any} message */
  receive(message) {
    switch (message.kind) {
      case "done":
        if (message.do === "open") this.opened();
        break;
      case "failed":
        this.addToLog("note", message.why);
        if (message.do !== "say") this.pending = false;
        break;
      case "text":
        this.addToLog("received", message.text);
        break;
      case "picture":
        this.addPreview(message);
        break;
      case "read":
        this.addToLog("note", WEB_SOCKET.noReply);
        break;
      case "closed":
        this.closed(message.code);
    }
  }

  opened() {
    this.setConnected(true, WEB_SOCKET.disconnect);
    const { connected, connectedUnnamed } = WEB_SOCKET;
    this.addToLog("note", this.clientName ? `${connected} ${this.clientName}` : connectedUnnamed);
    this.onConnect(this.clientName);
  }

  /** @param {number | null} code */
  closed(code) {
    this.setConnected(false, WEB_SOCKET.connect);
    this.addToLog("note", WEB_SOCKET.closed + (code ? ` (${code})` : ""));
  }

  /** @param {boolean} connected @param {string} action what the button does next */
  setConnected(connected, action) {
    this.connected = connected;
    this.pending = false;
    this.toggle.textContent = action;
    this.sendButton.disabled = !connected;
    this.name.readOnly = connected;
  }

  /** Append to the log; the oldest entry goes. @param {"sent" | "received" | "note"} kind @param {...(Node | string)} content */
  addToLog(kind, ...content) {
    const below = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight;
    this.log.append(create("div", { className: `console-${kind}` }, ...content));
    if (this.log.childElementCount > LOG_LIMIT) this.log.firstElementChild?.remove();
    if (below < NEAR_BOTTOM) this.log.scrollTop = this.log.scrollHeight;
  }

  /** @param {{ event: number, type: number, data: string }} message */
  addPreview({ event, type, data }) {
    this.previews += 1;
    const src = `data:image/${type === JPEG ? "jpeg" : "png"};base64,${data}`;
    const alt = `${WEB_SOCKET.preview} ${this.previews}`;
    const image = create("img", { src, alt, width: 64, height: 64 });
    this.addToLog("received", image, ` ${WEB_SOCKET.binary(event, type)}`);
  }
}
