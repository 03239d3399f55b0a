"""Run Lighthouse, mobile, on pages of each kind in both languages.

`python -m tools.measure.lighthouse SITE` looks at a built site. It needs `lighthouse` (npm) on the path
and a Chromium; the best of three runs counts.
"""

import json
import os
import subprocess
import sys

from tools.measure.server import chromium, serving

# One of each kind, the heaviest ones too, the one with a form, and the one that is a table.
PAGES = (
    "index",
    "errata",
    "aiohttp/middleware",
    "proofs/git/describe",
    "server/index",
    "server/map",
    "server/prompt-queue",
    "server/try-it",
    "glossary",
)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FLAGS = "--headless --no-sandbox --disable-gpu --disable-background-networking"


def scores(url: str) -> list[int]:
    """Return the best score of three runs, one per category, in hundredths."""
    command = ["lighthouse", url, "--output=json", "--quiet", f"--chrome-flags={FLAGS}"]
    runs = []
    for _ in range(3):
        done = subprocess.run(
            command, capture_output=True, check=True, env={**os.environ, "CHROME_PATH": chromium()}
        )
        report = json.loads(done.stdout)["categories"]
        runs.append([round(report[name]["score"] * 100) for name in CATEGORIES])
    return [max(column) for column in zip(*runs, strict=True)]


def main(site: str) -> None:
    """Print a row of scores for each page."""
    with serving(site) as address:
        print(f"{'page':28}", *CATEGORIES)
        for home in ("", "en/"):
            for name in PAGES:
                path = f"{home}{name}/".removesuffix("index/")
                print(f"{path or '/':28}", *scores(address + path), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
