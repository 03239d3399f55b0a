"""What axe finds that shuts readers out."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

CODE = "pre"  # is coloured alike everywhere; one page of each kind is seen with it
DESK: Any = {"width": 1440, "height": 900}
PHONE: Any = {"width": 390, "height": 844}
# The contrast of each text takes half of axe's time. Texts look alike that have the same colours and size on
# the same backgrounds: three of them are measured, since axe skips one that something else covers.
THREE_OF_EACH_LOOK = """([within, without]) => {
  const known = new WeakMap(), looks = {};
  const background = (one) => {
    if (one && !known.has(one)) {
      const { backgroundColor, backgroundImage, opacity } = getComputedStyle(one);
      known.set(one, [backgroundColor, backgroundImage, opacity, background(one.parentElement)].join());
    }
    return known.get(one);
  };
  for (const one of document.querySelectorAll("*")) {
    delete one.dataset.look;
    const text = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!text && !one.matches("input, select, textarea")) continue;
    if (!one.checkVisibility() || !one.closest(within) || (without && one.closest(without))) continue;
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(one);
    const disabled = !!one.closest(":disabled, [aria-disabled=true]"); // axe skips those
    const look = [color, fontSize, fontWeight, textShadow, disabled, background(one)].join();
    looks[look] = (looks[look] ?? 0) + 1;
    if (looks[look] <= 3) one.dataset.look = "";
  }
}"""
MARKED_ONLY = 'axe.configure({ rules: [{ id: "color-contrast", selector: "[data-look]" }] })'


def violations(page: Page, within: str = "html", without: str | None = None) -> list[str]:
    """Say what axe finds on a page as it stands, or in a part of it: the page around was seen without it."""
    scheme, width = page.evaluate("[document.body.dataset.mdColorScheme, innerWidth]")
    page.evaluate(THREE_OF_EACH_LOOK, [within, without])
    context = {"include": [[within]], "exclude": [[without]] if without else []}
    axe = Axe(f"{AXE_SCRIPT}\n{MARKED_ONLY}")
    found = axe.run(page, context=context, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{page.url} {scheme} {width}: {one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]
