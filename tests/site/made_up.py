"""A made-up server.py with its map, since the project must not hold ComfyUI's."""

from collections.abc import Iterable
from typing import Any

from source import build
from tools.source_map.cut import cut

TEXT = '''\
import json
import os


def greet(name):
    """Greet."""
    greeting = f"hello {name}"
    return greeting


class Server:
    def start(self):
        self.on = True
        self.count = 0

    def stop(self):
        self.on = False

        return self.count

    def note(self, text):
        print("# not a comment", text)  # a comment
'''
MAP = cut(TEXT, "server.py", "nobody/made-up", "v1", "0123456789abcdef")
RAW = "https://raw.githubusercontent.com/nobody/made-up/0123456789abcdef/server.py"


def facts(purposes: dict[str, str], notes: Iterable[list[Any]] = ()) -> dict[str, Any]:
    """Return what the site tells the scripts of that file."""
    return {
        "tag": MAP.tag,
        "raw": RAW,
        "pages": [["This", "page/"], ["That", "that/"]],
        "regions": [[r.id, r.start, r.code_end, r.end, purposes.get(r.id, "")] for r in MAP.regions.values()],
        "notes": list(notes),
        "sums": build.pack(MAP.lines),
    }
