"""Which lines of the original a part of the re-creation corresponds to, against the table of names."""

import ast
import json
import re
from pathlib import Path

import pytest

from source import originals
from tests.real import swaps
from tests.site.built_site import folder
from tools.model import LANGUAGES, ROOT, Page, Project
from tools.source_map import LINES

RECREATION = ROOT / "snippets/recreation"
OURS = {name for names in swaps.OURS.values() for name in names.split()}
ELSEWHERE = {"execution.is_link", "main.make_folders"}  # in a module that has no map; in an adapter
FILES = [file for file in originals.maps() if (RECREATION / file).exists()]


def there(key: str) -> list[originals.Span]:
    """Return the spans of a section."""
    return originals.spans(key, "en")


def test_touching_lines_are_one_span() -> None:
    """Two methods that follow one another are shown in one piece, others apart."""
    both = ("put → PromptQueue.put", "get → PromptQueue.get")
    assert there("execution.py:put") == [("execution.py", 884, 901, both)]
    assert [span[:3] for span in there("server.py:is_inside")] == [
        ("server.py", 299, 299),
        ("server.py", 396, 396),
    ]


def test_a_handler_is_named_by_its_route() -> None:
    """It is a method here, and a function within the constructor there."""
    assert there("server.py:post_prompt") == [("server.py", 613, 648, ("post_prompt → POST /prompt",))]


def test_a_part_says_of_what() -> None:
    """Lines within a function are a part of it, in either language."""
    expected = {"en": "part of GET /view", "zh": "GET /view 的一部分"}
    for language in LANGUAGES:
        (span,) = originals.spans("server.py:preview_response", language)
        assert span.names == (f"preview_response → {expected[language]}",)


def test_of_a_constructor_the_routes_within_are_left_out() -> None:
    """Its own paragraphs are shown, not the 544 lines."""
    assert [span[:3] for span in there("server.py:PromptServer")] == [("server.py", 147, 184)]


@pytest.mark.parametrize("file", FILES)
def test_what_has_the_same_name_is_found(file: str) -> None:
    """Each function that the real one takes the place of is found under its name, or that of its route."""
    module = ast.parse((RECREATION / file).read_text("utf-8"))
    for name, node in originals.definitions(module):
        public = f"{file.removesuffix('.py')}.{name.partition('.')[0]}"
        if "." in name or public in OURS | ELSEWHERE or isinstance(node, ast.ClassDef):
            continue
        spans = list(originals.spans_of(file, name, node, "en"))
        assert [one.names for one in spans] == [(f"{name} → {name}",)], name


def test_every_cited_line_exists() -> None:
    """A docstring that names lines of a file is understood; lines and version are the map's if it has one."""
    for file in (RECREATION).glob("*.py"):
        for name, node in originals.definitions(ast.parse(file.read_text("utf-8"))):
            text = ast.get_docstring(node) or ""
            cited = originals.CITED.search(text)
            assert bool(cited) == bool(re.search(r"Source:.*\.py\s+\d", text, re.DOTALL)), name
            if cited and cited[1] in originals.maps():
                source = originals.maps()[cited[1]]
                assert f"ComfyUI {source.tag}," in " ".join(cited[0].split())
                for first, last in originals.LINES.findall(cited[2]):
                    found = source.region(f"L{first}-L{last or first}")
                    ends = [source.lines[line - 1] for line in (found.start, found.code_end)]
                    assert originals.BLANK not in ends, (file.name, name)


def marked(site: Path, page: Page) -> list[str]:
    """Return the keys of the blocks of a built page."""
    html = (site / page.address / "index.html").read_text("utf-8")
    return re.findall(r'<div class="[^"]*highlight[^"]*" data-original="([^"]+)"', html)


def test_each_block_has_its_original(site: Path) -> None:
    """Each shown part that has one is marked, no other; the scripts know the same, and link to its lines."""
    count = 0
    for page in Project().all_pages():
        keys = marked(site, page)
        shown = re.findall(r'--8<-- "recreation/([\w.]+:\w+)"', page.source)
        assert keys == [key for key in shown if there(key)], page.name
        file = folder(site, "source") / page.address / "original.json"
        known = json.loads(file.read_text("utf-8")) if keys else {}
        assert file.exists() == bool(keys), page.name
        assert set(keys) == known.keys(), page.name
        for address, first, last, names in (span for spans in known.values() for span in spans):
            assert names
            assert LINES.fullmatch(address.partition("#")[2]).groups() == (str(first), str(last))  # type: ignore[union-attr]
        count += len(keys)
    assert count
