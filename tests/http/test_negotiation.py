"""Proofs for the page http/negotiation."""

import gzip
import io
import re
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image
from playwright.async_api import Browser

from snippets.http.negotiation import (
    accept,
    choose,
    compressed,
    greeting,
    languages,
    weighed_gzip,
    weights,
)
from snippets.recreation.serving import serving
from tests.client import ask
from tests.http.at_home import browsing, fetch

XHTML = "text/html, application/xhtml+xml"
JAVA = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
CHINESE, ENGLISH = "zh", "en"


def answering() -> web.Application:
    """Return an application with a JSON handler, and one that raises."""

    async def info(request: web.Request) -> web.Response:
        return web.json_response({"version": 1})

    async def broken(request: web.Request) -> web.Response:
        raise ZeroDivisionError

    app = web.Application()
    app.router.add_get("/info", info)
    app.router.add_get("/broken", broken)
    return app


@pytest.mark.statement("S47")
@pytest.mark.parametrize("header", ["image/png", "application/xml;q=1, */*;q=0"])
async def test_aiohttp_ignores_accept(header: str) -> None:
    """A JSON handler answers 200 and JSON, without Vary, to a client that accepts no JSON.

    客户端不接受 JSON，JSON 处理函数仍返回 200 和 JSON，也没有 Vary。
    """
    response = await ask(answering(), "/info", headers={"Accept": header})
    assert (response.status, response.content_type) == (200, "application/json")
    assert await response.json() == {"version": 1}
    assert "Vary" not in response.headers


@pytest.mark.statement("S47")
@pytest.mark.parametrize(
    ("header", "sent"),
    [
        ("text/html;q=0", "text/html"),
        ("*/*", "text/plain"),
        ("TEXT/HTML", "text/plain"),
        ("text/*", "text/plain"),
    ],
)
async def test_only_the_500_page_looks_for_the_letters_text_html(header: str, sent: str) -> None:
    """The page for an unhandled exception is HTML exactly if Accept contains `text/html`, its weight ignored.

    未处理的异常，500 页面是不是 HTML，只看 Accept 里有没有 `text/html` 这串字母，权重不算。
    """
    response = await ask(answering(), "/broken", headers={"Accept": header})
    assert (response.status, response.content_type, "Vary" in response.headers) == (500, sent, False)


@pytest.mark.statement("S47")
def test_aiohttps_server_looks_up_accept_in_one_place() -> None:
    """In the modules of aiohttp's server `Accept` is looked up once, `Accept-Language` nowhere.

    aiohttp 服务器端的各个模块里，`Accept` 只查一处，`Accept-Language` 一处也不查。
    """
    modules = [*Path(aiohttp.__file__).parent.glob("web*.py")]
    assert len(modules) > 10
    source = "\n".join(module.read_text("utf-8") for module in modules)
    looked_up = re.findall(r"""hdrs\.ACCEPT\w*|["']Accept[\w-]*["']""", source, re.IGNORECASE)
    names = {name.lower().strip("\"'").replace("hdrs.", "").replace("_", "-") for name in looked_up}
    assert names == {"accept", "accept-encoding", "accept-ranges"}
    assert len([name for name in looked_up if name in ("hdrs.ACCEPT", '"Accept"')]) == 1


@pytest.mark.statement("S47")
async def test_no_answer_of_server_py_depends_on_accept(tmp_path: Path) -> None:
    """The re-creation sends the same page, list of nodes and WebP, whatever Accept and Accept-Language say.

    不管 Accept 和 Accept-Language 怎么写，重建的服务器送出的首页、节点列表和 WebP 都一样。
    """
    wanted: tuple[dict[str, str], ...] = (
        {},
        {"Accept": "image/png"},
        {"Accept": "*/*;q=0"},
        {"Accept-Language": "zh, *;q=0"},
    )
    async with serving(root=tmp_path, worker=False) as (_, client, *_):
        Image.new("RGB", (4, 4)).save(tmp_path / "output/a.png")
        for path, kind in (
            ("/", "text/html"),
            ("/object_info", "application/json"),
            ("/view?filename=a.png", "image/png"),
            ("/view?filename=a.png&preview=webp;90", "image/webp"),
        ):
            bodies = set()
            for headers in wanted:
                async with client.get(path, headers=headers) as response:
                    assert (response.status, response.content_type) == (200, kind)
                    assert "Vary" not in response.headers
                    bodies.add(await response.read())
            assert len(bodies) == 1
            if kind.startswith("image"):
                assert Image.open(io.BytesIO(bodies.pop())).format == kind.rpartition("/")[2].upper()


@pytest.mark.statement("S47")
async def test_the_500_of_server_py_depends_on_accept() -> None:
    """A body that is no JSON makes `POST /prompt` fail; the 500 is HTML if Accept says `text/html`.

    请求体不是 JSON，`POST /prompt` 的处理函数就出错；Accept 写着 `text/html`，500 就是 HTML。
    """
    async with serving(worker=False) as (_, client, *_):
        for wish, kind in (("*/*", "text/plain"), ("text/html", "text/html")):
            async with client.post("/prompt", data="{", headers={"Accept": wish}) as response:
                assert (response.status, response.content_type) == (500, kind)


@pytest.mark.statement("S47")
async def test_a_406_is_the_handlers_own_doing(tmp_path: Path) -> None:
    """To an Accept that nothing fits aiohttp says 200, 404, 405, 500; a handler may raise a 406 or return it.

    Accept 什么都不合适，aiohttp 自己返回 200、404、405 或 500；406 要处理函数抛出，返回也行。
    """

    async def returns(request: web.Request) -> web.Response:
        return web.Response(status=406)

    async def raises(request: web.Request) -> web.Response:
        raise web.HTTPNotAcceptable

    (tmp_path / "page.txt").write_text("hello")
    header = {"Accept": "image/png, */*;q=0"}
    for path, method, status in (
        *(("/info", "GET", 200), ("/files/page.txt", "GET", 200), ("/none", "GET", 404)),
        *(("/info", "POST", 405), ("/broken", "GET", 500)),
        *(("/returns", "GET", 406), ("/raises", "GET", 406)),
    ):
        app = answering()
        app.router.add_static("/files", tmp_path)
        app.router.add_get("/returns", returns)
        app.router.add_get("/raises", raises)
        assert (await ask(app, path, method, headers=header)).status == status
    refused = await ask(greeting.build_app(), headers=header)
    assert (refused.status, await refused.text()) == (406, "text/plain text/html")


@pytest.mark.statement("S48")
@pytest.mark.parametrize(
    ("written", "weight"),
    [
        ("", 1),
        (";q=1", 1),
        (";q=1.", 1),
        (";q=1.000", 1),
        (";q=0", 0),
        (";q=0.", 0),
        (";q=0.5", 0.5),
        (";Q=0.129", 0.129),
        (";q=0.987;level=1", 0.987),
    ],
)
def test_a_weight_is_one_unless_written(written: str, weight: float) -> None:
    """A member without q weighs 1; q runs from 0 to 1 with at most three decimals, and may stand anywhere.

    没写 q 就是 1；q 从 0 到 1，至多三位小数，写在哪个位置都算。
    """
    [member] = weights.parse_weighted(f"text/html{written}")
    assert (member.value, member.weight) == ("text/html", weight)
    assert "q" not in member.parameters
    for too_long in ("text/html;q=0.1234", "text/html;q=1.0000"):
        with pytest.raises(ValueError, match=re.escape(too_long)):
            weights.parse_weighted(too_long)


@pytest.mark.statement("S48")
@pytest.mark.parametrize(
    "broken",
    [
        *("a;q=2", "a;q=-0", "a;q=.2", "a;q=0.0000", "a;q=1.0000", "a;q=1.001", "a;q=1e0", "a;q=x", "a;q=٠"),
        *(
            "a;q=",
            'a;q="0.5"',
            "a;q",
            "a;level",
            "a b",
            "a/b/c",
            "/b",
            "a/",
            "a;b='c d'",
            'a;b="c',
            'a;b="c\\"',
            'a;b="c"d',
        ),
    ],
)
def test_what_does_not_parse_is_refused_whole(broken: str) -> None:
    """A single member that breaks the grammar makes the parser refuse the whole header.

    只要有一项不合语法，解析器就拒绝整个头部。
    """
    for header in (broken, f"text/html, {broken}", f"{broken}, text/html"):
        with pytest.raises(ValueError, match=re.escape(header)):
            weights.parse_weighted(header)


@pytest.mark.statement("S48")
def test_quotes_blanks_and_empty_members_are_understood() -> None:
    """A comma between quotes does not divide; blanks, tabs and empty members do not count.

    引号里的逗号不算分隔；空格、制表符和空的成员都不算数。
    """
    header = ' ,\t text/html \t;\t level=1\t , a;b="x, y;q=0\\"\\\\"; Q=0.5 ,,'
    assert weights.parse_weighted(header) == [
        ("text/html", {"level": "1"}, 1.0),
        ("a", {"b": 'x, y;q=0"\\'}, 0.5),
    ]
    assert weights.parse_weighted(" \t") == weights.parse_weighted("") == []


@pytest.mark.statement("S48")
def test_the_most_specific_range_decides() -> None:
    """A range with a parameter beats its type, a type its family, a family the wildcard, in any order.

    A parameter after q counts like one before it.

    带参数的范围胜过光写类型的，类型胜过大类，大类胜过通配符，与书写顺序无关；q 后面的参数和前面的一样。
    """
    for header in ("text/html;q=1;x=y", "text/html;x=y;q=1"):
        assert [accept.quality(header, offer) for offer in ("text/html", "text/html;x=y")] == [0, 1]
    ranges = {"text/html;level=1": "0.2", "text/html": "0.4", "text/*": "0.6", "*/*": "0.8"}
    for order in (ranges, reversed(ranges)):
        header = ", ".join(f"{name};q={ranges[name]}" for name in order)
        offers = ("Text/HTML;Level=1", "text/html;level=2", "text/html", "text/css", "image/png")
        assert [accept.quality(header, offer) for offer in offers] == [0.2, 0.4, 0.4, 0.6, 0.8]


@pytest.mark.statement("S48")
def test_the_weights_of_the_rfcs_own_examples() -> None:
    """`quality` gives the weights of the examples of RFC 7231 §5.3.2 and RFC 9110 §12.5.1 with erratum 7138.

    RFC 7231 §5.3.2 和 RFC 9110 §12.5.1（按勘误 7138 改正）给出的几个例子，`quality` 算出的权重都与它们一致。
    """
    old = "text/*;q=0.3, text/html;q=0.7, text/html;level=1, text/html;level=2;q=0.4, */*;q=0.5"
    new = "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5"
    for header, table in {
        old: {
            **{"text/html;level=1": 1, "text/html": 0.7, "text/plain": 0.3},
            **{"image/jpeg": 0.5, "text/html;level=2": 0.4, "text/html;level=3": 0.7},
        },
        new: {
            **{"text/plain;format=flowed": 1, "text/plain": 0.7, "text/html": 0.3},
            **{"image/jpeg": 0.5, "text/plain;format=fixed": 0.4},
            **{"text/html;level=3": 0.3},  # printed as 0.7, left over from the older table
        },
    }.items():
        assert {offer: accept.quality(header, offer) for offer in table} == table
    for header, weights_given in {
        "audio/*; q=0.2, audio/basic": {"audio/basic": 1, "audio/mpeg": 0.2},
        "text/plain; q=0.5, text/html, text/x-dvi; q=0.8, text/x-c": {
            **{"text/html": 1, "text/x-c": 1},
            **{"text/x-dvi": 0.8, "text/plain": 0.5},
        },
    }.items():
        assert {offer: accept.quality(header, offer) for offer in weights_given} == weights_given


@pytest.mark.statement("S48")
def test_q_0_excludes_even_beside_a_wildcard() -> None:
    """`text/html;q=0` excludes HTML though a wildcard would let it in; of three weights the highest wins.

    有了 `text/html;q=0`，哪怕通配符放行，HTML 也不行。三个权重里选最高的。
    """
    header = "*/*, text/html;q=0"
    assert choose.choose(header, ["text/html"]) is None
    assert choose.choose(header, ["text/html", "text/css"]) == "text/css"
    header = "text/html;q=0.5, text/css;q=0.7, image/png;q=0.6"
    assert choose.choose(header, ["text/html", "text/css", "image/png"]) == "text/css"


@pytest.mark.statement("S48")
def test_list_order_is_no_ranking() -> None:
    """Between equal weights the server's order decides, not the client's.

    权重相同，由服务器自己的顺序定，客户端写的先后不算。
    """
    first, second = "text/html", "application/xhtml+xml"
    for header in (XHTML, f"{second}, {first}"):
        assert choose.choose(header, [first, second]) == first
        assert choose.choose(header, [second, first]) == second


@pytest.mark.statement("S49")
def test_a_language_header_gives_weights_by_range() -> None:
    """`en-US, en;q=0.5` parses to `{"en-US": 1.0, "en": 0.5}`.

    `en-US, en;q=0.5` 解析成 `{"en-US": 1.0, "en": 0.5}`。
    """
    assert languages.parse_languages("en-US, en;q=0.5") == {"en-US": 1.0, "en": 0.5}


@pytest.mark.statement("S49")
@pytest.mark.parametrize(
    ("header", "parses"),
    [
        *(("*", True), ("Azdefghi", True), ("zA-09AZaz89-b", True), ("zh-Hant-TW;q=0.9", True)),
        *(("abcdefghi", False), ("en-abcdefghi", False), ("e1", False), ("en_US", False), ("en-*", False)),
        *(("en-", False), ("text/html", False), ("en;level=1", False)),
    ],
)
def test_a_language_range_has_parts_of_one_to_eight(header: str, parses: bool) -> None:
    """A range is an asterisk, or letters followed by parts of letters and digits, one to eight of them each; the list's own grammar takes more.

    语言范围要么是一个星号，要么是字母开头、用连字符接起来的几段字母数字，每段一到八个；列表本身的语法没有这么严。
    """  # noqa: E501
    assert len(weights.parse_weighted(header)) == 1
    try:
        assert len(languages.parse_languages(header)) == 1
    except ValueError:
        assert not parses
    else:
        assert parses


@pytest.mark.statement("S49")
@pytest.mark.parametrize(
    ("wanted", "steps"),
    [
        ("en-US", ["en-US", "en"]),
        ("zh-x-private", ["zh-x-private", "zh"]),
        ("zh-1-abc", ["zh-1-abc", "zh"]),
        ("zh-Hant-CN-x-private1-private2", [  # the example of RFC 4647 §3.4
            *("zh-Hant-CN-x-private1-private2", "zh-Hant-CN-x-private1"),
            *("zh-Hant-CN", "zh-Hant", "zh"),
        ]),
    ],
)  # fmt: skip
def test_lookup_shortens_a_range_from_the_end(wanted: str, steps: list[str]) -> None:
    """A range is shortened from the end, part by part, a single letter or digit along with what follows it, until it equals a tag.

    语言范围从后面逐段缩短，直到等于某个标签；单个字母或数字随后面那一段一起去掉。
    """  # noqa: E501
    assert [*languages.shortened(wanted)] == steps
    for step in steps:
        assert languages.lookup(wanted, ["da", step]) == step
        assert languages.lookup(wanted.upper(), [step.lower()]) == step.lower()
    assert languages.lookup(wanted, [*steps[::-1]]) == steps[0]
    for tag in ("e", "zh-", "en-GB", "zh-Hant-CN-x"):
        assert languages.lookup(wanted, [tag]) is None


@pytest.mark.statement("S49")
@pytest.mark.parametrize(
    ("header", "tag"),
    [
        *(("en, zh;q=0.5", "en"), ("zh;q=0.5, en", "en"), ("en;q=0.4, zh;q=0.5", "zh")),
        *(("en-US, zh;q=0.5", "en"), ("fr, zh-TW;q=0.2, en;q=0.1", "zh")),
        *(("en, zh", "en"), ("zh, en", "zh"), ("fr, zh, en", "zh")),
        *(("zh;q=0", None), ("en-US, en;q=0", None), ("en-US;q=0", None), ("en-US;q=0, zh;q=0.1", "zh")),
        *(("*", None), ("fr", None), ("", None), ("zh;q=many", None), ("en_US, zh", None)),
    ],
)
async def test_lookup_takes_the_heaviest_range_that_finds_a_tag(header: str, tag: str | None) -> None:
    """The heaviest range that finds a tag decides, of equals the first; `*`, a weight of 0 and a broken header find none.

    找得到标签的范围里，权重最高的说了算，权重相同看谁在前；`*`、权重 0、解析不了的头部，都找不到标签。
    """  # noqa: E501
    assert languages.lookup(header, [ENGLISH, CHINESE]) == tag
    assert languages.lookup(header, [CHINESE, ENGLISH]) == tag
    assert [*greeting.WORDS] == [ENGLISH, CHINESE]
    response = await ask(greeting.build_app(), headers={"Accept-Language": header})
    assert response.headers["Content-Language"] == (tag or ENGLISH)


@pytest.mark.statement("S49")
@pytest.mark.parametrize("header", ["zh", "zh-CN", "zh-TW"])
async def test_an_offer_of_zh_serves_zh_and_zh_cn(header: str) -> None:
    """An offer of `zh` serves `zh`, `zh-CN` and `zh-TW`; with `zh-CN`, `zh` finds nothing, nor `zh-CN` with `zh-Hans`.

    `zh-Hant-TW`, `zh-HK` and `zh-MO` find the traditional text only under these names.

    服务器提供 `zh`，`zh`、`zh-CN`、`zh-TW` 都能拿到；如果提供的是 `zh-CN`，`zh` 找不到；提供的是 `zh-Hans`，`zh-CN` 找不到。
    `zh-Hant-TW`、`zh-HK` 和 `zh-MO` 要有同名的选项，才找得到繁体。
    """  # noqa: E501
    response = await ask(greeting.build_app(), headers={"Accept-Language": header})
    assert await response.text() == "你好"
    assert languages.lookup("zh", ["zh-CN"]) is None
    assert languages.lookup("zh-CN", ["zh-Hans"]) is None
    assert languages.lookup(header, ["zh", "zh-TW"]) == ("zh-TW" if header == "zh-TW" else "zh")
    offers = ["zh", "zh-TW", "zh-HK", "zh-MO", "zh-Hant"]
    for wanted, found in (
        *(("zh-Hant-TW", "zh-Hant"), ("zh-HK", "zh-HK")),
        *(("zh-MO", "zh-MO"), ("zh-Hans-CN", "zh")),
    ):
        assert languages.lookup(wanted, offers) == found
        assert languages.lookup(wanted, ["zh", "zh-TW"]) == "zh"  # not one script to lookup


@pytest.mark.statement("S48")
def test_dropping_only_the_broken_member_turns_the_meaning_round() -> None:
    """`text/html;q=0.000, */*` refuses HTML; without its first half, as if dropped, it accepts it.

    `text/html;q=0.000, */*` 不要 HTML；去掉前一半，就变成要了。
    """
    assert accept.quality("text/html;q=0.000, */*", "text/html") == 0
    with pytest.raises(ValueError, match=re.escape("q=0.0000")):
        accept.quality("text/html;q=0.0000, */*", "text/html")
    assert accept.quality("*/*", "text/html") == 1


@pytest.mark.statement("S48")
@pytest.mark.parametrize(
    "header", ["", JAVA, "text/html;q=0.0000, text/css", "*", "text/html, *", "text/html, */*;q=.2"]
)
async def test_a_broken_accept_counts_as_none(header: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No Accept, an empty one and one that does not parse all get the server's first choice.

    没有 Accept、Accept 为空、Accept 解析不了，得到的都是服务器的第一选择。
    """
    for headers in ({}, {"Accept": header}):
        response = await ask(greeting.build_app(), headers=headers, skip_auto_headers=["Accept"])
        assert (response.status, response.content_type) == (200, "text/plain")
    assert choose.choose(header, ["text/csv", "text/html"]) == "text/csv"
    assert accept.quality("", "text/html") == 1

    def broken(*_: str) -> float:
        raise ZeroDivisionError

    monkeypatch.setattr(choose, "quality", broken)
    with pytest.raises(ZeroDivisionError):  # what is no fault of the header is not hidden
        choose.choose(header, ["text/csv"])


@pytest.mark.statement("S48")
async def test_several_lines_of_one_header_are_one_list() -> None:
    """Two lines of Accept, or Accept-Language, are one list; `request.headers.get` would see the first only.

    两行 Accept（或 Accept-Language）合起来是一张表；`request.headers.get` 只看得到第一行。
    """
    first: list[str | None] = []

    async def look(request: web.Request) -> web.Response:
        first.append(request.headers.get("Accept"))
        return await greeting.greet(request)

    app = web.Application()
    app.router.add_get("/", look)
    lines = [("Accept", "text/plain;q=0.5"), ("Accept", "text/html")]
    lines += [("Accept-Language", "fr"), ("Accept-Language", "zh")]
    response = await ask(app, headers=lines)
    assert (response.content_type, response.headers["Content-Language"]) == ("text/html", CHINESE)
    assert first == ["text/plain;q=0.5"]


@pytest.mark.statement("S50", "S47")
@pytest.mark.parametrize(
    ("headers", "status", "tag"),
    [
        ({}, 200, ENGLISH),
        ({"Accept": "text/html"}, 200, ENGLISH),
        ({"Accept-Language": "zh-CN"}, 200, CHINESE),
        ({"Accept-Language": "fr, en;q=0"}, 200, ENGLISH),
        ({"Accept-Language": "zh;q=many"}, 200, ENGLISH),
        ({"Accept": JAVA}, 200, ENGLISH),
        ({"Accept": "image/png"}, 406, None),
    ],
)
async def test_every_variant_and_the_406_send_vary(
    headers: dict[str, str], status: int, tag: str | None
) -> None:
    """Each of seven answers, the default language and the 406 included, names both headers in Vary.

    七种响应，包括默认语言和 406，都在 Vary 里写上这两个头部。
    """
    response = await ask(greeting.build_app(), headers=headers)
    assert (response.status, response.headers.get("Content-Language")) == (status, tag)
    assert response.headers["Vary"] == "Accept, Accept-Language"
    if tag:
        assert greeting.WORDS[tag] in await response.text()


@pytest.mark.statement("S50")
async def test_without_vary_a_browser_hands_one_language_to_another_reader(chromium: Browser) -> None:
    """Without Vary Chromium answers a request for English with the kept Chinese; with it, it asks the server.

    没有 Vary，要英文的请求，Chromium 返回缓存里的中文；有了 Vary，它会去问服务器。
    """

    async def page(request: web.Request) -> web.Response:
        vary = {"Vary": "Accept-Language"} if request.path == "/varies" else {}
        text = request.headers["Accept-Language"]
        return web.Response(text=text, headers={"Cache-Control": "max-age=3600", **vary})

    app = web.Application()
    app.router.add_get("/silent", page)
    app.router.add_get("/varies", page)
    async with browsing(chromium, app) as browser:
        for path, read in (("/silent", "zh"), ("/varies", "en")):
            assert await fetch(browser, path, Accept_Language="zh") == "zh"
            assert await fetch(browser, path, Accept_Language="en") == read


@pytest.mark.statement("S50")
async def test_vary_comes_only_with_the_packed_file(tmp_path: Path) -> None:
    """Vary comes with the `.gz` and `.br` file, not a 304 or the plain one, nor from `enable_compression()`.

    The letters `br` come before `gzip`, their weight ignored.

    `Vary` 随 `.gz` 和 `.br` 文件发出，304 和原文件没有；`enable_compression()` 不发。
    先找 `br` 这两个字母，再找 `gzip`，权重不算。
    """
    app = compressed.build_app
    for path, wanted, coding, vary in (
        ("/files/page.txt", "gzip", "gzip", "Accept-Encoding"),
        ("/files/page.txt", "identity", None, None),
        *(("/report", wanted, wanted, None) for wanted in ("gzip", "deflate")),
        *(("/report", wanted, None, None) for wanted in ("identity", "br", "*", "")),
    ):
        response = await ask(app(tmp_path), path, headers={"Accept-Encoding": wanted})
        assert response.headers.get("Content-Encoding") == coding
        assert response.headers.get("Vary") == vary
        assert await response.text() == "hello"
    (tmp_path / "page.txt.br").write_bytes(b"packed")
    for wanted, coding in (("br", "br"), ("gzip, br", "br"), ("br;q=0, gzip", "br"), ("gzip", "gzip")):
        path = "/files/page.txt"
        async with TestClient(TestServer(app(tmp_path)), auto_decompress=False) as client:
            response = await client.get(path, headers={"Accept-Encoding": wanted})
            assert (response.headers["Content-Encoding"], response.headers["Vary"]) == (
                coding,
                "Accept-Encoding",
            )
            tag = {"Accept-Encoding": wanted, "If-None-Match": response.headers["ETag"]}
            response = await client.get(path, headers=tag)
            assert (response.status, "Vary" in response.headers) == (304, False)


async def test_only_what_is_enabled_or_lies_beside_is_compressed(tmp_path: Path) -> None:
    """To a client that takes gzip a plain JSON response and a file without a `.gz` go uncompressed.

    A WebSocket is compressed all the same.

    客户端接受 gzip，普通的 JSON 响应和旁边没有 `.gz` 的文件也不压缩；WebSocket 却会压缩。
    """
    app = compressed.build_app
    (tmp_path / "alone.txt").write_text("hello" * 1000)
    for path, coding in (("/files/alone.txt", None), ("/files/page.txt", "gzip"), ("/report", "gzip")):
        response = await ask(app(tmp_path), path, headers={"Accept-Encoding": "gzip"})
        assert response.headers.get("Content-Encoding") == coding
    response = await ask(answering(), "/info", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response.headers

    async def socket(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        return ws

    web_socket = web.Application()
    web_socket.router.add_get("/", socket)
    async with TestClient(TestServer(web_socket)) as client:
        assert (await client.ws_connect("/", compress=15)).compress


@pytest.mark.parametrize("path", ["/files/page.txt", "/report"])
@pytest.mark.parametrize("header", ["gzip;q=0", "not-gzip-at-all", "GZIP;Q=0"])
async def test_gzip_is_searched_for_as_letters(path: str, header: str, tmp_path: Path) -> None:
    """A client that sends the letters gzip gets gzip, `gzip;q=0` included.

    头部里只要有 gzip 这几个字母就给 gzip，`gzip;q=0` 也不例外。
    """
    response = await ask(compressed.build_app(tmp_path), path, headers={"Accept-Encoding": header})
    assert response.headers["Content-Encoding"] == "gzip"


async def test_deflate_comes_first_whatever_the_weights(tmp_path: Path) -> None:
    """`enable_compression()` sends deflate to a client that prefers gzip or refuses deflate, and nothing under a wildcard.

    客户端更想要 gzip，或者不要 deflate，`enable_compression()` 还是发 deflate；只写通配符，就不压缩。
    """  # noqa: E501
    for header, coding in (
        ("gzip, deflate;q=0.1", "deflate"),
        ("gzip, deflate;q=0", "deflate"),
        ("*", None),
    ):
        response = await ask(compressed.build_app(tmp_path), "/report", headers={"Accept-Encoding": header})
        assert response.headers.get("Content-Encoding") == coding


async def test_a_packed_file_overwrites_vary(tmp_path: Path) -> None:
    """A FileResponse that picks the .gz file replaces the handler's own Vary.

    FileResponse 一旦选中 .gz 文件，就会覆盖处理函数自己写的 Vary。
    """
    (tmp_path / "page.txt").write_text("hello")
    (tmp_path / "page.txt.gz").write_bytes(gzip.compress(b"hello"))

    async def page(request: web.Request) -> web.FileResponse:
        return web.FileResponse(tmp_path / "page.txt", headers={"Vary": "Origin"})

    app = web.Application()
    app.router.add_get("/", page)
    for header, vary in (("identity", "Origin"), ("gzip", "Accept-Encoding")):
        response = await ask(app, headers={"Accept-Encoding": header})
        assert response.headers.getall("Vary") == [vary]


async def test_a_signal_adds_vary_to_every_file(tmp_path: Path) -> None:
    """Set in `on_response_prepare`, Vary goes out with the plain file, the `.gz` and a 304.

    在 `on_response_prepare` 里设置 Vary，原文件、`.gz` 和 304 就都带着它。
    """

    async def vary(request: web.Request, response: web.StreamResponse) -> None:
        if isinstance(response, web.FileResponse):
            response.headers["Vary"] = "Accept-Encoding, Origin"

    app = compressed.build_app(tmp_path)
    app.on_response_prepare.append(vary)
    async with TestClient(TestServer(app)) as client:
        for coding in ("gzip", "identity"):
            headers = {"Accept-Encoding": coding}
            for status in (200, 304):
                response = await client.get("/files/page.txt", headers=headers)
                assert (response.status, response.headers["Vary"]) == (status, "Accept-Encoding, Origin")
                headers["If-None-Match"] = response.headers["ETag"]
        assert "Vary" not in (await client.get("/report")).headers


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("gzip", "gzip"),
        ("GZip;q=0.001", "gzip"),
        ("*", "gzip"),
        ("gzip;q=0", None),
        *(("compress, gzip", "gzip"), ("compress;q=0.5, gzip;q=1.0", "gzip")),  # RFC 9110 §12.5.3
        ("gzip;q=1.0, identity; q=0.5, *;q=0", "gzip"),
        ("identity, gzip;q=0.1", "gzip"),
        ("gzip;q=0, *", None),
        ("*;q=0", None),
        ("identity", None),
        ("not-gzip-at-all", None),
        ("", None),
        ("gzip;q=x", None),
    ],
)
async def test_the_answer_heeds_weights_and_always_varies(header: str, coding: str | None) -> None:
    """The exercise's handler sends gzip only if gzip weighs more than 0, and Vary in any case.

    练习里的处理函数只在 gzip 的权重大于 0 时压缩，Vary 则每次都发。
    """
    response = await ask(weighed_gzip.build_app(), headers={"Accept-Encoding": header})
    assert response.headers.get("Content-Encoding") == coding
    assert response.headers["Vary"] == "Accept-Encoding"
    assert await response.text() == "hello"
