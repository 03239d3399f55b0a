"""Proofs for the page http/conditional-requests."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, ETag, web
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request
from PIL import Image
from playwright.async_api import Browser

from snippets.http.conditional_requests import (
    behind_gzip,
    content_tag,
    exchange,
    handler,
    missed,
    resume,
    tags,
    writing,
)
from snippets.recreation.nodes import EXTENSION_WEB_DIRS
from snippets.recreation.serving import serving
from tests.client import ask
from tests.http.at_home import requests_for

with contextlib.suppress(ModuleNotFoundError):  # in a web page, where other proofs of this file run
    from tests.site.nginx import nginx

WORDS = {
    "this": '"140f22fe10510000-8"',  # the tag of the file of exchange.py
    "other": '"other"',
    "equal": "Wed, 21 Oct 2015 07:28:00 GMT",  # its date
    "older": "Wed, 21 Oct 2015 07:27:59 GMT",
}


async def fetch(file: Path, **headers: str) -> ClientResponse:
    """Ask a static route for a file; `If_Range` stands for `If-Range`."""
    app = web.Application()
    app.add_routes([web.static("/", file.parent)])
    return await ask(app, f"/{file.name}", headers={k.replace("_", "-"): v for k, v in headers.items()})


@pytest.mark.statement("S51")
async def test_the_files_of_server_py_are_sent_conditionally_and_its_pictures_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The re-creation sends front page, file and original with 304, or 206; previews, channels 200; else 405.

    在重建的服务器上，首页、静态文件和原图得到 304，只要一段则得到 206；预览图和通道是 200；别的方法是 405。
    """
    condition = {"If-None-Match": "*"}
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack/a.js").write_text("script")
    monkeypatch.setitem(EXTENSION_WEB_DIRS, "pack", str(tmp_path / "pack"))
    async with serving(root=tmp_path, worker=False) as (_, client, *_):
        Image.new("RGB", (4, 4)).save(tmp_path / "output/a.png")
        picture = "/view?filename=a.png"
        for path, status in (
            *(("/", 304), ("/prompt.json", 304), ("/extensions/pack/a.js", 304), (picture, 304)),
            *(
                (f"{picture}&preview=webp", 200),
                (f"{picture}&preview=jpeg;50", 200),
                (f"{picture}&channel=rgb", 200),
                (f"{picture}&channel=a", 200),
            ),
        ):
            plain, asked = await client.get(path), await client.get(path, headers=condition)
            assert (plain.status, asked.status) == (200, status)
            for validator in ("ETag", "Last-Modified"):
                assert (validator in plain.headers) == (status == 304)
            assert await asked.read() == (b"" if status == 304 else await plain.read())
            assert (await client.head(path, headers=condition)).status == status
            part = await client.get(path, headers={"Range": "bytes=0-3"})
            whole = await plain.read()
            assert (part.status, await part.read()) == ((206, whole[:4]) if status == 304 else (200, whole))
            for method in ("POST", "PUT", "PATCH", "DELETE"):
                assert (await client.request(method, path, headers=condition)).status == 405


@pytest.mark.statement("S51")
async def test_a_304_repeats_the_validators_and_has_no_body(tmp_path: Path) -> None:
    """To a matching If-None-Match a static file answers 304: same ETag, date and Cache-Control, no body.

    If-None-Match 匹配，静态文件就返回 304：ETag、日期和 Cache-Control 照旧，没有正文。
    """
    async with TestServer(exchange.build_app(tmp_path)) as server:
        first = await exchange.exchange(server)
        tag = next(line for line in first if line.lower().startswith("< etag: "))
        second = await exchange.exchange(server, f"If-None-Match: {tag[8:]}")
    assert (first[2], first[-2:]) == ("< HTTP/1.1 200 OK", ["<", "< body {}"])
    repeated = ("< etag", "< last-modified", "< cache-control")
    again = [line for line in first if line.lower().startswith(repeated)]
    assert "< Cache-Control: no-cache" in again
    assert (len(again), second[3:]) == (3, ["< HTTP/1.1 304 Not Modified", *again, "<"])


@pytest.mark.statement("S53")
async def test_the_tag_is_made_of_time_and_size(tmp_path: Path) -> None:
    """A static file's ETag is its modification time in nanoseconds, a hyphen and its size, in hexadecimal.

    静态文件的 ETag 由修改时间（纳秒）和大小拼成，都写成十六进制，用 `-` 隔开。
    """
    file = tmp_path / "style.css"
    file.write_bytes(b"body { color: teal }")
    stat = file.stat()
    assert stat.st_size == 20
    assert (await fetch(file)).headers["ETag"] == f'"{stat.st_mtime_ns:x}-14"'


@pytest.mark.statement("S51")
@pytest.mark.parametrize(("tag", "moment", "status"), [("other", "equal", 200), ("this", "older", 304)])
async def test_if_none_match_silences_if_modified_since(
    tag: str, moment: str, status: int, tmp_path: Path
) -> None:
    """With both fields present If-None-Match decides and If-Modified-Since is ignored, in either direction.

    两个字段都有时由 If-None-Match 决定，不管 If-Modified-Since 写什么。
    """
    both = {"If-None-Match": WORDS[tag], "If-Modified-Since": WORDS[moment]}
    assert (await ask(exchange.build_app(tmp_path), "/style.css", headers=both)).status == status
    alone = {"If-Modified-Since": WORDS[moment]}
    assert (await ask(exchange.build_app(tmp_path), "/style.css", headers=alone)).status != status


def due(match: str, unmodified: str, none_match: str, modified: str) -> int:
    """Return the status that RFC 9110 §13.2.2 asks of a GET, from the words of WORDS."""
    if match == "other" or (match == "-" and unmodified == "older"):
        return 412
    if none_match == "this" or (none_match == "-" and modified == "equal"):
        return 304
    return 200


@pytest.mark.statement("S51")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_the_four_conditions_are_taken_in_the_order_of_the_rfc(method: str, tmp_path: Path) -> None:
    """For GET and HEAD all 81 combinations of the four conditions end as RFC 9110 §13.2.2 prescribes.

    GET 和 HEAD 的四个条件有 81 种组合，结果都和 RFC 9110 §13.2.2 规定的一致。
    """
    fields = ["If-Match", "If-Unmodified-Since", "If-None-Match", "If-Modified-Since"]
    words = [("-", "this", "other"), ("-", "equal", "older")] * 2
    async with TestClient(TestServer(exchange.build_app(tmp_path))) as client:
        own = (await client.get("/style.css")).headers
        assert (WORDS["this"], WORDS["equal"]) == (own["ETag"], own["Last-Modified"])
        for row in itertools.product(*words):
            cells = zip(fields, row, strict=True)
            headers = {field: WORDS[word] for field, word in cells if word != "-"}
            assert (await client.request(method, "/style.css", headers=headers)).status == due(*row), row


@pytest.mark.statement("S51")
@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ('"tag"', [304, 200]),
        ('W/"tag"', [304, 412]),
        ('"other", "tag"', [304, 200]),
        ("*", [304, 200]),
        ('"other"', [200, 412]),
    ],
)
async def test_if_none_match_compares_weakly_and_if_match_strongly(
    form: str, expected: list[int], tmp_path: Path
) -> None:
    """A weak tag matches in If-None-Match and not in If-Match; lists and `*` work in both.

    弱标签在 If-None-Match 里算数，在 If-Match 里不算；列表和 `*` 在两边都有效。
    """
    assert form in tags.FORMS
    assert await tags.statuses(tags.build_app(tmp_path), form) == expected


@pytest.mark.statement("S51")
async def test_a_tag_without_quotes_matches_nothing(tmp_path: Path) -> None:
    """The right tag without its quotes matches nothing: 200 in If-None-Match, 412 in If-Match.

    标签本身没错，但少了引号，就不匹配任何标签：If-None-Match 得 200，If-Match 得 412。
    """
    assert await tags.statuses(tags.build_app(tmp_path), "tag") == [200, 412]


@pytest.mark.statement("S52")
async def test_the_date_of_the_notes_is_valid_and_decides(tmp_path: Path) -> None:
    """21 October 2015 was a Wednesday; its date gives 304 for files up to that moment, 200 for later ones.

    2015 年 10 月 21 日是星期三；用这个日期问，那一刻或之前的文件返回 304，更新的文件返回 200。
    """
    wednesday = 3
    assert date(2015, 10, 21).isoweekday() == wednesday
    header = "Wed, 21 Oct 2015 07:28:00 GMT"
    file = tmp_path / "style.css"
    for later, status in ((-1, 304), (0, 304), (0.5, 200), (1, 200), (100_000_000, 200)):
        missed.write(file, b"", exchange.CHANGED + later)
        assert (await fetch(file, If_Modified_Since=header)).status == status


@pytest.mark.statement("S52")
@pytest.mark.parametrize("text", ["yesterday", "2099-10-21", "1970-01-01", "Wed, 31 Feb 2099 07:28:00 GMT"])
async def test_a_date_that_does_not_parse_is_ignored(text: str, tmp_path: Path) -> None:
    """A date that does not parse counts as absent: both date conditions then answer 200, and a handler reads None.

    解析不了的日期等于没写：两个日期条件都返回 200，处理函数读到的是 None。
    """  # noqa: E501
    missed.write(file := tmp_path / "style.css", b"", exchange.CHANGED)
    for field, valid, status in (
        ("If_Modified_Since", WORDS["equal"], 304),
        ("If_Unmodified_Since", WORDS["older"], 412),
    ):
        assert (await fetch(file, **{field: text})).status == 200
        assert (await fetch(file, **{field: valid})).status == status
    headers = {"If-Unmodified-Since": text}
    assert make_mocked_request("PUT", "/", headers=headers).if_unmodified_since is None


@pytest.mark.statement("S53")
async def test_a_date_misses_a_second_change_in_the_same_second(tmp_path: Path) -> None:
    """A file rewritten within the second up to which Last-Modified is rounded: 304 by date, 200 by tag, the size the same or not.

    Last-Modified 向上取整到秒，文件在这一秒里又改了一次：按日期得 304，按标签得 200，大小变没变都一样。
    """  # noqa: E501
    for text in (b"green", b"tan"):
        for again, by_date in ((5.200001, 304), (5.5, 304), (6, 304), (6.1, 200)):
            assert await missed.statuses(tmp_path / "a", (text, again)) == [by_date, 200]
    for seconds, clock in ((1, "00:00:01"), (1.1, "00:00:02"), (1.9, "00:00:02")):
        missed.write(file := tmp_path / "b", b"", seconds)
        assert (await fetch(file)).headers["Last-Modified"] == f"Thu, 01 Jan 1970 {clock} GMT"


@pytest.mark.parametrize("seconds", [500, 999.5])
async def test_a_date_misses_an_older_file(seconds: float, tmp_path: Path) -> None:
    """A file replaced by an older one, or within the second: 304 by date, 200 by tag; If-Range splices.

    文件换成了更旧的，或者同一秒里改的：按日期得 304，按标签得 200；If-Range 用日期，会拼错。
    """
    assert await missed.statuses(tmp_path / "b", (b"blue", 1.0)) == [304, 200]
    missed.write(file := tmp_path / "a", b"AAAA", 1000)
    known = (await fetch(file)).headers
    date = known["Last-Modified"]
    missed.write(file, b"BBBB", seconds)
    assert (await fetch(file, **{"If-Modified-Since": date})).status == 304
    assert (await fetch(file, **{"If-None-Match": known["ETag"]})).status == 200
    rest = await fetch(file, **{"If-Range": date, "Range": "bytes=2-"})
    assert (rest.status, await rest.text()) == (206, "BB")


@pytest.mark.statement("S53")
async def test_a_tag_misses_new_bytes_of_the_same_size_and_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other bytes with the same size and modification time get 304, by date and by tag.

    The time is the same, too, if the file system rounds it and the change comes soon.

    字节换了，大小和修改时间没变：按日期按标签都得 304。
    文件系统对时间取整，改动又紧接着，时间也会不变。
    """
    file = tmp_path / "a"
    assert await missed.statuses(file, (b"tan", 5.2)) == [304, 304]
    assert file.read_bytes() == b"tan" != missed.BEFORE[0]
    write = missed.write
    monkeypatch.setattr(missed, "write", lambda file, text, at: write(file, text, at // 2 * 2))
    assert await missed.statuses(file, (b"tan", 5.9)) == [304, 304]
    assert await missed.statuses(file, (b"green", 5.9)) == [304, 200]
    assert await missed.statuses(file, (b"tan", 6.1)) == [200, 200]


@pytest.mark.statement("S53")
async def test_touching_a_file_looks_like_a_change(tmp_path: Path) -> None:
    """A changed file, and one only touched, its bytes the same, is sent in full; untouched, it is a 304.

    文件改了，或者只是被 touch 了一下、字节没变，都会整个重发；没有改动就是 304。
    """
    missed.write(file := tmp_path / "b", b"red", 1)
    tag = (await fetch(file)).headers["ETag"]
    for content in ("red", "green"):
        missed.write(file, content.encode(), 2)
        response = await fetch(file, If_None_Match=tag)
        assert (response.status, await response.text()) == (200, content)
    assert await missed.statuses(tmp_path / "a", missed.BEFORE) == [304, 304]
    assert await missed.statuses(tmp_path / "a", (b"red", 9.0)) == [200, 200]


@pytest.mark.statement("S51")
@pytest.mark.parametrize("tag", ['"v1"', 'W/"v1"', "*"])
async def test_setting_etag_never_makes_a_304(tag: str) -> None:
    """`web.Response` with `etag` set answers 200 and the whole body, whatever If-None-Match says.

    So it is with `last_modified` set, and its date in If-Modified-Since.

    `web.Response` 设了 `etag`，不管 If-None-Match 写什么，都返回 200 加完整正文。
    设了 `last_modified`，把这个日期写进 If-Modified-Since，也一样。
    """
    app = web.Application()
    app.router.add_get("/", handler.tagged)
    response = await ask(app, headers={"If-None-Match": tag})
    assert (response.status, response.headers["ETag"], await response.text()) == (200, '"v1"', "report")

    async def dated(request: web.Request) -> web.Response:
        response = web.Response(text="report")
        response.last_modified = WORDS["equal"]
        return response

    app = web.Application()
    app.router.add_get("/", dated)
    response = await ask(app, headers={"If-None-Match": tag, "If-Modified-Since": WORDS["equal"]})
    assert (response.status, response.headers["Last-Modified"]) == (200, WORDS["equal"])
    response = await ask(app, headers={"If-Modified-Since": WORDS["equal"]})
    assert (response.status, await response.text()) == (200, "report")


@pytest.mark.statement("S51")
async def test_a_plain_response_carries_no_validator() -> None:
    """A `web.Response` sends neither ETag nor Last-Modified of its own, so a client has nothing to ask with.

    `web.Response` 自己不带 ETag，也不带 Last-Modified，客户端没有可以带上的条件。
    """

    async def picture(request: web.Request) -> web.Response:
        return web.Response(body=b"pixels", content_type="image/png")

    app = web.Application()
    app.router.add_get("/", picture)
    assert not {"ETag", "Last-Modified"} & set((await ask(app)).headers)


@pytest.mark.statement("S51")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("header", "status"),
    [
        ('"v1"', 304),
        ('W/"v1"', 304),
        ('"v0", "v1"', 304),
        ("*", 304),
        ('"v0"', 200),
        ("v1", 200),
        (None, 200),
    ],
)
async def test_a_handler_that_reads_if_none_match_answers_304(
    method: str, header: str | None, status: int
) -> None:
    """A handler that compares If-None-Match with its tag answers 304 without a body, and repeats the tag.

    处理函数自己拿 If-None-Match 和标签比，就能返回 304：没有正文，标签照带。
    """
    app = web.Application()
    app.router.add_get("/", handler.checked)
    response = await ask(app, method=method, headers={"If-None-Match": header} if header else {})
    assert (response.status, response.headers["ETag"]) == (status, '"v1"')
    assert await response.text() == ("report" if (method, status) == ("GET", 200) else "")


async def test_an_if_match_without_quotes_is_an_empty_tuple() -> None:
    """For `If-Match: v1` `request.if_match` is `()`, so a handler that asks `is not None` refuses the write.

    `If-Match: v1` 没有引号，`request.if_match` 是空元组：用 `is not None` 判断的处理函数拒绝写入。
    """

    async def write(request: web.Request) -> web.Response:
        sent = request.if_match
        asked = sent is not None if request.path == "/right" else bool(sent)
        known = any(tag.value == "v1" for tag in sent or ())
        return web.Response(status=412 if asked and not known else 200, text=repr("tags" if sent else sent))

    app = web.Application()
    app.router.add_put("/{name}", write)
    async with TestClient(TestServer(app)) as client:
        for header, read, right, wrong in (
            ("", "None", 200, 200),
            ("v1", "()", 412, 200),
            ('"v1"', "'tags'", 200, 200),
            ('"v0"', "'tags'", 412, 412),
            (None, "None", 200, 200),
        ):
            headers = {} if header is None else {"If-Match": header}
            for path, status in (("/right", right), ("/wrong", wrong)):
                response = await client.put(path, headers=headers)
                assert (response.status, await response.text()) == (status, read)


async def test_of_two_writes_with_one_tag_the_second_gets_412() -> None:
    """`write` stores one of two writes that name `v1`, side by side too; tags that are old, weak or unquoted get 412.

    Without `If-Match`, or with an empty one, it stores.
    A handler that waits after the comparison stores both.

    两次写入都写着 `v1`，`write` 只存下一次，同时发来也一样；旧的、弱的、没有引号的标签得到 412。
    没有 `If-Match`，或者它是空的，就存下。
    处理函数比较之后还有 `await`，就两次都存下。
    """  # noqa: E501
    app = writing.build_app()
    both_run = asyncio.Barrier(2)

    async def body() -> AsyncIterator[bytes]:
        yield b"begins"
        await both_run.wait()
        await asyncio.sleep(0.1)  # both handlers have begun
        yield b"ends"

    async with TestClient(TestServer(app)) as client:

        async def put(tag: str | None, data: str | AsyncIterator[bytes]) -> tuple[int, str]:
            headers = {} if tag is None else {"If-Match": tag}
            response = await client.put("/report", headers=headers, data=data)
            return response.status, response.headers["ETag"]

        both = await asyncio.gather(*(put('"v1"', body()) for _ in range(2)))
        assert sorted(status for status, _ in both) == [200, 412]
        assert {tag for _, tag in both} == {'"v2"'}
        for tag in ('"v1"', 'W/"v2"', "v2"):
            assert await put(tag, "lost") == (412, '"v2"')
        kept = app[writing.VERSIONS]
        assert len(kept) == 2
        for match, new in (
            ('"v2"', '"v3"'),
            ('"v1", "v3"', '"v4"'),
            ("*", '"v5"'),
            (None, '"v6"'),
            ("", '"v7"'),
        ):
            assert await put(match, "kept") == (200, new)
        assert kept[2:] == ["kept"] * 5

    async def careless(request: web.Request) -> web.Response:
        known = any(tag.value == f"v{len(versions)}" for tag in request.if_match or ())
        await both_run.wait()  # the other write runs here
        if known:
            versions.append("text")
        return web.Response(status=200 if known else 412)

    versions, both_run = ["first"], asyncio.Barrier(2)
    app = web.Application()
    app.router.add_put("/", careless)
    async with TestClient(TestServer(app)) as client:
        answers = await asyncio.gather(*(client.put("/", headers={"If-Match": '"v1"'}) for _ in range(2)))
    assert ([answer.status for answer in answers], len(versions)) == ([200, 200], 3)


@pytest.mark.statement("S51")
async def test_behind_a_proxy_that_alters_the_tag_comparison_decides(
    chromium: Browser, tmp_path: Path
) -> None:
    """A weakened tag spoils the text comparison alone, `-gzip` all three; without one a date is left.

    标签变弱，只有按文本比较的受影响；加上 `-gzip`，三个都受影响；标签被去掉，文件不受影响。
    """
    expected = {
        "no proxy": [304, 304, 304],
        "nginx": [200, 304],  # a file needs aiohttp after 3.9: below
        "Apache": [200, 200, 200],
        "drops it": [200, 200, 304],
    }
    assert [change('"v1"') for change in behind_gzip.PROXIES.values()] == [
        *('"v1"', 'W/"v1"', '"v1-gzip"', ""),
    ]
    for proxy, statuses in expected.items():
        app = behind_gzip.build_app(tmp_path, proxy)
        async with TestClient(TestServer(app)) as client:
            paths = ("/naive", "/checked", "/file")[: len(statuses)]
            assert [await behind_gzip.again(client, path) for path in paths] == statuses
    date = {"Last-Modified": WORDS["equal"]}
    validators = ({"ETag": 'W/"a"'}, {"ETag": '"a-gzip"'}, {"ETag": '"a"', **date}, date)
    sent = await requests_for(chromium, *({"Cache-Control": "no-cache", **some} for some in validators))
    assert sent == [["", *["".join(some.values())] * 2] for some in validators]  # as Chromium sends them


GZIP = """
server {{
  listen 127.0.0.1:{port};
  gzip GZIP; gzip_types *; gzip_min_length 1;
  location / {{ proxy_pass http://127.0.0.1:BEHIND; }}
}}
"""


@pytest.mark.ours("about nginx")
@pytest.mark.parametrize(
    ("gzip", "tag", "statuses"), [("on", 'W/"v1"', [200, 304]), ("off", '"v1"', [304, 304])]
)
async def test_nginx_weakens_the_tag_of_what_it_compresses(
    gzip: str, tag: str, statuses: list[int], tmp_path: Path
) -> None:
    """With gzip nginx makes a tag weak, and the second statuses are those of the page; without it leaves the tag.

    打开 gzip，nginx 把标签改成弱标签，第二次的状态码和页面上的一样；没有打开，它不改标签。
    """  # noqa: E501
    async with TestServer(behind_gzip.build_app(tmp_path, "no proxy")) as server:
        servers = GZIP.replace("GZIP", gzip).replace("BEHIND", str(server.port))
        with nginx(tmp_path / "nginx", tmp_path, servers) as address:
            async with ClientSession(address) as client:
                sent = (await client.get("/checked")).headers
                assert (sent["ETag"], "Content-Encoding" in sent) == (tag, gzip == "on")
                again: Any = client
                assert [await behind_gzip.again(again, path) for path in ("/naive", "/checked")] == statuses


async def test_an_altered_tag_in_if_match_is_a_412(tmp_path: Path) -> None:
    """The tag that a client read gets a 412 in If-Match if a proxy has altered it, from `write` and from a file.

    代理改过的标签，客户端放进 If-Match 发回来，`write` 和静态文件都返回 412。
    """  # noqa: E501
    for proxy, status in (("no proxy", 200), ("nginx", 412), ("Apache", 412)):
        app = behind_gzip.build_app(tmp_path, proxy)
        app[writing.VERSIONS] = ["first"]
        app.router.add_put("/report", writing.write)
        async with TestClient(TestServer(app)) as client:
            read = (await client.put("/report", data="second")).headers["ETag"]
            written = await client.put("/report", headers={"If-Match": read}, data="third")
            assert (written.status, len(app[writing.VERSIONS])) == (status, 3 if status == 200 else 2)
            read = (await client.get("/file")).headers["ETag"]
        assert (await fetch(tmp_path / "file", If_Match=read)).status == status


@pytest.mark.statement("S51")
@pytest.mark.parametrize("tag", ["v1", ETag("v1", is_weak=True)])
async def test_aiohttps_compression_leaves_the_tag_as_it_is(tag: str | ETag) -> None:
    """With `enable_compression()` both bodies leave under the tag that was set, strong or weak, without Vary.

    用 `enable_compression()`，压缩和不压缩的正文用的都是设好的那个标签，强弱不变，也没有 Vary。
    """

    async def report(request: web.Request) -> web.Response:
        response = web.Response(text="report")
        response.etag = tag
        response.enable_compression()
        return response

    sent = []
    for coding in ("gzip", "identity"):
        app = web.Application()
        app.router.add_get("/", report)
        headers = (await ask(app, headers={"Accept-Encoding": coding})).headers
        sent.append((headers.get("Content-Encoding"), headers["ETag"], headers.get("Vary")))
    form = '"v1"' if tag == "v1" else 'W/"v1"'
    assert sent == [("gzip", form, None), (None, form, None)]


async def test_a_resumed_download_is_spliced_from_two_files(tmp_path: Path) -> None:
    """With the old file's tag in If-Range, or a date not before the new file's, the rest of the new is sent as 206.

    With a date before it the whole of the new file is sent.

    If-Range 里是旧文件的标签，或者是不早于新文件的日期，就用 206 发送新文件的后半部分。
    日期早于新文件，就发送整个新文件。
    """  # noqa: E501
    old = "Thu, 01 Jan 1970 00:00:05 GMT"
    assert [await resume.resume(tmp_path / "film", *replaced) for replaced in resume.REPLACED] == [
        ('"12a05f200-4"', 206, b"AABB"),
        (old, 200, b"BBBB"),
        (old, 206, b"AABB"),
    ]
    for seconds, status in ((1, 206), (4, 206), (5, 206), (5.1, 200), (6, 200)):
        missed.write(file := tmp_path / "new", b"BBBB", seconds)
        for headers in ({"If-Range": old}, {"If-Range": "Fri, 01 Jan 2100 00:00:00 GMT"}):
            found = await fetch(file, Range="bytes=2-", **headers)
            expected = status if headers["If-Range"] == old else 206
            assert (found.status, await found.text()) == (expected, "BB" if expected == 206 else "BBBB")


async def test_a_resume_with_if_match_is_spliced_from_nothing(tmp_path: Path) -> None:
    """With the old file's tag in If-Match the rest is a 206; once the file has changed, an older one too, a 412.

    If-Match 里是旧文件的标签：文件没变，用 206 发送剩下的部分；文件变了，换成更旧的也一样，得到 412。
    """  # noqa: E501
    missed.write(file := tmp_path / "film", b"AAAA", 5)
    tag = (await fetch(file)).headers["ETag"]
    rest = await fetch(file, If_Match=tag, Range="bytes=2-")
    assert (rest.status, await rest.text()) == (206, "AA")
    for content, seconds in ((b"BBBB", 9), (b"BBBB", 5.1), (b"BBBB", 1), (b"BBB", 5)):
        missed.write(file, content, seconds)
        answer = await fetch(file, If_Match=tag, Range="bytes=2-")
        assert (answer.status, await answer.text()) == (412, "")


async def test_a_files_tag_can_be_made_weak_in_the_signal(tmp_path: Path) -> None:
    """`weaken` in `on_response_prepare` makes a file's tag weak; a client that sends it gets a 304.

    A missing file is still a 404, and a failed condition a 412, which have no tag.

    在 `on_response_prepare` 里用 `weaken` 把文件的标签改成弱标签，客户端带着它来问，仍然得到 304。
    文件不存在还是 404，条件不满足还是 412，它们都没有标签。
    """
    (tmp_path / "file").write_text("report")
    app = web.Application()
    app.on_response_prepare.append(behind_gzip.weaken)
    app.router.add_static("/", tmp_path)
    async with TestClient(TestServer(app)) as client:
        tag = (await client.get("/file")).headers["ETag"]
        assert tag.startswith('W/"')
        response = await client.get("/file", headers={"If-None-Match": tag})
        assert (response.status, response.headers["ETag"]) == (304, tag)
        for path, status in (("/missing", 404), ("/file", 412)):
            response = await client.get(path, headers={"If-Match": '"other"'})
            assert (response.status, "ETag" in response.headers) == (status, False)
    async with TestClient(TestServer(behind_gzip.build_app(tmp_path, "nginx"))) as client:
        assert await behind_gzip.again(client, "/file") == 304


def test_etag_takes_the_bare_value_and_adds_the_quotes() -> None:
    """`response.etag` takes the value without quotes and adds them (not to `*`); an ETag can make it weak.

    `response.etag` 收不带引号的值，引号由它加，`*` 除外；要弱标签就给它 ETag 对象。
    """
    values: dict[str, str | ETag] = {'"v1"': "v1", "*": "*", 'W/"v1"': ETag("v1", is_weak=True)}
    for sent, value in values.items():
        response = web.Response()
        response.etag = value
        assert response.headers["ETag"] == sent


@pytest.mark.parametrize("value", ['"v1"', 'W/"v1"', "", "v 1"])
def test_etag_refuses_quotes_blanks_and_nothing(value: str) -> None:
    """A value with quotes or blanks, or an empty one, raises ValueError.

    值里有引号、有空格，或者是空的，就抛 ValueError。
    """
    with pytest.raises(ValueError, match="is not a valid etag"):
        web.Response().etag = value


async def test_a_304_for_a_file_opens_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A static file is opened for a 200 and not for its 304, by tag or by date.

    静态文件返回 200 时才打开；按标签、按日期返回 304 时都不打开。
    """
    missed.write(file := tmp_path / "a", b"red", 1)
    opened: list[str] = []
    path_open = Path.open

    def note(path: Path, *args: Any, **options: Any) -> Any:
        opened.append(path.name)
        return path_open(path, *args, **options)

    monkeypatch.setattr(Path, "open", note)
    full = await fetch(file)
    assert (full.status, opened) == (200, ["a"])
    opened.clear()
    assert (await fetch(file, If_None_Match=full.headers["ETag"])).status == 304
    assert (await fetch(file, If_Modified_Since=full.headers["Last-Modified"])).status == 304
    assert opened == []


async def test_a_file_response_has_its_own_tag(tmp_path: Path) -> None:
    """A `FileResponse` sends the tag of time and size, and compares with it, although another `etag` was set.

    `FileResponse` 另设了 `etag`，发送和比较的仍是由时间和大小拼成的标签。
    """
    missed.write(file := tmp_path / "a", b"red", 1)
    own = (await fetch(file)).headers["ETag"]

    async def send(request: web.Request) -> web.FileResponse:
        response = web.FileResponse(file)
        response.etag = "hash"
        return response

    app = web.Application()
    app.router.add_get("/", send)
    assert own != '"hash"'
    for asked, status in (('"hash"', 200), (own, 304)):
        response = await ask(app, headers={"If-None-Match": asked})
        assert (response.status, response.headers["ETag"]) == (status, own)


@pytest.mark.statement("S53")
async def test_a_tag_made_from_the_bytes_follows_the_bytes(tmp_path: Path) -> None:
    """With a hash for a tag new bytes get 200, be their size and time the same or not, and a touch gets 304.

    标签用散列值：字节换了得 200，大小和时间变没变都一样；只 touch 一下得 304。
    """
    assert await content_tag.status(tmp_path / "a", (b"rex", 5.2)) == 200  # only the last byte
    found = {after: await content_tag.status(tmp_path / "a", after) for after in missed.AFTER}
    assert found == {(b"green", 5.5): 200, (b"tan", 5.2): 200, (b"blue", 1.0): 200, (b"red", 9.0): 304}


async def test_a_tag_made_from_the_bytes_reads_the_file_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a hash for a tag the file is read to the end for the 304 too, and `Range` is ignored.

    标签用散列值，返回 304 也要把文件读到底，也不理会 `Range`。
    """
    sizes: list[int] = []
    read = Path.read_bytes

    def count(path: Path) -> bytes:
        sizes.append(len(content := read(path)))
        return content

    monkeypatch.setattr(Path, "read_bytes", count)
    assert await content_tag.status(tmp_path / "a", (b"red", 9.0)) == 304
    assert sizes == [3, 3]
    app = web.Application()
    app[content_tag.FILE] = tmp_path / "a"
    app.router.add_get("/", content_tag.page)
    part = await ask(app, headers={"Range": "bytes=1-1"})
    assert (part.status, await part.text()) == (200, "red")
    missed.write(tmp_path / "a", b"red", 1)
    part = await fetch(tmp_path / "a", Range="bytes=1-1")
    assert (part.status, await part.text()) == (206, "e")
