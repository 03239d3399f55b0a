// Helpers for the scripts that build a user interface.

/**
 * Create an element.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {object} [properties]
 * @param {(Node | string)[]} children
 */
export function create(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/**
 * Load a style sheet that lies beside these scripts; it is ready when the promise is kept. It goes into the body:
 * instant navigation takes out of the head what the next page does not have.
 * @param {string} name
 */
export const loadStyles = (name) =>
  new Promise((onload) => {
    const href = new URL(name, import.meta.url).href;
    document.body.append(create("link", { rel: "stylesheet", href, onload }));
  });

/** Say something to a screen reader. @param {string} text */
export function announce(text) {
  const place =
    document.querySelector(".source-said") ??
    document.body.appendChild(create("div", { className: "source-said" }));
  place.role = "status";
  place.textContent = text;
}

/** @param {string} label @param {() => void} onclick */
export const button = (label, onclick) => create("button", { type: "button", textContent: label, onclick });
