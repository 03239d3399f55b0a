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
    const bar = /** @type {HTMLElement} */ (button.parentElement);
    // Seen on the real ComfyUI, which is in no page.
    this.where = panel.querySelector(".known > .real") ? OUTPUT.recreation : OUTPUT.browser;
    this.output = new Output(name, bar, () => {}, false); // the verdict stands below the button
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
    if (message.kind === "started") {
      sessionStorage.proofs = "downloaded";
      this.button.previousSibling?.remove(); // how much it was
    }
    const ended = this.output.receive(message);
    if (ended) this.end(ended.outcome, ended.seconds);
  }

  /** @param {string} outcome @param {number} seconds */
  end(outcome, seconds) {
    this.running = false;
    this.button.textContent = outcome === "loadFailed" ? PANEL.retry : this.label;
    this.output.end(outcome, seconds, false);
    this.output.element.dataset.differs = outcome === "done" ? "0" : "";
    const took = seconds ? ` · ${seconds.toFixed(1)} s` : "";
    this.output.status.textContent = this.where + PROOF_OUTCOMES[outcome] + took;
  }
}
