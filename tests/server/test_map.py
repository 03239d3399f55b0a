"""Proofs for the page server/map."""

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, ClassVar

import pytest
from aiohttp import ClientSession, WSMsgType, web
from aiohttp.typedefs import Handler

from snippets.recreation import folder_paths
from snippets.recreation.nodes import NODE_CLASS_MAPPINGS, Inputs, Node
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import example_prompt, serving
from snippets.server.map import callers, locate
from snippets.server.map.callers import load_regions
from tests.client import ask, connect
from tests.real.plugin import COMFYUI, swap
from tools.model import LANGUAGES, ROOT, Page, Project, Section
from tools.source_map import source_maps

REGIONS = {region["id"]: region for region in load_regions()}
SENDERS = {"GET /ws", "PromptServer.queue_updated", "PromptServer.send_image"}
TOPICS = ("server/version", "aiohttp/requests", "server/cache_control", "server/sending")


def section(language: str, name: str) -> Section:
    """Return a section of the page itself."""
    page: Page = Project().pages(language)["server/map"]
    return next(section for section in page.sections if section.id == name)


def parts_of(parent: str | None) -> list[dict[str, Any]]:
    """Return the regions directly inside one, or those at the top."""
    return [region for region in load_regions() if region["parent"] == parent]


def length(region: dict[str, Any]) -> int:
    """Return how many lines a region has, without the blank ones after it."""
    lines: int = region["code_end"] - region["start"] + 1
    return lines


@pytest.mark.document("the map of server.py")
def test_init_is_most_of_the_class_and_holds_every_route() -> None:
    """The class has 703 of 849 lines, the constructor 544 of these, the routes, all inside it, 378.

    849 行里类有 703 行，构造函数占其中 544 行，路由全在里面，占 378 行。
    """
    assert len(source_maps()["server.py"].lines) == 849
    assert length(REGIONS["PromptServer"]) == 703
    assert length(REGIONS["PromptServer.__init__"]) == 544
    routes = [region for region in load_regions() if region["kind"] == "route"]
    assert {route["parent"] for route in routes} == {"PromptServer.__init__"}
    assert sum(length(route) for route in routes) == 378


@pytest.mark.document("the map of server.py")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_leaves_no_line_out(language: str) -> None:
    """The regions that the table on this page links to make up the whole file, each line once; none begins with a blank one.

    这页表格链接的区域拼起来正好是整个文件，每行一次；没有一个以空行开头。
    """  # noqa: E501
    lines = map(str.strip, section(language, "map").text.splitlines())  # the table is folded
    rows = [line.split(" | ") for line in lines if line.startswith("| [")]
    assert all("](" in row[-1] and len(row) == 3 for row in rows)  # the page that explains it
    linked = [REGIONS[region.removeprefix("server.py#")] for region in section(language, "map").permalinks]
    assert len(rows) == len(linked)
    listed = [line for region in linked for line in range(region["start"], region["end"] + 1)]
    assert listed == list(range(1, 850))
    lines_of_file = source_maps()["server.py"].lines
    assert sha256(b"").hexdigest()[:8] not in {lines_of_file[region["start"] - 1] for region in linked}


@pytest.mark.document("the map of server.py")
def test_everything_sent_goes_through_one_function(capsys: pytest.CaptureFixture[str]) -> None:
    """Only two methods call the function that sends, and both are called by `send` or below it; nothing else sends.

    真正发送的那个函数只有两个方法调用，它们都归 `send` 管；别的代码都不发送。
    """  # noqa: E501
    calls = {call for region in load_regions() for call in region["calls"] if "send" in call}
    assert {call for call in calls if not call.startswith("self.send")} == {"send_socket_catch_exception"}
    assert callers.callers("send_socket_catch_exception") == [
        "PromptServer.send_bytes",
        "PromptServer.send_json",
    ]
    assert callers.callers("self.send_json") == ["PromptServer.send"]
    assert callers.callers("self.send_bytes") == ["PromptServer.send", "PromptServer.send_image"]
    assert callers.callers("self.send_image") == ["PromptServer.send"]
    assert callers.callers("self.send") == ["GET /ws", "PromptServer.publish_loop"]
    callers.main()
    printed = capsys.readouterr().out.splitlines()
    ends = [n for n, line in enumerate(printed) if line.endswith(("GET /ws", "PromptServer.publish_loop"))]
    assert len(ends) == 6
    for end in ends:
        above = (line for line in printed[:end][::-1] if line.index("←") < printed[end].index("←"))
        assert next(above).endswith("← PromptServer.send")


@pytest.mark.document("the map of server.py")
def test_nobody_in_the_file_calls_publish_loop() -> None:
    """`publish_loop`, `queue_updated`, `setup` and `start` have no caller here; `run` calls the first.

    `publish_loop`、`queue_updated`、`setup`、`start` 在这个文件里没人调用；第一个由 `run` 调用。
    """
    for name in ("publish_loop", "queue_updated", "setup", "start"):
        assert f"PromptServer.{name}" in REGIONS
        assert callers.callers(f"self.{name}") == []
    assert not any(call.endswith("publish_loop") for region in REGIONS.values() for call in region["calls"])
    assert "server_instance.publish_loop" in source_maps()["main.py"].regions["run"].calls


@pytest.mark.document("the map of server.py")
def test_one_handler_calls_its_request_self() -> None:
    """Of all routes only `GET /embeddings` calls its parameter `self`.

    所有路由里，只有 `GET /embeddings` 把参数叫作 `self`。
    """
    routes = [region for region in load_regions() if region["kind"] == "route"]
    assert [route["id"] for route in routes if route["params"] != ["request"]] == ["GET /embeddings"]
    assert REGIONS["GET /embeddings"]["params"] == ["self"]


async def test_self_in_a_nested_handler_is_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a handler inside a constructor `self` is the request; so in ComfyUI's `GET /embeddings`, ours is a method.

    写在构造函数里的处理函数，`self` 是请求；ComfyUI 的 `GET /embeddings` 就是这样，我们的是方法。
    """  # noqa: E501
    found: list[object] = []

    def note(kind: str) -> list[str]:
        found.append(sys._getframe(1).f_locals["self"])
        return []

    monkeypatch.setattr(folder_paths, "get_filename_list", note)
    async with serving(worker=False) as (server, client, *_):
        assert (await client.get("/embeddings")).status == 200
    assert (found == [server]) is not bool(COMFYUI)
    assert isinstance(found[0], web.Request) is bool(COMFYUI)
    seen: list[object] = []

    class Server:
        def __init__(self) -> None:
            self.app = web.Application()

            async def handler(self: web.Request) -> web.Response:
                seen.append(self)
                return web.Response()

            self.app.router.add_get("/", handler)

    await ask((mine := Server()).app)
    assert isinstance(seen[0], web.Request)
    assert not hasattr(mine, "handler")


@pytest.mark.document("the map of server.py")
def test_three_functions_make_or_are_a_middleware() -> None:
    """Three functions are middlewares; two of them are returned by a function called in the constructor.

    中间件有三个函数；其中两个由构造函数调用的函数返回。
    """
    users = [r["id"] for r in load_regions() if "aiohttp.web.middleware" in r["uses"]]
    parents = {REGIONS[region]["parent"] for region in users}
    assert [region for region in users if region not in parents] == [
        "cache_control",
        "create_cors_middleware.cors_middleware",
        "create_origin_only_middleware.origin_only_middleware",
    ]
    assert parents - {None} <= set(REGIONS["PromptServer.__init__#4"]["calls"])


@pytest.mark.parametrize(
    ("flags", "second"),
    [
        ([], "origin_only_middleware"),
        (["--enable-cors-header"], "cors_middleware"),
        (["--enable-cors-header", "https://app.example"], "cors_middleware"),
        (["--enable-cors-header", ""], "origin_only_middleware"),
    ],
)
async def test_two_of_the_three_are_installed(flags: list[str], second: str) -> None:
    """`cache_control` stands first, outermost; then CORS if asked for; else, or if empty, the origin check.

    `cache_control` 排第一，在最外面；后面是 CORS，没要求或者值为空，就是来源检查。
    """
    async with serving(*flags, worker=False) as (server, *_):
        names = [getattr(middleware, "__name__", "") for middleware in server.app.middlewares]
    assert names == ["cache_control", second]


@pytest.mark.parametrize(
    ("method", "path", "headers", "route", "status"),
    [
        ("GET", "/queue", {}, None, 200),
        ("GET", "/queue", {"Origin": "https://evil.example"}, None, 403),
        ("GET", "/none", {}, None, 404),
        ("GET", "/none", {"Origin": "https://evil.example"}, None, 403),
        ("POST", "/none", {}, 405, 405),
        ("POST", "/none", {"Origin": "https://evil.example"}, 405, 403),
        ("OPTIONS", "/none", {}, 405, 200),
        ("OPTIONS", "/none", {"Origin": "https://evil.example"}, 405, 403),
        ("GET", "/internal/none", {}, 404, 404),
        ("GET", "/internal/none", {"Origin": "https://evil.example"}, 404, 403),
        ("GET", "/queue", {"Expect": "miracles"}, "never asked", 417),
        ("GET", "/queue", {"Bad Name": "1"}, "never asked", 400),
    ],
)
async def test_the_route_is_found_before_the_middlewares(
    method: str, path: str, headers: dict[str, str], route: int | str | None, status: int
) -> None:
    """A middleware finds the route there already, or its 404 or 405; a 400 or 417 comes before any of them.

    A missing file's 404 is the static folder's, so it comes after them.

    轮到中间件时路由已经找好，或者已经定下 404、405；400 和 417 在所有中间件之前。
    文件不存在的 404 由静态文件夹返回，在中间件之后。
    """
    logging.disable()
    found: list[int | str | None] = []

    @web.middleware
    async def look(request: web.Request, handler: Handler) -> web.StreamResponse:
        error = request.match_info.http_exception
        found.append(error.status if error else None)
        return await handler(request)

    def prepare(server: PromptServer) -> None:
        server.app.middlewares.insert(0, look)

    async with serving(prepare=prepare, worker=False) as (_, _, address, *_):
        reader, writer = await asyncio.open_connection(*address)
        sent = {"Host": "127.0.0.1:8188", **headers, "Connection": "close", "Content-Length": "0"}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        answer = await reader.readline()
        writer.close()
    assert answer.split()[1] == str(status).encode()
    assert (found or ["never asked"]) == [route]


EVENTS: list[dict[str, str]] = json.loads((ROOT / "snippets/server/events.json").read_text("utf-8"))["events"]


def files_of(tree: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each Python file below a tree of git."""
    for item in tree:
        if item.type_str == "tree":
            yield from files_of(item, f"{place}{item.name}/")
        elif item.name.endswith(".py"):
            yield place + item.name, item.data.decode()


@pytest.mark.document("the maps of server.py, execution.py and main.py")
def test_the_table_of_events_leaves_no_sender_out() -> None:
    """The table has ten JSON events and two binary numbers, and a row in each function that sends.

    On ComfyUI itself no further file calls `send_sync`, and each row's lines name its event.

    表里有十种 JSON 事件、两个二进制编号；会发送的函数，每个都有一行在表里。
    在 ComfyUI 上，别的文件都不调用 `send_sync`，每一行的行号处都写着那个事件。
    """
    names = {kind: {e["name"] for e in EVENTS if e["kind"] == kind} for kind in ("json", "binary")}
    assert (len(names["json"]), names["binary"]) == (10, {"1", "2"})
    assert [e["name"] for e in EVENTS if e["to"] == "nobody"] == ["2"]
    assert [e["lines"] for e in EVENTS if e["file"] == "server.py"] == ["201", "796", "204", "769"]
    for event in EVENTS:
        if event["file"] == "server.py":
            assert locate.locate(int(event["lines"]))["id"] in SENDERS
    # A message is handed on by these; who else calls `send_sync` or `add_message` sends one of its own.
    pass_on = {"PromptExecutor.add_message", "PromptExecutor.execute"}
    for file in ("execution.py", "main.py"):
        regions = source_maps()[file].innermost()
        sends = {
            region.id
            for region in regions
            if any(call.endswith(("send_sync", "add_message")) for call in region.calls)
        }
        lines = [int(e["lines"].split("–")[0]) for e in EVENTS if e["file"] == file]
        listed = {r.id for r in regions for line in lines if r.start <= line <= r.code_end}
        assert sends - pass_on == listed - pass_on
    hand_on = {f"PromptServer.{name}" for name in ("send", "send_bytes", "send_json", "publish_loop")}
    regions = source_maps()["server.py"].innermost()
    sends = {r.id for r in regions if any(call.split(".")[-1].startswith("send") for call in r.calls)}
    assert sends - hand_on == SENDERS
    if COMFYUI and (tree := swap(COMFYUI).tree):
        texts = dict(files_of(tree))
        own = {file for file in texts if not file.startswith("tests")}
        assert {file for file in own if ".send_sync(" in texts[file]} == {e["file"] for e in EVENTS}
        for event in EVENTS:
            first, _, last = event["lines"].partition("–")
            said = " ".join(texts[event["file"]].splitlines()[int(first) - 1 : int(last or first)])
            binary = {"1": ".PREVIEW_IMAGE", "2": ".UNENCODED_PREVIEW_IMAGE"}
            assert binary.get(event["name"], f'"{event["name"]}"') in said


async def heard_until(client: ClientSession, name: str, end: str, prompt: object, **more: object) -> set[str]:
    """Queue a prompt; return the names of the events that a client receives until one of them comes."""
    ws = await connect(client, name)
    assert (await client.post("/prompt", json={"prompt": prompt, **more})).status == 200
    received: set[str] = set()
    while end not in received:
        message = await ws.receive(timeout=20)
        if message.type == WSMsgType.BINARY:
            received.add(str(int.from_bytes(message.data[:4], "big")))
            continue
        event = json.loads(message.data)
        received.add(event["type"])
        if event["type"] == "executing" and event["data"]["node"] and end == "execution_interrupted":
            await client.post("/interrupt")
    await ws.close()
    return received


async def test_a_client_receives_nine_of_the_ten_events_and_one_number() -> None:
    """Three prompts bring nine of the ten events, all but `logs`, and pictures as 1; a custom one comes too.

    三个 prompt 带来十种事件里的九种，只缺 `logs`，图片编号是 1；自己取名的事件也收得到。
    """
    fails = {"1": {"class_type": "Fail", "inputs": {"message": "no"}}}
    slow = example_prompt()
    slow["sample"]["inputs"]["steps"] = 10_000

    def announce(json_data: Any) -> Any:
        PromptServer.instance.send_sync("mine", {})
        return json_data

    async with serving() as (server, client, *_):
        server.add_on_prompt_handler(announce)
        received = {
            *await heard_until(client, "me", "execution_success", example_prompt(), client_id="me"),
            *await heard_until(client, "me", "execution_error", fails, client_id="me"),
            *await heard_until(client, "me", "execution_interrupted", slow, client_id="me"),
        }
    table = {event["name"] for event in EVENTS}
    assert received == (table - {"logs", "2"}) | {"mine"}


@pytest.mark.parametrize("message", ["not now", None])
@pytest.mark.parametrize("who", [{}, {"client_id": "me"}])
async def test_a_blocked_node_is_told_to_all_if_there_is_no_submitter(
    who: dict[str, str], message: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On ComfyUI a node blocked with a message sends `execution_error` to its submitter, or to all; ours blocks nothing.

    在 ComfyUI 上，节点被拦下并带有说明，`execution_error` 发给提交者，没有就发给所有客户端；我们的不拦节点。
    """  # noqa: E501
    blocker: Any = sys.modules["comfy_execution.graph"].ExecutionBlocker if COMFYUI else str

    class Blocks(Node):
        RETURN_TYPES = ("INT",)

        def work(self) -> tuple[Any]:
            return (blocker(message),)

    class Takes(Node):
        INPUTS: ClassVar[Inputs] = {"value": ("INT", {})}
        OUTPUT_NODE = True

        def work(self, value: Any) -> dict[str, Any]:
            return {}

    for node in (Blocks, Takes):
        monkeypatch.setitem(NODE_CLASS_MAPPINGS, node.__name__, node)
    prompt: dict[str, Any] = {"1": {"class_type": "Blocks", "inputs": {}}}
    prompt["2"] = {"class_type": "Takes", "inputs": {"value": ["1", 0]}}
    told = {}
    async with serving() as (_, client, *_):
        sockets = {name: await connect(client, name) for name in ("me", "other")}
        assert (await client.post("/prompt", json={"prompt": prompt, **who})).status == 200
        for name, ws in sockets.items():
            events: list[Any] = []
            while not events or events[-1]["data"].get("status", {}).get("exec_info") != {
                "queue_remaining": 0
            }:
                events.append(await ws.receive_json(timeout=20))
            told[name] = [e["data"]["exception_type"] for e in events if e["type"] == "execution_error"]
            await ws.close()
    blocked = ["ExecutionBlocked"] if COMFYUI and message else []
    assert told == {"me": blocked, "other": [] if who else blocked}


async def test_other_objects_add_routes_too() -> None:
    """`add_routes` asks three other objects for theirs: `/internal/logs/raw`, on ComfyUI also `/users` and `/experiment/models`, answers, and is none of the 22.

    `add_routes` 还向另外三个对象要它们的路由：`/internal/logs/raw` 有响应，在 ComfyUI 上还有 `/users` 和 `/experiment/models`，都不在那 22 条里。
    """  # noqa: E501
    assert {
        "self.user_manager.add_routes",
        "self.model_file_manager.add_routes",
        "self.internal_routes.get_app",
    } <= set(REGIONS["PromptServer.add_routes"]["calls"])
    own = {region.partition(" ")[2] for region in REGIONS if region.partition(" ")[0] in ("GET", "POST")}
    async with serving(worker=False) as (_, client, *_):
        theirs = ["/internal/logs/raw", *(["/users", "/experiment/models"] if COMFYUI else [])]  # one of each
        for path in theirs:
            assert (await client.get(path)).status == 200
    assert not own & {*theirs}


@pytest.mark.ours("Python and aiohttp")
def test_importing_urllib_does_not_import_its_parse() -> None:
    """After `import urllib` alone, as server.py has it, there is no `urllib.parse`; with aiohttp there is.

    像 server.py 那样只写 `import urllib`，没有 `urllib.parse`；导入过 aiohttp 就有了。
    """
    assert [use for use in REGIONS["imports"]["uses"] if use.startswith("urllib")] == ["urllib"]
    users = {r["id"] for r in load_regions() if any(use.startswith("urllib.parse.") for use in r["uses"])}
    assert users == {"create_origin_only_middleware.origin_only_middleware", "GET /extensions"}
    code = "import urllib; print(hasattr(urllib, 'parse'))"
    alone = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True)
    beside = subprocess.run([sys.executable, "-c", f"import aiohttp; {code}"], capture_output=True, text=True)
    assert (alone.stdout, beside.stdout) == ("False\n", "True\n")


@pytest.mark.document("the map of server.py")
def test_a_line_leads_to_its_innermost_region() -> None:
    """Every line from 1 to 849 belongs to one innermost region, and no other line to any.

    从 1 到 849，每一行都有一个最里层的区域；别的行号没有。
    """
    assert locate.locate(353)["id"] == "PromptServer.__init__.upload_mask.image_save_function"
    for line in range(1, 850):
        region = locate.locate(line)
        assert region["start"] <= line <= region["end"]
        assert not any(part["start"] <= line <= part["end"] for part in parts_of(region["id"]))
    for line in (0, 850):
        with pytest.raises(LookupError):
            locate.locate(line)
