"""Proofs for the page http/index."""

import asyncio
import re
from pathlib import Path

import pytest
from aiohttp import ClientSession, hdrs, web
from aiohttp.test_utils import TestClient, TestServer

from snippets.http.index import categories, defaults, readers, refused, wire

HEADERS = wire.REQUEST.read_text().splitlines()[2:]


async def changes(folder: Path, path: str, *headers: str) -> list[str]:
    """Return what each header, added to a bare request, changes in the answer."""
    async with TestServer(readers.build_app(folder)) as server:
        return [await readers.change(server, path, header) for header in headers]


@pytest.mark.statement("S41")
async def test_header_names_match_in_any_letter_case() -> None:
    """A header is found under its name in any letter case; an underscore makes it another name.

    头部的名字用哪种大小写都找得到；把连字符写成下划线，就是另一个名字了。
    """
    found: list[str | None] = []

    async def look(request: web.Request) -> web.Response:
        names = ("authorization", "Authorization", "AUTHORIZATION", "X-Two-Words", "X_Two_Words")
        found.extend(map(request.headers.get, names))
        return web.Response()

    app = web.Application()
    app.router.add_get("/", look)
    async with TestServer(app) as server:
        await wire.ask(server, "GET / HTTP/1.1", "Host: x", "AUTHORIZATION: Bearer x", "x-two-WORDS: y")
    assert found == ["Bearer x", "Bearer x", "Bearer x", "y", None]


@pytest.mark.statement("S41")
async def test_headers_travel_in_the_request_message() -> None:
    """Headers are part of the request message: after its first line, before the blank one.

    头部是请求报文的一部分：在第一行之后、空行之前。
    """
    heads: list[bytes] = []

    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(respond, "127.0.0.1") as server, ClientSession() as session:
        port = server.sockets[0].getsockname()[1]
        async with session.get(
            f"http://127.0.0.1:{port}/page", headers={"Accept-Language": "zh"}
        ) as response:
            assert response.status == 204
    first, *lines, blank, end = heads[0].split(b"\r\n")
    assert (first, blank, end) == (b"GET /page HTTP/1.1", b"", b"")
    assert b"Accept-Language: zh" in lines


@pytest.mark.statement("S41")
async def test_a_repeated_header_shows_its_first_value_only() -> None:
    """Of a header sent twice `headers[name]` gives the first value; `getall` gives both, in order.

    同一个头部发两遍，`headers[name]` 只给第一个值；`getall` 按顺序给出两个。
    """
    seen: list[object] = []

    async def look(request: web.Request) -> web.Response:
        seen.extend([request.headers["Accept-Language"], request.headers.getall("Accept-Language")])
        return web.Response()

    app = web.Application()
    app.router.add_get("/page", look)
    async with TestServer(app) as server:
        await wire.ask(server, *wire.REQUEST.read_text().splitlines())
    assert seen == ["zh", ["zh", "en"]]


@pytest.mark.statement("S39", "S57")
async def test_a_handler_that_reads_no_header_answers_them_all_alike(tmp_path: Path) -> None:
    """Whatever a request asks for, a handler that reads no header answers alike, but for `Connection`.

    不管请求要求什么，不看头部的处理函数答复都一样，只有 `Connection` 例外。
    """
    *asked, last = await changes(tmp_path, "/handler", *HEADERS)
    assert asked == ["-"] * 13
    assert (HEADERS[-1], last) == ("Connection: close", "close")


@pytest.mark.statement("S40")
async def test_the_handler_runs_whatever_cache_control_says() -> None:
    """A handler runs for every request that arrives, even for `Cache-Control: only-if-cached`.

    请求只要到了，处理函数就会执行，写着 `Cache-Control: only-if-cached` 也一样。
    """
    runs: list[str] = []

    async def count(request: web.Request) -> web.Response:
        runs.append(request.headers["Cache-Control"])
        return web.Response()

    app = web.Application()
    app.router.add_get("/", count)
    directives = ["only-if-cached", "no-store", "no-cache", "max-age=3600"]
    async with TestServer(app) as server:
        for directive in directives:
            response = await wire.ask(server, "GET / HTTP/1.1", "Host: x", f"Cache-Control: {directive}")
            assert response["Status"] == "200"
    assert runs == directives


@pytest.mark.statement("S57")
async def test_a_static_file_heeds_range_preconditions_and_encoding(tmp_path: Path) -> None:
    """A static file heeds `Range`, preconditions and `Accept-Encoding`, and no other header.

    静态文件听 `Range`、先决条件和 `Accept-Encoding` 的，别的要求一概不理。
    """
    found = dict(zip(HEADERS, await changes(tmp_path, "/file", *HEADERS), strict=True))
    assert {header: change for header, change in found.items() if change != "-"} == {
        "Range: bytes=4-": "206",
        "If-None-Match: *": "304",
        'If-Match: "other"': "412",
        "Accept-Encoding: gzip": "gzip",
        "Connection: close": "close",
    }


@pytest.mark.statement("S57")
async def test_a_static_file_sends_the_part_and_the_encoding_asked_for(tmp_path: Path) -> None:
    """The part that `Range` asks for is what arrives; the gzip sibling holds the same text.

    `Range` 要哪一段，收到的就是哪一段；gzip 的那份内容相同。
    """
    async with TestClient(TestServer(readers.build_app(tmp_path))) as client:
        part = await client.get("/file", headers={"Range": "bytes=4-", "Accept-Encoding": "identity"})
        packed = await client.get("/file", headers={"Accept-Encoding": "gzip"})
        assert (part.status, await part.text()) == (206, "o")
        assert (packed.headers["Content-Encoding"], await packed.text()) == ("gzip", "hello")
        assert await (await client.get("/handler")).text() == "hello"


@pytest.mark.statement("S57")
async def test_accept_decides_how_an_error_page_looks(tmp_path: Path) -> None:
    """The 500 page that aiohttp makes is HTML if `Accept` names `text/html`, and plain text otherwise.

    `Accept` 里有 `text/html`，aiohttp 自己的 500 页就是 HTML，否则是纯文本。
    """
    pages = await changes(tmp_path, "/broken", "Accept: text/html", "Accept: image/png")
    assert pages == ["text/html; charset=utf-8", "-"]
    async with TestServer(readers.build_app(tmp_path)) as server:
        bare = await wire.ask(server, "GET /broken HTTP/1.1", "Host: x")
    assert (bare["Status"], bare["Content-Type"]) == ("500", "text/plain; charset=utf-8")


@pytest.mark.statement("S39")
def test_three_groups_of_the_notes_were_never_controls() -> None:
    """Of the notes' headers RFC 7231 §5.1 lists only Cache-Control; the others stood in §5.2 to §5.4.

    笔记里的头部，RFC 7231 §5.1 只列了 Cache-Control；其余的在 §5.2 到 §5.4。
    """
    notes = {
        "Cache-Control": "Controls",
        "Accept": "Content Negotiation",
        "Accept-Language": "Content Negotiation",
        "If-Modified-Since": "Conditionals",
        "If-None-Match": "Conditionals",
        "Authorization": "Authentication Credentials",
    }
    assert {name: defaults.category(name) for name in notes} == notes
    controls = ["Cache-Control", "Expect", "Host", "Max-Forwards", "Pragma", "Range", "TE"]
    assert sorted(categories.CATEGORIES["Controls"]) == controls


@pytest.mark.statement("S39")
def test_the_controls_were_scattered_and_the_others_stayed_together() -> None:
    """The seven Controls stand in four chapters today; each other category moved into one chapter.

    Controls 的七个头部今天散在四章里；别的类别各自整个搬进了一章。
    """
    chapters = {
        title: {home.split(".")[0] for home in headers.values()}
        for title, headers in categories.CATEGORIES.items()
    }
    assert chapters.pop("Controls") == {"RFC 9110 §7", "RFC 9110 §10", "RFC 9110 §14", "RFC 9111 §5"}
    assert [len(places) for places in chapters.values()] == [1, 1, 1, 1]


@pytest.mark.statement("S39")
def test_each_header_had_one_category_and_has_one_section() -> None:
    """No header stood in two categories, and each has a section of its own in RFC 9110 or 9111.

    没有哪个头部同属两类；今天每个头部在 RFC 9110 或 9111 里各有一节。
    """
    names = [name for headers in categories.CATEGORIES.values() for name in headers]
    homes = [home for headers in categories.CATEGORIES.values() for home in headers.values()]
    assert len(names) == len(set(names)) == len(set(homes)) == 21
    assert set(names) <= {value for value in vars(hdrs).values() if isinstance(value, str)}
    assert all(re.fullmatch(r"RFC 911[01] §\d+(\.\d+){1,2}", home) for home in homes)
    assert defaults.category("accept-LANGUAGE") == "Content Negotiation"
    assert defaults.category("Origin") == "none"


@pytest.mark.statement("S41")
async def test_a_broken_header_section_never_reaches_a_handler(capsys: pytest.CaptureFixture[str]) -> None:
    """HTTP/1.1 without Host, with two, or with a blank before a colon is a 400; no handler runs.

    HTTP/1.1 没有 Host、有两个 Host、冒号前有空格，都是 400，处理函数不会执行。
    """
    found: dict[str, str] = {}
    async with TestServer(refused.build_app()) as server:
        for lines in refused.REQUESTS:
            response = await wire.ask(server, *lines)
            found[", ".join(lines)] = capsys.readouterr().out + response["Status"]
    assert found == {
        "GET / HTTP/1.1, Host: x": "handler, 200",
        "GET / HTTP/1.1": "400",
        "GET / HTTP/1.0": "handler, 200",
        "GET / HTTP/1.1, Host: x, Host: y": "400",
        "GET / HTTP/1.1, Host: x, Accept : y": "400",
    }


@pytest.mark.statement("S41")
async def test_http_1_0_may_come_without_host() -> None:
    """A request in HTTP/1.0 reaches the handler without any Host.

    HTTP/1.0 的请求没有 Host 也能到达处理函数。
    """
    hosts: list[bool] = []

    async def look(request: web.Request) -> web.Response:
        hosts.append("Host" in request.headers)
        return web.Response()

    app = web.Application()
    app.router.add_get("/", look)
    async with TestServer(app) as server:
        response = await wire.ask(server, "GET / HTTP/1.0")
    assert (response["Status"], hosts) == ("200", [False])


@pytest.mark.statement("S57")
async def test_a_client_asks_for_things_unasked() -> None:
    """Told nothing, aiohttp's client sends Host, Accept, Accept-Encoding and User-Agent.

    什么都不吩咐，aiohttp 的客户端也会发 Host、Accept、Accept-Encoding 和 User-Agent。
    """
    async with TestClient(TestServer(defaults.build_app())) as client:
        lines = (await (await client.get("/")).text()).splitlines()
    assert {line.split()[0] for line in lines} == {"Host", "Accept", "Accept-Encoding", "User-Agent"}
