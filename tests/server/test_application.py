"""Proofs for the page server/application."""

import asyncio
import errno
import gzip
import json
import logging
import mimetypes
import re
import ssl
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientTimeout, FormData, web
from aiohttp.test_utils import TestClient, TestServer, unused_port

from snippets.recreation import main
from snippets.recreation import server as server_module
from snippets.recreation.cli_args import args, set_args
from snippets.recreation.execution import PromptQueue
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving
from snippets.server.application import constructor, https, instance, renew, types_map
from snippets.server.application.tls import PAIR
from tests.client import ask

FOREIGN = {"Host": "127.0.0.1:8188", "Origin": "https://evil.example"}
PAGE = "http://127.0.0.1:8188"
BOTH = ("--tls-keyfile", str(PAIR), "--tls-certfile", str(PAIR))


@pytest.fixture(autouse=True)
def log_again() -> Iterator[None]:
    """Snippets silence the log; bring it back."""
    yield
    logging.disable(logging.NOTSET)


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


@pytest.fixture(autouse=True)
def no_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin without the flags of an earlier test; they hold for the whole process."""
    for name in ("enable_cors_header", "tls_keyfile", "tls_certfile"):
        monkeypatch.setattr(args, name, None)


@pytest.fixture
async def runners(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[web.AppRunner]]:
    """Yield the list to which each runner is added that is set up; stop them afterwards."""
    found: list[web.AppRunner] = []
    setup = web.AppRunner.setup

    async def note(runner: web.AppRunner) -> None:
        found.append(runner)
        await setup(runner)

    monkeypatch.setattr(web.AppRunner, "setup", note)
    yield found
    for runner in found:
        await runner.cleanup()


def new_server() -> PromptServer:
    """Return a server that listens nowhere."""
    return PromptServer(asyncio.get_running_loop())


def add_readers(server: PromptServer) -> None:
    """Add two handlers that read."""
    server.routes.post("/read")(read)
    server.routes.post("/form")(read_form)


async def read(request: web.Request) -> web.Response:
    """Read the body; say how long it is."""
    return web.Response(text=str(len(await request.read())))


async def read_form(request: web.Request) -> web.Response:
    """Read a form; say how many fields it has."""
    return web.Response(text=str(len(await request.post())))


@asynccontextmanager
async def limited(megabytes: float) -> AsyncIterator[ClientSession]:
    """Run a server that reads bodies up to a limit; yield a client of it."""

    class Limited(PromptServer):
        """A server whose limit may be one that our flag refuses."""

        def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
            args.max_upload_size = megabytes
            super().__init__(loop)

    async with serving(server_class=Limited, prepare=add_readers, worker=False) as served:
        yield served.client


def form(size: int) -> FormData:
    """Return a form with a file of so many bytes."""
    fields = FormData()
    fields.add_field("image", BytesIO(bytes(size)), filename="a.png")
    return fields


@pytest.mark.usefixtures("no_instance")
async def test_the_instance_is_there_before_its_routes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the constructor makes finds the instance, but no route table on it yet.

    构造函数里面造出来的对象已经找得到 instance，但上面还没有路由表。
    """
    found: list[tuple[bool, bool]] = []

    def look(*_: object) -> None:
        found.append((hasattr(PromptServer, "instance"), hasattr(PromptServer.instance, "routes")))

    monkeypatch.setattr(server_module, "InternalRoutes", look)
    server = new_server()
    assert found == [(True, False)]
    assert PromptServer.instance is server
    assert hasattr(PromptServer.instance, "routes")


@pytest.mark.usefixtures("no_instance")
async def test_without_a_server_there_is_no_instance() -> None:
    """Before any server has been made, an extension's module fails with AttributeError; after that it does not.

    还没造出服务器的时候，扩展的模块以 AttributeError 失败；造了以后就不会。
    """  # noqa: E501
    with pytest.raises(AttributeError, match="has no attribute 'instance'"):
        instance.import_custom_node()
    new_server()
    instance.import_custom_node()


@pytest.mark.usefixtures("no_instance")
async def test_a_second_server_takes_the_place_of_the_first() -> None:
    """A module finds the table of routes; after a second server has been made, routes go to that one.

    模块找得到路由表；再造一个服务器，路由就归它，第一个不再增加。
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


async def test_the_constructor_opens_no_port_and_has_no_route(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Constructing the server adds no route to its application; of all steps only the last one listens.

    构造服务器时，应用里一条路由也没有；各个步骤里，只有最后一步才监听。
    """

    async def refuse(*args: object, **options: object) -> None:
        raise AssertionError("it listens")

    set_args([])
    monkeypatch.setattr(asyncio.get_running_loop(), "create_server", refuse)
    await constructor.main()
    assert capsys.readouterr().out.splitlines()[1] == "in its application: 0"
    server = new_server()
    assert len(server.app.router.routes()) == 0
    assert not server.app.frozen
    PromptQueue(server)
    server.add_routes()
    await server.setup()
    session = server.client_session
    assert session is not None
    await session.close()
    with pytest.raises(AssertionError, match="it listens"):
        await server.start_multi_address([("127.0.0.1", 0)])


def test_only_the_session_needs_a_running_loop() -> None:
    """The server can be made while its event loop does not run; a client session cannot, and `setup` makes it.

    事件循环还没跑，服务器就造得出来；客户端会话不行，它由 `setup` 来造。
    """  # noqa: E501
    loop = asyncio.new_event_loop()
    server = PromptServer(loop)
    assert server.client_session is None
    with pytest.raises(RuntimeError, match="no running event loop"):
        ClientSession()

    async def set_up() -> None:
        await server.setup()
        assert server.client_session is not None
        assert server.client_session.timeout == ClientTimeout(total=None)
        await server.client_session.close()

    loop.run_until_complete(set_up())
    loop.close()


async def test_a_handler_finds_the_server_but_not_below_a_sub_application() -> None:
    """`request.app[SERVER]` is the server; below a sub-application it is a KeyError.

    `request.app[SERVER]` 就是服务器；在子应用下面，同一句是 KeyError。
    """
    key = web.AppKey("SERVER", PromptServer)
    server, child = new_server(), web.Application()
    server.app[key] = server
    found: list[object] = []

    async def look(request: web.Request) -> web.Response:
        found.append(request.app.get(key, "missing"))
        return web.Response()

    server.app.router.add_get("/above", look)
    child.router.add_get("/below", look)
    server.app.add_subapp("/internal", child)
    async with TestClient(TestServer(server.app)) as client:
        await client.get("/above")
        await client.get("/internal/below")
    assert found == [server, "missing"]
    with pytest.raises(KeyError):
        child[key]


@pytest.mark.ours("about Python's mimetypes")
@pytest.mark.usefixtures("fresh_types")
def test_what_init_reads_later_wins(tmp_path: Path) -> None:
    """What `init` reads from the system replaces a type set before it, and one set before another `init`.

    `init` 从系统里读来的，会盖掉在它之前设的类型；再 `init` 一次，又盖掉一次。
    """
    system = tmp_path / "mime.types"
    system.write_text("text/system note\n", "utf-8")
    found = types_map.guesses(system)
    assert found == ["text/early", "text/system", "text/late", "text/system"]


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
    """No static file has the type set for .js; `/view` sends it for `a.js.gz` and its like, not for `a.js`.

    静态文件都不带给 .js 设的类型；`/view` 只对 `a.js.gz` 这类名字发它，`a.js` 没有。
    """
    chosen = "application/javascript; charset=utf-8"
    assert set(PACKED) == set(mimetypes.encodings_map)
    (web_root := tmp_path / "web").mkdir()
    (output := tmp_path / "out").mkdir()
    names = ["a.js", *(f"b.js{suffix}" for suffix in PACKED)]  # no `a.js.gz` that would be sent for `a.js`
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
    assert view == {name: chosen for name in names} | {"a.js": "application/octet-stream"}


@pytest.mark.parametrize(
    ("allowed", "status", "header"),
    [(None, 403, None), ("", 403, None), ("*", 200, "*"), (PAGE, 200, PAGE)],
)
async def test_one_of_two_guards_is_chosen(allowed: str | None, status: int, header: str | None) -> None:
    """With an origin in the flag CORS headers are sent, else foreign pages get 403; `/a.js` is always `no-cache`.

    参数里有来源就发 CORS 头部；没有，或者写成空的，外来的页面得到 403；`/a.js` 都带 `no-cache`。
    """  # noqa: E501
    logging.disable()
    flags = [] if allowed is None else ["--enable-cors-header", allowed]

    def add_script(server: PromptServer) -> None:
        server.routes.get("/a.js")(read)

    async with serving(*flags, worker=False, prepare=add_script) as served:
        response = await served.client.get("/a.js", headers=FOREIGN)
        assert len(served.server.app.middlewares) == 2
    assert (response.status, response.headers.get("Access-Control-Allow-Origin")) == (status, header)
    assert response.headers["Cache-Control"] == "no-cache"


async def test_the_cache_rule_stands_outside_the_guard() -> None:
    """Even the 403 for a foreign page carries `no-cache` when the path ends with .js.

    连答给外来页面的 403，路径以 .js 结尾时也带着 `no-cache`。
    """
    logging.disable()
    async with serving(worker=False) as served:
        response = await served.client.get("/a.js", headers=FOREIGN)
    assert (response.status, response.headers.get("Cache-Control")) == (403, "no-cache")


async def test_the_limit_is_rounded_to_whole_bytes() -> None:
    """0.01 MB is 10486 bytes, and one more is a 413 in plain text.

    0.01 MB 就是 10486 字节，多一个字节就是 413，正文是纯文本。
    """
    assert round(0.01 * 2**20) == 10486
    async with limited(0.01) as client:
        assert (await client.post("/read", data=bytes(10486))).status == 200
        response = await client.post("/read", data=bytes(10487))
        assert (response.status, response.content_type) == (413, "text/plain")
        assert await response.text() == "Maximum request body size 10486 exceeded."


async def test_what_rounds_to_zero_is_no_limit() -> None:
    """A limit of 0, or one so small that it rounds to 0, lets every body in.

    上限是 0，或者小到四舍五入成 0，多大的正文都放进来。
    """
    for megabytes in (0, 1e-9):
        async with limited(megabytes) as client:
            for path, data in (("/read", BytesIO(bytes(2**21))), ("/form", form(2**21))):
                assert (await client.post(path, data=data)).status == 200


async def test_a_negative_limit_refuses_reads_but_no_form() -> None:
    """A negative limit refuses JSON, even an empty body, and lets in a multipart form of 2 MiB.

    上限是负数：JSON 被拒绝，空的正文也一样；2 MiB 的 multipart 表单却放行。
    """
    async with limited(-1) as client:
        assert (await client.post("/queue", json={})).status == 413
        assert (await client.post("/read")).status == 413
        assert (await client.post("/form", data=form(2**21))).status == 200


async def test_a_handler_that_does_not_read_meets_no_limit() -> None:
    """A body over the limit is a 413 where it is read, and a 200 at `/interrupt`, which reads none.

    正文超过上限，读它的地方返回 413；`/interrupt` 不读正文，返回 200。
    """
    async with limited(0.01) as client:
        assert (await client.post("/queue", data=bytes(10487))).status == 413
        assert (await client.post("/interrupt", data=bytes(10487))).status == 200


async def test_a_form_counts_as_a_whole() -> None:
    """A file just as large as the limit is refused: the form around it counts too.

    文件恰好等于上限也会被拒：外面那层表单也算在内。
    """
    async with limited(0.01) as client:
        assert (await client.post("/form", data=form(10486))).status == 413
        assert (await client.post("/form", data=form(10000))).status == 200


async def test_a_packed_body_counts_unpacked() -> None:
    """Forty bytes of gzip that unpack to more than the limit are refused.

    压缩后才几十个字节，解开超过上限，照样拒绝。
    """
    packed = gzip.compress(bytes(20000))
    assert len(packed) < 100
    headers = {"Content-Encoding": "gzip"}
    async with limited(0.01) as client:
        assert (await client.post("/read", data=packed, headers=headers)).status == 413


async def test_the_limit_holds_below_a_sub_application() -> None:
    """Below a sub-application the server's limit holds, not the sub-application's default of 1 MiB.

    在子应用下面，管用的是服务器的上限，不是子应用默认的 1 MiB。
    """
    data = json.dumps({"clientId": "x" * 2**21, "enabled": False}).encode()
    for megabytes, status in ((3, 200), (0.01, 413)):
        async with limited(megabytes) as client:
            response = await client.patch("/internal/logs/subscribe", data=BytesIO(data))
            assert response.status == status


async def test_every_address_serves_the_same_application(runners: list[web.AppRunner]) -> None:
    """Each address in the list is a site of one runner, and each of them answers.

    列表里每个地址都是同一个运行器的一个站点，个个都答。
    """
    await new_server().start_multi_address([("127.0.0.1", 0), ("127.0.0.1", 0)])
    (runner,) = runners
    assert len({port for _, port in runner.addresses}) == 2
    async with ClientSession() as session:
        for site in runner.sites:
            async with session.get(site.name) as response:
                assert response.status == 404


async def test_the_log_repeats_what_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, runners: list[web.AppRunner]
) -> None:
    """The log has the port asked for, be it 0, and an IPv6 address in brackets.

    日志里写的是要的那个端口，哪怕是 0；IPv6 地址放在方括号里。
    """

    async def pretend(site: web.TCPSite) -> None:
        pass

    caplog.set_level(logging.INFO, "root")
    await new_server().start_multi_address([("127.0.0.1", 0)])
    monkeypatch.setattr(web.TCPSite, "start", pretend)
    await new_server().start_multi_address([("0.0.0.0", 8188), ("::", 8188)])
    log = "\n".join(record.getMessage() for record in caplog.records if record.name == "root")
    urls = re.findall(r"https?://\S+", log)
    assert urls == ["http://127.0.0.1:0", "http://0.0.0.0:8188", "http://[::]:8188"]


async def test_requests_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    """A request leaves no line in aiohttp's access log; the same application under a plain runner leaves one.

    请求不会写进 aiohttp 的访问日志；同一个应用换成普通的运行器，就写一行。
    """
    caplog.set_level(logging.INFO)
    async with serving(worker=False) as served:
        assert (await served.client.get("/queue")).status == 200
        assert "/queue" not in caplog.text
    server = new_server()
    PromptQueue(server)
    server.add_routes()
    runner = web.AppRunner(server.app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with ClientSession() as session:
        await session.get(f"http://127.0.0.1:{runner.addresses[0][1]}/queue")
    await runner.cleanup()
    assert "/queue" in caplog.text


async def ran(server: PromptServer, addresses: str, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `main.run` listen everywhere, then cancel it, as the end of the process would."""
    started = asyncio.Event()
    start = server.start_multi_address

    async def note(*given: Any, **more: Any) -> None:
        await start(*given, **more)
        started.set()

    monkeypatch.setattr(server, "start_multi_address", note)
    running = asyncio.create_task(main.run(server, addresses, port))
    done = asyncio.create_task(started.wait())
    await asyncio.wait([running, done], timeout=10, return_when=asyncio.FIRST_COMPLETED)
    done.cancel()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    if not running.cancelled() and (error := running.exception()):
        raise error


async def test_nobody_cleans_the_runner_up(
    monkeypatch: pytest.MonkeyPatch, runners: list[web.AppRunner]
) -> None:
    """When `run` has ended, the port is still served.

    `run` 已经结束，端口上照样有人服务。
    """
    await ran(new_server(), "127.0.0.1", 0, monkeypatch)
    _, port = runners[0].addresses[0]
    assert await https.visit(f"http://127.0.0.1:{port}") == "http 404"


async def test_an_empty_address_is_every_address(
    monkeypatch: pytest.MonkeyPatch, runners: list[web.AppRunner]
) -> None:
    """An empty `--listen` listens on every interface; a name stays with its own.

    `--listen` 为空，就在所有网卡上监听；写了地址的只在那个地址上。
    """
    for addresses, expected in (("", {"0.0.0.0"}), ("127.0.0.1", {"127.0.0.1"})):
        await ran(new_server(), addresses, unused_port(), monkeypatch)
        hosts = {host for host, *_ in runners[-1].addresses}
        assert hosts - {"::"} == expected


@pytest.mark.skipif(sys.platform != "linux", reason="other systems may let two sockets share a port")
@pytest.mark.parametrize(("addresses", "first"), [("127.0.0.1,", "127.0.0.1"), (",127.0.0.1", "0.0.0.0")])
async def test_a_comma_too_many_stops_the_start(
    addresses: str, first: str, monkeypatch: pytest.MonkeyPatch, runners: list[web.AppRunner]
) -> None:
    """With a comma too many, two addresses want one port: OSError; what listened first goes on.

    多写一个逗号，两个地址就抢同一个端口：OSError；先听上的那个还在听。
    """
    port = unused_port()
    with pytest.raises(OSError, match=str(errno.EADDRINUSE)):
        await ran(new_server(), addresses, port, monkeypatch)
    assert first in {host for host, *_ in runners[0].addresses}
    assert await https.visit(f"http://127.0.0.1:{port}") == "http 404"
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()  # publish_loop, which `gather` leaves alone


async def test_one_port_speaks_tls_to_those_who_trust_it() -> None:
    """A client that knows the certificate, or asks no questions, gets an answer; others and plain HTTP do not.

    认得证书的、什么都不查的，有回音；别的客户端和明文 HTTP 都没有。
    """  # noqa: E501
    async with serving(*BOTH, worker=False) as served:
        assert await https.visits(served.address[1]) == {
            "knows the certificate": "https 200",
            "checks nothing": "https 200",
            "checks as usual": "ClientConnectorCertificateError",
            "without TLS": "ServerDisconnectedError",
        }


@pytest.mark.parametrize("file", ["tls_certfile", "tls_keyfile"])
async def test_with_one_file_it_is_plain_http(
    file: str, monkeypatch: pytest.MonkeyPatch, runners: list[web.AppRunner], caplog: pytest.LogCaptureFixture
) -> None:
    """With the certificate or the key alone there is no TLS, no error and no warning: plain HTTP is served.

    只给证书或只给密钥，没有 TLS，不报错也不警告：照常提供明文 HTTP。
    """
    monkeypatch.setattr(args, file, PAIR)
    caplog.set_level(logging.INFO, "root")
    await new_server().start("127.0.0.1", 0)  # which hands over one address
    _, port = runners[0].addresses[0]
    assert await https.visit(f"http://127.0.0.1:{port}") == "http 404"
    assert "http://127.0.0.1:0" in caplog.text
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


async def test_the_keyword_verify_mode_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """`SSLContext` takes keywords that it does not know; with `verify_mode=CERT_REQUIRED` it is CERT_NONE.

    `SSLContext` 不认识的关键字也收；写 `verify_mode=CERT_REQUIRED`，仍是 CERT_NONE。
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER, verify_mode=ssl.CERT_REQUIRED, nonsense=1)
    assert context.verify_mode is ssl.CERT_NONE
    contexts: list[Any] = []

    class Site(web.TCPSite):
        """Notes what the server listens with."""

        def __init__(self, *where: Any, ssl_context: Any = None) -> None:
            contexts.append(ssl_context)
            super().__init__(*where, ssl_context=ssl_context)

    monkeypatch.setattr(web, "TCPSite", Site)
    async with serving(*BOTH, worker=False):
        pass
    assert [context.verify_mode for context in contexts] == [ssl.CERT_NONE]


@pytest.mark.usefixtures("runners")
async def test_a_key_that_does_not_fit_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key of another certificate, or a missing file, raises before anything listens.

    密钥不是这张证书的，或者文件不在，还没开始听就抛异常。
    """
    started: list[web.TCPSite] = []

    async def start(site: web.TCPSite) -> None:
        started.append(site)

    monkeypatch.setattr(web.TCPSite, "start", start)
    for key, error in ((renew.RENEWED, ssl.SSLError), (Path("no.pem"), FileNotFoundError)):
        monkeypatch.setattr(args, "tls_keyfile", key)
        monkeypatch.setattr(args, "tls_certfile", PAIR)
        with pytest.raises(error):
            await new_server().start_multi_address([("127.0.0.1", 0)])
    assert started == []


@pytest.mark.ours("the answer to the exercise")
async def test_a_certificate_can_be_renewed_while_serving(capsys: pytest.CaptureFixture[str]) -> None:
    """After `load_cert_chain` on the same context, new connections get the new certificate.

    在同一个上下文上再调 `load_cert_chain`，新来的连接拿到的就是新证书。
    """
    await renew.main()
    assert capsys.readouterr().out.split() == ["localhost", "renewed"]
