"""Proofs for the page http/caching."""

import contextlib
import time
from collections.abc import Sequence
from email.utils import formatdate
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from aiohttp.typedefs import Handler
from playwright.async_api import Browser as Chromium
from playwright.async_api import Error

from snippets.http.caching import (
    browser,
    request_directives,
    side_by_side,
    storing,
    tagged,
    three_loads,
)
from snippets.http.caching.browser import Browser
from snippets.http.caching.freshness import DATES, lifetime, moment, parse
from snippets.recreation.serving import serving
from tests.browser import FLAGS, find_browser
from tests.client import ask
from tests.http.at_home import browsing, counts_for, fetch, requests_for
from tests.server.foreign_page import empty_page

with contextlib.suppress(ModuleNotFoundError):  # in a web page, where other proofs of this file run
    from tests.site.nginx import nginx

A_DAY = 86400  # a tenth of the ten days in DATES
# The directives of a response, in the order of RFC 9111 §5.2.2.
RESPONSE = [
    *("max-age", "must-revalidate", "must-understand", "no-cache", "no-store"),
    *("no-transform", "private", "proxy-revalidate", "public", "s-maxage"),
]


def ago(seconds: float) -> str:
    """Return a moment in the past, as a header field writes it."""
    return formatdate(time.time() - seconds, usegmt=True)


def changed_ten_days_ago() -> dict[str, str]:
    """Return the field from which a browser may guess one day."""
    return {"Last-Modified": ago(10 * A_DAY)}


async def three_reads(control: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Return the hours for which the copy is fresh, what three loads read, and what was sent for them."""
    await three_loads.try_rule(folder / "app.js", control)
    name, hours, _, *words = capsys.readouterr().out.split()
    assert name == (control or "(none)")
    return int(hours), " ".join(words[:3]), " ".join(words[3:])


def serve(control: dict[str, str]) -> web.Application:
    """Return an application that sends this file with the given fields."""

    async def send(request: web.Request) -> web.FileResponse:
        return web.FileResponse(__file__, headers=control)

    app = web.Application()
    app.router.add_get("/", send)
    return app


def counting() -> web.Application:
    """Return an application that numbers its calls, and says what each asked for; kept for an hour."""
    calls = count(1)

    async def send(request: web.Request) -> web.Response:
        asked = [
            request.headers[name] for name in ("Cache-Control", "If-None-Match") if name in request.headers
        ]
        text = f"call {next(calls)}: {' '.join(asked) or 'nothing'}"
        return web.Response(text=text, headers={"Cache-Control": "max-age=3600", "ETag": '"a"'})

    app = web.Application()
    app.router.add_get("/", send)
    return app


@pytest.mark.statement("S43")
async def test_no_cache_costs_one_304_a_load(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Under `no-cache` a browser asks each time; unchanged it gets an empty 304, changed the new file.

    `no-cache` 下浏览器每次都问：没变就收到空的 304，变了就收到新文件。
    """
    found = await three_reads("no-cache", tmp_path, capsys)
    assert found == (0, "old old new", "200:1000 304:0 200:1000")
    unchanged = await side_by_side.load_eight_times(tmp_path / "app.js", "no-cache", 9)
    assert unchanged == ["200:1000", *["304:0"] * 7]


@pytest.mark.statement("S43")
async def test_no_store_costs_the_whole_file_each_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Under `no-store` nothing is kept, so each load brings the whole file, without a 304.

    `no-store` 下什么也不留，每次都下载整个文件，没有 304。
    """
    found = await three_reads("no-store", tmp_path, capsys)
    assert found == (0, "old old new", "200:1000 200:1000 200:1000")


@pytest.mark.parametrize("change", range(1, 10))
async def test_only_a_copy_that_is_used_unasked_can_be_stale(tmp_path: Path, change: int) -> None:
    """Whenever a file changes, `no-cache` and `no-store` show it; the other two rules show it when they ask.

    不管文件什么时候改，`no-cache` 和 `no-store` 都显示新文件；另外两种要等到去问服务器时才显示。
    """
    for control in side_by_side.CONTROLS:
        loads = await side_by_side.load_eight_times(tmp_path / "app.js", control, change)
        stale = [load for load, answer in enumerate(loads) if answer.endswith("!")]
        asked = [load for load, answer in enumerate(loads) if ":" in answer]
        if control in ("no-cache", "no-store"):
            assert asked == list(range(8))
            assert not stale
        else:
            next_asked = next((load for load in asked if load >= change), 8)
            assert stale == list(range(change, next_asked)), control
            assert asked[:2] == [0, 3 if control else 6]  # after 10 hours, or a tenth of 9 days


@pytest.mark.statement("S43")
async def test_chromium_asks_under_no_cache_and_keeps_nothing_under_no_store(chromium: Chromium) -> None:
    """Under `no-cache` Chromium asks each time, with tag or date; under `no-store` it has none; `max-age=60` is 60 s.

    `no-cache` 下 Chromium 每次都带着标签或日期来问；`no-store` 下它没有可带的；`max-age=60` 就是 60 秒。
    """  # noqa: E501
    date = changed_ten_days_ago()
    tag = {"ETag": '"a"', **date}
    asks, asks_by_date, anew, unasked, nearly, over = await requests_for(
        chromium,
        {"Cache-Control": "no-cache", "ETag": '"a"'},
        {"Cache-Control": "no-cache", **date},
        {"Cache-Control": "no-store", **tag},
        {"Cache-Control": "max-age=3600", **tag},
        {"Cache-Control": "max-age=60", "Age": "40", "ETag": '"a"'},
        {"Cache-Control": "max-age=60", "Age": "60", "ETag": '"a"'},
    )
    assert (asks, anew, unasked) == (["", '"a"', '"a"'], ["", "", ""], [""])
    assert asks_by_date == ["", date["Last-Modified"], date["Last-Modified"]]
    assert (nearly, over) == ([""], asks)


async def test_max_age_costs_nothing_and_shows_the_old_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Under `max-age=3600` one request serves all three loads, and the change goes unseen, for an hour.

    `max-age=3600` 下三次载入只发一个请求，文件改了也看不到，直到一个小时过去。
    """
    found = await three_reads("max-age=3600", tmp_path, capsys)
    assert found == (1, "old old old", "200:1000")
    file = tmp_path / "app.js"
    three_loads.save(file, "old")

    async def send(request: web.Request) -> web.FileResponse:
        return web.FileResponse(file, headers={"Cache-Control": "max-age=3600"})

    app = web.Application()
    app.router.add_get("/", send)
    async with TestServer(app) as server, ClientSession(server.make_url("/")) as session:
        browser = Browser(session)
        await browser.load()
        three_loads.save(file, "new")
        for seconds_more, requests, read in ((0, 1, "old"), (3590, 1, "old"), (11, 2, "new")):
            browser.fresh_until -= seconds_more
            assert (await browser.load()).strip() == read
            assert len(browser.responses) == requests


@pytest.mark.statement("S45")
async def test_without_a_rule_a_guess_shows_the_old_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without Cache-Control a file ten days old counts as fresh for 24 hours, and the old one is shown.

    没有 Cache-Control，十天没改过的文件算新鲜 24 小时，看到的还是旧文件。
    """
    found = await three_reads("", tmp_path, capsys)
    assert found == (24, "old old old", "200:1000")
    file = tmp_path / "app.js"
    three_loads.save(file, "old")

    async def send(request: web.Request) -> web.FileResponse:
        return web.FileResponse(file)

    app = web.Application()
    app.router.add_get("/", send)
    async with TestServer(app) as server, ClientSession(server.make_url("/")) as session:
        browser = Browser(session)
        await browser.load()
        three_loads.save(file, "new")
        for more_hours, read in ((0, "old"), (23, "old"), (2, "new")):
            browser.fresh_until -= more_hours * 3600
            assert (await browser.load()).strip() == read


@pytest.mark.statement("S45")
async def test_chromium_guesses_a_tenth_of_the_time_since_the_change(chromium: Chromium) -> None:
    """For a file ten days old Chromium guesses a day, for one of forty days four: a copy an hour below is used, one an hour above is not; `public` alone changes nothing, `must-revalidate` ends the guessing.

    十天没改过的文件，Chromium 猜一天，四十天的猜四天：岁数少一小时的副本照用，多一小时的就去问；只写 `public` 照样猜，写了 `must-revalidate` 就不猜。
    """  # noqa: E501
    ages = (0, A_DAY - 3600, A_DAY + 3600)
    old = changed_ten_days_ago()
    counts = await counts_for(
        chromium, *({**old, "Age": str(age)} for age in ages), {"Age": "0"}, {**old, "Expires": "0"}
    )
    assert counts == [1, 1, 3, 3, 3]  # the last two: nothing to guess from, and no need to guess
    older = {"Last-Modified": ago(40 * A_DAY)}
    around = (4 * A_DAY - 3600, 4 * A_DAY + 3600)
    assert await counts_for(chromium, *({**older, "Age": str(age)} for age in around)) == [1, 3]
    controls = ({**old, "Cache-Control": control} for control in ("public", "must-revalidate"))
    assert await counts_for(chromium, *controls) == [1, 3]
    heard: list[int] = []

    async def missing(request: web.Request) -> web.Response:
        heard.append(404)
        return web.Response(status=404, headers=old)

    app = web.Application()
    app.router.add_get("/missing", missing)
    async with browsing(chromium, app) as page:
        for _ in range(2):
            await fetch(page, "/missing")
    assert heard == [404, 404]


async def test_f5_asks_about_the_page_and_ctrl_f5_fetches_all_that_loads_with_it(chromium: Chromium) -> None:
    """In Chromium a visit uses fresh copies, F5 asks about the page, Ctrl+F5 skips copies until `load`, DevTools all.

    So it is with `immutable` too. No key is pressed: the reload is the DevTools command `Page.reload`.

    Chromium 里，打开页面用新鲜的副本；F5 只问页面；Ctrl+F5 跳过副本，只管到 `load` 事件；在开发者工具里停用缓存，则全部跳过。
    加上 `immutable` 也一样。测试没有按键盘，用的是开发者工具协议的 `Page.reload`。
    """  # noqa: E501
    names = ("Cache-Control", "Pragma", "If-None-Match", "If-Modified-Since")
    heard: list[tuple[str, ...]] = []

    async def send(request: web.Request) -> web.Response:
        heard.append((request.path, *(request.headers.get(name, "-") for name in names)))
        headers = {"Cache-Control": rules[-1], "ETag": '"a"', **changed}
        if request.headers.get("If-None-Match") == '"a"':
            return web.Response(status=304, headers=headers)
        if request.path == "/":
            return web.Response(text=text, content_type="text/html", headers=headers)
        return web.Response(text="1", content_type="text/javascript", headers=headers)

    late = "onload = () => setTimeout(() => import('/late.js').then(() => document.title = 'late'))"
    scripts = f"<script src=/a.js></script><script type=module>import '/b.js'</script><script>{late}</script>"
    text = f"<!doctype html><link rel=icon href=data:,>{scripts}"
    paths = ("/", "/a.js", "/b.js", "/late.js")
    changed, rules = changed_ten_days_ago(), [""]
    tag = ('"a"', changed["Last-Modified"])
    page_asked, anew = ("/", "max-age=0", "-", *tag), ("no-cache", "no-cache", "-", "-")
    asked = [(path, "-", "-", *tag) for path in paths]
    keeping = ("max-age=3600", "max-age=3600, immutable")
    loaded = [(path, *anew) for path in paths[:3]]
    for control, visit, f5, ctrl_f5 in (
        *((kept, [], [page_asked], loaded) for kept in keeping),
        ("no-cache", asked, [page_asked, *asked[1:]], [*loaded, asked[3]]),
    ):
        rules.append(control)
        app = web.Application()
        for path in paths:
            app.router.add_get(path, send)
        async with browsing(chromium, app) as page:
            await page.goto("/")
            await page.wait_for_function("document.title == 'late'")
            assert heard == [(path, "-", "-", "-", "-") for path in paths]
            session = await page.context.new_cdp_session(page)
            for ignore, expected in ((None, visit), (False, f5), (True, ctrl_f5)):
                heard.clear()
                if ignore is None:
                    await page.goto("/page")
                    await page.goto("/")
                else:
                    async with page.expect_event("load"):
                        await session.send("Page.reload", {"ignoreCache": ignore})
                await page.wait_for_function("document.title == 'late'")
                assert heard == expected
            heard.clear()
            await session.send("Network.enable")
            await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
            async with page.expect_event("load"):
                await session.send("Page.reload")
            await page.wait_for_function("document.title == 'late'")
            assert heard == [(path, *anew) for path in paths]
        heard.clear()


async def conditions_sent(
    chromium: Chromium, modes: Sequence[str], fields: Sequence[str]
) -> dict[str, list[str]]:
    """Fetch fresh copies in each mode and with each Cache-Control; return what the server heard."""
    heard: list[list[str]] = []

    async def send(request: web.Request) -> web.Response:
        names = ("Cache-Control", "Pragma", "If-None-Match", "If-Modified-Since")
        heard.append([request.headers.get(name, "-") for name in names])
        headers = {"Cache-Control": "max-age=3600", "ETag": '"a"', "Last-Modified": DATES["Last-Modified"]}
        return web.Response(text="text", headers=headers)

    app = web.Application()
    app.router.add_get(r"/{number:\d+}", send)
    found: dict[str, list[str]] = {}
    async with browsing(chromium, app) as page:
        options: list[dict[str, object]] = [{"cache": mode} for mode in modes]
        options += [{"headers": {"Cache-Control": field}} for field in fields]
        for number, (name, option) in enumerate(zip([*modes, *fields], options, strict=True)):
            await fetch(page, f"/{number}")
            heard.clear()
            script = "([path, option]) => fetch(path, option).then(answer => answer.text())"
            same_origin = {"mode": "same-origin"} if option.get("cache") == "only-if-cached" else {}
            if same_origin:
                with pytest.raises(Error, match="TypeError"):
                    await page.evaluate(script, [f"/{number}", option])
            await page.evaluate(script, [f"/{number}", {**same_origin, **option}])
            found[name] = [" ".join(request) for request in heard]
    return found


@pytest.mark.statement("S40")
async def test_what_chromium_sends_under_each_cache_mode_of_fetch(chromium: Chromium) -> None:
    """Of `fetch`'s six modes `no-cache` asks with `max-age=0`, `reload` and `no-store` fetch anew with `no-cache`; `only-if-cached` raises unless it is `same-origin`.

    `fetch` 的六种模式里，`no-cache` 带着 `max-age=0` 去问，`reload` 和 `no-store` 带着 `no-cache` 重新下载；`only-if-cached` 不写 `same-origin` 就抛异常。
    """  # noqa: E501
    modes = ("default", "no-cache", "reload", "no-store", "force-cache", "only-if-cached")
    anew = ["no-cache no-cache - -"]
    asked = [f'max-age=0 - "a" {DATES["Last-Modified"]}']
    found = await conditions_sent(chromium, modes, ())
    assert found == dict(zip(modes, ([], asked, anew, anew, [], []), strict=True))


@pytest.mark.statement("S40", "S45")
async def test_chromium_heeds_no_cache_and_max_age_0_in_a_request_and_not_no_store(
    chromium: Chromium,
) -> None:
    """With a fresh copy `max-age=0` makes Chromium ask, `no-cache` download anew; `no-store` changes nothing.

    副本还新鲜：请求写 `max-age=0`，Chromium 带标签去问；写 `no-cache`，重新下载；写 `no-store`，照用副本。
    """
    found = await conditions_sent(chromium, (), ("max-age=0", "no-cache", "no-store"))
    asked = [f'max-age=0 - "a" {DATES["Last-Modified"]}']
    assert found == {"max-age=0": asked, "no-cache": ["no-cache - - -"], "no-store": []}


@pytest.mark.statement("S43")
@pytest.mark.parametrize("first", ["", "max-age=60", "max-age=31536000, immutable"])
async def test_a_new_rule_does_not_reach_a_copy_that_is_still_fresh(chromium: Chromium, first: str) -> None:
    """Chromium uses a copy from before the rule; a new address, or `Clear-Site-Data`, gets the new file.

    规则出现之前存下的副本，Chromium 照用；换一个地址，或者服务器发 `Clear-Site-Data`，才拿到新文件。
    """
    rules = [{"Cache-Control": first} if first else {}]
    heard: list[str] = []

    async def send(request: web.Request) -> web.Response:
        heard.append(request.path_qs)
        text = "new" if len(rules) > 1 else "old"
        return web.Response(text=text, headers={**changed_ten_days_ago(), **rules[-1]})

    async def clear(request: web.Request) -> web.Response:
        return web.Response(headers={"Clear-Site-Data": '"cache"'})

    app = web.Application()
    for path in ("/a.js", "/b/c.css"):
        app.router.add_get(path, send)
    app.router.add_get("/clear", clear)
    async with browsing(chromium, app) as page:
        for path in ("/a.js", "/b/c.css"):
            assert await fetch(page, path) == "old"
        rules.append({"Cache-Control": "no-cache"})
        assert await fetch(page, "/a.js") == "old"
        assert heard == ["/a.js", "/b/c.css"]
        assert await fetch(page, "/a.js?v=2") == "new"
        for path in ("/a.js", "/b/c.css"):
            assert await fetch(page, path) == "old"
        await fetch(page, "/clear")
        for path in ("/a.js", "/b/c.css"):
            assert await fetch(page, path) == "new"
        assert heard == ["/a.js", "/b/c.css", "/a.js?v=2", "/a.js", "/b/c.css"]


@pytest.mark.parametrize(
    ("host", "fetched"),
    [
        *((host, ["1", "1", "2"]) for host in ("127.0.0.1", "localhost")),
        *((host, ["1", "1", "1"]) for host in ("192.168.0.5", "site.test")),
    ],
)
async def test_clear_site_data_works_on_loopback_and_not_on_another_http_address(
    chromium: Chromium, host: str, fetched: list[str]
) -> None:
    """Over HTTP Chromium heeds `Clear-Site-Data` of 127.0.0.1 and localhost, and of no other host, wherever that leads.

    用 HTTP 时，127.0.0.1 和 localhost 发来的 `Clear-Site-Data`，Chromium 照办；别的主机发来的，它不理会，不管实际连到哪里。
    """  # noqa: E501
    sent: list[str] = []

    async def send(request: web.Request) -> web.Response:
        sent.append(request.path)
        return web.Response(text=str(len(sent)), headers={"Cache-Control": "max-age=3600"})

    async def clear(request: web.Request) -> web.Response:
        return web.Response(headers={"Clear-Site-Data": '"cache"'})

    app = web.Application()
    for path, handler in (("/a.js", send), ("/clear", clear), ("/page", empty_page)):
        app.router.add_get(path, handler)
    async with TestServer(app) as server:
        flags = [*FLAGS, f"--host-resolver-rules=MAP {host} 127.0.0.1"]
        browser = await chromium.browser_type.launch(executable_path=find_browser(), args=flags)
        page = await browser.new_page(base_url=f"http://{host}:{server.port}")
        await page.goto("/page")
        texts = [await fetch(page, path) for path in ("/a.js", "/a.js", "/clear", "/a.js")]
        await browser.close()
    assert texts == [*fetched[:2], "", fetched[2]]


async def test_chromium_keeps_a_404_that_may_be_kept(chromium: Chromium) -> None:
    """A 404 with a year's `max-age` stays in Chromium when the file has come; with `no-cache` it does not.

    404 带着一年的 `max-age`，文件有了，Chromium 看到的仍是 404；带 `no-cache` 就不会。
    """
    there: list[str] = []

    async def send(request: web.Request) -> web.Response:
        control = "no-cache" if request.path == "/asked.js" else "max-age=31536000, immutable"
        status = 200 if there else 404
        return web.Response(status=status, headers={"Cache-Control": control})

    app = web.Application()
    for path in ("/kept.js", "/asked.js"):
        app.router.add_get(path, send)
    status = "path => fetch(path).then(answer => answer.status)"
    async with browsing(chromium, app) as page:
        before = [await page.evaluate(status, path) for path in ("/kept.js", "/asked.js")]
        there.append("the file has come")
        after = [await page.evaluate(status, path) for path in ("/kept.js", "/asked.js")]
    assert (before, after) == ([404, 404], [404, 200])


async def test_a_304_leaves_the_kept_copy_its_content_type(chromium: Chromium) -> None:
    """A module stored as `text/plain` stays unusable through a 304 with the right type; a new address or a plain script runs.

    模块脚本存成了 `text/plain`，之后的 304 写了正确的类型也没用，它照样不能执行；换了地址就能；普通脚本则本来就能执行。
    """  # noqa: E501
    kinds = ["text/plain"]
    sent: list[int] = []

    async def module(request: web.Request) -> web.Response:
        known = request.headers.get("If-None-Match") == '"a"'
        headers = {"ETag": '"a"', "Cache-Control": "no-cache", "Content-Type": kinds[-1]}
        sent.append(304 if known else 200)
        if known:
            return web.Response(status=304, headers=headers)
        return web.Response(text="document.title = 'it ran'", headers=headers)

    async def index(request: web.Request) -> web.Response:
        script = {
            "/": "type=module src=/m.js",
            "/plain": "src=/m.js?plain",
            "/new": "type=module src=/m.js?v=2",
        }
        text = f"<!doctype html><link rel=icon href=data:,><script {script[request.path]}></script>"
        return web.Response(text=text, content_type="text/html", headers={"Cache-Control": "no-cache"})

    app = web.Application()
    for path in ("/", "/plain", "/new"):
        app.router.add_get(path, index)
    app.router.add_get("/m.js", module)
    async with browsing(chromium, app) as page:
        await page.goto("/plain")
        assert (sent, await page.title()) == ([200], "it ran")
        sent.clear()
        await page.goto("/")
        kinds.append("text/javascript")
        await page.reload()
        assert (sent, await page.title()) == ([200, 304], "")
        await page.goto("/new")
        assert (sent, await page.title()) == ([200, 304, 200], "it ran")
        await page.goto("/")
        assert (sent, await page.title()) == ([200, 304, 200, 304], "")
        session = await page.context.new_cdp_session(page)
        async with page.expect_event("load"):
            await session.send("Page.reload", {"ignoreCache": True})
        assert (sent, await page.title()) == ([200, 304, 200, 304, 200], "it ran")


CACHING_PROXY = """
proxy_cache_path {root} keys_zone=copies:1m;
server {{
  listen 127.0.0.1:{port};
  location / {{ proxy_pass http://127.0.0.1:BEHIND; proxy_cache copies; }}
}}
"""


@pytest.mark.ours("about nginx")
async def test_a_copy_of_nginx_comes_without_age(tmp_path: Path) -> None:
    """From nginx (1.22.1) the fresh copy of an old file comes without `Age`; a new address, or an emptied cache, gets the new file.

    nginx（1.22.1）发送自己存下的旧文件，不带 `Age`；换一个地址，或者清空它的缓存，就得到新文件。
    """  # noqa: E501
    texts = ["old"]

    async def send(request: web.Request) -> web.Response:
        return web.Response(text=texts[-1], headers={"Cache-Control": "max-age=3600"})

    app = web.Application()
    app.router.add_get("/a.js", send)
    (copies := tmp_path / "copies").mkdir()
    async with TestServer(app) as server, ClientSession() as session:
        servers = CACHING_PROXY.replace("BEHIND", str(server.port))
        with nginx(tmp_path / "nginx", copies, servers) as address:

            async def load(path: str) -> str:
                async with session.get(address + path) as response:
                    assert "Age" not in response.headers
                    return await response.text()

            assert await load("a.js") == "old"
            texts.append("new")
            assert [await load("a.js"), await load("a.js?v=2"), await load("a.js")] == ["old", "new", "old"]
            for copy in copies.iterdir():
                copy.unlink()
            assert await load("a.js") == "new"


@pytest.mark.statement("S43")
async def test_the_front_page_says_no_cache_and_more() -> None:
    """The re-creation's front page has `no-cache`, Pragma and Expires, on its 304 too; another file has none.

    重建的首页带 `no-cache`、Pragma 和 Expires，304 上也带；别的文件一个也不带。
    """
    rules = {"Cache-Control": "no-cache", "Pragma": "no-cache", "Expires": "0"}
    async with serving(worker=False) as (_, client, *_):
        for headers, status in (({}, 200), ({"If-None-Match": "*"}, 304)):
            response = await client.get("/", headers=headers)
            assert (response.status, {name: response.headers.get(name) for name in rules}) == (status, rules)
            other = await client.get("/prompt.json", headers=headers)
            assert (other.status, [name for name in rules if name in other.headers]) == (status, [])


async def test_a_stale_copy_is_confirmed_with_304(
    chromium: Chromium, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy is used without a request while fresh; its tag then brings a 304 with 0 bytes: fresh again, in Chromium too.

    副本新鲜时不发请求就用；过期后拿标签去问，得到 0 字节的 304，又算新鲜；Chromium 也是这样。
    """  # noqa: E501
    async with ClientSession() as session:
        assert browser.Browser(session).fresh_until <= 0
    app = serve({"Cache-Control": "max-age=3600"})
    async with TestServer(app) as server, ClientSession(server.make_url("/")) as session:
        visitor = browser.Browser(session)
        for past in (0, 3700, 3500, 200):
            visitor.fresh_until -= past
            await visitor.load()
        assert [response[:3] for response in visitor.responses] == ["200", "304", "304"]
    with monkeypatch.context() as patch:  # a copy of lifetime 0 is stale at once, whatever the clock's step
        patch.setattr(browser, "time", SimpleNamespace(monotonic=float))
        app = serve({"Cache-Control": "max-age=0"})
        async with TestServer(app) as server, ClientSession(server.make_url("/")) as session:
            visitor = browser.Browser(session)
            assert await visitor.load() == await visitor.load()
            assert [response[:3] for response in visitor.responses] == ["200", "304"]
    size = len("<!doctype html><title>A page</title>") * 55
    await browser.main()
    first, fresh, stale = (line.split()[3:] for line in capsys.readouterr().out.splitlines())
    assert first == fresh == [f"200:{size}"]
    assert stale == [f"200:{size}", "304:0"]
    heard: list[int] = []

    async def send(request: web.Request) -> web.Response:
        known = request.headers.get("If-None-Match") == '"a"'
        heard.append(304 if known else 200)
        age = "0" if known else "60"  # stale when it comes, fresh when it is confirmed
        headers = {"Cache-Control": "max-age=60", "ETag": '"a"', "Age": age}
        return web.Response(status=heard[-1], text=None if known else "text", headers=headers)

    app = web.Application()
    app.router.add_get("/", send)
    async with browsing(chromium, app) as page:
        for _ in range(4):
            assert await fetch(page, "/") == "text"
    assert heard == [200, 304]


@pytest.mark.statement("S40", "S44", "S46")
@pytest.mark.parametrize(
    "control",
    [
        *("max-age=0", "max-stale", "min-fresh=60", "no-cache", "no-store", "no-transform"),
        *("only-if-cached", "max-age=3600, public"),
    ],
)
async def test_an_aiohttp_server_does_not_read_it(control: str) -> None:
    """Under each of the seven request directives, and with `public`, the handler runs and answers as without.

    七个请求指令，外加 `public`，带哪个都一样：处理函数照常执行，照常回答。
    """
    responses = []
    for headers in ({}, {"Cache-Control": control}):
        app = counting()
        response = await ask(app, headers=headers)
        assert await response.text() == f"call 1: {headers.get('Cache-Control', 'nothing')}"
        responses.append((response.status, response.headers["Cache-Control"]))
    assert responses[0] == responses[1] == (200, "max-age=3600")


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
        (0, 600, "max-age=0", True),
        (1, 600, "max-age=0", False),
        (1800, 7200, "no-store", True),
        (1800, 600, "no-store", False),
        (7200, 9000, "max-age=3600, max-stale", False),
    ],
)
def test_a_requests_max_age_wants_young_and_fresh(
    age: int, fresh_for: int, request_field: str, use: bool
) -> None:
    """In a request `max-age` asks for a copy no older than that, and not stale unless `max-stale` says so.

    请求里的 `max-age` 要的是不超过这个岁数的副本，而且不能过期，除非另写 `max-stale`。
    """
    assert request_directives.reusable(age, fresh_for, request_field) is use


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
        ("Last-Modified", "Fri, 10 Jan 2025 00:00:00 GMT", A_DAY / 10),
        ("Last-Modified", "Mon, 02 Dec 2024 00:00:00 GMT", A_DAY * 4),
        ("Last-Modified", "Sun, 12 Jan 2025 00:00:00 GMT", 0),
    ],
)
def test_the_first_word_on_time_counts(field: str, value: str, seconds: float) -> None:
    """Lifetime comes from `no-cache`, then `max-age`, then Expires, then a tenth of the file's age.

    期限依次看 `no-cache`、`max-age`、Expires，都没有才取文件岁数的十分之一。
    """
    assert lifetime({**DATES, field: value}) == seconds
    assert moment("0") == 0


@pytest.mark.statement("S40", "S44", "S45", "S46")
async def test_a_browser_asks_if_its_fresh_copy_is_too_old_for_the_request(chromium: Chromium) -> None:
    """With a fresh copy, Chromium asks if the request says `max-age=0`, and at no other number; `public` changes nothing.

    副本还新鲜，请求写了 `max-age=0`，Chromium 就去问服务器，写别的数字则不问；多写一个 `public` 没有区别。
    """  # noqa: E501
    heard: list[str] = []

    async def send(request: web.Request) -> web.Response:
        heard.append(request.headers.get("Cache-Control", "-"))
        return web.Response(text="text", headers={"Cache-Control": "max-age=3600", "Age": "100"})

    app = web.Application()
    app.router.add_get("/", send)
    unasked = ("max-age=3600, public", "public", "max-age=99", "max-age=1")
    async with browsing(chromium, app) as page:
        for field in ("max-age=3600", *unasked, "max-age=0", "max-age=0, public"):
            assert await fetch(page, "/", Cache_Control=field) == "text"
    assert heard == ["max-age=3600", "max-age=0", "max-age=0, public"]


@pytest.mark.statement("S46")
def test_three_directives_open_a_shared_cache_to_authorized_answers() -> None:
    """Of the ten response directives `may_store` lets three open a shared cache to an authorized answer.

    十个响应指令里，`may_store` 只凭三个让共享缓存留下带 `Authorization` 的请求得到的响应。
    """
    names = [control.partition("=")[0] for control in storing.CONTROLS if control]
    assert sorted(names) == RESPONSE
    opening = {name for name in names if storing.may_store(name, authorized=True)}
    assert opening == {"public", "s-maxage", "must-revalidate"}
    for control in ("s-maxage=60", "public, max-age=60"):
        assert storing.may_store(control, authorized=True)
    for control in ("", "max-age=60, no-cache"):
        assert not storing.may_store(control, authorized=True)


@pytest.mark.statement("S43", "S46")
def test_anyones_answer_is_stored_unless_forbidden() -> None:
    """Without Authorization `may_store` refuses `private` and `no-store`, and no other of the ten directives.

    没有 Authorization，`may_store` 只拒绝 `private` 和 `no-store`；另外八个都准存，什么都没写也准存。
    """
    refused = [name for name in RESPONSE if not storing.may_store(name, authorized=False)]
    assert refused == ["no-store", "private"]
    assert storing.may_store("", authorized=False)


@pytest.mark.statement("S45")
async def test_max_age_beats_expires(chromium: Chromium) -> None:
    """With both, Chromium and `lifetime` go by `max-age`, not Expires; `no-cache` and `no-store` beat both.

    两个都有时，Chromium 和 `lifetime` 都按 `max-age`，不看 Expires；`no-cache` 和 `no-store` 先于两者。
    """
    soon = ago(-3600)
    answers = (
        {"Cache-Control": "max-age=3600", "Expires": "0"},
        {"Cache-Control": "max-age=0", "Expires": soon},
        {"Expires": soon},
        {"Expires": "0"},
        {"Cache-Control": "no-cache", "Expires": soon},
        {"Cache-Control": "no-store, max-age=3600", "Expires": soon},
    )
    assert await counts_for(chromium, *answers) == [1, 3, 1, 3, 3, 3]
    fresh = [lifetime({"Date": ago(0), **answer}) > 0 for answer in answers]
    assert fresh == [True, False, True, False, False, False]


@pytest.mark.statement("S45")
async def test_without_a_date_of_change_there_is_no_guess(chromium: Chromium) -> None:
    """Without Last-Modified and without a rule `lifetime` is 0, and Chromium asks; with the date neither.

    But a 301 or 308 without either Chromium uses unasked, a year later too; a 302 or 307 it does not.

    既没有规则也没有 Last-Modified，`lifetime` 得 0，Chromium 也去问；有了日期就不是。
    但两者都没有的 301 和 308，过了一年，Chromium 也不问就用；302 和 307 不这样。
    """
    assert await counts_for(chromium, {}, changed_ten_days_ago()) == [3, 1]
    assert lifetime({"Date": DATES["Date"]}) == 0
    assert lifetime(DATES) == A_DAY
    heard: list[str] = []

    async def redirect(request: web.Request) -> web.Response:
        heard.append(request.path)
        headers = {"Location": "/page", "Age": str(365 * A_DAY)}
        return web.Response(status=int(request.path[1:]), headers=headers)

    app = web.Application()
    app.router.add_get(r"/{status:30\d}", redirect)
    async with browsing(chromium, app) as page:
        for path in ("/301", "/308", "/302", "/307"):
            for _ in range(2):
                await fetch(page, path)
    assert heard == ["/301", "/308", "/302", "/302", "/307", "/307"]


@pytest.mark.statement("S43")
async def test_a_typo_is_as_good_as_no_rule(chromium: Chromium) -> None:
    """Chromium and `lifetime` ignore a misspelt `no-cache`: the guess is back, and nothing is asked.

    `no-cache` 拼错了，Chromium 和 `lifetime` 都不理它：又回到猜，不来问。
    """
    words = ("no_cache", "no cache", "nocache", "no-cache", "NO-CACHE")
    answers = [{"Cache-Control": word, **changed_ten_days_ago()} for word in words]
    assert await counts_for(chromium, *answers) == [1, 1, 1, 3, 3]
    assert [lifetime({**DATES, "Cache-Control": word}) for word in words] == [A_DAY, A_DAY, A_DAY, 0, 0]


@pytest.mark.statement("S42")
def test_names_ignore_case_and_arguments_may_be_quoted() -> None:
    """`parse` ignores a name's case, takes a quoted argument, and keeps the first of equal names.

    `parse` 不分大小写，参数可以加引号，同名的指令只留第一个。
    """
    for field, found in {
        "public, max-age=60": {"public": "", "max-age": "60"},
        'Max-Age="60"': {"max-age": "60"},
        "max-age=60, max-age=3600": {"max-age": "60"},
        'private="Set-Cookie, Age"': {"private": "Set-Cookie, Age"},
        "": {},
    }.items():
        assert parse(field) == found


@pytest.mark.parametrize(
    ("handler", "sent"), [(tagged.plain, "200:25 200:25 200:38"), (tagged.tagged, "200:25 304:0 200:38")]
)
async def test_no_cache_saves_nothing_without_a_tag(
    handler: Handler, sent: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """`web.json_response` makes neither ETag nor Last-Modified, so `no-cache` sends it anew each time; a tag, weak or not, brings the 304 until it changes.

    `web.json_response` 不带 ETag，也不带 Last-Modified，所以 `no-cache` 每次都整份重发；有了标签才有 304，弱标签也行，变了就重发。
    """  # noqa: E501
    await tagged.load_thrice(handler)
    assert capsys.readouterr().out == f"{handler.__name__}: {sent}\n"
    app = web.Application()
    app.router.add_get("/", handler)
    first = await ask(app)
    assert ("ETag" in first.headers) == (handler is tagged.tagged)
    assert "Last-Modified" not in first.headers
    tag = first.headers.get("ETag", "")
    for known in (tag, f"W/{tag}"):
        again = await ask(app, headers={"If-None-Match": known})
        assert again.status == (304 if tag else 200)
        assert first.headers["Cache-Control"] == again.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("control", "asked"),
    [
        *((control, ["/late.js"]) for control in ("no-cache", "max-age=60", "")),
        ("no-store", ["/", "/a.js", "/b.js", "/late.js"]),
    ],
)
async def test_going_back_asks_nothing_under_no_cache(
    chromium: Chromium, control: str, asked: list[str]
) -> None:
    """Back to a page, Chromium asks for neither page nor script under `no-cache`, an expired `max-age` or no rule, but for a late script; `no-store` all.

    后退到一个页面，规则是 `no-cache`、`max-age` 已经过期，或者没有规则，Chromium 都不问页面和脚本，只问 `load` 之后的脚本；`no-store` 之下全部重新下载。
    """  # noqa: E501
    heard: list[str] = []
    late = "<script>onload = () => setTimeout(() => import('/late.js'))</script>"
    scripts = "<script src=/a.js></script><script type=module>import '/b.js'</script>"

    async def send(request: web.Request) -> web.Response:
        heard.append(request.path)
        text, kind = {
            "/": (f"<link rel=icon href=data:,>{scripts}{late}", "text/html"),
            "/a.js": ("document.title = 'loading'", "text/javascript"),
            "/b.js": ("", "text/javascript"),
            "/late.js": ("document.title = 'run'", "text/javascript"),
        }[request.path]
        rule = {"Cache-Control": control, "Age": "60"} if control else {}  # so that no copy is fresh
        return web.Response(text=text, content_type=kind, headers={**rule, "ETag": '"a"'})

    app = web.Application()
    for path in ("/", "/a.js", "/b.js", "/late.js"):
        app.router.add_get(path, send)
    async with browsing(chromium, app) as page:
        for _ in range(2):
            await page.goto("/")
            await page.wait_for_function("document.title == 'run'")
            await page.goto("/page")
        assert heard == ["/", "/a.js", "/b.js", "/late.js"] * 2  # it asks whenever the page is opened
        heard.clear()
        await page.go_back()
        await page.wait_for_function("document.title == 'run'")
    assert heard == asked
