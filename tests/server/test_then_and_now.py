"""Proofs for the page server/then-and-now."""

import json
import re
import struct
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
import yaml
from aiohttp import WSMsgType
from aiohttp.test_utils import TestClient, TestServer

from snippets.recreation import model_management
from snippets.recreation.serving import SMALL_PROMPT, serving
from snippets.server.then_and_now import binary, flags, unchanged
from tools.model import FENCE, LANGUAGES, Project
from tools.source_map import Region, SourceMap, source_maps
from tools.source_map.__main__ import references
from tools.source_map.compare import compare, compare_lines, summary

DATA: dict[str, Any] = json.loads(unchanged.NOW.with_name("changes.json").read_text("utf-8"))
MAP: dict[str, Any] = json.loads(unchanged.NOW.read_text("utf-8"))
THEN = source_maps()["server.py"]
NOW = SourceMap(
    **{**MAP, "lines": MAP["lines"].split(), "regions": {r["id"]: Region(**r) for r in MAP["regions"]}}
)
FOUND = list(compare(THEN, NOW))
PARENTS = {region.parent for region in THEN.regions.values()}


def section(language: str, name: str) -> str:
    """Return the text of a section of the page itself."""
    page = Project().pages(language)["server/then-and-now"]
    return next(part.text for part in page.sections if part.id == name)


def table(language: str, name: str) -> list[list[str]]:
    """Return the first and the last cell of each row of a table on the page."""
    lines = [line.strip() for line in section(language, name).splitlines() if line.strip().startswith("| ")]
    rows = [line.removeprefix("| ").removesuffix(" |").split(" | ") for line in lines[2:]]
    return [[row[0], row[-1]] for row in rows]


def commits(entry: dict[str, Any]) -> str:
    """Return what a table says of an entry's commits."""
    return ", ".join(f"`{commit['commit']}` {commit['date']}" for commit in entry["commits"])


@pytest.mark.document("the maps of server.py in v0.3.10 and v0.33.0")
def test_749_of_849_lines_stand(capsys: pytest.CaptureFixture[str]) -> None:
    """Of 849 lines 749 come again in v0.33.0, in the same order: 88 %.

    849 行里有 749 行在 v0.33.0 里按同样的次序再次出现：88 %。
    """
    assert len(THEN.lines) == 849
    assert unchanged.standing(list(THEN.lines), list(NOW.lines)) == 749
    unchanged.main()
    assert capsys.readouterr().out.startswith("749 of 849 lines: 88%\n")


@pytest.mark.document("the maps of server.py in v0.3.10 and v0.33.0")
def test_the_numbers_of_the_new_file() -> None:
    """In 72 commits 849 lines and 22 routes became 1479 and 27; of 90 regions 28 are new, 6 for 4 changed.

    72 个提交，849 行、22 条路由变成 1479 行、27 条；90 个区域里 28 个是新的，其中六个取代了四个变了的段落。
    """
    assert DATA["commits"] == 72
    assert len(THEN.lines) == 849
    assert len([region for region in THEN.regions.values() if region.kind == "route"]) == 22
    routes = [region for region in NOW.regions.values() if region.kind == "route"]
    assert (NOW.tag, NOW.commit[:8], len(NOW.lines)) == ("v0.33.0", "2f35f4a0", 1479)
    assert (len(routes), {route.parent for route in routes}) == (27, {"PromptServer.__init__"})
    assert len(NOW.regions) == 90
    new = [finding.id for finding in FOUND if finding.state == "new"]
    assert len(new) == 28
    lost = [finding.id for finding in FOUND if finding.state == "changed" and not finding.now]
    assert lost == [f"PromptServer.__init__#{number}" for number in range(2, 6)]
    assert len([name for name in new if name.startswith("PromptServer.__init__#")]) == 6
    known = Counter(finding.state for finding in FOUND if finding.state != "new" and finding.now)
    assert known == {"moved": 34, "changed": 28}
    assert not {"get_comfyui_version", "cache_control"} & NOW.regions.keys()
    assert NOW.regions["GET /embeddings"].params == ["request"]


@pytest.mark.document("the maps of server.py in v0.3.10 and v0.33.0")
@pytest.mark.parametrize("language", LANGUAGES)
def test_34_of_69_regions_hold(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Of 69 regions 34 have the same text, at other lines; 32 have changed, 3 are gone. Cited lines too.

    69 个区域里，34 个内容没变，行号都变了；32 个变了，3 个没了。页面引用的单独一行也比较。
    """
    state = {finding.id: finding.state for finding in FOUND if finding.state != "new"}
    assert list(state) == list(THEN.regions)
    assert Counter(state.values()) == {"moved": 34, "changed": 32, "gone": 3}
    assert summary(FOUND).startswith("server.py: 34 of 69 regions still hold (49 %)")
    shown = re.findall(r"`((?:moved|changed|gone|new) [^`]+)`", section(language, "check"))
    assert len(shown) == 5
    cited = {name for page in Project().pages(language).values() for name in references(page)}
    assert "server.py#L466" in cited
    found = {" ".join(str(finding).split()) for finding in [*FOUND, *compare_lines(THEN, NOW, ["L466"])]}
    assert set(shown) <= found
    unchanged.main()
    names = " ".join(capsys.readouterr().out.splitlines()[2:]).split(", ")
    held = [name.removeprefix("PromptServer.") for name in state if state[name] == "moved"]
    assert names == held
    unchanged_parts = {
        "send_socket_catch_exception",
        "send_json",
        "send_bytes",
        "send_sync",
        "queue_updated",
        "publish_loop",
    }
    assert unchanged_parts < set(held)
    lost = {"create_origin_only_middleware.origin_only_middleware", "PromptServer.__init__.image_upload"}
    assert {state[name] for name in lost} == {"changed"}
    assert "image_upload" in THEN.regions["POST /upload/image"].calls
    assert state["POST /upload/image"] == "moved"


@pytest.mark.document("the maps of server.py in v0.3.10 and v0.33.0")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_lists_every_region_that_changed(language: str) -> None:
    """The table lists each of thirty regions changed or gone; the last their commits, of two only `65cfcf5b`.

    没有下级的区域，凡是变了的、没了的，表里都有，三十个；末尾的表列出各自的提交，其中两个只有 `65cfcf5b`。
    """
    lost = [finding for finding in FOUND if finding.state in ("changed", "gone")]
    leaves = [finding.id for finding in lost if finding.id not in PARENTS]
    assert (len(lost), len(leaves)) == (35, 30)
    gone = {finding.id for finding in lost if finding.state == "gone"}
    assert gone == {"BinaryEventTypes", "get_comfyui_version", "cache_control"} <= set(leaves)
    assert {finding.id for finding in lost} - set(leaves) == {
        "create_cors_middleware",
        "create_origin_only_middleware",
        "PromptServer",
        "PromptServer.__init__",
        "POST /upload/mask",
    }
    spelt = [e["region"] for e in DATA["changed"] if [c["commit"] for c in e["commits"]] == ["65cfcf5b"]]
    assert spelt == ["GET /models/{folder}", "GET /view_metadata/{folder_name}"]
    links = [f"`{name.rpartition('.')[2]}` [server.py#{name}][]" for name in leaves]
    assert [row[0] for row in table(language, "changed")] == links
    assert [entry["region"] for entry in DATA["changed"]] == leaves
    assert all(entry["commits"] for entry in DATA["changed"])
    named = {commit["commit"] for part in ("changed", "new") for e in DATA[part] for commit in e["commits"]}
    assert len(named - {"ed0f4a60"}) == DATA["commits"] - 6  # one changed another file, six cancel out
    expected = [[link, commits(entry)] for link, entry in zip(links, DATA["changed"], strict=True)]
    assert table(language, "commits") == expected


@pytest.mark.document("the maps of server.py in v0.3.10 and v0.33.0")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_second_table_lists_what_is_new(language: str) -> None:
    """The second table lists fourteen of 28 new regions; the others are parts of one, or of the constructor.

    第二张表列出 28 个新区域里的十四个；其余都是某个新区域的部分，或者构造函数里的段落。
    """
    listed = [entry["region"] for entry in DATA["new"]]
    assert len(listed) == 14
    expected = [[f"`{entry['region']}`", commits(entry)] for entry in DATA["new"]]
    assert table(language, "new") == expected
    left = {finding.id for finding in FOUND if finding.state == "new"} - set(listed)
    assert len(left) == 14
    inside = (*(f"{name}#" for name in listed), *(f"{name}." for name in listed), "PromptServer.__init__#")
    assert all(name.startswith(inside) for name in left)


@pytest.mark.document("counted in a clone, as `unchanged` counts")
@pytest.mark.parametrize("language", LANGUAGES)
def test_ever_fewer_lines_stand(language: str) -> None:
    """From one of fifteen releases to the next never more lines stand; the figure has these numbers.

    十五个版本，从一个到下一个，还在的行从不变多；图里就是这些数。
    """
    stand = [release["stand"] for release in DATA["releases"]]
    steps = [before - after for before, after in pairwise(stand)]
    assert len(stand) == 15
    assert (min(steps), max(steps), sum(steps)) == (0, 21, 100)
    assert (stand[0], stand[-1]) == (849, 749)
    assert DATA["releases"][0]["date"] == "2024-12-26"
    assert DATA["releases"][-1]["date"] == "2026-08-13"
    bars = [[release["tag"], [[0, release["stand"], release["stand"]]]] for release in DATA["releases"]]
    bodies = [body for *_, body in FENCE.findall(section(language, "changed")) if "rows:" in body]
    assert yaml.safe_load(bodies[0])["rows"] == bars


@pytest.mark.ours("written after a later version, which v0.3.10 is not")
def test_event_3_carries_a_node_and_a_text() -> None:
    """Event 3 is its number, the length of the node's id, the id, then the text to the end.

    事件 3：编号、节点号的长度、节点号，剩下的全是文字。
    """
    assert binary.text_message("7", "50 %") == struct.pack(">II", 3, 1) + b"750 %"


@pytest.mark.ours("written after a later version, which v0.3.10 is not")
def test_event_4_carries_json_and_a_picture() -> None:
    """Event 4 is its number, the length of the JSON, the JSON, then the picture to the end.

    事件 4：编号、JSON 的长度、JSON，剩下的全是图片。
    """
    message = binary.picture_message(b"\xff\xd8", node_id="7")
    event, length = struct.unpack_from(">II", message)
    assert (event, json.loads(message[8 : 8 + length])) == (4, {"node_id": "7"})
    assert message[8 + length :] == b"\xff\xd8"


@pytest.mark.ours("written after a later version, which v0.3.10 is not")
def test_the_length_counts_bytes() -> None:
    """The length before a node's id counts bytes of UTF-8, not letters.

    节点号前面的长度数的是 UTF-8 的字节，不是字数。
    """
    assert binary.text_message("节点", "")[7] == len("节点".encode()) == 6


@pytest.mark.ours("written after a later version, which v0.3.10 is not")
@pytest.mark.parametrize(
    ("before", "heard"),
    [
        (None, True),
        ("{}", False),
        ('{"type": "status"}', False),
        (flags.FLAGS, False),
        ("oops", True),
        ("", True),
        ("[]", True),
        ("5", True),
        ("true", True),
        ("null", True),
        ('"feature_flags"', True),
        (b"{}", True),
        pytest.param("[" * 100_000, True, id="a RecursionError"),
    ],
)
async def test_flags_count_until_the_first_json_object(before: str | bytes | None, heard: bool) -> None:
    """Flags are answered unless a JSON object came first; other JSON, other text and bytes do not count.

    功能标志有响应，除非之前来过一个 JSON 对象；别的 JSON、别的文字、字节都不算。
    """
    async with TestClient(TestServer(flags.build_app())) as client:
        ws = await client.ws_connect("/ws", autoping=False)
        if before == flags.FLAGS:  # they are answered themselves, and then no more
            assert await flags.answered(ws, None)
            assert (await ws.receive(timeout=10)).type == WSMsgType.PONG
            before = None
        assert await flags.answered(ws, before) is heard


async def test_v0_3_10_ignores_the_body() -> None:
    """`POST /interrupt` of v0.3.10 is 200 and interrupts, whatever its body, even above the limit.

    v0.3.10 的 `POST /interrupt` 不管正文是什么，哪怕超过上限，都返回 200，都中断。
    """
    odd = (b"oops", b"[]", b"\xff", b"null", b"5", b"{", bytes(2**16))
    async with serving("--max-upload-size", "0.01", worker=False, publish=False) as (_, client, *_):
        assert (await client.post("/prompt", data=odd[-1])).status == 413  # which is read
        for body in (b"", b"{}", b'{"prompt_id": "one"}', *odd):
            model_management.interrupt_current_processing(False)
            assert (await client.post("/interrupt", data=body)).status == 200
            assert model_management.processing_interrupted()


async def test_v0_3_10_shows_the_keys() -> None:
    """`GET /queue` of v0.3.10 returns all of `extra_data`, the fourth element, with a key in it.

    v0.3.10 的 `GET /queue` 返回整个 `extra_data`，即第四个元素，里面的密钥也在。
    """
    given = {"api_key_comfy_org": "secret", "note": "x"}
    body = {"prompt": SMALL_PROMPT, "extra_data": given}
    async with serving(worker=False, publish=False) as (server, client, *_):
        for number in (1, 2):
            assert (await client.post("/prompt", json=body | {"number": number})).status == 200
        server.prompt_queue.get()  # is now running
        queue = await (await client.get("/queue")).json()
    for [item] in (queue["queue_running"], queue["queue_pending"]):
        assert (len(item), item[3]) == (5, given)
