// The console of server/try-it: it runs the re-creation of server.py in the page, with a form for requests and a
// WebSocket. What it exchanges with the server's side is described in snippets/server/try_it.

import { addStylesheet, create } from "./dom.js";
import { presetInAddress } from "./presets.js";
import { run, stop } from "./python.js";
import { RequestForm } from "./request_form.js";
import { WebSocketPanel } from "./web_socket_panel.js";
import { CONSOLE, SERVER_OUTCOMES } from "./words.js";

const FINAL = ["stopped", "threads", "noWebAssembly"]; // outcomes after which a retry would not help

addStylesheet("console.css");

export class Console {
  stopRequested = false;
  /** @type {RequestForm | undefined} */
  requestForm;
  /** @type {WebSocketPanel | undefined} */
  webSocketPanel;
  /** @type {HTMLElement | undefined} */
  serverLog;

  /** Start the server. @param {HTMLElement} container @param {HTMLButtonElement} button */
  constructor(container, button) {
    this.container = container;
    this.button = button;
    this.flags = presetInAddress()?.flags ?? "";
    this.progress = create("progress", { ariaLabel: CONSOLE.progress, hidden: true });
    this.status = create("span", { role: "status", textContent: CONSOLE.loading });
    button.textContent = CONSOLE.stop;
    button.onclick = () => {
      this.stopRequested = true;
      stop();
    };
    container.className = "console";
    container.replaceChildren(
      create("div", { className: "run console-bar" }, button, this.progress, this.status),
    );
    button.focus(); // moving the button took the focus away
    run({ kind: "console", flags: this.flags }, (message) => this.receive(message));
  }

  /** @param {import("./python.js").Message} message */
  receive(message) {
    switch (message.kind) {
      case "progress":
        this.showProgress(message.received, message.total);
        break;
      case "started":
        this.progress.hidden = true;
        this.status.textContent = CONSOLE.starting;
        break;
      case "message":
        this.receiveFromServer(JSON.parse(message.text));
        break;
      case "stdout":
      case "stderr":
        this.appendToLog(message.text);
        break;
      case "ended":
        this.end(message.outcome);
        break;
      case "loadFailed":
        this.end("loadFailed");
    }
  }

  /** @param {number} received @param {number} total in bytes */
  showProgress(received, total) {
    this.progress.hidden = false;
    this.progress.value = received / total;
    const megabytes = [received, total].map((bytes) => (bytes / 1e6).toFixed(1)).join(" / ");
    this.status.textContent = received < total ? CONSOLE.downloading(megabytes) : CONSOLE.loading;
  }

  /** @param {any} message */
  receiveFromServer(message) {
    if (message.kind === "ready") this.showForms(message.host, message.prompt);
    else if (message.kind === "ended") this.endProcess(message.why);
    else if (message.do === "send") this.requestForm?.receive(message);
    else this.webSocketPanel?.receive(message);
  }

  /** @param {string} host @param {any} prompt */
  showForms(host, prompt) {
    const flags = this.flags && CONSOLE.startedWith + this.flags;
    this.status.textContent = `${CONSOLE.running} ${host}${flags}`;
    const webSocketPanel = new WebSocketPanel((name) => this.requestForm?.setClientName(name));
    this.requestForm = new RequestForm(prompt, webSocketPanel.clientName, this.flags);
    this.webSocketPanel = webSocketPanel;
    this.container.append(this.requestForm.element, webSocketPanel.element);
    webSocketPanel.toggleConnection();
  }

  /** @param {string} text */
  appendToLog(text) {
    if (!this.serverLog) {
      this.serverLog = create("pre", { tabIndex: 0, role: "region", ariaLabel: CONSOLE.serverLog });
      const summary = create("summary", { textContent: CONSOLE.serverLog });
      this.container.append(create("details", {}, summary, this.serverLog));
    }
    this.serverLog.append(text);
    if (!text.includes("Exception in thread")) return; // as threading writes
    this.status.textContent = CONSOLE.workerEnded;
    this.requestForm?.say(CONSOLE.workerEnded);
  }

  /** The real process would be gone now. @param {string} why */
  endProcess(why) {
    const said = `${CONSOLE.processEnded} ${why}`;
    this.requestForm?.stopWaiting(said);
    stop();
    this.status.textContent = said;
    this.container.classList.add("console-ended");
    this.button.focus({ preventScroll: true }); // what had the focus can be used no more
  }

  /** @param {string} outcome */
  end(outcome) {
    this.progress.hidden = true;
    const shown = outcome === "stopped" && !this.stopRequested ? "replaced" : outcome;
    this.status.textContent = SERVER_OUTCOMES[shown] ?? SERVER_OUTCOMES.crashed;
    this.requestForm?.stopWaiting();
    if (this.webSocketPanel?.connected) this.webSocketPanel.closed(null);
    for (const fieldset of this.container.querySelectorAll("fieldset")) fieldset.disabled = true;
    this.button.textContent = FINAL.includes(outcome) ? CONSOLE.start : CONSOLE.retry;
    this.button.onclick = () => new Console(this.container, this.button);
  }
}
