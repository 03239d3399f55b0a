"""A server for the built site that compresses, as any real host does."""

import functools
import gzip
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.browser import MISSING, find_browser


class GzipHandler(http.server.SimpleHTTPRequestHandler):
    """Serve each file compressed, to be cached for ten minutes, and log nothing."""

    def do_GET(self) -> None:
        """Answer with the whole file."""
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

    def log_message(self, *args: object) -> None:
        """Log nothing: what is measured is printed."""


@contextmanager
def serving(folder: str, handler: type[GzipHandler] = GzipHandler) -> Iterator[str]:
    """Serve a built site on a free port; yield its address."""
    bound = functools.partial(handler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), bound) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def chromium() -> str:
    """Return the installed Chromium's path, or end."""
    return find_browser() or exit(MISSING)
