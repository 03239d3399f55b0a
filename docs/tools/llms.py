"""Write each page's Markdown with its snippets and outputs in it, and `llms.txt`, which lists them.

For programs that read text: `/aiohttp/middleware.md` is the page `/aiohttp/middleware/`.
"""

import re
from pathlib import Path
from textwrap import dedent

from tools import generated
from tools.checks.includes import shown_lines
from tools.model import CITATION, FRONT_MATTER, INCLUDE, PERMALINK, Project
from tools.source_map import source_maps

ID = re.compile(r" \{ #[^}]*\}$", re.MULTILINE)
LIST = re.compile(r"^\{(concepts|proof-pages|versions)\}$", re.MULTILINE)
COUNT = re.compile(r"\{(notes|snippets|proofs(?:-\w+)?)\}")
PROOF_PAGE = re.compile(r"(\(?(?:\.\./)*proofs/[\w/-]+)\.md#")
OTHER = {"zh": "- [English](en/llms.txt)", "en": "- [中文](../llms.txt)"}


def write(site: Path, language: str, name: str, description: str) -> None:
    """Write them all into the built site of one language."""
    pages = Project().pages(language)
    for path in (path for path in pages if not path.startswith("proofs/")):  # those are lists of links
        file = site / f"{path}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(markdown(path, language), "utf-8")
    lines = [f"# {name}", "", f"> {description}", "", OTHER[language]]
    for title, paths in generated.sections().items():
        lines += ["", f"## {title}", ""]
        lines += [f"- [{pages[path].title}]({path}.md): {pages[path].meta['description']}" for path in paths]
    (site / "llms.txt").write_text("\n".join(lines) + "\n", "utf-8")


def markdown(path: str, language: str) -> str:
    """Return the text of a page with everything in it that the build would put there."""
    text = FRONT_MATTER.sub("", Project().pages(language)[path].source).lstrip()
    up = "../" * path.count("/")
    text = LIST.sub(lambda found: "\n".join(listed(found[1], language)), ID.sub("", text))
    text = COUNT.sub(lambda found: str(generated.counts()[found[1]]), text)
    text = CITATION.sub(lambda found: f"[✓]({up}{generated.proof_address(found[1])})", text)
    text = PROOF_PAGE.sub(r"\1/#", text)  # a page of the site, and no Markdown
    text = PERMALINK.sub(lambda found: source_link(found[1], language), text)
    return INCLUDE.sub(included, text)


def listed(name: str, language: str) -> list[str]:
    """Return the list that stands for `{name}`."""
    if name == "versions":
        return generated.version_table(language)
    return generated.concepts(language) if name == "concepts" else generated.proof_list(language)


def source_link(region: str, language: str) -> str:
    """Return the link to a region of ComfyUI's files."""
    file, _, name = region.partition("#")
    source = source_maps()[file]
    return f"[{source.label(name, language)}]({source.address(name)})"


def included(found: re.Match[str]) -> str:
    """Return what an include shows, as far in as the include is; two pieces in a row are parted."""
    indent = found[0][: len(found[0]) - len(found[0].lstrip())]
    shown = dedent("\n".join(shown_lines(Project(), found[1], found[2]))).splitlines()
    follows = found.string[found.end() + 1 :].lstrip(" ").startswith("--8<-- ")
    return "\n".join(f"{indent}{line}".rstrip() for line in [*shown, *[""] * 2 * follows])
