"""Proofs for the page server/then-and-now."""

import json
import struct
from collections import Counter
from typing import Any

import pytest
import yaml
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.server.then_and_now import binary, compress, flags, interrupt, jobs_twice, reader
from snippets.server.then_and_now.unchanged import CHANGES
from tests.client import ask
from tools.model import FENCE, LANGUAGES, Project
from tools.source_map import source_maps

DATA: dict[str, Any] = json.loads(CHANGES.read_text("utf-8"))
REGIONS = source_maps()["server.py"].regions


def section(language: str, name: str) -> str:
    """Return the text of a section of the page itself."""
    page = Project().pages(language)["server/then-and-now"]
    return next(part.text for part in page.sections if part.id == name)


def table(language: str, name: str) -> list[list[str]]:
    """Return the first and the last cell of each row of a table on the page."""
    lines = [line for line in section(language, name).splitlines() if line.startswith("| ")]
    rows = [line.removeprefix("| ").removesuffix(" |").split(" | ") for line in lines[2:]]
    return [[row[0], row[-1]] for row in rows]


def commits(entry: dict[str, Any]) -> str:
    """Return what a table says of an entry's commits."""
    return ", ".join(f"`{commit['commit']}` {commit['date']}" for commit in entry["commits"])


def test_39_of_69_regions_hold() -> None:
    """Of 69 regions 39 have the same text at other lines, 27 have changed, 3 are gone; no other is listed.

    69 个区域里，39 个内容没变、换了行号，27 个变了，3 个没了；一个不多，一个不少。
    """
    assert [entry["region"] for entry in DATA["regions"]] == list(REGIONS)
    assert Counter(entry["state"] for entry in DATA["regions"]) == {"moved": 39, "changed": 27, "gone": 3}
    assert {entry["state"] for entry in DATA["regions"] if not entry["now"]} == {"changed", "gone"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_lists_every_region_that_changed(language: str) -> None:
    """The table lists each region without parts that changed or is gone, with its commits and their dates.

    没有下级的区域，凡是变了的、没了的，表里都有，提交和日期也对。
    """
    parents = {region.parent for region in REGIONS.values()}
    lost = [e for e in DATA["regions"] if e["state"] != "moved" and e["region"] not in parents]
    assert all(entry["commits"] for entry in lost)
    expected = [[f"[server.py#{entry['region']}][]", commits(entry)] for entry in lost]
    assert table(language, "changed") == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_second_table_lists_what_is_new(language: str) -> None:
    """The second table lists the new functions and routes and two paragraphs, with their commits and dates.

    第二张表列出新添的函数、路由和两个段落，提交和日期也对。
    """
    assert table(language, "new") == [[f"`{entry['region']}`", commits(entry)] for entry in DATA["new"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_ever_fewer_regions_hold(language: str) -> None:
    """From release to release never more regions hold than before; the figure has these numbers.

    一版接一版，还有效的区域从不变多；图里就是这些数。
    """
    held = [release["hold"] for release in DATA["releases"]]
    assert held == sorted(held, reverse=True)
    assert (held[0], held[-1]) == (69, 43)
    bars = [[release["tag"], [[0, release["hold"], release["hold"]]]] for release in DATA["releases"]]
    bodies = [body for *_, body in FENCE.findall(section(language, "releases")) if "rows:" in body]
    assert yaml.safe_load(bodies[0])["rows"] == [*bars, [DATA["date"][:7], [[0, 39, 39]]]]


def test_event_3_carries_a_node_and_a_text() -> None:
    """Event 3 is its number, the length of the node's id, the id, then the text to the end.

    事件 3：编号、节点号的长度、节点号，剩下的全是文字。
    """
    assert binary.text_message("7", "50 %") == struct.pack(">II", 3, 1) + b"750 %"


def test_event_4_carries_json_and_a_picture() -> None:
    """Event 4 is its number, the length of the JSON, the JSON, then the picture to the end.

    事件 4：编号、JSON 的长度、JSON，剩下的全是图片。
    """
    message = binary.picture_message(b"\xff\xd8", node_id="7")
    event, length = struct.unpack_from(">II", message)
    assert (event, json.loads(message[8 : 8 + length])) == (4, {"node_id": "7"})
    assert message[8 + length :] == b"\xff\xd8"


def test_the_length_counts_bytes() -> None:
    """The length before a node's id counts bytes of UTF-8, not letters.

    节点号前面的长度数的是 UTF-8 的字节，不是字数。
    """
    assert binary.text_message("节点", "")[7] == len("节点".encode()) == 6


def test_a_reader_tells_all_three_apart() -> None:
    """Events 1, 3 and 4 can be told apart and read back; what is cut off or unknown is refused.

    事件 1、3、4 分得清、读得回来；残缺的、不认识的都拒绝。
    """
    assert reader.read(struct.pack(">II", 1, 1) + b"x") == ("picture", "image/jpeg", b"x")
    assert reader.read(binary.text_message("7", "x")) == ("text", "7", b"x")
    assert reader.read(binary.picture_message(b"x", a="b")) == ("picture", {"a": "b"}, b"x")
    for wrong in (b"", struct.pack(">II", 2, 0), struct.pack(">II", 3, 1)):
        with pytest.raises(ValueError, match=r"shorter|unknown"):
            reader.read(wrong)


@pytest.mark.parametrize(("before", "heard"), [([], True), (["{}"], False), (["oops"], True)])
async def test_flags_count_only_in_the_first_readable_message(before: list[str], heard: bool) -> None:
    """Feature flags are answered if they come first; nonsense that is not JSON does not count as first.

    功能标志只有第一个到才有答复；连 JSON 都不是的胡话不算第一个。
    """
    async with TestClient(TestServer(flags.build_app())) as client:
        ws = await client.ws_connect("/ws")
        assert await flags.answered(ws, *before, flags.FLAGS) is heard


@pytest.mark.parametrize(
    ("path", "status"), [("/queue", 200), ("/api/queue", 200), ("/api/jobs", 200), ("/api/api/jobs", 200)]
)
async def test_a_route_below_api_answers_twice_below_it(path: str, status: int) -> None:
    """In a doubled table a route that begins with `/api` answers at `/api/api` too.

    整张表翻倍之后，本来就以 `/api` 开头的路由，在 `/api/api` 下面也答复。
    """
    assert (await ask(jobs_twice.doubled(jobs_twice.routes), path)).status == status


async def test_without_the_prefix_such_a_route_is_not_found() -> None:
    """The same route does not answer without `/api`.

    同一条路由去掉 `/api` 就没有了。
    """
    assert (await ask(jobs_twice.doubled(jobs_twice.routes), "/jobs")).status == 404


async def coding(accepted: str, app: web.Application | None = None, path: str = "/") -> str | None:
    """Return how an answer is encoded."""
    async with TestClient(TestServer(app or compress.build_app()), auto_decompress=False) as client:
        answer = await client.get(path, headers={"Accept-Encoding": accepted})
        assert "Vary" not in answer.headers
        return answer.headers.get("Content-Encoding")


async def test_a_browser_gets_deflate_where_gzip_is_meant() -> None:
    """A client that accepts gzip and deflate gets deflate; one that accepts gzip alone gets gzip.

    gzip、deflate 都收的客户端，拿到的是 deflate；只收 gzip 的才拿到 gzip。
    """
    assert await coding("gzip, deflate, br") == "deflate"
    assert await coding("gzip") == "gzip"
    assert await coding("deflate") is None


async def test_who_refuses_gzip_gets_it() -> None:
    """`gzip;q=0` means not acceptable, and is answered with gzip.

    `gzip;q=0` 是说不要，收到的偏偏是 gzip。
    """
    assert await coding("gzip;q=0") == "gzip"


async def test_pages_and_raised_answers_stay_as_they_are() -> None:
    """HTML is not compressed, nor is a 404 that is raised; no answer says `Vary`.

    HTML 不压缩，抛出来的 404 也不压缩；哪个响应都没有 `Vary`。
    """

    async def page(request: web.Request) -> web.Response:
        return web.Response(text="x" * 3000, content_type="text/html")

    app = compress.build_app()
    app.router.add_get("/page", page)
    assert await coding("gzip", app, "/page") is None
    assert await coding("gzip", path="/none") is None


@pytest.mark.parametrize("body", interrupt.BODIES)
async def test_only_what_is_not_json_is_forgiven(body: bytes) -> None:
    """A handler that ignores its body takes any; one that forgives bad JSON fails at a list and at bad UTF-8.

    不看正文的处理函数什么都收；只原谅 JSON 错误的那个，遇到列表、遇到不是 UTF-8 的就出错。
    """
    assert (await ask(interrupt.build_app(), "/then", "POST", data=body)).status == 200
    answer = await ask(interrupt.build_app(), "/today", "POST", data=body)
    assert answer.status == (500 if body in (b"[]", b"\xff") else 200)
    if answer.status == 200:
        assert await answer.text() == ("one" if b"one" in body else "all")
