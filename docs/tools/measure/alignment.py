"""Time the comparison of a copy with a map: `python -m tools.measure.alignment COPY/server.py`."""

import statistics
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from source import build
from tools.browser import FLAGS
from tools.measure.server import chromium, serving
from tools.source_map import source_maps
from tools.source_map.__main__ import decode

ROUNDS = 15
TIME = """async ([text, pinned, places]) => {
  const { Copy } = await import("/copy.js");
  const start = performance.now();
  const copy = new Copy(text, pinned);
  const aligned = performance.now();
  for (const [first, last, end] of places) copy.fate({ first, last }, end);
  return [aligned - start, performance.now() - aligned];
}"""


def main(path: str) -> None:
    """Print what a first visit takes, in milliseconds: the alignment, and the fates of all regions."""
    text, source = decode(Path(path).read_bytes()), source_maps()[Path(path).name]
    sums = [int(line[:6], 16) for line in source.lines]
    places = [[region.start, region.code_end, region.end] for region in source.regions.values()]
    with serving(str(build.HERE / "browser")) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        taken = []
        for _ in range(ROUNDS):
            page = browser.new_context().new_page()  # nothing is compiled yet
            page.goto(f"{address}copy.js")
            taken.append(page.evaluate(TIME, [text, sums, places]))
            page.context.close()
    print(f"{path}: {text.count(chr(10))} lines against {source.tag}'s {len(source.lines)}")
    for name, values in zip(("alignment", "all fates"), zip(*taken, strict=True), strict=True):
        print(f"{name}: median {statistics.median(values):.0f} ms, slowest {max(values):.0f} ms")


if __name__ == "__main__":
    main(sys.argv[1])
