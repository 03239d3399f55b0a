// Adds a button to each link into ComfyUI's source. This is all that a page carries before a click (build.py puts it
// into the page); a click fetches the rest, and where the reader has asked always to see the source, the page does.

const html = document.documentElement;
const label = html.lang === "zh" ? "在这里看源码：" : "Show the source here: ";
/** @returns {Promise<typeof import("./view.js")>} */
const view = () =>
  import(`${root}source/view.js`).catch((error) => {
    dispatchEvent(new Event("loadfailed")); // theme/main.html
    throw error;
  });

document$.subscribe(() => {
  for (const link of document.querySelectorAll("a.source:not(.source-link > *)")) {
    const place = document.createElement("span");
    const button = document.createElement("button");
    place.className = "source-link";
    button.type = "button";
    button.ariaExpanded = "false";
    button.ariaLabel = label + link.textContent;
    button.onclick = () => view().then(({ toggle }) => toggle(button));
    link.replaceWith(place);
    place.append(link, button);
  }
  if (html.matches(".source-always")) view().then(({ showAll }) => showAll());
});
