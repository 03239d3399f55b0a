"""Proofs for the page server/index."""

import json
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.server.index import callers, locate, notes
from snippets.server.index.top_level import load_regions, parts_of
from tests.client import ask
from tools.model import LANGUAGES, ROOT, Page, Project, Section
from tools.source_map import source_maps

REGIONS = {region["id"]: region for region in load_regions()}
SENDERS = {"GET /ws", "PromptServer.queue_updated", "PromptServer.send_image"}
TOPICS = ("server/version", "aiohttp/requests", "server/cache_control", "server/sending")


def section(language: str, name: str) -> Section:
    """Return a section of the page itself."""
    page: Page = Project().pages(language)["server/index"]
    return next(section for section in page.sections if section.id == name)


def length(region: dict[str, Any]) -> int:
    """Return how many lines a region has, without the blank ones after it."""
    lines: int = region["code_end"] - region["start"] + 1
    return lines


def test_the_top_parts_leave_no_line_out() -> None:
    """The nine parts at the top follow one another from line 1 to line 849.

    最外层的九块首尾相接，从第 1 行到第 849 行。
    """
    parts = parts_of(None)
    assert len(parts) == 9
    assert [part["start"] for part in parts] == [1, *(part["end"] + 1 for part in parts[:-1])]
    assert parts[-1]["end"] == len(source_maps()["server.py"].lines) == 849


def test_the_file_has_69_regions_and_22_routes() -> None:
    """The map counts 69 regions, 22 of them routes and 16 of them methods.

    地图上一共 69 个区域，其中 22 条路由、16 个方法。
    """
    kinds = Counter(region["kind"] for region in load_regions())
    assert (kinds.total(), kinds["route"], kinds["method"]) == (69, 22, 16)
    assert len(REGIONS) == 69


def test_init_is_most_of_the_class_and_holds_every_route() -> None:
    """The constructor has 544 of the class's 703 lines, and all the routes stand inside it.

    类有 703 行，构造函数占了 544 行，路由全在里面。
    """
    assert length(REGIONS["PromptServer"]) == 703
    assert length(REGIONS["PromptServer.__init__"]) == 544
    routes = [region for region in load_regions() if region["kind"] == "route"]
    assert {route["parent"] for route in routes} == {"PromptServer.__init__"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_leaves_no_line_out(language: str) -> None:
    """The regions that the table on this page links to make up the whole file, each line once.

    这页表格链接的区域拼起来正好是整个文件，每行一次。
    """
    linked = [REGIONS[region.removeprefix("server.py#")] for region in section(language, "map").permalinks]
    lines = [line for region in linked for line in range(region["start"], region["end"] + 1)]
    assert lines == list(range(1, 850))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reading_order_leads_to_pages_and_regions(language: str) -> None:
    """Every page in the reading order stands in the navigation, every region on the map.

    阅读顺序里的每一页都在导航里，每个区域都在地图上。
    """
    order = section(language, "order")
    nav = (ROOT / "mkdocs.yml").read_text("utf-8")
    links = [link for link in order.links if not link.startswith("#")]
    pages = [link if link.startswith("../") else f"../server/{link}" for link in links]
    assert pages
    assert all(f"- {page.removeprefix('../').split('#')[0]}\n" in nav for page in pages)
    for file, _, region in (link.partition("#") for link in order.permalinks):
        assert source_maps()[file].region(region)


def test_everything_sent_goes_through_one_function() -> None:
    """Only two methods call the function that sends, and both are called by `send` or below it.

    真正发送的那个函数只有两个方法调用，它们都归 `send` 管。
    """
    assert callers.callers("send_socket_catch_exception") == [
        "PromptServer.send_bytes",
        "PromptServer.send_json",
    ]
    assert callers.callers("self.send_json") == ["PromptServer.send"]
    assert callers.callers("self.send_bytes") == ["PromptServer.send", "PromptServer.send_image"]
    assert callers.callers("self.send_image") == ["PromptServer.send"]
    assert callers.callers("self.send") == ["GET /ws", "PromptServer.publish_loop"]


def test_nobody_in_the_file_calls_publish_loop() -> None:
    """`publish_loop`, `queue_updated`, `setup` and `start` have no caller in this file.

    `publish_loop`、`queue_updated`、`setup`、`start` 在这个文件里没人调用。
    """
    for name in ("publish_loop", "queue_updated", "setup", "start"):
        assert f"PromptServer.{name}" in REGIONS
        assert callers.callers(f"self.{name}") == []


@pytest.mark.statement("S8")
def test_the_notes_block_is_a_name_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Run alone, the block stops with NameError for `hello_world`, its function defined but never run.

    单独运行那一段，得到 NameError，缺的是 `hello_world`；函数定义好了，从没执行。
    """
    names = notes.run(notes.BLOCK)
    assert capsys.readouterr().out == "NameError: hello_world\n"
    assert "send_socket_catch_exception" in names


@pytest.mark.statement("S8")
def test_the_server_starts_with_a_runner_and_sites() -> None:
    """`start_multi_address` calls AppRunner and TCPSite; nothing in the file calls `asyncio.run`.

    `start_multi_address` 用的是 AppRunner 和 TCPSite；整个文件没有一处 `asyncio.run`。
    """
    assert {"web.AppRunner", "web.TCPSite"} <= set(REGIONS["PromptServer.start_multi_address"]["calls"])
    assert callers.callers("asyncio.run") == []


@pytest.mark.statement("S9")
def test_the_outline_is_a_syntax_error(capsys: pytest.CaptureFixture[str]) -> None:
    """The numbered outline does not compile.

    带编号的提纲过不了编译。
    """
    with pytest.raises(SyntaxError):
        compile(notes.OUTLINE, "notes", "exec")
    notes.run(notes.OUTLINE)
    assert capsys.readouterr().out == "SyntaxError in line 2\n"


@pytest.mark.statement("S9")
@pytest.mark.parametrize("folder", TOPICS)
def test_each_topic_of_the_outline_is_snippets_that_run(folder: str) -> None:
    """Each topic of the outline has become snippets, every one with the output it printed.

    提纲的每个题目都变成了能跑的示例，个个带着自己打印的输出。
    """
    snippets = [path for path in Project().files("*.py") if path.startswith(f"{folder}/")]
    assert snippets
    assert all(Project().snippet(path).with_suffix(".out").exists() for path in snippets)


def test_one_handler_calls_its_request_self() -> None:
    """Of all routes only `GET /embeddings` calls its parameter `self`.

    所有路由里，只有 `GET /embeddings` 把参数叫作 `self`。
    """
    routes = [region for region in load_regions() if region["kind"] == "route"]
    assert [route["id"] for route in routes if route["params"] != ["request"]] == ["GET /embeddings"]
    assert REGIONS["GET /embeddings"]["params"] == ["self"]


async def test_self_in_a_nested_handler_is_the_request() -> None:
    """In a handler defined inside a constructor, a parameter `self` is the request, not the object.

    在构造函数里定义的处理函数，参数叫 `self`，拿到的是请求，不是那个对象。
    """
    seen: list[object] = []

    class Server:
        def __init__(self) -> None:
            self.app = web.Application()

            async def handler(self: web.Request) -> web.Response:
                seen.append(self)
                return web.Response()

            self.app.router.add_get("/", handler)

    await ask((server := Server()).app)
    assert isinstance(seen[0], web.Request)
    assert not hasattr(server, "handler")


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


def test_ten_events_are_json_and_one_binary_number_travels() -> None:
    """Clients receive ten kinds of JSON event; of the two binary numbers only 1 leaves the server.

    客户端收到的 JSON 事件有十种；两个二进制编号里，只有 1 离开服务器。
    """
    events = json.loads((ROOT / "snippets/server/events.json").read_text("utf-8"))["events"]
    names = {kind: {e["name"] for e in events if e["kind"] == kind} for kind in ("json", "binary")}
    assert len(names["json"]) == 10
    assert names["binary"] == {"1", "2"}
    assert [e["name"] for e in events if e["to"] == "nobody"] == ["2"]
    for event in events:
        if event["file"] == "server.py":
            assert locate.locate(int(event["lines"]))["id"] in SENDERS


def test_three_paths_have_two_handlers() -> None:
    """`/prompt`, `/queue` and `/history` each stand in the file twice, as GET and as POST.

    `/prompt`、`/queue`、`/history` 在文件里各出现两次，一次 GET，一次 POST。
    """
    paths = Counter(r["id"].split(" ")[1] for r in load_regions() if r["kind"] == "route")
    assert [path for path, count in paths.items() if count == 2] == ["/prompt", "/history", "/queue"]
    assert max(paths.values()) == 2


def test_other_objects_add_routes_too() -> None:
    """`add_routes` lets three other objects add theirs, so they are not among the 22.

    `add_routes` 还让另外三个对象登记路由，它们不在这 22 条里。
    """
    calls = set(REGIONS["PromptServer.add_routes"]["calls"])
    assert {
        "self.user_manager.add_routes",
        "self.model_file_manager.add_routes",
        "self.internal_routes.get_app",
    } <= calls


async def test_a_table_walked_twice_answers_at_two_paths() -> None:
    """Routes copied under `/api` answer there and at their own path.

    路由照抄一遍放到 `/api` 下面，两个地址都答复。
    """
    routes, copies = web.RouteTableDef(), web.RouteTableDef()

    @routes.get("/queue")
    async def queue(request: web.Request) -> web.Response:
        return web.Response(text=request.path)

    for route in routes:
        assert isinstance(route, web.RouteDef)
        copies.route(route.method, f"/api{route.path}")(route.handler)
    app = web.Application()
    app.add_routes([*copies, *routes])
    async with TestClient(TestServer(app)) as client:
        for path in ("/queue", "/api/queue"):
            assert await (await client.get(path)).text() == path


def test_importing_urllib_does_not_import_its_parse() -> None:
    """After `import urllib` alone there is no `urllib.parse`; once aiohttp is imported there is.

    只写 `import urllib` 没有 `urllib.parse`；导入过 aiohttp 就有了。
    """
    code = "import urllib; print(hasattr(urllib, 'parse'))"
    alone = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True)
    beside = subprocess.run([sys.executable, "-c", f"import aiohttp; {code}"], capture_output=True, text=True)
    assert (alone.stdout, beside.stdout) == ("False\n", "True\n")


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
