"""Proofs for the page server/listening."""

import asyncio
import contextlib
import errno
import logging
import os
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, WSCloseCode, WSMsgType, WSServerHandshakeError, web
from aiohttp.test_utils import unused_port
from playwright.async_api import Browser, Error

from snippets.recreation import main
from snippets.recreation.cli_args import args, set_args
from snippets.recreation.execution import PromptQueue
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import flags_set, serving
from snippets.server.listening import https, renew
from snippets.server.listening.addresses import LINES
from snippets.server.listening.https import PAIR

with contextlib.suppress(ModuleNotFoundError):  # in a web page, where other proofs of this file run
    from tests.site.nginx import free_port, nginx

pytestmark = pytest.mark.usefixtures("no_flags")

# Since then `create_server` skips an address that cannot be had (python/cpython issue 75128).
SKIPS = sys.version_info >= (3, 12, 2) or (3, 11, 8) <= sys.version_info < (3, 12)

BOTH = ("--tls-keyfile", str(PAIR), "--tls-certfile", str(PAIR))


def new_server() -> PromptServer:
    """Return a server that listens nowhere."""
    return PromptServer(asyncio.get_running_loop())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (LINES[0], [("127.0.0.1", 8188)]),
        (LINES[1], [("0.0.0.0", 8188), ("::", 8188)]),
        (LINES[2], [("192.168.0.5", 8188)]),
        (LINES[3], [("127.0.0.1", 8000), ("192.168.0.5", 8000)]),
    ],
)
async def test_which_addresses_a_command_line_asks_for(
    line: str,
    expected: list[tuple[str, int]],
    monkeypatch: pytest.MonkeyPatch,
    runners: list[web.AppRunner],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without `--listen` only 127.0.0.1 is listened at, with it alone 0.0.0.0 and ::, else what it lists without spaces.

    After a space the rest is an unrecognized argument; in quotes, the space is part of the address.

    不写 `--listen` 只监听 127.0.0.1；只写 `--listen` 监听 0.0.0.0 和 ::；写了值，就监听列出的地址，中间不能有空格。
    空格后面的是无法识别的参数；加了引号，空格就是地址的一部分。
    """  # noqa: E501
    asked: list[list[tuple[str, int]]] = []
    server = new_server()

    async def note(addresses: list[tuple[str, int]], *_: object, **more: object) -> None:
        asked.append(addresses)
        raise asyncio.CancelledError

    monkeypatch.setattr(server, "start_multi_address", note)
    set_args(line.split())
    try:
        for addresses in (args.listen, "127.0.0.1, 127.0.0.2"):
            with pytest.raises(asyncio.CancelledError):
                await main.run(server, addresses, args.port)
    finally:
        set_args([])
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()  # publish_loop, which `gather` leaves alone
    assert asked[0] == expected
    assert asked[1][1][0] == " 127.0.0.2"
    if here := [host for host, _ in expected if host in ("127.0.0.1", "0.0.0.0")]:  # which any machine has
        await new_server().start_multi_address([(host, 0) for host in here])
        assert [host for host, _ in runners[-1].addresses] == here
    with pytest.raises(SystemExit, match="2"):
        set_args(shlex.split("--listen 127.0.0.1, 127.0.0.2"))
    assert "unrecognized arguments: 127.0.0.2" in capsys.readouterr().err
    with flags_set(shlex.split('--listen "127.0.0.1, 127.0.0.2"')):
        assert args.listen.split(",") == ["127.0.0.1", " 127.0.0.2"]
    with pytest.raises(socket.gaierror):  # what follows a comma and a space
        await new_server().start_multi_address([(" 127.0.0.2", 0)])


async def test_every_address_serves_the_same_application(runners: list[web.AppRunner]) -> None:
    """Each address in the list is a site of one runner, and each answers: 404 without routes, 200 with them.

    The application starts once for all of them; a runner for each address would start it each time.

    列表里每个地址都是同一个运行器的一个站点，每个都有响应：没有路由是 404，有路由是 200。
    应用只启动一次；如果每个地址一个运行器，应用就启动几次。
    """
    started: list[str] = []

    async def note(_: web.Application) -> None:
        started.append("once")

    for runs in ([("127.0.0.1", 0), ("127.0.0.1", 0)],), ([("127.0.0.1", 0)], [("127.0.0.1", 0)]):
        server = new_server()
        server.app.on_startup.append(note)
        started.clear()
        for addresses in runs:
            await server.start_multi_address(addresses)
        assert len(started) == len(runs)
    (runner, *_) = runners
    assert len({port for _, port in runner.addresses}) == 2
    async with ClientSession() as session:
        for site in runner.sites:
            async with session.get(site.name) as response:
                assert response.status == 404
    async with serving(worker=False) as served:  # after `add_routes`
        assert (await served.client.get("/")).status == 200


async def test_the_log_repeats_what_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, runners: list[web.AppRunner]
) -> None:
    """The log has the port asked for, be it 0, and an IPv6 address in brackets; from level WARNING on it has none.

    日志里写的是要的那个端口，哪怕是 0；IPv6 地址放在方括号里；级别设成 WARNING，就没有这一行。
    """  # noqa: E501

    async def pretend(site: web.TCPSite) -> None:
        pass

    caplog.set_level(logging.INFO, "root")
    await new_server().start_multi_address([("127.0.0.1", 0)])
    assert runners[0].addresses[0][1] != 0  # what it really got
    monkeypatch.setattr(web.TCPSite, "start", pretend)
    asked = "0.0.0.0", "::", "192.168.0.5"
    await new_server().start_multi_address([(host, 8188) for host in asked])
    log = "\n".join(record.getMessage() for record in caplog.records if record.name == "root")
    urls = re.findall(r"https?://\S+", log)
    shown = [f"http://{host}:8188" for host in ("0.0.0.0", "[::]", "192.168.0.5")]
    assert urls == ["http://127.0.0.1:0", *shown]
    if os.environ.get("COMFYUI"):
        assert re.findall(r"To see the GUI go to: (\S+)", log) == urls
    caplog.clear()
    caplog.set_level(logging.WARNING, "root")
    await new_server().start_multi_address([("127.0.0.1", 0)])
    assert not [record for record in caplog.records if record.name == "root"]


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
    """When `run` has ended, the port is still served, and the server does not have its runner.

    `run` 已经结束，端口仍然可以访问；服务器没有保存它的 runner。
    """
    await ran(server := new_server(), "127.0.0.1", 0, monkeypatch)
    _, port = runners[0].addresses[0]
    assert await https.visit(f"http://127.0.0.1:{port}") == "http 404"
    assert not any(isinstance(value, web.AppRunner) for value in vars(server).values())


async def test_an_empty_address_is_every_address(
    monkeypatch: pytest.MonkeyPatch, runners: list[web.AppRunner]
) -> None:
    """An empty `--listen` listens on every interface; a name stays with its own.

    `--listen` 为空，就在所有网卡上监听；写了地址的只在那个地址上。
    """
    for word, expected in (("", {"0.0.0.0"}), ("127.0.0.1", {"127.0.0.1"})):
        with flags_set(["--listen", word]):
            await ran(new_server(), args.listen, unused_port(), monkeypatch)
        hosts = {host for host, *_ in runners[-1].addresses}
        assert hosts - {"::"} == expected


@pytest.mark.skipif(sys.platform != "linux", reason="other systems may let two sockets share a port")
@pytest.mark.parametrize(
    ("addresses", "first"),
    [("127.0.0.1,", "127.0.0.1"), (",127.0.0.1", "0.0.0.0"), ("0.0.0.0,127.0.0.1", "0.0.0.0")],
)
async def test_a_comma_too_many_stops_the_start(
    addresses: str, first: str, monkeypatch: pytest.MonkeyPatch, runners: list[web.AppRunner]
) -> None:
    """With a comma too many, or 0.0.0.0 and 127.0.0.1, two addresses want one port: OSError; what listened first goes on; none is opened after a failure.

    多写一个逗号，或者同时写 0.0.0.0 和 127.0.0.1，两个地址要用同一个端口：OSError；先监听的那个仍在监听；一个失败，后面的就不打开。
    """  # noqa: E501
    port = unused_port()
    with pytest.raises(OSError, match=f"{errno.EADDRINUSE}.*address already in use"):
        await ran(new_server(), addresses, port, monkeypatch)
    assert first in {host for host, *_ in runners[0].addresses}
    assert await https.visit(f"http://127.0.0.1:{port}") == "http 404"
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()  # publish_loop, which `gather` leaves alone
    with pytest.raises(OSError, match=r"192\.0\.2\.1"):  # an address of no interface, first
        await new_server().start_multi_address([("192.0.2.1", 0), ("127.0.0.1", 0)])
    assert runners[-1].addresses == []  # the second is not opened


@pytest.mark.skipif(sys.platform != "linux", reason="other systems may let two sockets share a port")
@pytest.mark.usefixtures("runners")
async def test_a_taken_port_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """While another program has the port, `run` ends with OSError, address already in use.

    端口被别的程序占着，`run` 以 OSError 结束，写着 address already in use。
    """
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="address already in use"):
            await ran(new_server(), "127.0.0.1", port, monkeypatch)
    await ran(new_server(), "127.0.0.1", port, monkeypatch)  # once it is free
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()  # publish_loop, which `gather` leaves alone


@pytest.mark.skipif(sys.platform != "linux", reason="other systems word the error differently")
@pytest.mark.usefixtures("runners")
async def test_an_address_of_no_interface_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """With an address that no interface of the machine has, `run` ends with OSError and names the address.

    地址不属于本机的任何网络接口，`run` 以 OSError 结束，并写出这个地址。
    """
    reason = "could not bind on any address" if SKIPS else "cannot assign requested address"
    with pytest.raises(OSError, match=reason) as caught:
        await ran(new_server(), "192.0.2.1", unused_port(), monkeypatch)
    assert "'192.0.2.1'" in str(caught.value)
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()  # publish_loop, which `gather` leaves alone


class WithoutIPv6(socket.socket):
    """A socket on a system without IPv6."""

    def __init__(self, family: int = -1, *more: Any) -> None:
        if family == socket.AF_INET6:
            raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")
        super().__init__(family, *more)


class IPv6SwitchedOff(socket.socket):
    """A socket on a system that knows IPv6, but has no address of it."""

    def bind(self, address: Any) -> None:
        """Refuse what is of IPv6."""
        if self.family == socket.AF_INET6:
            raise OSError(errno.EADDRNOTAVAIL, "Cannot assign requested address")
        super().bind(address)


class NotRoot(socket.socket):
    """A socket of a user who is not root, on Linux."""

    def bind(self, address: Any) -> None:
        """Refuse a port below 1024."""
        if address[1] < 1024:
            raise PermissionError(errno.EACCES, "Permission denied")
        super().bind(address)


async def test_a_port_that_is_not_permitted_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, runners: list[web.AppRunner]
) -> None:
    """If the system refuses a port below 1024, `run` ends with an OSError, permission denied; a higher works.

    系统不让用 1024 以下的端口，`run` 就以 OSError 结束，写着 permission denied；更大的端口可以监听。
    """
    port = unused_port()
    monkeypatch.setattr(socket, "socket", NotRoot)
    with pytest.raises(OSError, match=f"{errno.EACCES}.*permission denied"):
        await ran(new_server(), "127.0.0.1", 443, monkeypatch)
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()  # publish_loop, which `gather` leaves alone
    assert runners[-1].addresses == []
    await ran(new_server(), "127.0.0.1", port, monkeypatch)
    assert len(runners[-1].addresses) == 1


@pytest.mark.parametrize("kind", [WithoutIPv6, IPv6SwitchedOff])
async def test_without_ipv6_listen_alone_fails_from_python_3_13_on(
    kind: type[socket.socket], monkeypatch: pytest.MonkeyPatch, runners: list[web.AppRunner]
) -> None:
    """Without IPv6 `--listen` alone is an OSError for :: in newer Pythons, if off in all; 0.0.0.0 works.

    系统没有 IPv6，只写 `--listen`，较新的 Python 抛写着 :: 的 OSError，关闭的话都抛；0.0.0.0 可以监听。
    """
    port = unused_port()
    monkeypatch.setattr(socket, "socket", kind)
    with flags_set(["--listen"]):
        if SKIPS or kind is IPv6SwitchedOff:
            old, new = r"\('::'.*cannot assign requested address", r"could not bind on any .*'::'"
            reason = new if SKIPS else old
            with pytest.raises(OSError, match=reason):
                await ran(new_server(), args.listen, port, monkeypatch)
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()  # publish_loop, which `gather` leaves alone
            await runners[0].cleanup()
        else:
            await ran(new_server(), args.listen, port, monkeypatch)
            assert {host for host, *_ in runners[0].addresses} == {"0.0.0.0"}
    with flags_set(["--listen", "0.0.0.0"]):
        await ran(new_server(), args.listen, unused_port(), monkeypatch)
    assert {host for host, *_ in runners[-1].addresses} == {"0.0.0.0"}


async def test_a_browser_refuses_a_certificate_that_it_does_not_know(chromium: Browser) -> None:
    """A client that checks refuses a certificate that it does not know; so does Chromium, unless told not to.

    检查证书的客户端不认得证书就拒绝；Chromium 也停下，让它忽略证书错误，页面就打开了。
    """
    async with serving(*BOTH, worker=False) as served:
        address = f"https://127.0.0.1:{served.address[1]}/"
        assert await https.visit(address) == "ClientConnectorCertificateError"
        page = await chromium.new_page()
        with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
            await page.goto(address)
        await page.close()
        page = await chromium.new_page(ignore_https_errors=True)
        response = await page.goto(address)
        assert response
        assert response.status == 200
        await page.close()


async def test_one_port_speaks_tls_to_those_who_trust_it() -> None:
    """A client that knows the certificate, or checks nothing, gets a response; others and plain HTTP do not.

    信任这张证书的、不检查证书的客户端得到响应；别的客户端和明文 HTTP 都没有。
    """
    async with serving(*BOTH, worker=False) as served:
        assert await https.visits(served.address[1]) == {
            "knows the certificate": "https 200",
            "checks nothing": "https 200",
            "checks as usual": "ClientConnectorCertificateError",
            "without TLS": "ServerDisconnectedError",
        }


async def test_https_to_a_plain_port_fails_and_http_does_not() -> None:
    """A server without TLS answers `http://` and breaks off `https://` with a TLS error.

    没有 TLS 的服务器响应 `http://`；用 `https://` 去连，得到 TLS 错误。
    """
    async with serving(worker=False) as served:
        port = served.address[1]
        assert await https.visit(f"http://127.0.0.1:{port}") == "http 200"
        assert await https.visit(f"https://127.0.0.1:{port}", False) == "ClientConnectorSSLError"


@pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl command here")
async def test_the_command_makes_a_key_that_serves(tmp_path: Path) -> None:
    """The command makes key and certificate; a client that trusts it gets 200 at 127.0.0.1 and localhost, and refuses a name or an address that is not in it.

    So it does the name in the certificate's subject, which is not in `subjectAltName`.

    页面上的命令生成密钥和证书；信任这张证书的客户端访问 127.0.0.1 和 localhost 都得到 200，访问证书里没有的名字或地址就拒绝。
    证书的 subject 里的名字不在 `subjectAltName` 里，也拒绝。
    """  # noqa: E501
    command = shlex.split(
        (Path(https.__file__).parent / "make_key.sh").read_text("utf-8").replace("\\\n", "")
    )
    await asyncio.to_thread(subprocess.run, command, cwd=tmp_path, check=True, capture_output=True)
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    trust = ssl.create_default_context(cafile=certificate)
    flags = ("--tls-keyfile", str(key), "--tls-certfile", str(certificate))
    async with serving(*flags, worker=False) as served:
        for host in ("127.0.0.1", "localhost"):
            assert await https.visit(f"https://{host}:{served.address[1]}", trust) == "https 200"
        for other in ("other", "192.168.0.6", "comfyui"):  # the last is its subject's name
            with pytest.raises(ssl.SSLCertVerificationError, match=f"not valid for '{other}'"):
                await asyncio.open_connection(*served.address, ssl=trust, server_hostname=other)


@pytest.mark.ours("about nginx")
async def test_the_configuration_of_nginx_redirects_http(tmp_path: Path) -> None:
    """With the page's file nginx answers HTTP with a 301 to HTTPS, and passes on what comes by HTTPS.

    nginx 用页面上的配置，把 HTTP 用 301 重定向到 HTTPS，再把 HTTPS 的请求转给 ComfyUI。
    """
    text = (Path(https.__file__).parent / "nginx.conf").read_text("utf-8")
    for old, new in (("{", "{{"), ("}", "}}"), ("cert.pem", str(PAIR)), ("key.pem", str(PAIR))):
        text = text.replace(old, new)
    tls = free_port()
    async with serving(worker=False) as served, ClientSession() as session:
        for old, new in (
            ("listen 80;", "listen 127.0.0.1:{port};"),
            ("listen 443 ", f"listen 127.0.0.1:{tls} "),
            ("127.0.0.1:8188", f"127.0.0.1:{served.address[1]}"),
        ):
            assert old in text
            text = text.replace(old, new)
        named = {"Host": "comfy.example"}
        with nginx(tmp_path / "nginx", tmp_path, text) as plain:
            async with session.get(f"{plain}queue?a=1", headers=named, allow_redirects=False) as response:
                assert response.status == 301
                assert response.headers["Location"] == "https://comfy.example/queue?a=1"
            async with session.get(f"https://127.0.0.1:{tls}/queue", headers=named, ssl=False) as response:
                assert (await response.json()) == {"queue_running": [], "queue_pending": []}


def location() -> str:
    """Return the block `location /` of the page's configuration of nginx."""
    conf = (Path(https.__file__).parent / "nginx.conf").read_text("utf-8")
    return conf.partition("[start:location]\n")[2].partition("# --8<-- [end")[0]


@pytest.mark.ours("about nginx")
@pytest.mark.parametrize(
    ("dropped", "expected"),
    [
        ("", [101, 200, 400]),
        ("proxy_set_header Host $http_host;", [403, 403, 403]),
        ("proxy_http_version 1.1;", [101, 200, 400]),
        ("proxy_set_header Upgrade $http_upgrade;", [400, 200, 400]),
        ('proxy_set_header Connection "upgrade";', [400, 200, 400]),
        ("client_max_body_size 500m;", [101, 200, 413]),
    ],
)
async def test_nginx_needs_all_but_one_of_these_lines(
    dropped: str, expected: list[int], tmp_path: Path
) -> None:
    """Without `Host` a page gets 403, without `Upgrade` or `Connection` no WebSocket, without the size a 413.

    With all of them, or without the version, WebSocket and script open and an upload of 2 MB reaches ComfyUI.
    The 413 is a page of nginx's; 1 MB passes without the size too.

    没有 `Host`，页面得到 403；没有 `Upgrade` 或 `Connection`，WebSocket 打不开；没有大小那一行，得到 413。
    都有，或者只缺版本那一行，WebSocket 和脚本都打得开，2 MB 的上传到得了 ComfyUI。
    413 是 nginx 自己的页面；没有大小那一行，1 MB 也能通过。
    """
    text = location()
    assert dropped in text
    text = text.replace(dropped, "") if dropped else text
    (root := tmp_path / "web").mkdir()
    (root / "a.js").write_text("1", "utf-8")
    flags = "--front-end-root", str(root)
    async with serving(*flags, worker=False) as served, ClientSession() as session:
        text = text.replace("127.0.0.1:8188", f"127.0.0.1:{served.address[1]}")
        text = text.replace("{", "{{").replace("}", "}}")
        servers = f"server {{{{ listen 127.0.0.1:{{port}}; {text} }}}}"
        with nginx(tmp_path / "nginx", tmp_path, servers) as address:
            own = {"Origin": address.rstrip("/")}
            try:
                async with session.ws_connect(f"{address}ws", headers=own) as ws:
                    assert (await ws.receive_json(timeout=20))["type"] == "status"
                    statuses = [101]
            except WSServerHandshakeError as error:
                statuses = [error.status]
            async with session.get(f"{address}a.js", headers=own) as response:
                statuses.append(response.status)
            body = {"not an image": BytesIO(b"x" * 2_000_000)}  # 400, from ComfyUI itself
            async with session.post(f"{address}upload/image", data=body, headers=own) as response:
                statuses.append(response.status)
                of_nginx = response.content_type, "413 Request Entity Too Large" in await response.text()
                assert (of_nginx == ("text/html", True)) == (response.status == 413)
            body = {"not an image": BytesIO(b"x" * 1_000_000)}
            async with session.post(f"{address}upload/image", data=body, headers=own) as response:
                assert response.status == (403 if statuses[-1] == 403 else 400)
    assert statuses == expected


@pytest.mark.ours("about nginx")
async def test_nginx_closes_a_silent_websocket_after_its_timeout(tmp_path: Path) -> None:
    """A WebSocket that is silent for `proxy_read_timeout` is closed by nginx; with a longer one it stays.

    WebSocket 在 `proxy_read_timeout` 那么久里没有消息，nginx 就断开它；设得更久就不断开。
    """
    async with (
        serving(worker=False) as served,
        ClientSession() as session,
        contextlib.AsyncExitStack() as ends,
    ):
        sockets = []
        for timeout in ("1h", "1s"):
            text = location().replace("127.0.0.1:8188", "{}:{}".format(*served.address))
            assert "proxy_read_timeout 1h;" in text
            text = text.replace("timeout 1h", f"timeout {timeout}").replace("{", "{{").replace("}", "}}")
            servers = f"server {{{{ listen 127.0.0.1:{{port}}; {text} }}}}"
            address = ends.enter_context(nginx(tmp_path / timeout, tmp_path, servers))
            ws = await ends.enter_async_context(session.ws_connect(f"{address}ws?clientId={timeout}"))
            assert (await ws.receive_json())["type"] == "status"
            sockets.append(ws)
        patient, impatient = sockets
        assert (await impatient.receive()).type is WSMsgType.CLOSED
        assert impatient.close_code == WSCloseCode.ABNORMAL_CLOSURE
        await served.server.send("news", {}, "1h")
        assert (await patient.receive_json())["type"] == "news"


@pytest.mark.parametrize("file", ["tls_certfile", "tls_keyfile"])
async def test_with_one_file_it_is_plain_http(
    file: str, monkeypatch: pytest.MonkeyPatch, runners: list[web.AppRunner], caplog: pytest.LogCaptureFixture
) -> None:
    """With the certificate or the key alone there is no TLS, no error and no warning: plain HTTP is served.

    The log says `http://`, with both files `https://`.

    只给证书或只给密钥，没有 TLS，不报错也不警告：照常提供明文 HTTP。
    日志里写的是 `http://`；两个文件都给，写的是 `https://`。
    """
    monkeypatch.setattr(args, file, PAIR)
    caplog.set_level(logging.INFO, "root")
    await new_server().start("127.0.0.1", 0)  # which hands over one address
    _, port = runners[0].addresses[0]
    assert await https.visit(f"http://127.0.0.1:{port}") == "http 404"
    assert "http://127.0.0.1:0" in caplog.text
    assert not [record for record in caplog.records if record.levelno > logging.INFO]
    assert "https://" not in caplog.text
    monkeypatch.setattr(args, "tls_certfile", PAIR)
    monkeypatch.setattr(args, "tls_keyfile", PAIR)
    await new_server().start("127.0.0.1", 0)
    assert "https://127.0.0.1:0" in caplog.text


@pytest.mark.usefixtures("runners")
async def test_a_key_that_does_not_fit_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key of another certificate, or a missing file, raises before anything listens.

    密钥不是这张证书的，或者文件不在，还没开始监听就抛异常。
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


def shaken(ours: ssl.SSLContext, theirs: ssl.SSLContext, earlier: ssl.SSLSession | None = None) -> Any:
    """Return the client's end of a TLS connection that is made in memory."""
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = ours.wrap_bio(there, back, server_side=True)
    client = theirs.wrap_bio(back, there, server_hostname="127.0.0.1", session=earlier)
    for step in (client.do_handshake, server.do_handshake) * 2:
        with contextlib.suppress(ssl.SSLWantReadError):
            step()
    server.write(b"x")
    assert client.read() == b"x"  # with the ticket of the session before it
    return client


@pytest.mark.ours("the answer to the exercise")
@pytest.mark.parametrize("key", [PAIR, Path("no.pem")])
def test_a_key_that_does_not_fit_leaves_the_context_without_one(key: Path) -> None:
    """If the new key does not fit, or is missing, `load_cert_chain` raises, and then no client can connect.

    新密钥不匹配，或者文件不在，`load_cert_chain` 就抛异常；此后用这个上下文，谁也连不上。
    """
    ours, theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=PAIR)
    theirs.load_verify_locations(renew.RENEWED)
    ours.load_cert_chain(PAIR)
    assert shaken(ours, theirs).getpeercert()
    with pytest.raises((ssl.SSLError, FileNotFoundError)):
        ours.load_cert_chain(renew.RENEWED, key)
    with pytest.raises(ssl.SSLError, match="NO_SHARED_CIPHER"):
        shaken(ours, theirs)
    fresh = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(PAIR)
    with pytest.raises((ssl.SSLError, FileNotFoundError)):
        fresh.load_cert_chain(renew.RENEWED, key)  # tried first, it costs nothing
    assert shaken(ours, theirs).getpeercert()


@pytest.mark.ours("the answer to the exercise")
@pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl command here")
def test_a_resumed_session_and_an_ec_key_keep_the_old_certificate(tmp_path: Path) -> None:
    """After `load_cert_chain` a resumed session keeps the old certificate, a new one gets the new, but not an RSA one after an EC one.

    `load_cert_chain` 之后，恢复的会话留着旧证书，新会话拿到新证书；但旧的是 EC、新的是 RSA 时，拿到的仍是旧的。
    """  # noqa: E501
    theirs = ssl.create_default_context()
    files = {}
    for name in ("rsa", "rsa2", "ec", "ec2"):
        kind = "rsa:2048" if "rsa" in name else "ec -pkeyopt ec_paramgen_curve:prime256v1"
        files[name] = tmp_path / name, tmp_path / f"{name}.key"
        command = f"openssl req -x509 -newkey {kind} -nodes -out {files[name][0]} -keyout {files[name][1]}"
        command += f" -subj /CN={name} -addext subjectAltName=IP:127.0.0.1"
        subprocess.run(command.split(), check=True, capture_output=True)
        theirs.load_verify_locations(files[name][0])

    def named(client: Any) -> str:
        (((_, name),),) = client.getpeercert()["subject"]
        return str(name)

    for old, new, got in (
        ("rsa", "rsa2", "rsa2"),
        ("ec", "ec2", "ec2"),
        ("rsa", "ec", "ec"),
        ("ec", "rsa", "ec"),
    ):
        ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ours.load_cert_chain(*files[old])
        earlier = shaken(ours, theirs)
        assert named(earlier) == old
        ours.load_cert_chain(*files[new])
        resumed = shaken(ours, theirs, earlier.session)
        assert (resumed.session_reused, named(resumed)) == (True, old)
        fresh = shaken(ours, theirs)
        assert (fresh.session_reused, named(fresh)) == (False, got)
