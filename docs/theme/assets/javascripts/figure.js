// Shows a figure's case and step (docs/tools/interactive.py has drawn them all); imported when one is first touched.

const PACE = 600; // ms from one step to the next
/** @type {ReturnType<typeof setInterval> | undefined} */
let playing;

/**
 * Show what a control was set to; go through the steps if the button asks for it, or after a choice.
 * @param {HTMLInputElement | HTMLButtonElement} control
 */
export function touched(control) {
  const form = /** @type {HTMLFormElement} */ (control.form);
  const range = /** @type {HTMLInputElement} */ (form.querySelector("[type=range]"));
  const asked = control.type === "button";
  const stopped = stop(form) && asked && range.value !== "0"; // a second press; a choice plays too
  if (stopped || control === range) return show(form, range);
  const still = !asked && matchMedia("(prefers-reduced-motion: reduce)").matches;
  range.max = String(says(form).length - 1);
  range.value = still ? range.max : "0";
  show(form, range);
  if (still) return;
  playButton(form).ariaPressed = "true";
  playing = setInterval(() => {
    range.stepUp();
    show(form, range);
    if (range.value === range.max || !form.isConnected) stop(form);
  }, PACE);
}

/** Stop; return whether this figure was playing. @param {HTMLFormElement} form */
function stop(form) {
  clearInterval(playing);
  const played = playButton(form).ariaPressed === "true";
  for (const one of document.querySelectorAll(".step button")) one.ariaPressed = "false";
  return played;
}

/** @param {HTMLFormElement} form @returns {HTMLButtonElement} */
const playButton = (form) => /** @type {HTMLButtonElement} */ (form.querySelector(".step button"));

/** Return which case is chosen. @param {HTMLFormElement} form */
const chosen = (form) => Number(form.querySelector("input:checked")?.getAttribute("value"));

/** Return what is said at each step of that case. @param {HTMLFormElement} form @returns {string[]} */
const says = (form) => JSON.parse(form.parentElement?.dataset.says ?? "[]")[chosen(form)];

/** Show one step. @param {HTMLFormElement} form @param {HTMLInputElement} range */
function show(form, range) {
  const step = Number(range.value);
  const figure = /** @type {HTMLElement} */ (form.parentElement);
  /** @type {NodeListOf<SVGElement>} */ (figure.querySelectorAll(".case")).forEach((one, number) => {
    display(one, number === chosen(form));
  });
  for (const one of /** @type {NodeListOf<SVGElement>} */ (figure.querySelectorAll("[data-from]"))) {
    display(one, step >= Number(one.dataset.from) && step <= Number(one.dataset.to ?? step));
  }
  for (const one of /** @type {NodeListOf<SVGElement>} */ (figure.querySelectorAll(".marker"))) {
    const [x, y] = (one.dataset.path?.split(" ")[step] ?? "0,0").split(",");
    one.style.transform = `translate(${x}px, ${y}px)`;
  }
  /** @type {HTMLOutputElement} */ (form.querySelector("output")).value = says(form)[step];
}

/** @param {SVGElement} one @param {boolean} shown */
const display = (one, shown) =>
  shown ? one.removeAttribute("display") : one.setAttribute("display", "none");
