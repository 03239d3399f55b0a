"""Proofs for the page http/caching."""

from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

from snippets.http.caching import (
    browser,
    directives,
    ignored,
    request_directives,
    storing,
    tagged,
    three_loads,
)
from snippets.http.caching.freshness import DATES, lifetime, moment
from snippets.http.caching.parsing import parse
from tests.client import ask

A_DAY = 86400  # a tenth of the ten days in DATES


async def three_reads(control: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """Return what three loads read, and what was sent for them."""
    await three_loads.load_three_times(folder / "app.js", control)
    words = capsys.readouterr().out.split()
    return " ".join(words[3:6]), " ".join(words[6:])


def serve(control: dict[str, str]) -> web.Application:
    """Return an application that sends this file with the given fields."""

    async def send(request: web.Request) -> web.FileResponse:
        return web.FileResponse(__file__, headers=control)

    app = web.Application()
    app.router.add_get("/", send)
    return app


@pytest.mark.statement("S43")
async def test_no_cache_costs_one_304_a_load(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Under `no-cache` a browser asks each time; unchanged it gets an empty 304, changed the new file.

    `no-cache` 下浏览器每次都问：没变就收到空的 304，变了就收到新文件。
    """
    read, sent = await three_reads("no-cache", tmp_path, capsys)
    assert (read, sent) == ("old old new", "200:1000 304:0 200:1000")


@pytest.mark.statement("S43")
async def test_no_store_costs_the_whole_file_each_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Under `no-store` nothing is kept, so each load brings the whole file, without a 304.

    `no-store` 下什么也不留，每次都下载整个文件，没有 304。
    """
    read, sent = await three_reads("no-store", tmp_path, capsys)
    assert (read, sent) == ("old old new", "200:1000 200:1000 200:1000")


async def test_max_age_costs_nothing_and_shows_the_old_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Under `max-age=3600` one request serves all three loads, and the change goes unseen.

    `max-age=3600` 下三次载入只发一个请求，文件改了也看不到。
    """
    read, sent = await three_reads("max-age=3600", tmp_path, capsys)
    assert (read, sent) == ("old old old", "200:1000")


@pytest.mark.statement("S45")
async def test_without_a_rule_a_guess_shows_the_old_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without Cache-Control a cache that guesses from Last-Modified shows the old file too.

    没有 Cache-Control，按 Last-Modified 猜期限的缓存同样显示旧文件。
    """
    read, sent = await three_reads("", tmp_path, capsys)
    assert (read, sent) == ("old old old", "200:1000")


@pytest.mark.statement("S43")
async def test_a_304_repeats_tag_and_rule() -> None:
    """A `no-cache` file answers its own tag with 304: no body, the same ETag and Cache-Control.

    `no-cache` 的文件收到自己的标签就答 304：没有正文，ETag 和 Cache-Control 照旧。
    """
    control = {"Cache-Control": "no-cache"}
    first = await ask(serve(control))
    again = await ask(serve(control), headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status, again.status, await again.text()) == (200, 304, "")
    for field in ("ETag", "Cache-Control"):
        assert again.headers[field] == first.headers[field]


@pytest.mark.statement("S43")
async def test_a_304_repeats_pragma_and_expires() -> None:
    """A 304 from aiohttp carries the `Pragma` and `Expires` that the handler set.

    处理函数设的 `Pragma` 和 `Expires`，aiohttp 在 304 上也照发。
    """
    old = {"Pragma": "no-cache", "Expires": "0"}
    response = await ask(serve(old), headers={"If-None-Match": "*"})
    assert response.status == 304
    assert {field: response.headers[field] for field in old} == old


async def test_a_stale_copy_is_confirmed_with_304(capsys: pytest.CaptureFixture[str]) -> None:
    """A copy is used without a request while fresh; once stale, its tag brings a 304.

    副本新鲜时不发请求就用；过期后拿标签去问，得到 304。
    """
    async with ClientSession() as session:
        assert browser.Browser(session).fresh_until <= 0
    await browser.main()
    first, fresh, stale = (line.split()[3:] for line in capsys.readouterr().out.splitlines())
    assert fresh == first
    assert [item.split(":")[0] for item in stale] == ["200", "304"]


@pytest.mark.statement("S42", "S44")
def test_a_request_has_exactly_seven_directives() -> None:
    """RFC 9111 §5.2.1 defines seven request directives, and `public` is none of them.

    RFC 9111 §5.2.1 定义了七个请求指令，`public` 不在其中。
    """
    seven = "max-age max-stale min-fresh no-cache no-store no-transform only-if-cached"
    assert " ".join(directives.REQUEST) == seven
    assert len(set(directives.REQUEST)) == 7


@pytest.mark.statement("S42")
def test_an_answer_has_ten_and_shares_four() -> None:
    """RFC 9111 §5.2.2 defines ten response directives; four of the names also occur in requests.

    RFC 9111 §5.2.2 定义了十个响应指令，其中四个名字请求里也有。
    """
    ten = "max-age must-revalidate must-understand no-cache no-store no-transform"
    ten += " private proxy-revalidate public s-maxage"
    assert " ".join(directives.RESPONSE) == ten
    both = set(directives.REQUEST) & set(directives.RESPONSE)
    assert both == {"max-age", "no-cache", "no-store", "no-transform"}


@pytest.mark.statement("S44", "S46")
def test_public_is_for_answers_only(capsys: pytest.CaptureFixture[str]) -> None:
    """The table gives `public` a section of §5.2.2, and none of §5.2.1.

    表里 `public` 只有 §5.2.2 的一节，没有 §5.2.1 的。
    """
    directives.main()
    rows = {first: rest for first, *rest in map(str.split, capsys.readouterr().out.splitlines())}
    assert rows["public"] == ["-", "5.2.2.9"]
    assert rows["max-age"] == ["5.2.1.1", "5.2.2.1"]


@pytest.mark.statement("S40", "S44", "S46")
@pytest.mark.parametrize("control", [*directives.REQUEST, "max-age=3600, public"])
async def test_an_aiohttp_server_does_not_read_it(control: str) -> None:
    """Whatever Cache-Control a request has, the handler runs and answers as it does without.

    请求带什么 Cache-Control 都一样：处理函数照常执行，照常回答。
    """
    responses = []
    for headers in ({}, {"Cache-Control": control}):
        app = ignored.build_app()
        response = await ask(app, headers=headers)
        assert app[ignored.CALLS] == [headers.get("Cache-Control", "nothing")]
        assert "call 1" in await response.text()
        responses.append((response.status, response.headers["Cache-Control"]))
    assert responses[0] == responses[1] == (200, "max-age=3600")


@pytest.mark.statement("S45")
async def test_aiohttps_client_has_no_cache() -> None:
    """Four GETs of an answer with `max-age=3600` call the handler four times.

    对带 `max-age=3600` 的响应发四次 GET，处理函数就执行四次。
    """
    app = ignored.build_app()
    async with TestClient(TestServer(app)) as client:
        texts = [await (await client.get("/")).text() for _ in range(4)]
    assert texts == [f"call {number}: request: nothing" for number in (1, 2, 3, 4)]


@pytest.mark.statement("S40", "S45")
@pytest.mark.parametrize(
    ("age", "fresh_for", "request_field", "use"),
    [
        (1800, 7200, "", True),
        (1800, 7200, "max-age=3600", True),
        (3600, 7200, "max-age=3600", True),
        (3601, 7200, "max-age=3600", False),
        (1800, 600, "", False),
        (1800, 600, "max-age=3600", False),
        (1800, 600, "max-age=3600, max-stale", True),
        (1800, 600, "max-stale=1200", True),
        (1801, 600, "max-stale=1200", False),
        (1800, 7200, "no-cache", False),
        (600, 600, "", False),
    ],
)
def test_a_requests_max_age_wants_young_and_fresh(
    age: int, fresh_for: int, request_field: str, use: bool
) -> None:
    """In a request `max-age` asks for a copy no older than that, and not stale unless `max-stale` says so.

    请求里的 `max-age` 要的是不超过这个岁数的副本，而且不能过期，除非另写 `max-stale`。
    """
    assert request_directives.reusable(age, fresh_for, request_field) is use


@pytest.mark.statement("S44", "S46")
def test_public_in_a_request_changes_nothing() -> None:
    """A cache ignores directives it does not know: with `public` a request asks for the same.

    缓存不理会不认识的指令：请求里多写 `public`，要求没有变。
    """
    for age, fresh_for in request_directives.COPIES:
        with_public = request_directives.reusable(age, fresh_for, "max-age=3600, public")
        assert with_public == request_directives.reusable(age, fresh_for, "max-age=3600")


@pytest.mark.statement("S46")
@pytest.mark.parametrize("control", storing.CONTROLS)
def test_three_directives_open_a_shared_cache_to_authorized_answers(control: str) -> None:
    """Only `public`, `s-maxage` and `must-revalidate` let a shared cache keep an authorized answer.

    请求带了 `Authorization`，只有 `public`、`s-maxage`、`must-revalidate` 能让共享缓存留下响应。
    """
    name = control.partition("=")[0]
    assert storing.may_store(control, authorized=True) == (name in ("public", "s-maxage", "must-revalidate"))


@pytest.mark.statement("S43", "S46")
@pytest.mark.parametrize("control", storing.CONTROLS)
def test_anyones_answer_is_stored_unless_forbidden(control: str) -> None:
    """Without Authorization a 200 may be stored even under `no-cache`; only `private`, `no-store` forbid.

    没有 Authorization 的 200，`no-cache` 也可以存；不许存的只有 `private` 和 `no-store`。
    """
    allowed = control not in ("private", "no-store")
    assert storing.may_store(control, authorized=False) is allowed


@pytest.mark.statement("S45")
@pytest.mark.parametrize(
    ("field", "value", "seconds"),
    [
        ("Cache-Control", "max-age=3600", 3600),
        ("Cache-Control", "no-cache, max-age=3600", 0),
        ("Cache-Control", "no-store", 0),
        ("Cache-Control", "max-age=an-hour", 0),
        ("Expires", "Sat, 11 Jan 2025 01:00:00 GMT", 3600),
        ("Expires", "Fri, 10 Jan 2025 00:00:00 GMT", 0),
        ("Expires", "0", 0),
        ("Date", DATES["Date"], A_DAY),
    ],
)
def test_the_first_word_on_time_counts(field: str, value: str, seconds: float) -> None:
    """Lifetime comes from `no-cache`, then `max-age`, then Expires, then a tenth of the file's age.

    期限依次看 `no-cache`、`max-age`、Expires，都没有才取文件岁数的十分之一。
    """
    assert lifetime({**DATES, field: value}) == seconds
    assert moment("0") == 0


@pytest.mark.statement("S45")
def test_max_age_beats_expires() -> None:
    """With both in an answer, `max-age` counts and Expires does not.

    响应里两个都有时，算 `max-age`，不算 Expires。
    """
    assert lifetime({**DATES, "Cache-Control": "max-age=60", "Expires": "0"}) == 60


@pytest.mark.statement("S45")
def test_without_a_date_of_change_there_is_no_guess() -> None:
    """An answer without Last-Modified and without a rule has to be asked about.

    既没有规则也没有 Last-Modified 的响应，只能去问。
    """
    assert lifetime({"Date": DATES["Date"]}) == 0


@pytest.mark.statement("S43")
@pytest.mark.parametrize("typo", ["no_cache", "no cache", "nocache"])
def test_a_typo_is_as_good_as_no_rule(typo: str) -> None:
    """A misspelt `no-cache` is unknown, so it is ignored, and the guess is back.

    `no-cache` 拼错了就是不认识的指令，等于没写，又回到猜。
    """
    assert not set(parse(typo)) & set(directives.RESPONSE)
    assert lifetime({**DATES, "Cache-Control": typo}) == A_DAY


@pytest.mark.statement("S42")
@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("public, max-age=60", {"public": "", "max-age": "60"}),
        ('Max-Age="60"', {"max-age": "60"}),
        ("max-age=60, max-age=3600", {"max-age": "60"}),
        ('private="Set-Cookie, Age"', {"private": "Set-Cookie, Age"}),
        ("", {}),
    ],
)
def test_names_ignore_case_and_arguments_may_be_quoted(field: str, found: dict[str, str]) -> None:
    """A directive's case does not matter, its argument may be quoted, the first of equals counts.

    指令不分大小写，参数可以加引号，重复的只算第一个。
    """
    assert parse(field) == found


@pytest.mark.parametrize(
    ("handler", "sent"), [(tagged.plain, "200:25 200:25"), (tagged.tagged, "200:25 304:0")]
)
async def test_no_cache_saves_nothing_without_a_tag(
    handler: Handler, sent: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """`web.json_response` makes no ETag, so `no-cache` sends it anew each time; a tag brings the 304.

    `web.json_response` 不带 ETag，所以 `no-cache` 每次都整份重发；有了标签才有 304。
    """
    await tagged.load_twice(handler)
    assert capsys.readouterr().out == f"{handler.__name__}: {sent}\n"
    app = web.Application()
    app.router.add_get("/", handler)
    assert (await ask(app)).headers["Cache-Control"] == "no-cache"
