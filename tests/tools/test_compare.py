"""A copy of a file of ComfyUI's is cut and compared line by line; what is no such copy is refused."""

from pathlib import Path

import pytest

from tests.server.test_source_map import SOURCE, fates, run
from tools.source_map.compare import compare_lines
from tools.source_map.cut import cut


def test_a_file_is_cut_into_definitions_and_paragraphs() -> None:
    """A file is cut into imports, definitions with what stands right above, and paragraphs."""
    assert [(region.id, region.lines) for region in cut(SOURCE).regions.values()] == [
        ("imports", "1–3"),
        ("#1", "5–6"),
        ("greet", "8–11"),
        ("Server", "14–30"),
        ("Server#header", "14"),
        ("Server#1", "15"),
        ("Server.__init__", "17–27"),
        ("Server.__init__#header", "17"),
        ("Server.__init__#1", "18–19"),
        ("Server.__init__#2", "21–22"),
        ("GET /a", "24–26"),
        ("Server.__init__#3", "27"),
        ("Server.start", "29–30"),
    ]


def test_the_parts_of_a_cut_file_leave_out_blank_lines_only() -> None:
    """The regions without parts hold every line of a file once, except the blank lines between them."""
    lines = [n for part in cut(SOURCE).innermost() for n in range(part.start, part.code_end + 1)]
    assert lines == [n for n, line in enumerate(SOURCE.splitlines(), 1) if line]


def test_an_unchanged_file_holds_fully() -> None:
    """Every region of an unchanged file is the same, two of equal text included."""
    twice = SOURCE.replace("self.d = 4", "self.d = 4\n\n        self.d = 4")
    for source in (SOURCE, twice):
        assert set(fates(source, source).values()) == {"same"}


def test_a_line_added_on_top_moves_all_below() -> None:
    """A line added to the imports changes them alone; all the other regions have moved."""
    found = fates(SOURCE, SOURCE.replace("import json", "import json\nimport os"))
    assert found.pop("imports") == "changed"
    assert set(found.values()) == {"moved"}


def test_blank_lines_after_a_region_do_not_matter() -> None:
    """A copy with fewer or more blank lines after a region has the same region."""
    for other in (SOURCE.replace("\n\n\n", "\n\n"), SOURCE.replace("\n\n\n", "\n\n\n\n"), f"{SOURCE}\n\n"):
        assert other != SOURCE
        assert set(fates(SOURCE, other).values()) <= {"same", "moved"}


def test_a_single_line_is_followed() -> None:
    """A line that a page links to by its number is the same, has moved by some lines, or has changed."""

    def fate(now: str, name: str) -> tuple[str, str]:
        finding = next(compare_lines(cut(SOURCE), cut(now), [name]))
        return finding.state, finding.now

    assert fate(SOURCE, "L5") == ("same", "5")
    assert fate(f"#\n{SOURCE}", "L5-L6") == ("moved", "6–7")
    assert fate(SOURCE.replace("MORE = 8", "MORE = 7"), "L5-L6") == ("changed", "")
    assert fate(SOURCE.replace("MORE", "#\nMORE"), "L5-L6") == ("changed", "")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("server.py", None, "No such file or directory"),
        ("", None, "the folder has no "),
        ("other.py", b"", "call the copy by its name"),
        ("main.py", b"def f(:\n", "line 1"),
        ("main.py", b"a\0b", "null bytes"),
        ("execution.py", "# caf\u00e9".encode("latin-1"), "codec can't decode"),
    ],
)
def test_what_is_no_server_is_refused_in_one_line(
    name: str, content: bytes | None, message: str, tmp_path: Path
) -> None:
    """A missing file, a folder without the files, another name, no Python, no UTF-8: one line of error."""
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    done = run(file)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(f"{file}: ")
    assert message in done.stderr


def test_without_a_file_it_says_how_it_is_called() -> None:
    """Called without a path, the command says how it is called, with exit code 2."""
    done = run()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: python -m tools.source_map ")
