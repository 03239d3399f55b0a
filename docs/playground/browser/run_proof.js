// Runs a proof by pytest in the panel of its ✓, which theme/assets/javascripts/proof.js opens.

import { addStylesheet } from "./dom.js";
import { Output } from "./output.js";
import { run, stop } from "./python.js";
import { OUTPUT, PANEL, PROOF_OUTCOMES } from "./words.js";

addStylesheet("panel.css");

export class ProofRun {
  running = false;

  /**
   * @param {HTMLDialogElement} panel
   * @param {HTMLButtonElement} button
   * @param {string} name of the proof
   */
  constructor(panel, button, name) {
    this.button = button;
    this.name = name;
    this.label = button.textContent;
    const source = /** @type {HTMLElement} */ (panel.querySelector(".highlight"));
    this.output = new Output(name, source, () => {}, false);
    button.onclick = () => (this.running ? stop() : this.run());
    panel.addEventListener("close", () => this.running && stop());
  }

  run() {
    this.running = true;
    this.button.textContent = PANEL.stop;
    this.output.begin();
    run({ kind: "proof", name: this.name }, (message) => this.receive(message));
  }

  /** @param {import("./python.js").Message} message */
  receive(message) {
    switch (message.kind) {
      case "progress":
        this.output.showProgress(message.received, message.total);
        break;
      case "started":
        sessionStorage.proofs = "downloaded";
        this.button.previousSibling?.remove(); // how much it was
        this.output.started();
        break;
      case "stdout":
      case "stderr":
        this.output.print(message.kind, message.text);
        break;
      case "ended":
        this.end(message.outcome, message.seconds);
        break;
      case "loadFailed":
        this.output.started();
        this.output.print("stderr", message.text);
        this.end("loadFailed", 0);
        this.button.textContent = PANEL.retry;
    }
  }

  /** @param {string} outcome @param {number} seconds */
  end(outcome, seconds) {
    this.running = false;
    this.button.textContent = this.label;
    this.output.end(outcome, seconds, false);
    const took = seconds ? ` · ${seconds.toFixed(1)} s` : "";
    this.output.status.textContent = OUTPUT.browser + PROOF_OUTCOMES[outcome] + took;
  }
}
