"""Give the folders of scripts, styles and data names that change with their content.

A browser may then keep what lies there for ever, and a page never meets files of another build. A tab that
is kept open over a new publication notices it by the page's `build` (theme/main.html).
"""

import hashlib
import re
from pathlib import Path

# Each after those whose names it holds; the pages hold the names of all.
FOLDERS = ("python", "run", "source", "assets", "en/assets")
FILES_JSON = "run/files.json"  # tells the scripts of Run where Python lies (playground/build.py)
# A script, style or picture of one of them, as the pages write it: in an attribute, or in a script's string.
REFERENCE = re.compile(
    r"""(?<=["}])(?P<before>(?:[\w.-]*/)*)(?P<folder>run|source|assets)(?P<file>/[\w./${}-]+\.(?:js|css|svg|png))\b"""
)


def name_by_content(site: Path) -> None:
    """Rename the folders of a built site, and refer to the new names."""
    names: dict[str, str] = {}
    for folder in filter(lambda folder: (site / folder).exists(), FOLDERS):
        if folder == "run":
            replace(site / FILES_JSON, "../python/", f"../{names['python']}/")
        names[folder] = f"{folder}-{sum_of(site / folder)}"
        (site / folder).rename(site / names[folder])
    for page in site.rglob("*.html"):
        home = "en/" if page.is_relative_to(site / "en") else ""
        page.write_text(with_names(page.read_text("utf-8"), home, names), "utf-8")


def with_names(html: str, home: str, names: dict[str, str]) -> str:
    """Return a page that refers to the folders by their new names, and says of which build it is."""

    def renamed(match: re.Match[str]) -> str:
        new = names.get(home + match["folder"]) or names[match["folder"]]
        return match["before"] + new.removeprefix(home) + match["file"]

    build = sum_of_text("".join(names.values()))
    return REFERENCE.sub(renamed, html).replace("<head>", f'<head>\n<meta name="build" content="{build}">', 1)


def sum_of(folder: Path) -> str:
    """Return a short sum of the names and bytes of all files in a folder."""
    digest = hashlib.sha256()
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()[:12]


def sum_of_text(text: str) -> str:
    """Return a short sum of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def replace(file: Path, old: str, new: str) -> None:
    """Replace a text in a file.

    Raises:
        ValueError: It is not there.
    """
    text = file.read_text("utf-8")
    if old not in text:
        raise ValueError(f"{file} does not hold {old}")
    file.write_text(text.replace(old, new), "utf-8")
