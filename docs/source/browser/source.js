// Adds a button to each link into ComfyUI's source. This is all that a page loads before a click; the first click
// fetches the rest (view.js), and where the reader has asked always to see the source, the page does.

const label = document.documentElement.lang === "zh" ? "在这里看源码：" : "Show the source here: ";
const view = () => import("./view.js");

document$.subscribe(() => {
  for (const link of document.querySelectorAll("a.source:not(.source-link > *)")) {
    const button = Object.assign(document.createElement("button"), {
      type: "button",
      ariaExpanded: "false",
      ariaLabel: label + link.textContent,
      onclick: () => view().then(({ toggle }) => toggle(button)),
    });
    const place = Object.assign(document.createElement("span"), { className: "source-link" });
    link.replaceWith(place);
    place.append(link, button);
  }
  if (document.documentElement.matches(".source-always")) view().then(({ showAll }) => showAll());
});
