"""Proofs for the page http/index."""

import asyncio
import zlib
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import BaseTestServer, TestClient, TestServer
from playwright.async_api import Browser

from snippets.http.index import categories, defaults, readers, refused, wire
from tests.http.at_home import browsing

HEADERS = wire.REQUEST.read_text().splitlines()[2:]
FUTURE, PAST = "Fri, 01 Jan 2100 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"
VALUES = {  # one value for each request header of RFC 7231 that may be added to the barest request
    **{
        "Cache-Control": "only-if-cached",
        "Expect": "nonsense",
        "Max-Forwards": "0",
        "Pragma": "no-cache",
    },
    **{"Range": "bytes=4-", "TE": "trailers", "If-Match": '"other"', "If-None-Match": "*"},
    **{"If-Modified-Since": FUTURE, "If-Unmodified-Since": PAST, "If-Range": '"other"'},
    **{"Accept": "image/png", "Accept-Charset": "x", "Accept-Encoding": "gzip", "Accept-Language": "zh"},
    **{"Authorization": "Bearer x", "Proxy-Authorization": "Bearer x"},
    **{"From": "a@b", "Referer": "http://evil.example/", "User-Agent": "x"},
}

# Quoted: the tables of RFC 7231 §5.1 to §5.5, and of the tables of contents of RFC 9110 and 9111 the headers.
RFC_7231 = """\
Controls: Cache-Control Expect Host Max-Forwards Pragma Range TE
Conditionals: If-Match If-None-Match If-Modified-Since If-Unmodified-Since If-Range
Content Negotiation: Accept Accept-Charset Accept-Encoding Accept-Language
Authentication Credentials: Authorization Proxy-Authorization
Request Context: From Referer User-Agent"""
RFC_9110 = """\
7.2 Host 7.6.2 Max-Forwards 10.1.1 Expect 10.1.2 From 10.1.3 Referer 10.1.4 TE 10.1.5 User-Agent
11.6.2 Authorization 11.7.2 Proxy-Authorization
12.5.1 Accept 12.5.2 Accept-Charset 12.5.3 Accept-Encoding 12.5.4 Accept-Language
13.1.1 If-Match 13.1.2 If-None-Match 13.1.3 If-Modified-Since 13.1.4 If-Unmodified-Since 13.1.5 If-Range
14.2 Range"""
RFC_9111 = "5.2 Cache-Control 5.4 Pragma"


async def changes(folder: Path, path: str, *headers: str) -> list[str]:
    """Return what each header, added to a bare request, changes in the answer."""
    async with TestServer(readers.build_app(folder)) as server:
        return [await readers.change(server, path, header) for header in headers]


async def whole(server: BaseTestServer, path: str, *headers: str) -> list[bytes]:
    """Return all lines of an answer, body included, without its date."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    lines = [f"GET {path} HTTP/1.1", f"Host: {server.host}", "Connection: close", *headers, "", ""]
    writer.write("\r\n".join(lines).encode())
    received = (await reader.read()).splitlines()
    writer.close()
    return [line for line in received if not line.startswith(b"Date: ")]


async def with_the_body_held_back(server: BaseTestServer, path: str) -> list[bytes]:
    """Announce a body, and send it once a 100 has come; return that line, the status line and the last."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    lines = ["Connection: close", "Expect: 100-continue", "Content-Length: 5"]
    writer.write("\r\n".join([f"GET {path} HTTP/1.1", f"Host: {server.host}", *lines, "", ""]).encode())
    first = await asyncio.wait_for(reader.readline(), 30)
    writer.write(b"12345")
    await reader.readline()
    received = (await reader.read()).splitlines()
    writer.close()
    return [first.rstrip(), received[0], received[-1]]


async def answers_on_one_connection(server: BaseTestServer, *headers: str) -> list[bytes]:
    """Send one request after another on a connection, which closes after the last; return the answers."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    answers = []
    for header in headers:
        writer.write(f"GET /handler HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n".encode())
        answers.append(await reader.readuntil(b"hello"))
    assert await reader.read() == b""
    writer.close()
    return answers


async def changing(folder: Path, path: str, first: bytes = b"HTTP/1.1 200 OK", **values: str) -> set[str]:
    """Return which header of RFC 7231, added alone, changes anything in the answer."""
    async with TestServer(readers.build_app(folder)) as server:
        bare = await whole(server, path)
        assert (bare[0], bare[-1] == b"hello") == (first, b" 200 " in first)
        fields = (VALUES | values).items()
        return {name for name, value in fields if await whole(server, path, f"{name}: {value}") != bare}


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
        await wire.ask(server, "GET / HTTP/1.1", "Host: x", "x_two_WORDS: z")
    assert found == ["Bearer x", "Bearer x", "Bearer x", "y", None, None, None, None, None, "z"]


@pytest.mark.statement("S41")
async def test_a_repeated_header_shows_its_first_value_only(capsys: pytest.CaptureFixture[str]) -> None:
    """Of a header sent twice `headers[name]` gives the first value, `getall` both; of one not sent KeyError, `getall` its default.

    同一个头部发两遍，`headers[name]` 只给第一个值，`getall` 给出两个；没有发的，前者抛出 KeyError，后者给出默认值。
    """  # noqa: E501
    seen: list[object] = []

    async def look(request: web.Request) -> web.Response:
        seen.extend([request.headers["Accept-Language"], request.headers.getall("Accept-Language")])
        with pytest.raises(KeyError):
            request.headers["Accept-Charset"]
        seen.append(request.headers.getall("Accept-Charset", ()))
        return web.Response()

    app = web.Application()
    app.router.add_get("/page", look)
    async with TestServer(app) as server:
        await wire.ask(server, *wire.REQUEST.read_text().splitlines())
    assert seen == ["zh", ["zh", "en"], ()]
    await wire.main()
    assert capsys.readouterr().out.splitlines()[5:7] == [
        "Accept-Language: zh",
        "all of them:     ['zh', 'en']",
    ]


@pytest.mark.statement("S39", "S57")
async def test_a_handler_that_reads_no_header_answers_them_all_alike(tmp_path: Path) -> None:
    """Of RFC 7231's request headers only Expect changes the answer of a handler that reads none; its 100 comes before the body; Connection closes.

    RFC 7231 的请求头部里，只有 Expect 会改变不看头部的处理函数的响应，100 在正文之前就返回；Connection 决定连接是否保留。
    """  # noqa: E501
    assert {*VALUES, "Host"} == {name for headers in categories.CATEGORIES.values() for name in headers}
    fields = [f"{name}: {value}" for name, value in VALUES.items()]
    found = dict(zip(VALUES, await changes(tmp_path, "/handler", *fields), strict=True))
    assert {name: change for name, change in found.items() if change != "-"} == {"Expect": "417"}
    others = ["Expect: 100-continue", "Connection: close", "Origin: http://evil.example"]
    assert await changes(tmp_path, "/handler", *others) == ["100", "close", "-"]
    assert await changing(tmp_path, "/handler") == {"Expect"}
    *asked, last = await changes(tmp_path, "/handler", *HEADERS)
    assert (asked, HEADERS[-1], last) == (["-"] * 13, "Connection: close", "close")
    async with TestServer(readers.build_app(tmp_path)) as server:
        bare = await whole(server, "/handler")
        first, _, *rest = await whole(server, "/handler", "Expect: 100-continue")
        assert (first, rest) == (b"HTTP/1.1 100 Continue", bare)
        assert await with_the_body_held_back(server, "/handler") == [first, bare[0], bare[-1]]
        for value in ("nonsense", "100-continue"):
            response = await wire.ask(server, "GET /handler HTTP/1.0", f"Expect: {value}")
            assert response["Status"] == "200"
        for header in HEADERS[:-1]:
            assert await whole(server, "/handler", header) == bare, header
        assert await whole(server, "/handler", "Range: bytes=4-", f"If-Range: {PAST}") == bare
        answers = await answers_on_one_connection(
            server, "Connection: keep-alive", "X-Own: x", "Connection: close"
        )
        assert [answer.splitlines()[-1] for answer in answers] == [b"hello"] * 3  # open until the last


@pytest.mark.statement("S39", "S57")
async def test_a_second_host_user_agent_or_max_forwards_is_refused(tmp_path: Path) -> None:
    """Of RFC 7231's request headers only Host, User-Agent and Max-Forwards, sent twice, are a 400; so is Content-Type.

    RFC 7231 的请求头部里，发了两遍就得到 400 的只有 Host、User-Agent 和 Max-Forwards；Content-Type 也是。
    """  # noqa: E501
    fields = VALUES | {"Expect": "100-continue", "Content-Type": "text/plain"}
    async with TestServer(readers.build_app(tmp_path)) as server:
        bare = ("GET /handler HTTP/1.1", "Host: x")
        statuses = {
            name: (await wire.ask(server, *bare, *[f"{name}: {value}"] * 2))["Status"]
            for name, value in fields.items()
        }
        statuses["Host"] = (await wire.ask(server, *bare, "Host: x"))["Status"]
    assert statuses.pop("Expect") == "100"
    refused_ones = {name for name, status in statuses.items() if status == "400"}
    assert refused_ones == {"Host", "User-Agent", "Max-Forwards", "Content-Type"}
    assert {status for name, status in statuses.items() if name not in refused_ones} == {"200"}


@pytest.mark.statement("S57")
async def test_the_headers_of_the_body_are_acted_on_before_the_handler_reads_it() -> None:
    """A body sent with Content-Encoding or Transfer-Encoding is decoded when the handler reads it; neither is among the 21.

    带 Content-Encoding 或 Transfer-Encoding 的正文，处理函数读到时已经解码；这两个都不在那 21 个里。
    """  # noqa: E501
    bodies: list[bytes] = []

    async def look(request: web.Request) -> web.Response:
        bodies.append(await request.read())
        return web.Response()

    app = web.Application()
    app.router.add_post("/", look)
    packed = zlib.compress(b"hello")
    sent = (
        (b"Content-Encoding: deflate\r\nContent-Length: %d" % len(packed), packed),
        (b"Transfer-Encoding: chunked", b"3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"),
    )
    async with TestServer(app) as server:
        for lines, body in sent:
            reader, writer = await asyncio.open_connection(server.host, server.port)
            writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n\r\n%s" % (lines, body))
            assert (await reader.readline()).split()[1] == b"200"
            writer.close()
    assert bodies == [b"hello", b"hello"]
    assert not {"Content-Encoding", "Transfer-Encoding"} & {*VALUES, "Host"}


@pytest.mark.statement("S57")
async def test_a_static_file_heeds_range_preconditions_and_encoding(tmp_path: Path) -> None:
    """Of RFC 7231's request headers a static file acts on Range, four preconditions, Accept-Encoding, Expect and a second Host.

    If-Range acts beside Range only: if the file is newer than its date, the whole file is sent; an ETag is not compared.
    Without the packed copy it does not act on Accept-Encoding.

    RFC 7231 的请求头部里，静态文件处理 `Range`、四个先决条件、`Accept-Encoding`，还有 `Expect` 和第二个 `Host`。
    `If-Range` 要和 `Range` 一起才起作用：文件比它的日期新，就发送整个文件；写的是 ETag 就不比较。
    没有压缩副本，`Accept-Encoding` 不起作用。
    """  # noqa: E501
    fields = [f"{name}: {value}" for name, value in VALUES.items()]
    found = dict(zip(VALUES, await changes(tmp_path, "/file", *fields), strict=True))
    assert {name: change for name, change in found.items() if change != "-"} == {
        "Range": "206",
        **{"If-None-Match": "304", "If-Modified-Since": "304"},
        **{"If-Match": "412", "If-Unmodified-Since": "412"},
        "Accept-Encoding": "gzip",
        "Expect": "417",
    }
    assert await changes(tmp_path, "/file", "Host: other") == ["400"]
    async with TestServer(readers.build_app(tmp_path)) as server:  # read to the end: a file is being sent
        lines = await whole(server, "/file", "Expect: 100-continue")
        assert (lines[0], lines[-1]) == (b"HTTP/1.1 100 Continue", b"hello")
    assert await changing(tmp_path, "/file") == {*found} - {name for name in found if found[name] == "-"}
    async with TestServer(readers.build_app(tmp_path)) as server:
        for value, first in ((PAST, b" 200 "), (FUTURE, b" 206 "), ('"other"', b" 206 ")):
            lines = await whole(server, "/file", "Range: bytes=4-", f"If-Range: {value}")
            assert first in lines[0]
            lines = await whole(server, "/file", f"If-Range: {value}")
            assert b" 200 " in lines[0]
            assert lines == await whole(server, "/file")
        (tmp_path / "file.gz").unlink()
        assert await readers.change(server, "/file", "Accept-Encoding: gzip") == "-"
        bare = await whole(server, "/file")
        heeded = {
            name for name, value in VALUES.items() if await whole(server, "/file", f"{name}: {value}") != bare
        }
    assert heeded == {name for name in found if found[name] != "-"} - {"Accept-Encoding"}


@pytest.mark.statement("S57")
async def test_accept_decides_how_an_error_page_looks(tmp_path: Path) -> None:
    """The 500 page that aiohttp makes is HTML if `Accept` names `text/html`, else text, and closes; of the 21 only `Expect` too changes it; its 404 is always text.

    `Accept` 里有 `text/html`，aiohttp 自己的 500 页就是 HTML，否则是纯文本，发完就关闭连接；21 个里还会改变它的只有 `Expect`；它的 404 则总是文本。
    """  # noqa: E501
    pages = await changes(tmp_path, "/broken", "Accept: text/html", "Accept: image/png", "Connection: close")
    assert pages == ["text/html; charset=utf-8", "-", "-"]
    error = b"HTTP/1.1 500 Internal Server Error"
    assert await changing(tmp_path, "/broken", error, Accept="text/html") == {"Accept", "Expect"}
    async with TestClient(TestServer(web.Application())) as client:
        response = await client.get("/none", headers={"Accept": "text/html"})
        assert (response.status, response.content_type) == (404, "text/plain")
    async with TestServer(readers.build_app(tmp_path)) as server:
        bare = await wire.ask(server, "GET /broken HTTP/1.1", "Host: x")
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(b"GET /broken HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 500")  # to the end: the server closes
        writer.close()
    assert (bare["Status"], bare["Content-Type"]) == ("500", "text/plain; charset=utf-8")


@pytest.mark.statement("S39")
def test_the_tables_are_those_of_the_rfcs() -> None:
    """Categories and sections are those quoted from RFC 7231 §5 and from the contents of RFC 9110 and 9111.

    类别和节号与引自 RFC 7231 第 5 章、RFC 9110 和 9111 目录的一致。
    """
    listed = dict(line.split(": ") for line in RFC_7231.splitlines())
    assert {title: " ".join(headers) for title, headers in categories.CATEGORIES.items()} == listed
    contents: dict[str, str] = {}
    for number, text in ((9110, RFC_9110), (9111, RFC_9111)):
        words = text.split()
        contents |= {name: f"RFC {number} §{sec}" for sec, name in zip(words[::2], words[1::2], strict=True)}
    homes = [home for headers in categories.CATEGORIES.values() for home in headers.items()]
    assert (len(homes), dict(homes)) == (21, contents)


@pytest.mark.statement("S39")
def test_the_controls_were_scattered_and_the_others_stayed_together() -> None:
    """By the sections quoted, the seven Controls are in four chapters today, each other category in one.

    按引用的节号，Controls 的七个头部今天分在四章里，别的类别各在一章。
    """
    chapters = {
        title: {home.split(".")[0] for home in headers.values()}
        for title, headers in categories.CATEGORIES.items()
    }
    assert chapters.pop("Controls") == {"RFC 9110 §7", "RFC 9110 §10", "RFC 9110 §14", "RFC 9111 §5"}
    assert [len(places) for places in chapters.values()] == [1, 1, 1, 1]


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
    """Told nothing, aiohttp's client sends Host, User-Agent, and two headers that negotiate; no credentials.

    默认情况下，aiohttp 的客户端会发 Host、User-Agent 和两个协商的头部，不发凭据。
    """
    assert (defaults.category("accept-LANGUAGE"), defaults.category("Origin")) == (
        "Content Negotiation",
        "none",
    )
    async with TestClient(TestServer(defaults.build_app())) as client:
        lines = (await (await client.get("/")).text()).splitlines()
    assert dict(line.split(maxsplit=1) for line in lines) == {
        **{"Host": "Controls", "User-Agent": "Request Context"},
        **{"Accept": "Content Negotiation", "Accept-Encoding": "Content Negotiation"},
    }


async def test_a_browser_lets_no_script_write_host_or_origin(chromium: Browser) -> None:
    """A script in Chromium may set its own header, but not Host or Origin; aiohttp's client sets all three.

    Chromium 里，页面的脚本可以设自己的头部，设不了 Host 和 Origin；aiohttp 的客户端三个都能设。
    """
    heard: list[list[str | None]] = []

    async def look(request: web.Request) -> web.Response:
        heard.append([request.headers.get(name) for name in ("Host", "Origin", "X-Own")])
        return web.Response()

    app = web.Application()
    app.router.add_post("/look", look)
    async with browsing(chromium, app) as page:
        headers = {"Host": "evil.example", "Origin": "http://evil.example", "X-Own": "yes"}
        await page.evaluate("headers => fetch('/look', {method: 'POST', headers})", headers)
        origin = await page.evaluate("location.origin")
        async with ClientSession() as session, session.post(f"{origin}/look", headers=headers) as response:
            assert response.status == 200
    assert heard == [[origin.removeprefix("http://"), origin, "yes"], list(headers.values())]
