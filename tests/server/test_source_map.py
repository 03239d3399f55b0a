"""Proofs on docs/tools/source_map.py, which compares any copy of server.py with the source map.

The sources are made up; the map's own file is ComfyUI's and not part of this project.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tools.model import ROOT, Project
from tools.source_map import compare, cut

from snippets.server.then_and_now.holds import NOW, THEN, entry

SOURCE = '''\
"""A server."""
import json
from aiohttp import web

LIMIT = 9
MORE = 8

# says hello
@web.middleware
async def greet(request, handler):
    return await handler(request)


class Server:
    """Serve."""

    def __init__(self):
        """Begin."""
        self.a = 1

        self.b = 2
        self.c = 3

        @routes.get("/a")
        async def get_a(request):
            return self.a
        self.d = 4

    async def start(self):
        pass
'''


def fates(then: str, now: str) -> dict[str, str]:
    """Return what became of each region, by its id."""
    known = [entry(part) for part in cut(then)]
    return {finding.id: finding.state for finding in compare(known, cut(now))}


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    command = [sys.executable, "-m", "tools.source_map", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")


def test_a_file_is_cut_into_definitions_and_paragraphs() -> None:
    """A file is cut into imports, definitions with what stands right above, and paragraphs.

    文件切成导入、定义（连同紧挨在上面的东西）和段落。
    """
    assert [(part.id, part.lines) for part in cut(SOURCE)] == [
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
    """The regions without parts hold every line of a file once, except the blank lines between them.

    没有下级的区域合起来，每一行都在、都只有一次；漏下的只有区域之间的空行。
    """
    parts = cut(SOURCE)
    wholes = {part.id.rpartition("#")[0] for part in parts if part.id.endswith("#header")}
    lines = [n for part in parts if part.id not in wholes for n in range(part.start, part.end + 1)]
    assert lines == [n for n, line in enumerate(SOURCE.splitlines(), 1) if line]


def test_an_unchanged_file_holds_fully() -> None:
    """Every region of an unchanged file is the same, two of equal text included.

    文件没改，每个区域都一样，内容相同的两个也不会认错。
    """
    twice = SOURCE.replace("self.d = 4", "self.d = 4\n\n        self.d = 4")
    for source in (SOURCE, twice):
        assert set(fates(source, source).values()) == {"same"}


def test_a_line_added_on_top_moves_all_below() -> None:
    """A line added to the imports changes them alone; all the other regions have moved.

    导入多一行，变的只有导入，其余区域都只是挪了位置。
    """
    found = fates(SOURCE, SOURCE.replace("import json", "import json\nimport os"))
    assert found.pop("imports") == "changed"
    assert set(found.values()) == {"moved"}


def test_a_change_reaches_the_wholes_around_it() -> None:
    """A changed line changes its region and the regions around that one, no other.

    改了一行，变的是它所在的区域和外面套着它的区域，别的不变。
    """
    found = fates(SOURCE, SOURCE.replace("return self.a", "return self.b"))
    changed = [name for name, state in found.items() if state == "changed"]
    assert changed == ["Server", "Server.__init__", "GET /a"]
    assert set(found.values()) == {"changed", "same"}


def test_a_renamed_function_is_gone_and_new() -> None:
    """A function under another name counts as gone under the old one and new under the other.

    函数换了名字：旧名字算没了，新名字算新添的。
    """
    found = fates(SOURCE, SOURCE.replace("greet", "welcome"))
    assert (found["greet"], found["welcome"]) == ("gone", "new")


def test_a_paragraph_is_known_by_its_text_not_by_its_number() -> None:
    """A paragraph with another number is found by its text; one whose text is nowhere counts as changed.

    段落的号码变了，凭内容照样找得到；内容哪里也没有的，算变了。
    """
    found = fates(SOURCE, SOURCE.replace('        """Begin."""\n        self.a = 1\n\n', ""))
    assert [found[f"Server.__init__#{number}"] for number in (1, 2, 3)] == ["changed", "moved", "moved"]
    findings = compare([entry(part) for part in cut(SOURCE)], cut(SOURCE.replace("self.a = 1", "self.a = 0")))
    first = [(finding.state, finding.now) for finding in findings if finding.id == "Server.__init__#1"]
    assert first == [("changed", ""), ("new", "18–19")]


def test_blank_lines_after_a_region_do_not_matter() -> None:
    """The map's sums include the blank lines after a region; a copy with fewer or more is the same.

    地图的校验和连区域后面的空行一起算；另一份多几行少几行空行，仍旧算一样。
    """
    known: list[dict[str, Any]] = [entry(part) for part in cut(THEN)]
    for region, part in zip(known, cut(THEN), strict=True):
        region |= {"end": part.end + 2, "sha256": part.sha256(2)}
    assert {finding.state for finding in compare(known, cut(THEN))} == {"same"}


def test_the_small_file_changes_as_shown() -> None:
    """In the small example five regions have changed, and four are found again elsewhere.

    小例子里五个区域变了，四个换了地方还找得到。
    """
    states = list(fates(THEN, NOW).values())
    assert (states.count("changed"), states.count("moved"), len(states)) == (5, 4, 9)


@pytest.mark.parametrize("text", [SOURCE, "", "\ufeff" + SOURCE.replace("\n", "\r\n")])
def test_the_last_line_says_how_much_holds(text: str, tmp_path: Path) -> None:
    """The command lists 69 regions and ends with the share that holds: none of them in another server.

    命令列出 69 个区域，最后一行说还有几成有效；换成别的服务器，一个也没有。
    """
    file = tmp_path / "server.py"
    file.write_bytes(text.encode())
    done = run(file)
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr, lines[-1]) == (0, "", "0 of 69 regions still hold (0 %)")
    known = [region["id"] for region in Project().source_map["regions"]]
    listed = [line for line in lines[:-2] if not line.startswith("new")]
    assert [line.endswith(f"  {region}") for line, region in zip(listed, known, strict=True)] == [True] * 69


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("gone.py", None, "No such file or directory"),
        ("", None, "Is a directory"),
        ("broken.py", b"def f(:\n", "line 1"),
        ("null.py", b"a\0b", "null bytes"),
        ("latin.py", "# caf\u00e9".encode("latin-1"), "codec can't decode"),
    ],
)
def test_what_is_no_server_is_refused_in_one_line(
    name: str, content: bytes | None, message: str, tmp_path: Path
) -> None:
    """A missing file, a folder, and what is not Python or not UTF-8 get one line of error and exit code 1.

    文件不存在、是目录、不是 Python、不是 UTF-8：报一行错，退出码为 1。
    """
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    done = run(file)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(f"{file}: ")
    assert message in done.stderr


def test_without_a_file_it_says_how_it_is_called() -> None:
    """Called without a file or with two, the command says how it is called, with exit code 1.

    没给文件，或者给了两个，命令说明用法，退出码为 1。
    """
    for arguments in ((), ("a.py", "b.py")):
        done = run(*arguments)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == "usage: python -m tools.source_map PATH\n"
