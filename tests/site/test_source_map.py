"""The layer of the map that the browser keeps: which pages the reader has opened."""

import base64
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import FLAGS, find_browser
from tests.site.conftest import serving
from tests.tools.test_source_picture import drawn
from tools.model import ROOT

HTML = """<!doctype html><link rel=stylesheet href=../../site.css>
<style>body {{ background: var(--md-default-bg-color) }}</style>
<body data-md-color-scheme={scheme}><div class=figure>{picture}</div>"""
# A screenshot, since a script cannot ask what colour a visited link has: here in the middle of a column.
PIXELS = """async ([data, points]) => {
  const image = await createImageBitmap(await (await fetch("data:image/png;base64," + data)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  return points.map(([x, y]) => [...canvas.getImageData(x, y, 1, 1).data]);
}"""


@pytest.fixture
def reader(browser: Browser, tmp_path: Path) -> Iterator[BrowserContext]:
    """Open a browser that has a history, in a folder of its own."""
    context = browser.browser_type.launch_persistent_context(
        tmp_path / "profile", executable_path=find_browser(), args=FLAGS
    )
    yield context
    context.close()


def column_colours(page: Page) -> list[list[int]]:
    """Return the colour beside each block."""
    data = base64.b64encode(page.screenshot(full_page=True)).decode()
    columns = page.locator("a .read").all()
    boxes = [box for column in columns if (box := column.bounding_box())]
    middles = [[int(box["x"] + box["width"] / 2), int(box["y"] + box["height"] / 2)] for box in boxes]
    colours: list[list[int]] = page.evaluate(PIXELS, [data, middles])
    return colours


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_the_map_marks_what_was_opened(reader: BrowserContext, tmp_path: Path, scheme: str) -> None:
    """Beside the lines of an opened page, and only there, a column appears, without any script."""
    site = tmp_path / "site"
    for path in ("server/map", "server/view"):
        (site / path).mkdir(parents=True)
        (site / path / "index.html").write_text(HTML.format(scheme=scheme, picture=drawn("en")), "utf-8")
    shutil.copy(ROOT / "docs/theme/assets/site.css", site)
    with serving(site) as address:
        page = reader.new_page()
        page.goto(f"{address}server/map/")
        links = [link.get_attribute("xlink:href") for link in page.locator("a:has(.read)").all()]
        before = after = column_colours(page)
        page.get_by_text("Viewing a file", exact=True).click()
        page.wait_for_url("**/server/view/")
        page.goto(f"{address}server/map/")
        while after == before:  # the browser notes it in its own time
            after = column_colours(page)
    changed = {link for link, one, other in zip(links, before, after, strict=True) if one != other}
    assert changed == {"../view/"}
    assert len({tuple(colour) for colour in before}) == 1
