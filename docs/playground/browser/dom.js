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

/** Create a label around a control. @param {string} name @param {HTMLElement} control */
export const label = (name, control) => create("label", {}, create("span", { textContent: name }), control);

/** Load a style sheet that lies beside these scripts. @param {string} name */
export function addStylesheet(name) {
  // Not into the head: instant navigation takes out of it what the next page lacks.
  document.body.append(create("link", { rel: "stylesheet", href: new URL(name, import.meta.url).href }));
}
