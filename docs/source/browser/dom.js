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

/** Load a style sheet that lies beside these scripts; it is ready when the promise is kept. @param {string} name */
export const loadStyles = (name) =>
  new Promise((onload) => {
    document.head.append(
      create("link", { rel: "stylesheet", href: new URL(name, import.meta.url).href, onload }),
    );
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
