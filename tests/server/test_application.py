"""Proofs for the page server/application."""

import asyncio
import logging
import mimetypes
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from aiohttp import ClientSession, ClientTimeout, web
from aiohttp.test_utils import TestClient, TestServer

from snippets.recreation import main
from snippets.recreation.cli_args import set_args
from snippets.recreation.execution import PromptQueue
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving
from snippets.server.application import importable, instance
from tests.client import ask
from tests.real.plugin import COMFYUI

pytestmark = pytest.mark.usefixtures("no_flags")

FOREIGN = {"Host": "127.0.0.1:8188", "Origin": "https://evil.example"}
PAGE = "http://127.0.0.1:8188"


@pytest.fixture
def fresh_types() -> Iterator[None]:
    """Forget afterwards what a proof taught Python about types."""
    before = mimetypes.types_map.copy()
    yield
    mimetypes.types_map.clear()
    mimetypes.types_map.update(before)
    mimetypes.init()


@pytest.fixture
def no_instance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin, and leave, without an instance."""
    monkeypatch.setattr(PromptServer, "instance", None, raising=False)
    monkeypatch.delattr(PromptServer, "instance")


def new_server() -> PromptServer:
    """Return a server that listens nowhere."""
    return PromptServer(asyncio.get_running_loop())


def test_the_program_takes_these_steps_in_this_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`start_comfyui` makes server and queue, adds routes, starts the worker; in the event loop it is set up, listens and publishes.

    `start_comfyui` 构造服务器和队列，加路由，启动工作线程；`setup`、监听和 `publish_loop` 在事件循环里进行。
    """  # noqa: E501
    steps: list[str] = []

    def note(thing: Any, name: str) -> None:
        call = getattr(thing, name)

        def noted(*given: Any) -> object:
            steps.append(f"{thing.__name__}.{name}")
            return call(*given)

        monkeypatch.setattr(thing, name, noted)

    async def in_the_loop(*_: object) -> None:
        assert asyncio.get_running_loop() is loop

    async def set_up(*_: object) -> None:
        await in_the_loop()
        for _turn in range(5):
            await asyncio.sleep(0)
        steps.append("set up")

    started = Mock()
    started.Thread.return_value.start.side_effect = lambda: steps.append("worker")
    monkeypatch.setattr(main, "threading", started)
    monkeypatch.setattr(main, "hijack_progress", Mock())
    later = "setup", "start_multi_address", "publish_loop"
    for name in later:
        monkeypatch.setattr(PromptServer, name, set_up if name == "setup" else in_the_loop)
    if COMFYUI:
        imported = Mock(side_effect=lambda **_: steps.append("custom nodes"))
        monkeypatch.setattr(main, "nodes", Mock(init_extra_nodes=imported), raising=False)
    for thing, name in (
        (PromptServer, "__init__"),
        (PromptQueue, "__init__"),
        *((PromptServer, name) for name in ("add_routes", *later)),
    ):
        note(thing, name)
    set_args([])
    loop, _, start_all = main.start_comfyui(*() if COMFYUI else (tmp_path,))
    made = ["PromptServer.__init__", "PromptQueue.__init__", *["custom nodes"] * bool(COMFYUI)]
    made += ["PromptServer.add_routes", "worker"]
    assert steps == made
    loop.run_until_complete(start_all())
    made += ["PromptServer.setup", "set up"]  # which has ended when the others begin
    assert steps == [*made, *(f"PromptServer.{name}" for name in later[1:])]
    loop.close()
    asyncio.set_event_loop(None)


@pytest.mark.usefixtures("no_instance")
async def test_without_a_server_there_is_no_instance() -> None:
    """Before any server has been made, an extension's module fails with AttributeError; after that it does not.

    还没有服务器的时候，扩展的模块以 AttributeError 失败；有了以后就不会。
    """  # noqa: E501
    with pytest.raises(AttributeError, match="has no attribute 'instance'"):
        instance.import_custom_node()
    new_server()
    instance.import_custom_node()


@pytest.mark.ours("the answer to the exercise")
@pytest.mark.usefixtures("no_instance")
async def test_a_module_that_asks_first_can_be_imported_without_a_server() -> None:
    """A module that asks whether there is an instance is imported without one, and adds its route to one.

    After an import without one its route is missing: a server that is made later does not get it.

    先检查有没有 instance 的模块，没有服务器也能导入；有服务器就加上自己的路由。
    没有服务器时导入，之后才构造的服务器没有这条路由。
    """
    own = len(new_server().routes)
    del PromptServer.instance
    importable.import_custom_node()
    server = new_server()
    assert len(server.routes) == own
    importable.import_custom_node()
    assert [route.path for route in list(server.routes)[own:]] == ["/hello"]  # type: ignore[attr-defined]
    (app := web.Application()).add_routes(server.routes)
    assert await (await ask(app, "/hello")).text() == "hello"


@pytest.mark.usefixtures("no_instance")
async def test_a_second_server_takes_the_place_of_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    """A module finds the table of routes; after a second server has been made, routes go to that one.

    模块找得到路由表；再构造一个服务器，路由就加到它上面，第一个不再增加。
    """
    first = new_server()
    own = len(first.routes)
    instance.import_custom_node()
    second = new_server()
    instance.import_custom_node()
    assert [len(first.routes), len(second.routes)] == [own + 1, own + 1]
    assert PromptServer.instance is second
    (app := web.Application()).add_routes(second.routes)
    assert await (await ask(app, "/hello")).text() == "hello"
    del PromptServer.instance
    await instance.main()
    early, *ready = capsys.readouterr().out.splitlines()
    assert early == "too early: type object 'PromptServer' has no attribute 'instance'"
    assert ready == ["ready: 1 route more", "a second server: 1 route more", "the first: still 1"]


async def test_the_constructor_opens_no_port_and_has_no_route(monkeypatch: pytest.MonkeyPatch) -> None:
    """The constructor makes a table of routes, which `add_routes` puts into the application; only the last step listens.

    `prompt_queue` is None in ComfyUI, not there in the re-creation, until a `PromptQueue` puts itself there.

    构造函数只建立路由表，由 `add_routes` 把它放进应用；各个步骤里，只有最后一步才监听。
    `prompt_queue` 在 ComfyUI 里是 None，重建的服务器还没有它；`PromptQueue` 把自己填进去。
    """  # noqa: E501

    async def refuse(*args: object, **options: object) -> None:
        raise AssertionError("it listens")

    set_args([])
    monkeypatch.setattr(asyncio.get_running_loop(), "create_server", refuse)
    server = new_server()
    assert len(server.app.router.routes()) == 0
    assert not server.app.frozen
    known = vars(server)
    assert (known.get("prompt_queue"), "prompt_queue" in known) == (None, bool(COMFYUI))
    queue = PromptQueue(server)
    assert server.prompt_queue is queue
    table: list[Any] = list(server.routes)
    assert table
    assert len(server.app.router.routes()) == 0
    server.add_routes()
    added = {
        (route.method, route.resource and route.resource.canonical) for route in server.app.router.routes()
    }
    assert {(route.method, route.path) for route in table} <= added
    await server.setup()
    session = server.client_session
    assert session is not None
    await session.close()
    with pytest.raises(AssertionError, match="it listens"):
        await server.start_multi_address([("127.0.0.1", 0)])


def test_only_the_session_needs_a_running_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`start_comfyui` makes the server while its event loop does not run; a session needs a running one, unless given `loop`.

    `setup` makes it.

    `start_comfyui` 构造服务器时，事件循环还没运行；客户端会话不传 `loop`，就要有运行中的事件循环；它由 `setup` 创建。
    """  # noqa: E501
    main.make_folders(tmp_path)
    runs: list[bool] = []

    def stop_here(_: PromptServer, loop: asyncio.AbstractEventLoop) -> None:
        runs.append(loop.is_running())
        loop.close()
        raise LookupError

    given = () if COMFYUI else (tmp_path,)
    with monkeypatch.context() as patched:
        patched.setattr(PromptServer, "__init__", stop_here)
        with pytest.raises(LookupError):
            main.start_comfyui(*given)
    asyncio.set_event_loop(None)
    assert runs == [False]
    loop = asyncio.new_event_loop()
    server = PromptServer(loop)
    assert server.client_session is None
    with pytest.raises(RuntimeError, match="no running event loop"):
        ClientSession()
    given_loop = ClientSession(loop=loop)

    async def respond(_: web.Request) -> web.Response:
        return web.Response(text="hello")

    async def set_up() -> None:
        (app := web.Application()).router.add_get("/", respond)
        async with TestServer(app) as there, given_loop.get(there.make_url("/")) as response:
            assert await response.text() == "hello"
        await given_loop.close()
        await server.setup()
        assert server.client_session is not None
        assert server.client_session.timeout == ClientTimeout(total=None)
        await server.client_session.close()

    loop.run_until_complete(set_up())
    loop.close()


async def test_a_handler_finds_the_server_but_not_below_a_sub_application() -> None:
    """`request.app[SERVER]` is the server, of two servers its own; below a sub-application, which is `request.app`, a KeyError.

    `request.config_dict[SERVER]` is the server in both places.

    `request.app[SERVER]` 就是服务器，有两个时各是自己的；在子应用下面，`request.app` 是子应用，同一句是 KeyError。
    `request.config_dict[SERVER]` 在两处都是服务器。
    """  # noqa: E501
    key = web.AppKey("SERVER", PromptServer)
    for server in (new_server(), new_server()):
        child = web.Application()
        server.app[key] = server
        found: list[object] = []

        async def look(request: web.Request, found: list[object] = found) -> web.Response:
            found.extend((request.app, request.config_dict[key]))
            found.append(request.app[key])
            return web.Response()

        server.app.router.add_get("/above", look)
        child.router.add_get("/below", look)
        server.app.add_subapp("/internal", child)
        logging.disable()
        async with TestClient(TestServer(server.app)) as client:
            assert (await client.get("/above")).status == 200
            assert (await client.get("/internal/below")).status == 500
        assert found == [server.app, server, server, child, server]
        with pytest.raises(KeyError):
            child[key]


@pytest.mark.ours("about Python's mimetypes")
@pytest.mark.usefixtures("fresh_types")
def test_what_init_reads_later_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`init` reads the system's types, which replace those set before; without it, the first look-up calls it.

    After an earlier `init`, another one drops every type set in between; before the first, a type stays if the system has none.

    `init` 读入系统里的类型，取代之前设的；没有调用过，第一次查类型时就自己调用。
    调用过以后再调用一次，中间设的类型都没有了；第一次调用之前设的，系统里没有时就留着。
    """  # noqa: E501
    system = tmp_path / "mime.types"
    system.write_text("text/system js\n", "utf-8")
    monkeypatch.setattr(mimetypes, "knownfiles", [str(system)])
    fresh = f"import mimetypes as m; m.knownfiles = [{str(system)!r}]; "
    fresh += "m.types_map.update({'.js': 'text/early', '.nowhere': 'text/early'}); "
    for init in ("", "m.init(); "):
        script = f"{fresh}{init}print(m.guess_type('a.js')[0], m.guess_type('a.nowhere')[0])"
        run = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
        assert run.stdout == "text/system text/early\n"
    for chosen in ("text/early", "text/late"):
        for name in ("a.js", "a.nowhere", "a.html"):
            mimetypes.types_map[name[1:]] = chosen
            assert mimetypes.guess_type(name)[0] == chosen
        mimetypes.init()
        found = [mimetypes.guess_type(name)[0] for name in ("a.js", "a.nowhere", "a.html")]
        assert found == ["text/system", None, "text/html"]


@pytest.mark.usefixtures("fresh_types")
async def test_the_constructor_has_init_done_before_it_sets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The constructor has the system's types read, and its own of .js stands; a later `init` takes that away.

    构造函数先读系统里的类型，自己给 .js 设的仍然算数；之后再 `init` 一次，它就没了。
    """
    system = tmp_path / "mime.types"
    system.write_text("text/system js note\n", "utf-8")
    monkeypatch.setattr(mimetypes, "knownfiles", [str(system)])
    new_server()
    assert mimetypes.guess_type("a.note")[0] == "text/system"
    assert mimetypes.guess_type("a.js")[0] == "application/javascript; charset=utf-8"
    mimetypes.init()
    assert mimetypes.guess_type("a.js")[0] == "text/system"


PACKED = (".gz", ".Z", ".bz2", ".xz", ".br")


@pytest.mark.usefixtures("fresh_types")
async def test_only_a_packed_name_shows_the_type_that_was_set(tmp_path: Path) -> None:
    """No static file has the type set for .js; `/view` sends it for `a.js.gz` and its like, not for `a.js` or `a.js.txt`.

    静态文件都不带给 .js 设的类型；`/view` 只对 `a.js.gz` 这类名字发它，`a.js`、`a.js.txt` 都没有。
    """  # noqa: E501
    chosen = "application/javascript; charset=utf-8"
    assert set(PACKED) == set(mimetypes.encodings_map)
    (web_root := tmp_path / "web").mkdir()
    (output := tmp_path / "out").mkdir()
    packed = [f"b.js{suffix}" for suffix in PACKED]  # no `a.js.gz` that would be sent for `a.js`
    names = ["a.js", "a.js.txt", *packed]
    for folder in (web_root, output):
        for name in names:
            (folder / name).write_text("1", "utf-8")
    flags = ["--front-end-root", str(web_root), "--output-directory", str(output)]
    static, view = {}, {}
    async with serving(*flags, worker=False) as served:
        assert mimetypes.guess_type("a.js")[0] == chosen
        for name in names:
            static[name] = (await served.client.get(f"/{name}")).headers["Content-Type"]
            view[name] = (await served.client.get(f"/view?filename={name}")).headers["Content-Type"]
    assert static["a.js"] in ("application/javascript", "text/javascript")
    assert chosen not in static.values()
    forced = {"a.js": "application/octet-stream", "a.js.txt": "text/plain"}
    assert view == {name: chosen for name in names} | forced


@pytest.mark.parametrize(
    ("flags", "status", "header"),
    [
        ([], 403, None),
        (["--enable-cors-header", ""], 403, None),
        (["--enable-cors-header"], 200, "*"),
        (["--enable-cors-header", "*"], 200, "*"),
        (["--enable-cors-header", PAGE], 200, PAGE),
    ],
)
async def test_one_of_two_guards_is_chosen(flags: list[str], status: int, header: str | None) -> None:
    """With the flag, alone or with a value, CORS headers are sent; without it, or with an empty value, foreign pages get 403; `/a.js` is always `no-cache`.

    用了参数，不管带不带值，都发 CORS 头部；没有用，或者值是空的，外来的页面得到 403；`/a.js` 都带 `no-cache`。
    """  # noqa: E501
    logging.disable()

    async def script(request: web.Request) -> web.Response:
        return web.Response()

    def add_script(server: PromptServer) -> None:
        server.routes.get("/a.js")(script)

    async with serving(*flags, worker=False, prepare=add_script) as served:
        response = await served.client.get("/a.js", headers=FOREIGN)
        asked = await served.client.options("/a.js", headers=FOREIGN)  # the guard itself responds
        assert len(served.server.app.middlewares) == 2
    assert (response.status, response.headers.get("Access-Control-Allow-Origin")) == (status, header)
    assert asked.status == status
    assert response.headers["Cache-Control"] == asked.headers["Cache-Control"] == "no-cache"


async def test_the_cache_rule_stands_outside_the_guard() -> None:
    """Even the 403 for a foreign page carries `no-cache` when the path ends with .js.

    返回给外站页面的 403，路径以 .js 结尾时也带着 `no-cache`。
    """
    logging.disable()
    async with serving(worker=False) as served:
        response = await served.client.get("/a.js", headers=FOREIGN)
    assert (response.status, response.headers.get("Cache-Control")) == (403, "no-cache")
