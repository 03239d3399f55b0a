// Adds a button to each link into ComfyUI's source. This is all that a page loads before a click; the first click
// fetches the rest (view.js), and where the reader has asked always to see the source, the page does.

const root = document.documentElement;
const label = root.lang === "zh" ? "在这里看源码：" : "Show the source here: ";
const view = () => import("./view.js");

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
  if (root.matches(".source-always")) view().then(({ showAll }) => showAll());
});
