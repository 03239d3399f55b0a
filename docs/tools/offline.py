"""Pack a built site into one archive a language, to be read offline: python -m tools.offline site.

Unpacked and served from its folder (`python -m http.server`), a copy is searched and run as online. It has
no link to the other language, and no files that only a host or another program asks for.
"""

import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tools.model import LANGUAGES

SHARED = ("python-", "run-", "source-")  # the folders of scripts that both languages use
LEFT_OUT = re.compile(r"(en/)?(404\.html|llms\.txt|sitemap\.xml\.gz)|cards/.*|.*\.(md|map)")
SWITCH = re.compile(r'<a class="md-header__button language".*?</a>', re.DOTALL)
# A copy begins at /. The icon keeps a browser from asking for another.
TO_ENGLISH = '<!doctype html><meta http-equiv="refresh" content="0; url=en/"><link rel="icon" href="data:,">'


def main(site: Path) -> None:
    """Write both archives beside the site."""
    for language in LANGUAGES:
        pack(site, language, site.with_name(f"{site.name}-{language}.zip"))


def pack(site: Path, language: str, archive: Path) -> None:
    """Write an archive whose bytes depend on nothing but the site's."""
    with zipfile.ZipFile(archive, "w") as packed:
        for name, content in sorted(files(site, language)):
            info = zipfile.ZipInfo(f"{archive.stem}/{name}")
            packed.writestr(info, content, zipfile.ZIP_DEFLATED, 9)


def files(site: Path, language: str) -> Iterator[tuple[str, bytes]]:
    """Yield what the copy of a language holds."""
    if language == "en":
        yield "index.html", TO_ENGLISH.encode()
    for file in filter(Path.is_file, site.rglob("*")):
        name = file.relative_to(site).as_posix()
        wanted = name.startswith(SHARED) or name.startswith("en/") == (language == "en")
        if wanted and not LEFT_OUT.fullmatch(name):
            yield name, without_switch(file) if file.suffix == ".html" else file.read_bytes()


def without_switch(page: Path) -> bytes:
    """Return a page without its link to the other language.

    Raises:
        ValueError: It has none, or more.
    """
    text, count = SWITCH.subn("", page.read_text("utf-8"))
    if count != 1:
        raise ValueError(
            f"{page} has {count} links to the other language: see SWITCH in docs/tools/offline.py"
        )
    return text.encode()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
