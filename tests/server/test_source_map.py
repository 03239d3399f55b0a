"""Proofs on docs/tools/source_map, which compares any copy of ComfyUI's files with their maps.

The sources are made up; the mapped files are ComfyUI's and not part of this project.
"""

import re
import subprocess
import sys
from pathlib import Path

import pygit2
import pytest

from tools.model import ROOT
from tools.source_map import source_maps
from tools.source_map.compare import STATES, compare
from tools.source_map.cut import cut

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
    return {finding.id: finding.state for finding in compare(cut(then), cut(now))}


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    called = [sys.executable, "-m", "tools.source_map", *map(str, arguments)]
    return subprocess.run(called, cwd=ROOT, capture_output=True, encoding="utf-8")


@pytest.mark.ours("a tool of this site, on made-up files")
def test_a_change_reaches_the_wholes_around_it() -> None:
    """A changed line changes its region and the regions around that one, no other.

    改了一行，变的是它所在的区域和外面套着它的区域，别的不变。
    """
    found = fates(SOURCE, SOURCE.replace("return self.a", "return self.b"))
    changed = [name for name, state in found.items() if state == "changed"]
    assert changed == ["Server", "Server.__init__", "GET /a"]
    assert set(found.values()) == {"changed", "same"}


@pytest.mark.ours("a tool of this site, on made-up files")
def test_another_spelling_counts_as_a_change_and_does_the_same() -> None:
    """`x not in` for `not x in` changes a region for the map, and not one byte of what Python runs.

    把 `not x in` 写成 `x not in`，对照表算作变了；Python 执行的字节码一个字节也没变。
    """
    then, now = (SOURCE.replace("self.a\n", f"{words} self.d\n") for words in ("not 1 in", "1 not in"))
    assert fates(then, now)["GET /a"] == "changed"
    before, after = (compile(f"{words} x", "", "eval") for words in ("not 1 in", "1 not in"))
    assert (before.co_code, before.co_consts) == (after.co_code, after.co_consts)


@pytest.mark.ours("a tool of this site, on made-up files")
def test_a_renamed_function_is_gone_and_new() -> None:
    """A function under another name counts as gone under the old one and new under the other; one taken out as gone.

    函数换了名字：旧名字算没了，新名字算新添的；函数移走了，也算没了。
    """  # noqa: E501
    found = fates(SOURCE, SOURCE.replace("greet", "welcome"))
    assert (found["greet"], found["welcome"]) == ("gone", "new")
    before, rest = SOURCE.split("# says hello")
    found = fates(SOURCE, before + rest[rest.index("class Server") :])
    assert (found["greet"], found["Server.start"]) == ("gone", "moved")


@pytest.mark.ours("a tool of this site, on made-up files")
def test_the_pages_to_read_again_are_named(tmp_path: Path) -> None:
    """Before the last line stand the pages that own or link to a region that has changed or is gone.

    最后一行之前列出要重读的页：它们负责或链接的区域变了、没了。
    """
    changed = "\n\nclass PromptServer:\n    def send_sync(self):\n        pass\n"
    (tmp_path / "server.py").write_text(SOURCE + changed, "utf-8")
    *lines, _ = run(tmp_path).stdout.splitlines()
    pages = [line.partition(": ") for line in lines if line.split()[0] not in STATES]
    assert lines[-len(pages) :] == ["".join(page) for page in pages]
    names = {page: names.split(", ") for page, _, names in pages}
    assert "server.py#create_cors_middleware.cors_middleware gone" in names["server/cors"]  # which owns it
    assert "server.py#POST /prompt gone" in names["asyncio/event-loop"]  # which links to it
    assert "server.py#PromptServer.send_sync changed" in names["server/publishing"]
    assert all(name.endswith((" gone", " changed")) for found in names.values() for name in found)
    assert not any("send_sync" in name for name in names["http/caching"])  # which does not explain it


@pytest.mark.ours("a tool of this site, on made-up files")
@pytest.mark.parametrize("text", [SOURCE, "", "\ufeff" + SOURCE.replace("\n", "\r\n")])
def test_the_last_line_says_how_much_holds(text: str, tmp_path: Path) -> None:
    """The command lists 69 regions and ends with a line for each file, the share that holds: none of them in another server.

    命令列出 69 个区域，最后每个文件一行，说还有几成有效；换成别的服务器，一个也没有。
    """  # noqa: E501
    file = tmp_path / "server.py"
    file.write_bytes(text.encode())
    done = run(file)
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert lines[-1].startswith("server.py: 0 of 69 regions still hold (0 %): ")
    assert [line.split("  server.py#")[1] for line in lines[:69]] == list(source_maps()["server.py"].regions)
    assert {line.split()[0] for line in lines[:69]} <= set(STATES)
    for other in ("execution.py", "main.py"):
        (tmp_path / other).write_bytes(text.encode())
    *lines, execution, main, last = run(tmp_path).stdout.splitlines()
    assert not any("still hold" in line for line in lines)
    for (name, known), line in zip(source_maps().items(), (execution, main, last), strict=True):
        assert re.match(rf"{name}: \d+ of {len(known.regions)} regions still hold \(\d+ %\): ", line)


@pytest.mark.ours("a tool of this site, on made-up files")
def test_each_mapped_file_is_compared_under_its_own_name(tmp_path: Path) -> None:
    """A copy of server.py, execution.py or main.py is compared with its own map, and each region has a state.

    server.py、execution.py、main.py 的副本各与自己的地图比较，每个区域都有一个状态。
    """
    assert set(source_maps()) == {"server.py", "execution.py", "main.py"}
    for name, known in source_maps().items():
        (file := tmp_path / name).write_text(SOURCE, "utf-8")
        *lines, last = run(file).stdout.splitlines()
        assert re.match(rf"{name}: \d+ of {len(known.regions)} regions still hold ", last)
        states = dict(line.split(maxsplit=1)[::-1] for line in lines if line.split()[0] in STATES)
        assert len(states) >= len(known.regions)


@pytest.mark.ours("a tool of this site, on made-up files")
def test_a_tag_of_a_clone_is_compared(tmp_path: Path) -> None:
    """With `--tag` the command compares all three files as they were at that tag of a clone.

    加上 `--tag`，命令比较克隆里那个标签下的三个文件。
    """
    repository = pygit2.init_repository(tmp_path)
    author = pygit2.Signature("a", "a@example")
    for text, tag in ((SOURCE, "v0.3.11"), ("", "v0.3.12")):
        for name in source_maps():
            (tmp_path / name).write_text(text, "utf-8")
        repository.index.add_all()
        parents = [] if repository.head_is_unborn else [repository.head.target]
        commit = repository.create_commit("HEAD", author, author, "", repository.index.write_tree(), parents)
        repository.create_reference(f"refs/tags/{tag}", commit)
    *lines, execution, main, server = run(tmp_path, "--tag", "v0.3.11").stdout.splitlines()
    assert [line.partition(":")[0] for line in (execution, main, server)] == list(source_maps())
    assert any(line.startswith("new") and line.endswith("server.py#Server.start") for line in lines)
    assert "server.py#Server.start" not in run(tmp_path, "--tag", "v0.3.12").stdout


@pytest.mark.ours("a tool of this site, on made-up files")
def test_a_map_holds_checksums_and_no_line() -> None:
    """For each line a map has eight hexadecimal digits, and no text.

    每一行，地图里只有八位十六进制数字，没有文字。
    """
    for one in source_maps().values():
        assert all(re.fullmatch("[0-9a-f]{8}", line) for line in one.lines)
        assert len(one.lines) == max(region.end for region in one.regions.values())
