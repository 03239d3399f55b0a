// Shows the proof behind a ✓ in place: its sentence, how it is known and its source, taken from the proof's own page;
// where a page can run it, a button does (docs/playground/browser/run_proof.js).

const words = {
  zh: {
    close: "关闭",
    page: "它在证明页上的位置，以及哪里用到它",
    kinds: "✓ 的四种样子",
    run: "▶\uFE0E 运行这个证明",
    retry: "再试一次",
    both: "Python 和 pytest",
    size: "：下载一次，SIZE MB",
  },
  en: {
    close: "Close",
    page: "Its place among the proofs, and where it is claimed",
    kinds: "What the marks mean",
    run: "▶\uFE0E Run this proof",
    retry: "Try again",
    both: "Python and pytest",
    size: ": one download, SIZE MB",
  },
}[document.documentElement.lang === "zh" ? "zh" : "en"];
const GAP = 8; // px between the ✓ and its panel
const SHEET = matchMedia("(max-width: 44.9844em)"); // as in assets/site.css

/** Fetch what the panel of a ✓ shows. @param {HTMLAnchorElement} link */
async function read(link) {
  const response = await fetch(link.href);
  if (!response.ok) throw new Error(`${response.status} ${link.href}`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const heading = page.getElementById(decodeURIComponent(link.hash.slice(1)));
  const [known, source] = [heading?.nextElementSibling, heading?.nextElementSibling?.nextElementSibling];
  if (!heading || !known || !source) throw new Error(`no proof at ${link.href}`);
  heading.querySelector(".headerlink")?.remove();
  return {
    id: heading.id,
    sentence: [...heading.childNodes],
    how: [...known.childNodes].slice(0, 2), // the mark, and in words
    name: [...(source.querySelector("summary")?.childNodes ?? [])],
    code: source.querySelector(".highlight") ?? source,
    script: known.getAttribute("data-runner"), // where the proof can run in a page
  };
}

/** The button that runs a proof by a script of Run, and what its first click downloads. @param {URL} script @param {string} name */
function runBar(script, name) {
  const button = element("button", { type: "button", textContent: words.run });
  const start = async () => {
    const { ProofRun } = await import(script.href);
    new ProofRun(button.closest("dialog"), button, name).run(); // replaces onclick
  };
  button.onclick = () =>
    start().catch(() => {
      script.hash = String(performance.now()); // as in theme/main.html
      button.textContent = words.retry;
      dispatchEvent(new Event("loadfailed")); // theme/main.html
    });
  const bar = element("div", { className: "run" }, button);
  if (!sessionStorage.proofs) addSize(bar, script).catch(() => {}); // the button works without
  return bar;
}

/** @param {HTMLElement} bar @param {URL} script */
async function addSize(bar, script) {
  const { sizes, proofs } = await (await fetch(new URL("files.json", script))).json();
  const [what, files] = sessionStorage.python ? ["pytest", []] : [words.both, Object.values(sizes)];
  const bytes = [proofs, ...files].reduce((sum, [, compressed]) => sum + compressed, 0);
  bar.prepend(what + words.size.replace("SIZE", (bytes / 1e6).toFixed(1)));
}

/** Open the panel of a ✓; where its proof cannot be fetched, theme/main.html goes to the proof's page. @param {HTMLAnchorElement} link */
export async function open(link) {
  const proof = await read(link);
  const how = new Text(proof.how[1].textContent?.split(" · ")[0]);
  const title = element("p", { id: "proof-sentence", className: "sentence" }, ...proof.sentence);
  const close = element("button", { type: "button", className: "close", textContent: "×" });
  close.ariaLabel = close.title = words.close;
  const home = element("a", { href: link.href }, words.page);
  const kinds = element("a", { href: new URL("../../", link.href.split("#")[0]).href }, words.kinds);
  const panel = element(
    "dialog",
    { className: "proof-panel md-typeset" },
    element("p", { className: "known" }, proof.how[0], how, close),
    title,
    element("p", { className: "test" }, ...proof.name),
    proof.script ? runBar(new URL(proof.script, link.href), proof.id) : "",
    proof.code,
    element("p", { className: "ways" }, home, " · ", kinds),
  );
  panel.setAttribute("aria-labelledby", title.id);
  panel.addEventListener("click", ({ target }) => {
    if (target === panel || target === close || target === home || target === kinds) panel.close();
  });
  const leave = () => panel.close(); // Back goes to another page without a load
  addEventListener("popstate", leave);
  panel.addEventListener("close", () => {
    removeEventListener("popstate", leave);
    panel.remove();
    link.focus({ preventScroll: true }); // a click with the mouse gives a link no focus everywhere
  });
  // After the link that skips to the text, which is to be the first; before the tooltips, which site.css hides.
  document.querySelector("[data-md-component=container]")?.after(panel);
  panel.showModal();
  place(panel, link);
  new ResizeObserver(() => place(panel, link)).observe(panel); // it grows with what a run prints
  for (const code of panel.querySelectorAll("code"))
    if (code.scrollWidth > code.clientWidth) code.tabIndex = 0; // the keyboard scrolls it
}

/** Put the panel below its ✓ or above the paragraph, which stays in sight; site.css makes it a sheet on a phone. @param {HTMLElement} panel @param {HTMLElement} link */
function place(panel, link) {
  if (SHEET.matches) {
    const covered = link.getBoundingClientRect().bottom + GAP - panel.getBoundingClientRect().top;
    if (covered > 0) scrollBy({ top: covered, behavior: "instant" });
    return;
  }
  const { bottom } = link.getBoundingClientRect();
  const { top } = (link.closest("p, li, tr") ?? link).getBoundingClientRect();
  const { left } = (link.closest("article") ?? link).getBoundingClientRect();
  const header = document.querySelector("header")?.getBoundingClientRect().bottom ?? 0;
  const below = innerHeight - bottom - 2 * GAP;
  const above = top - header - 2 * GAP;
  // Where it is whole, else where there is more room; it does not jump when it grows.
  const isBelow =
    panel.dataset.side === "below" || (!panel.dataset.side && below >= Math.min(panel.scrollHeight, above));
  panel.dataset.side = isBelow ? "below" : "above";
  const room = isBelow ? below : above;
  panel.style.setProperty("--room", `${room}px`);
  panel.style.setProperty(
    "--left",
    `${Math.max(GAP, Math.min(left, innerWidth - panel.offsetWidth - GAP))}px`,
  );
  panel.style.setProperty(
    "--top",
    `${isBelow ? bottom + GAP : top - GAP - Math.min(panel.offsetHeight, room)}px`,
  );
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<HTMLElementTagNameMap[Tag]>} properties
 * @param {(Node | string)[]} children
 */
function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}
