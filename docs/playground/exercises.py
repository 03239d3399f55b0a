"""Make an exercise of its answer: the snippet's section `gap` is taken out, for the reader to write it.

`docs/tools/markdown.py` shows the rest before the answer; in a page, *Check* (browser/panel.js) runs what the
reader wrote and compares what it prints with the answer's output.
"""

import re
import textwrap
from pathlib import Path

from playground import build

FOLDER = "exercises"  # beside the snippets' topics, in the reader's browser
GAP = re.compile(r"^([ \t]*)# --8<-- \[start:gap\]\n.*?# --8<-- \[end:gap\]\n", re.MULTILINE | re.DOTALL)
TITLE = {"zh": "写出 ... 处缺少的代码", "en": "Write what is missing at ..."}


def paths() -> list[str]:
    """Return the snippets with a gap that a browser can run."""
    files = {file.relative_to(build.ROOT / "snippets").as_posix() for file in snippets_with_gap()}
    return sorted(files - build.reasons().keys())


def snippets_with_gap() -> list[Path]:
    """Return the files of all exercises."""
    files = (build.ROOT / "snippets").rglob("*.py")
    return [file for file in files if GAP.search(file.read_text("utf-8"))]


def block(path: str, part: str | None, language: str) -> list[str]:
    """Return the lines of the block before an answer; none if this part of the answer has no gap."""
    if not GAP.search(section(path, part)) or path in build.reasons():
        return []
    mark = f'title="{TITLE[language]}" data-exercise="{FOLDER}/{path}"'
    return [f"```{{ .python {mark} }}", *without_gap(section(path, part)).splitlines(), "```", ""]


def section(path: str, part: str | None) -> str:
    """Return a named part of a snippet, markers included, or all of it."""
    text = (build.ROOT / "snippets" / path).read_text("utf-8")
    if not part:
        return text
    lines, _, _ = text.partition(f"[start:{part}]\n")[2].partition(f"[end:{part}]")[0].rpartition("\n")
    return f"{lines}\n"


def without_gap(text: str) -> str:
    """Return code without its markers, and with `...` in place of its gap."""
    return textwrap.dedent(build.MARKER.sub("", GAP.sub(r"\1...\n", text))).rstrip() + "\n"


def add(site: Path) -> None:
    """Put the snippets with their gaps into the built site, for the editor."""
    for path in paths():
        target = site / "run/snippets" / FOLDER / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(without_gap(section(path, None)), "utf-8")
