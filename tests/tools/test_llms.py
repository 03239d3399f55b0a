"""The pages as Markdown: everything that the build puts into a page stands in it."""

import re
from ast import PyCF_ALLOW_TOP_LEVEL_AWAIT, PyCF_ONLY_AST
from pathlib import Path
from textwrap import dedent

import pytest

from tools import llms
from tools.model import LANGUAGES, Project


@pytest.mark.parametrize("language", LANGUAGES)
def test_writes_every_page_and_lists_those_of_the_navigation(tmp_path: Path, language: str) -> None:
    """Nothing is left for a build to fill in, and every link of llms.txt leads to a file."""
    llms.write(tmp_path, language, "Notes", "What they are.")
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.md")}
    assert written == {f"{path}.md" for path in Project().pages(language) if path != "proofs/index"}
    for file in written - {"contributing.md"}:  # shows how an include is written
        text = (tmp_path / file).read_text("utf-8")
        assert not re.search(
            r"^ *--8<-- |\]\[(?:tests\.|server\.py#)|\.py#\w+\]\[\]|^\{[a-z-]+\}$", text, re.MULTILINE
        ), file
    listed = re.findall(
        r"^- \[.*?\]\((.*?\.md)\): ..", (tmp_path / "llms.txt").read_text("utf-8"), re.MULTILINE
    )
    assert set(listed) <= written
    assert "aiohttp/middleware.md" in listed


def test_puts_code_and_output_where_they_are_included() -> None:
    """As far in as the include; without the markers of sections."""
    text = llms.markdown("aiohttp/middleware", "en")
    assert (Project().output("aiohttp/middleware/order.py") or "nothing").strip() in text
    assert "--8<--" not in text
    assert "proofs/aiohttp/middleware/#tests.aiohttp.test_middleware." in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_pieces_of_a_program_in_one_block_are_parted(language: str) -> None:
    """Each begins at the margin, so the block can be parsed, though some are the body of a function."""
    fence = re.compile(r"^( *)```python[^\n]*\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
    joined = 0
    for path, page in Project().pages(language).items():
        shown = fence.finditer(llms.markdown(path, language))
        for typed, block in zip(fence.finditer(page.source), shown, strict=True):
            if typed[2].count("--8<-- ") > 1:
                joined += 1
                compile(dedent(block[2]), path, "exec", PyCF_ALLOW_TOP_LEVEL_AWAIT | PyCF_ONLY_AST)
    assert joined
