"""Run Lighthouse, mobile, on pages of each kind in both languages.

`python -m tests.site.measure.lighthouse SITE` looks at a built site. It needs `lighthouse` (npm) on the path
and a Chromium; the best of three runs counts.
"""

import functools
import gzip
import http.server
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from tests.browser import find_browser
from tests.site.conftest import KINDS, QuietHandler

# The heaviest pages too, the one with a form, and the one that is a table.
PAGES = (*KINDS, "server/index", "server/prompt-queue", "server/try-it", "glossary")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FLAGS = "--headless --no-sandbox --disable-gpu --disable-background-networking"


class GzipHandler(QuietHandler):
    """Serve compressed, as any real host does."""

    def do_GET(self) -> None:
        """Answer with the whole file, compressed."""
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            return self.send_error(404)
        body = gzip.compress(file.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(file))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(body)
        return None


def scores(url: str) -> list[int]:
    """Return the best score of three runs, one per category, in hundredths."""
    command = ["lighthouse", url, "--output=json", "--quiet", f"--chrome-flags={FLAGS}"]
    runs = []
    for _ in range(3):
        done = subprocess.run(
            command, capture_output=True, check=True, env={**os.environ, "CHROME_PATH": find_browser()}
        )
        report = json.loads(done.stdout)["categories"]
        runs.append([round(report[name]["score"] * 100) for name in CATEGORIES])
    return [max(column) for column in zip(*runs, strict=True)]


def main(site: str) -> None:
    """Print a row of scores for each page."""
    handler = functools.partial(GzipHandler, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f"{'page':28}", *CATEGORIES)
        for home in ("", "en/"):
            for kind in PAGES:
                path = f"{home}{kind}/".removesuffix("index/")
                print(
                    f"{path or '/':28}", *scores(f"http://127.0.0.1:{server.server_port}/{path}"), flush=True
                )
        server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1])
