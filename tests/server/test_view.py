"""Proofs for `server/view`."""

import gzip
import io
import itertools
import mimetypes
import os
import re
import struct
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer, make_mocked_request
from PIL import Image
from playwright.async_api import Browser, Error, Request
from yarl import URL

from snippets.recreation import folder_paths
from snippets.recreation.serving import serving
from snippets.server.view import checks, harmless, inside, places, previews

SCRIPT = "window.ran = self.origin"
LOADS = """window.loads = src => new Promise(end => Object.assign(
    new Image(), {onload: () => end(1), onerror: () => end(0), src}))"""
SVG = f'<svg xmlns="http://www.w3.org/2000/svg"><script>{SCRIPT}</script></svg>'


@asynccontextmanager
async def served(root: Path) -> AsyncIterator[ClientSession]:
    """Run the re-creation with `input`, `output` and `temp` below a folder; yield a client for it."""
    async with serving(root=root) as (_, client, *_):
        yield client


async def status(client: ClientSession, **query: str) -> int:
    """Return what a query is answered."""
    async with client.get("/view", params=query) as response:
        return response.status


async def shown(client: ClientSession, **query: str) -> Image.Image:
    """Return the picture that a query is answered with."""
    async with client.get("/view", params=query) as response:
        picture = Image.open(io.BytesIO(await response.read()))
        picture.load()
        return picture


async def ran(chromium: Browser, *addresses: Any) -> list[object]:
    """Open addresses; tell for each where its script ran, None if it did not."""
    results: list[object] = []
    for address in addresses:
        page = await chromium.new_page()
        try:
            await page.goto(str(address))
            results.append(await page.evaluate("window.ran ?? null"))
        except Error as error:
            results.append("download" if "Download is starting" in error.message else error)
        await page.close()
    return results


@pytest.fixture
def saved(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the format of each picture that Pillow encodes into memory."""
    formats: list[str] = []
    plain = Image.Image.save

    def save(picture: Image.Image, file: Any, format: Any = None, **options: Any) -> None:
        if isinstance(file, io.BytesIO):
            formats.append(str(format).upper())
        plain(picture, file, format, **options)

    monkeypatch.setattr(Image.Image, "save", save)
    return formats


def write(path: Path, content: str | bytes = b"") -> None:
    """Write a file, and the folder it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


async def test_the_type_may_stand_in_the_name(tmp_path: Path) -> None:
    """A type in brackets ends the name; one character before it is cut off, blank or not.

    名字末尾可以用方括号写类型；括号前面切掉一个字符，不管是不是空格。
    """
    for name, expected in (
        ("a.png [temp]", ("a.png", folder_paths.get_temp_directory())),
        ("a.png[input]", ("a.pn", folder_paths.get_input_directory())),
        ("a.png [output]", ("a.png", folder_paths.get_output_directory())),
        ("a.png [models]", ("a.png [models]", None)),
        ("a.png [TEMP]", ("a.png [TEMP]", None)),
    ):
        assert folder_paths.annotated_filepath(name) == expected
    async with served(tmp_path) as client:
        write(tmp_path / "input/a.pn")
        assert await status(client, filename="a.png[input]") == 200
        assert await status(client, filename="a.png [input]") == 404


async def test_the_type_in_the_name_wins(tmp_path: Path) -> None:
    """The type in the name beats the parameter, which is not even looked at.

    名字里的类型优先于参数，参数不检查。
    """
    async with served(tmp_path) as client:
        write(tmp_path / "input/a.txt")
        assert await status(client, filename="a.txt") == 404
        assert await status(client, filename="a.txt", type="input") == 200
        for kind in ("nonsense", "temp", "output"):
            assert await status(client, filename="a.txt [input]", type=kind) == 200
        write(tmp_path / "temp/t.txt", "temp")
        write(tmp_path / "output/o.txt", "output")
        for name, kinds in (("t.txt", {"type": "temp"}), ("o.txt", {}), ("o.txt", {"type": "output"})):
            async with client.get("/view", params={"filename": name, **kinds}) as response:
                assert await response.text() == kinds.get("type", "output")
            assert await status(client, filename=name, type="input") == 404


async def test_what_is_refused_and_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No name or no file: 404; a name with `..` or `/` in front, or an unknown type: 400; a subfolder outside: 403; all are empty.

    没有名字、没有文件：404；名字含 `..`、以 `/` 开头，或者类型不认识：400；子文件夹在外面：403。响应都是空的。
    """  # noqa: E501
    async with served(tmp_path) as client:
        write(tmp_path / "input/a.txt")
        write(tmp_path / "output/folder/a.txt")
        for expected, query in (
            (404, {"filename": "folder"}),
            (404, {}),
            (404, {"type": "models", "subfolder": "../input"}),
            (404, {"filename": "a.txt"}),
            (404, {"filename": "a.txt", "preview": "webp"}),
            (404, {"filename": "a.txt", "channel": "a"}),
            (400, {"filename": "../input/a.txt"}),
            (400, {"filename": str(tmp_path / "input/a.txt")}),
            (400, {"filename": "a.txt", "type": "models"}),
            (400, {"filename": "a.txt", "type": ""}),
            (403, {"filename": "a.txt", "subfolder": "../input"}),
            *(
                (403, {"filename": "a.txt", "type": kind, "subfolder": ".."})
                for kind in ("input", "output", "temp")
            ),
            (404, {"filename": "b.txt", "type": "input", "subfolder": "../input"}),  # it leads back
            (403, {"filename": "a.txt", "subfolder": str(tmp_path / "input")}),
            (403, {"filename": "a.txt", "subfolder": "../output2"}),
            (400, {"filename": "a..txt", "type": "models", "subfolder": "../input"}),
            (400, {"filename": "a.txt", "type": "models", "subfolder": "../input"}),
            (403, {"filename": "none.txt", "subfolder": "../input"}),
            (500, {"filename": "", "type": "models", "subfolder": "../input"}),
        ):
            async with client.get("/view", params=query) as response:
                assert response.status == expected
                assert expected == 500 or await response.read() == b""
        monkeypatch.setattr(places, "BASE", tmp_path)
        places.main()
    results = [line.split()[-1] for line in capsys.readouterr().out.splitlines()]
    assert results == ["input/a.png", "input/a.pn", "output/sub/../a.png"]


async def test_the_first_check_that_refuses_gives_the_status(tmp_path: Path) -> None:
    """In this order: a name (404; empty: 500), `/` in front or `..` (400), type (400), subfolder (403), file (404).

    依次检查：文件名（404；空的：500）、以 `/` 开头或含 `..`（400）、类型（400）、子文件夹（403）、文件（404）。
    """  # noqa: E501
    names = (
        None,
        "",
        "[input]",
        "a.png",
        "a.png [input]",
        "b.png",
        "..",
        "a..png",
        "/a.png",
        "sub/a.png",
        "sub",
    )
    kinds, subfolders = (
        (None, "input", "models", ""),
        (None, "", "sub", "sub/..", "..", "../input", "../output2"),
    )
    got: dict[str, set[str]] = {}
    async with served(tmp_path) as client:
        for path in ("output/a.png", "output/sub/a.png", "input/a.png"):
            write(tmp_path / path)
        for name, kind, subfolder in itertools.product(names, kinds, subfolders):
            query = {"filename": name, "type": kind, "subfolder": subfolder}
            given = {key: value for key, value in query.items() if value is not None}
            *_, last, status = (await checks.follow(client, given)).split(", ")
            got.setdefault(" ".join(last.split()[:2]), set()).add(status)
    assert got == {
        "name no": {"404"},
        "name empty": {"500"},
        "dots yes": {"400"},
        "type no": {"400"},
        "inside no": {"403"},
        "file no": {"404"},
        "file yes": {"200"},
    }


async def test_an_honest_name_with_two_dots_is_refused_too(tmp_path: Path) -> None:
    """A file with `..` anywhere in its name cannot be had, though it is there; dots apart do not matter.

    文件名里不管哪里有 `..`，文件在也取不到；分开的点不要紧。
    """
    async with served(tmp_path) as client:
        for name, expected in (("a..txt", 400), ("..a.txt", 400), ("a.txt..", 400), ("a.b.txt", 200)):
            write(tmp_path / "output" / name)
            assert await status(client, filename=name) == expected
        assert await status(client, filename="a/../a.b.txt") == 400
        assert await status(client, filename="a/a.b.txt") == 200


@pytest.mark.parametrize("name", ["", "[input]", "x[input]"])
async def test_an_empty_name_is_a_500(name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A name that is empty, or so without its type, is an IndexError: 500.

    名字空着，或者去掉类型就空了：IndexError，得到 500。
    """
    async with served(tmp_path) as client:
        assert await status(client, filename=name) == 500
    assert "IndexError: string index out of range" in caplog.text


async def test_a_folder_in_the_name_is_dropped(tmp_path: Path) -> None:
    """Only what follows the last slash of the name counts; folders belong into `subfolder`.

    名字只看最后一个斜杠后面；文件夹要写进 `subfolder`。
    """
    async with served(tmp_path) as client:
        write(tmp_path / "output/a.txt")
        write(tmp_path / "output/sub/b.txt")
        assert await status(client, filename="no/such/a.txt") == 200
        assert await status(client, filename="sub/b.txt") == 404
        assert await status(client, filename="b.txt", subfolder="sub") == 200
        assert await status(client, filename="b.txt", subfolder=str(tmp_path / "output/sub")) == 200


async def test_links_lead_outside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A link to a file or folder outside is followed, and so is `link/..`, which as text stays inside.

    The path and the folder, both resolved, show it, also where the folder is a link.

    指向外面的文件或文件夹的链接会跟随；`link/..` 按文字在里面，也会跟随。
    路径和文件夹都解析链接之后再比较，就看得出来，文件夹本身是链接也一样。
    """
    inner = tmp_path / "output"
    write(inner / "mine.txt", "mine")
    (tmp_path / "alias").symlink_to(inner)
    write(tmp_path / "other/secret.txt", "secret")
    write(tmp_path / "other/deep/deep.txt", "secret")
    async with served(tmp_path) as client:
        (tmp_path / "output/link.txt").symlink_to(tmp_path / "other/secret.txt")
        (tmp_path / "output/link").symlink_to(tmp_path / "other/deep")
        for query in (
            {"filename": "link.txt"},
            {"filename": "deep.txt", "subfolder": "link"},
            {"filename": "secret.txt", "subfolder": "link/.."},
        ):
            async with client.get("/view", params=query) as response:
                assert await response.text() == "secret"
            for folder in (inner, tmp_path / "alias"):
                path = folder / query.get("subfolder", "") / query["filename"]
                assert not path.resolve().is_relative_to(folder.resolve())
                assert (folder / "mine.txt").resolve().is_relative_to(folder.resolve())
    inside.main()
    printed = [line.split()[2::2] for line in capsys.readouterr().out.splitlines()]
    assert printed == [
        ["True", "False"],
        ["False", "True"],
        ["False", "False"],
        ["True", "True"],
        ["True", "True"],
    ]


async def test_a_folder_whose_name_only_begins_alike_is_outside(tmp_path: Path) -> None:
    """`../output2` begins like the folder, so `startswith` would pass it; `commonpath` and the route do not.

    `../output2` 开头和文件夹相同，`startswith` 会放行；`commonpath` 不会，路由也拒绝。
    """
    folder, path = str(tmp_path / "output"), str(tmp_path / "output2")
    assert path.startswith(folder)
    assert os.path.commonpath([folder, path]) == str(tmp_path)
    async with served(tmp_path) as client:
        write(tmp_path / "output2/a.txt")
        assert await status(client, filename="a.txt", subfolder="../output2") == 403


@pytest.mark.parametrize("name", ["p.html", "p.HTM", "p.js", "p.css"])
async def test_four_endings_are_sent_as_unknown(name: str, tmp_path: Path) -> None:
    """HTML, scripts and style sheets are sent as `application/octet-stream`, going by the ending.

    HTML、脚本和样式表按后缀当作 `application/octet-stream` 发出。
    """
    async with served(tmp_path) as client:
        write(tmp_path / "output" / name)
        async with client.get("/view", params={"filename": name}) as response:
            assert response.headers["Content-Type"] == "application/octet-stream"
            assert "X-Content-Type-Options" not in response.headers


async def test_the_type_comes_from_the_name_alone(tmp_path: Path) -> None:
    """A text and a picture alike: `.png` is sent as a PNG, `.txt` as text, an unknown ending as octets.

    The name counts, not only its ending: `data:,a.png` is sent as text.

    不管内容是文本还是图片：叫 `.png` 就当 PNG 发，叫 `.txt` 就当文本发，后缀不认识就是 `application/octet-stream`。
    看的是名字，不只是后缀：`data:,a.png` 当文本发。
    """  # noqa: E501
    file = io.BytesIO()
    Image.new("RGB", (1, 1)).save(file, "PNG")
    kinds = {"a.png": "image/png", "a.txt": "text/plain", "a.no-such": "application/octet-stream"}
    kinds["data:,a.png"] = "text/plain"
    for name in ("a.svg", "a.xml", "a.json", "a.pdf", "a.zip", "a.mp4", "a.html.gz", "a.css.bz2"):
        kinds[name] = mimetypes.guess_type(name)[0] or "none"
    async with served(tmp_path) as client:
        for content in ("no picture", file.getvalue()):
            for name, kind in kinds.items():
                write(tmp_path / "output" / name, content)
                async with client.get("/view", params={"filename": name}) as response:
                    assert response.content_type == kind


async def test_svg_and_html_named_gz_run_as_pages_of_this_origin(chromium: Browser, tmp_path: Path) -> None:
    """In Chromium scripts in a `.svg`, in XHTML named `.xml` and in plain HTML named `.html.gz` run with this origin.

    So do those in HTML named `.html.bz2`. What was really compressed does not run, nor HTML named `.txt`;
    the four forced endings download.

    在 Chromium 里，`.svg`、取名 `.xml` 的 XHTML、取名 `.html.gz` 的普通 HTML，脚本都以本站身份执行，`.html.bz2` 也一样。真正压缩过的、取名 `.txt` 的都不执行，四个强制的后缀则下载。
    """  # noqa: E501
    assert mimetypes.guess_type("p.html.gz") == ("text/html", "gzip")
    page = f"<script>{SCRIPT}</script>"
    files: dict[str, tuple[str | bytes, object]] = {
        name: (page, "download") for name in ("p.html", "p.HTM", "p.js", "p.css")
    }
    files |= {"p.txt": (page, None)}
    xhtml = f'<html xmlns="http://www.w3.org/1999/xhtml">{page}</html>'
    files |= {"q.html.gz": (page, "origin"), "p.svg": (SVG, "origin"), "p.xml": (xhtml, "origin")}
    files |= {"q.html.bz2": (page, "origin")}
    files |= {"r.html.gz": (gzip.compress(page.encode()), None)}
    async with served(tmp_path) as client:
        for name, (content, _) in files.items():
            write(tmp_path / "input" / name, content)
        async with client.get("/view") as response:
            base, origin = response.url.with_query(type="input"), str(response.url.origin())
        results = await ran(chromium, *(base.update_query(filename=name) for name in files))
        assert results == [origin if found == "origin" else found for _, found in files.values()]


async def test_an_svg_runs_by_itself_and_not_in_an_img(chromium: Browser, tmp_path: Path) -> None:
    """In Chromium the script of an SVG, of XHTML and of HTML runs if it is opened by itself, and not in an `<img>`.

    在 Chromium 里，SVG、XHTML、HTML 单独打开，脚本就执行；放在 `<img>` 里，脚本不执行。
    """  # noqa: E501
    paths: list[str] = []

    def note(request: Request) -> None:
        paths.append(URL(request.url).path_qs)

    script = "<script>fetch('/ran')</script>"
    files = {"p.svg": SVG.replace(SCRIPT, "fetch('/ran')"), "p.html.gz": script}
    files["p.xml"] = f'<html xmlns="http://www.w3.org/1999/xhtml">{script}</html>'
    images = "".join(f'<img src="/view?filename={name}">' for name in files)
    for name, text in (files | {"images.html.gz": images}).items():
        write(tmp_path / "output" / name, text)
    async with served(tmp_path) as client:
        async with client.get("/view") as response:
            base = response.url
        for name in (*files, "images.html.gz"):
            paths.clear()
            page = await chromium.new_page()
            page.on("request", note)
            await page.goto(str(base.with_query(filename=name)), wait_until="networkidle")
            assert f"/view?filename={name}" in paths
            assert ("/ran" in paths) == (name in files)
            await page.close()
        assert {f"/view?filename={name}" for name in files} <= {*paths}


@pytest.mark.ours("the answer to the exercise")
async def test_harmless_headers_stop_it(chromium: Browser) -> None:
    """With the exercise's headers Chromium saves the SVG and the HTML, and does not run the script.

    Each of the headers stops it alone: `attachment` the showing, the policy scripts, `nosniff` the guess.
    With all of them an `<img>` shows a PNG and no SVG, because of its type; `attachment` does not matter there.

    换上练习里的响应头，SVG 和 HTML 在 Chromium 里只会存下来，脚本也不执行。每个响应头单独也管用：`attachment` 不让显示，策略不让执行脚本，`nosniff` 不让猜类型。
    响应头都在，`<img>` 显示 PNG，不显示 SVG，原因是类型，与 `attachment` 无关。
    """  # noqa: E501
    texts = {"p.svg": SVG, "p.html.gz": f"<script>{SCRIPT}</script>", "p.js": SCRIPT}
    Image.new("RGB", (1, 1)).save(png := io.BytesIO(), "PNG")

    async def send(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        body = png.getvalue() if name == "p.png" else texts[name].encode()
        return web.Response(body=body, headers=harmless.harmless_headers(name))

    async def send_one(request: web.Request) -> web.Response:
        name, only = request.match_info["name"], request.match_info["only"]
        kind = {"p.svg": "image/svg+xml", "p.js": "application/octet-stream"}[name]
        value = harmless.harmless_headers(name).get(only)
        headers = {"Content-Type": kind} | ({only: value} if value else {})
        if only == "sandbox":
            headers["Content-Security-Policy"] = only
        return web.Response(body=texts[name].encode(), headers=headers)

    async def page(request: web.Request) -> web.Response:
        path = request.query["script"]
        return web.Response(text=f'<script src="{path}"></script>', content_type="text/html")

    app = web.Application()
    app.router.add_get("/files/{name}", send)
    app.router.add_get("/only/{only}/{name}", send_one)
    app.router.add_get("/page", page)
    async with TestServer(app) as server:
        origin = str(server.make_url("/").origin())
        expected = {
            "/files/p.svg": "download",
            "/files/p.html.gz": "download",
            "/page?script=/files/p.js": None,
            "/only/nothing/p.svg": origin,
            "/only/Content-Disposition/p.svg": "download",
            "/only/Content-Security-Policy/p.svg": None,
            "/only/sandbox/p.svg": None,
            "/page?script=/only/nothing/p.js": origin,
            "/page?script=/only/X-Content-Type-Options/p.js": None,
        }
        assert await ran(chromium, *map(server.make_url, expected)) == list(expected.values())
        page_of_images = await chromium.new_page()
        await page_of_images.goto(str(server.make_url("/page?script=/files/p.js")))
        await page_of_images.evaluate(LOADS)
        loads = {"files/p.png": 1, "files/p.svg": 0}
        loads |= {"only/Content-Disposition/p.svg": 1, "only/Content-Type/p.svg": 0}
        for path, loaded in loads.items():
            assert await page_of_images.evaluate(f"loads('/{path}')") == loaded
        await page_of_images.close()


async def test_the_disposition_is_no_attachment_and_quotes_nothing(tmp_path: Path) -> None:
    """`Content-Disposition` has no `attachment`, and a quote in the name ends its `filename` early.

    `Content-Disposition` 里没有 `attachment`；名字里有引号，`filename` 就提前结束。
    """
    async with served(tmp_path) as client:
        for name in ('a".png', "p.svg", "p.xml", "p.html.gz", "p.html"):
            write(tmp_path / "output" / name)
            async with client.get("/view", params={"filename": name}) as response:
                said = response.headers["Content-Disposition"]
                assert said == f'filename="{name}"'
                # a quoted-string of RFC 9110 section 5.6.4
                quoted = re.match(r'filename="((?:[^"\\]|\\.)*)"', said)
                assert quoted
                assert quoted[1] == name.partition('"')[0]


async def test_a_preview_is_webp_or_jpeg(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`preview=jpeg` gives JPEG; any other value, `png` too, gives WebP.

    `preview=jpeg` 得到 JPEG；别的值都得到 WebP，`png` 也是。
    """
    async with served(tmp_path) as client:
        Image.new("RGBA", (4, 4), (9, 200, 7, 255)).save(tmp_path / "output/a.png")
        kinds = dict.fromkeys(("png", "JPEG", "gif", "tiff", "webp", ""), "WEBP") | {"jpeg": "JPEG"}
        for value, kind in kinds.items():
            picture = await shown(client, filename="a.png", preview=value)
            assert (picture.format, picture.size) == (kind, (4, 4))
            pixel = picture.convert("RGB").getpixel((1, 1))
            assert pixel == pytest.approx((9, 200, 7), abs=9)  # of the file
    await previews.main()
    answers = [line[17:] for line in capsys.readouterr().out.splitlines()]
    assert answers == ["200 image/jpeg", "200 image/webp", "200 image/webp", "200 image/jpeg", "500"]


async def test_an_a_in_the_channel_makes_a_preview_webp(tmp_path: Path) -> None:
    """An `a` in `channel` makes a preview WebP with its alpha, as `preview=webp` does; `rgb` takes it away.

    `channel` 里只要有个 `a`，预览就是带透明的 WebP，跟 `preview=webp` 一样；写 `rgb` 就丢掉透明。
    """
    async with served(tmp_path) as client:
        Image.new("RGBA", (4, 4), (1, 2, 3, 4)).save(tmp_path / "output/a.png")
        alpha = ("WEBP", "RGBA")
        channels = dict.fromkeys(("banana", "a", "alpha", "rgba"), alpha) | {"rgb": ("JPEG", "RGB")}
        for channel, expected in channels.items():
            picture = await shown(client, filename="a.png", preview="jpeg", channel=channel)
            assert (picture.format, picture.mode) == expected
            assert channel == "rgb" or picture.getchannel("A").getpixel((0, 0)) == 4
        alone = await shown(client, filename="a.png", preview="webp")
        assert (alone.format, alone.getchannel("A").getpixel((0, 0))) == ("WEBP", 4)
        assert (await shown(client, filename="a.png", preview="jpeg")).mode == "RGB"
        assert (await shown(client, filename="a.png", preview="webp", channel="rgb")).mode == "RGB"


async def test_the_last_part_of_a_preview_is_its_quality(tmp_path: Path) -> None:
    """What follows the last `;` is the quality if it is digits, else 90; a bare number is one too.

    最后一个 `;` 后面是数字，就是质量，否则是 90；光一个数字也算。
    """
    async with served(tmp_path) as client:
        Image.effect_noise((64, 64), 90).save(tmp_path / "output/a.png")

        async def size(preview: str) -> int:
            async with client.get("/view", params={"filename": "a.png", "preview": preview}) as response:
                return len(await response.read())

        assert await size("jpeg") == await size("jpeg;90") == await size("jpeg;-1") == await size("jpeg;10;x")
        assert await size("webp") == await size("webp;90") == await size("webp;x")
        assert await size("jpeg;10") == await size("jpeg;99;10") < await size("jpeg")
        assert await size("jpeg;10") == await size("jpeg;99;webp;10")
        assert await size("10") == await size("webp;10") < await size("webp")


@pytest.mark.parametrize(
    ("preview", "expected"),
    [("webp;100", 200), ("webp;101", 500), ("webp;999", 500), ("jpeg;999", 200)],
)
async def test_a_quality_that_pillow_refuses_is_a_500(preview: str, expected: int, tmp_path: Path) -> None:
    """WebP above 100 is a 500; JPEG takes 999.

    WebP 超过 100 是 500；JPEG 连 999 都收。
    """
    async with served(tmp_path) as client:
        Image.new("RGB", (4, 4)).save(tmp_path / "output/a.png")
        assert await status(client, filename="a.png", preview=preview) == expected


@pytest.mark.parametrize(
    ("size", "preview", "expected"),
    [
        *(((16383, 1), "webp", 200), ((16384, 1), "webp", 500)),
        *(((1, 16383), "webp", 200), ((1, 16384), "webp", 500)),
        *(((16384, 1), "jpeg", 200), ((65500, 1), "jpeg", 200), ((65501, 1), "jpeg", 500)),
        *(((1, 65500), "jpeg", 200), ((1, 65501), "jpeg", 500)),
    ],
)
async def test_a_side_too_long_for_webp_is_a_500(
    size: tuple[int, int], preview: str, expected: int, tmp_path: Path
) -> None:
    """A WebP preview of a picture with a side above 16383 pixels is a 500; JPEG takes 65500.

    图片有一边超过 16383 像素，WebP 预览是 500；JPEG 到 65500 像素都可以，再多也是 500。
    """
    async with served(tmp_path) as client:
        Image.new("RGB", size).save(tmp_path / "output/a.png")
        assert await status(client, filename="a.png", preview=preview) == expected


def png_head(width: int, height: int) -> bytes:
    """Return a PNG in which nothing but its size is written."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    begin = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return begin + struct.pack(">I", 0) + b"IDAT"


async def test_a_picture_with_too_many_pixels_is_a_500(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Pillow opens 178956970 pixels and no more: a preview and a channel are then a 500, the file itself a 200.

    像素最多 178956970 个，再多 Pillow 就不打开：预览、通道都是 500，文件本身还是 200。
    """  # noqa: E501
    most = io.BytesIO(png_head(17_895_697, 10))
    with pytest.warns(Image.DecompressionBombWarning), Image.open(most) as picture:
        assert picture.width * picture.height == 178_956_970
    async with served(tmp_path) as client:
        write(tmp_path / "output/a.png", png_head(178_956_971, 1))
        for count, query in enumerate(({"preview": "jpeg"}, {"channel": "rgb"}, {"channel": "a"}), start=1):
            assert await status(client, filename="a.png", **query) == 500
            assert caplog.text.count("\nPIL.Image.DecompressionBombError: ") == count
        assert await status(client, filename="a.png") == 200


@pytest.mark.parametrize("query", [{"preview": "webp"}, {"channel": "rgb"}, {"channel": "a"}])
async def test_a_picture_of_what_is_none_is_a_500(query: dict[str, str], tmp_path: Path) -> None:
    """Asked for a preview or a channel of a file that is no picture, it answers 500.

    不是图片的文件，要预览、要通道，都是 500。
    """
    async with served(tmp_path) as client:
        write(tmp_path / "output/a.png", "no picture")
        assert await status(client, filename="a.png", **query) == 500


async def test_only_rgba_counts_as_having_an_alpha(tmp_path: Path) -> None:
    """`channel=a` gives a black RGBA PNG with the alpha of RGBA, all 0 as grey; transparent grey or palette pictures count as opaque.

    `channel=a` 得到黑色的 RGBA PNG，透明度取自 RGBA 图片，转成灰度全是 0；带透明的灰度图、调色板图都当作不透明。
    """  # noqa: E501
    async with served(tmp_path) as client:
        pictures: list[tuple[Image.Image, int, int]] = [
            (Image.new("RGBA", (1, 1), (9, 8, 7, 50)), 50, 50),
            (Image.new("LA", (1, 1), (9, 50)), 50, 255),
            (Image.new("P", (1, 1), 0), 0, 255),
            (Image.new("RGB", (1, 1), (9, 8, 7)), 255, 255),
        ]
        pictures[2][0].info["transparency"] = 0
        for original, alpha, expected in pictures:
            original.save(tmp_path / "output/a.png")
            with Image.open(tmp_path / "output/a.png") as stored:
                assert stored.mode == original.mode
                assert stored.convert("RGBA").getpixel((0, 0))[3] == alpha  # type: ignore[index]
            picture = await shown(client, filename="a.png", channel="a")
            assert (picture.format, picture.mode) == ("PNG", "RGBA")
            assert picture.getpixel((0, 0)) == (0, 0, 0, expected)
            assert picture.getchannel("A").getpixel((0, 0)) == expected
            assert picture.convert("L").getpixel((0, 0)) == 0


async def test_rgb_drops_the_alpha_and_keeps_the_colour(tmp_path: Path) -> None:
    """`channel=rgb` gives a PNG of the colours under transparent pixels; other values leave the file as is.

    `channel=rgb` 用 PNG 露出透明像素下面的颜色；写别的值，文件原样发出。
    """
    async with served(tmp_path) as client:
        Image.new("RGBA", (1, 1), (9, 8, 7, 0)).save(tmp_path / "output/a.png")
        picture = await shown(client, filename="a.png", channel="rgb")
        assert (picture.format, picture.mode) == ("PNG", "RGB")
        assert picture.getpixel((0, 0)) == (9, 8, 7)
        for channel in ("RGB", "rgba", "A", "ab", "alpha", "r", "g", "b", ""):
            async with client.get("/view", params={"filename": "a.png", "channel": channel}) as response:
                assert await response.read() == (tmp_path / "output/a.png").read_bytes()


async def test_only_the_file_itself_has_an_etag_and_ranges(tmp_path: Path, saved: list[str]) -> None:
    """The file has ETag and ranges; a picture made of it has neither and is made at each request.

    文件本身有 ETag，也能取一段；由它做出的图两样都没有，每次请求都重做。
    """
    async with served(tmp_path) as client:
        Image.new("RGBA", (1, 1)).save(tmp_path / "output/a.png")
        some = {"Range": "bytes=0-3"}
        async with client.get("/view?filename=a.png", headers=some) as response:
            assert (response.status, await response.read()) == (206, b"\x89PNG")
            assert "ETag" in response.headers
            assert "Cache-Control" not in response.headers
        assert saved == []
        for query in ("channel=a", "channel=rgb", "preview=webp") * 2:
            async with client.get(f"/view?filename=a.png&{query}", headers=some) as response:
                assert response.status == 200
                assert not {"ETag", "Last-Modified", "Cache-Control"} & {*response.headers}
        assert saved == ["PNG", "PNG", "WEBP"] * 2


async def test_a_picture_is_made_without_a_pause(tmp_path: Path) -> None:
    """The handler opens and encodes a picture without ever giving way to the event loop.

    处理函数打开、编码图片，一次也不让出事件循环。
    """
    async with serving(root=tmp_path) as (server, *_):
        Image.new("RGBA", (1, 1)).save(tmp_path / "output/a.png")
        handlers = {route.path: route.handler for route in server.routes if isinstance(route, web.RouteDef)}
        view: Any = handlers["/view"]
        for query in ("preview=webp", "channel=rgb", "channel=a"):
            request = make_mocked_request("GET", f"/view?filename=a.png&{query}")
            with pytest.raises(StopIteration) as ended:
                view(request).send(None)
            assert ended.value.value.status == 200


@pytest.mark.ours("the answer to the exercise")
@pytest.mark.parametrize(
    "name", ['a"b.png', "a\r\nSet-Cookie: x.png", "图.png", "a;b.png", "a/b.png", "\udcff"]
)
def test_a_quoted_name_stays_one_parameter(name: str) -> None:
    """The exercise's header stays one ASCII line whose only specials are its own, whatever the name.

    不管名字是什么，练习里的头部都是一行 ASCII，没有多出来的特殊字符。
    """
    value = harmless.harmless_headers(name)["Content-Disposition"]
    assert value.isascii()
    assert value.isprintable()
    assert re.fullmatch(r"attachment; filename\*=UTF-8''([\w!#$&+.^`|~-]|%[0-9A-F]{2})+", value, re.ASCII)
    assert (value.count(";"), value.count('"')) == (1, 0)
