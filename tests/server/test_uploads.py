"""Proofs for `server/uploads`."""

import asyncio
import io
import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import ClientSession, FormData, web
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from snippets.recreation.server import PromptServer, get_dir_by_type, image_upload, is_inside, save_as_it_is
from snippets.recreation.serving import serving
from snippets.server.uploads import mask, names, round_trip, target
from snippets.server.uploads.raised import RaisingServer
from tests.browser import skip_or_fail


@dataclass
class Served:
    """The re-creation, a client for it, and the folder its three folders lie in."""

    client: ClientSession
    root: Path

    async def upload(
        self, content: bytes, filename: str, path: str = "/upload/image", **fields: str
    ) -> tuple[int, Any]:
        """Upload a file; return the status, and the answer where there is one."""
        form = FormData(fields, quote_fields=False)  # else `/` becomes `%2F`
        form.add_field("image", io.BytesIO(content), filename=filename)
        async with self.client.post(path, data=form) as response:
            return response.status, await response.json() if response.ok else None

    async def mask(
        self, ref: object, content: bytes, filename: str = "m.png", **fields: str
    ) -> tuple[int, Any]:
        """Upload a mask for what `ref` names."""
        return await self.upload(content, filename, "/upload/mask", original_ref=json.dumps(ref), **fields)

    def stored(self) -> dict[str, bytes]:
        """Return all files below the root, by their path."""
        return {
            p.relative_to(self.root).as_posix(): p.read_bytes() for p in self.root.rglob("*") if p.is_file()
        }


@asynccontextmanager
async def served(root: Path, server_class: type[PromptServer] = PromptServer) -> AsyncIterator[Served]:
    """Run the re-creation with `input`, `output` and `temp` below a folder."""
    async with serving(server_class=server_class, root=root) as (_, client, *_):
        yield Served(client, root)


@asynccontextmanager
async def ticking() -> AsyncIterator[list[int]]:
    """Let a task count its turns in a list of one number."""
    turns = [0]

    async def tick() -> None:
        while True:
            turns[0] += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(tick())
    yield turns
    task.cancel()


def png(
    mode: str = "RGBA", size: tuple[int, int] = (2, 1), colour: Any = (1, 2, 3, 77), **options: Any
) -> bytes:
    """Return a picture of one colour."""
    Image.new(mode, size, colour).save(file := io.BytesIO(), "PNG", **options)
    return file.getvalue()


async def test_an_upload_goes_into_the_folder_of_its_type(tmp_path: Path) -> None:
    """Without a type a file goes to `input`; `output` and `temp` are open to uploads too.

    不写 type 就存进 `input`；`output` 和 `temp` 也照收。
    """
    async with served(tmp_path) as server:
        assert (await server.upload(b"1", "a.png"))[1]["type"] == "input"
        for kind in ("output", "temp"):
            answer = {"name": "a.png", "subfolder": "", "type": kind}
            assert await server.upload(b"1", "a.png", type=kind) == (200, answer)
        assert sorted(server.stored()) == ["input/a.png", "output/a.png", "temp/a.png"]


@pytest.mark.parametrize("kind", ["models", "Input", ""])
async def test_an_unknown_type_is_a_500(kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """An unknown type is an UnboundLocalError and so a 500, with or without a file; `input` without one is 400.

    type 不认识，就是 UnboundLocalError，带不带文件都是 500；type 为 `input` 又没有文件，才是 400。
    """  # noqa: E501
    async with served(tmp_path) as server:
        assert (await server.client.post("/upload/image", data={"type": "input"})).status == 400
        assert "UnboundLocalError" not in caplog.text
        assert await server.upload(b"1", "a.png", type=kind) == (500, None)
        assert (await server.client.post("/upload/image", data={"type": kind})).status == 500
        assert caplog.text.count("UnboundLocalError: cannot access local variable 'type_dir'") == 2


async def test_text_for_a_file_is_a_500_and_nothing_a_400(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A text field named `image` is answered 500, an empty one or none 400.

    名叫 `image` 的文本字段得到 500；空的，或者干脆没有，得到 400。
    """
    async with served(tmp_path) as server:
        for form, status in (({"image": "a.png"}, 500), ({"image": ""}, 400), ({}, 400)):
            assert (await server.client.post("/upload/image", data=form)).status == status
        assert (await server.client.post("/upload/image", json={"image": "a.png"})).status == 400
        other = {"file": io.BytesIO(b"1")}
        assert (await server.client.post("/upload/image", data=other)).status == 400
    assert caplog.text.count("AttributeError: 'str' object has no attribute 'file'") == 1


@pytest.mark.parametrize("name", [None, "", "/", "//"])
@pytest.mark.parametrize(("content", "status"), [("", 400), ("cat", 500)])
async def test_a_file_without_a_name_counts_as_no_file(
    name: str | None, content: str, status: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Without a filename, with an empty one or slashes alone, aiohttp makes bytes of a picture: 500, or 400 if it is empty.

    没有文件名、文件名为空，或者只有斜杠，aiohttp 就把图片当成字节而不是文件：有内容是 500，没内容是 400。
    """  # noqa: E501
    filename = "" if name is None else f'; filename="{name}"'
    head = f'Content-Disposition: form-data; name="image"{filename}\r\nContent-Type: image/png'
    body = f"--B\r\n{head}\r\n\r\n{content}\r\n--B--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=B"}
    async with served(tmp_path) as server:
        text = body.replace("image/png", "text/plain")
        assert (await server.client.post("/upload/image", data=text, headers=headers)).status == status
        assert "bytearray" not in caplog.text  # it is a str
        assert (await server.client.post("/upload/image", data=body, headers=headers)).status == status
    assert ("AttributeError: 'bytearray' object has no attribute 'file'" in caplog.text) == (status == 500)


async def test_the_same_bytes_get_their_old_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Other bytes under a taken name get ` (1)`, ` (2)`; the same bytes get the name they have, unwritten.

    A name that a folder has is a 500.

    名字已有、内容不同，依次变成 ` (1)`、` (2)`；内容相同就还给原来的名字，不再写。有同名的文件夹，是 500。
    """
    async with served(tmp_path) as server:
        (tmp_path / "input/folder").mkdir()
        for fields in ({}, {"overwrite": "1"}):
            assert await server.upload(b"1", "folder", **fields) == (500, None)
        assert caplog.text.count("\nIsADirectoryError: ") == 2
        assert server.stored() == {}
        contents = [str(number).encode() for number in range(1, 12)]
        given = [(await server.upload(content, "a.tar.gz"))[1]["name"] for content in contents]
        assert given == ["a.tar.gz", *(f"a.tar ({number}).gz" for number in range(1, 11))]
        stored = {f"input/{name}": content for name, content in zip(given, contents, strict=True)}
        (first, before) = (tmp_path / "input/a.tar (1).gz", (tmp_path / "input/a.tar (1).gz").stat())
        assert (await server.upload(b"2", "a.tar.gz"))[1]["name"] == "a.tar (1).gz"
        assert first.stat().st_mtime_ns == before.st_mtime_ns
        assert server.stored() == stored
    await names.main()
    given = [line.removesuffix(" stored") for line in capsys.readouterr().out.splitlines()]
    assert [line.partition(" ")[2] for line in given] == [
        "a.tar.gz 1",
        "a.tar (1).gz 2",
        "a.tar.gz 2",
        "a.tar (1).gz 2",
        "a.tar (2).gz 3",
    ]


@pytest.mark.parametrize("word", ["true", "1", "True", "TRUE", "on", "yes", "0", ""])
async def test_only_true_and_1_overwrite(word: str, tmp_path: Path) -> None:
    """`overwrite` works as `true` or `1` and as nothing else.

    `overwrite` 只认 `true` 和 `1`。
    """
    async with served(tmp_path) as server:
        await server.upload(b"old", "a.png")
        _, answer = await server.upload(b"new", "a.png", overwrite=word)
        overwritten = word in ("true", "1")
        assert answer["name"] == ("a.png" if overwritten else "a (1).png")
        assert server.stored()["input/a.png"] == (b"new" if overwritten else b"old")


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"<script>", "p.html"), (b"\x7fELF", "a.png"), (b"", "e.py"), (png(), "b.png")],
    ids=["page", "program", "empty", "picture"],
)
async def test_the_content_is_never_looked_at(content: bytes, name: str, tmp_path: Path) -> None:
    """A page, a program, an empty file and a picture that come as `image` are stored as they are.

    网页、程序、空文件、图片，只要叫 `image`，都原样存下。
    """
    async with served(tmp_path) as server:
        assert (await server.upload(content, name))[0] == 200
        assert server.stored() == {f"input/{name}": content}


@pytest.mark.parametrize(
    ("subfolder", "name"),
    [("..", "a.png"), ("", "../a.png"), ("../input2", "a.png"), ("/tmp", "a.png"), ("sub", "../../a.png")],
)
async def test_a_file_outside_is_refused(subfolder: str, name: str, tmp_path: Path) -> None:
    """A file that would lie outside is refused with 400, in a folder whose name only begins alike too.

    文件会落到外面，就得到 400；外面那个文件夹的名字开头相同也不行。
    """
    async with served(tmp_path) as server:
        assert await server.upload(b"1", name, subfolder=subfolder) == (400, None)
        assert server.stored() == {}
        assert sorted(os.listdir(tmp_path)) == ["input", "output", "temp"]  # noqa: PTH208


async def test_a_way_back_inside_is_taken_and_repeated(tmp_path: Path) -> None:
    """A path that leaves and comes back is taken, and the answer repeats it; `/view` refuses that very name.

    通到外面又回到里面的路径会接受，响应里原样重复；用这个名字请求 `/view`，却是 400。
    """
    async with served(tmp_path) as server:
        _, answer = await server.upload(b"1", "../input/a.png", subfolder="../input")
        assert answer == {"name": "../input/a.png", "subfolder": "../input", "type": "input"}
        assert server.stored() == {"input/a.png": b"1"}
        query = {"filename": answer["name"], "type": "input"}
        assert (await server.client.get("/view", params=query)).status == 400
        assert (await server.upload(b"2", "../input/b.png", subfolder="../evil"))[0] == 200
        assert server.stored() == {"input/a.png": b"1", "input/b.png": b"2"}


async def test_a_folder_can_be_made_anywhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The folder need not lie inside, be it named from here or from the root; only the file must.

    With a wrong way back to `input` nothing is made.

    文件夹不必在里面，用相对路径写、从根目录写都行；要在里面的只是文件。
    回到 `input` 的路径写错了，就什么也不建。
    """
    root = tmp_path / "comfy"
    root.mkdir()
    async with served(root) as server:
        name = "../../input/a.png"
        assert (await server.upload(b"1", name, subfolder="../custom_nodes/evil"))[0] == 200
        assert (root / "custom_nodes/evil").is_dir()
        name = "../../comfy/input/b.png"
        assert (await server.upload(b"1", name, subfolder=str(tmp_path / "far/away")))[0] == 200
        assert (tmp_path / "far/away").is_dir()
        everything = Served(server.client, tmp_path).stored()
        assert everything == {"comfy/input/a.png": b"1", "comfy/input/b.png": b"1"}
        guessed = "../../other/input/c.png"  # where `input` is not
        assert (await server.upload(b"1", guessed, subfolder=str(tmp_path / "not/made")))[0] == 400
        assert not (tmp_path / "not").exists()
    await target.main()
    *statuses, folders = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in statuses] == ["200", "400", "400", "200"]
    assert folders == "folders: evil input output temp"


@pytest.mark.ours("a repair")
async def test_a_check_of_the_folder_makes_none_outside(tmp_path: Path) -> None:
    """With `is_inside(upload_dir, folder)` too, an upload makes no folder outside by `..`; a subfolder is made as before.

    再检查 `is_inside(upload_dir, folder)`，就不能用 `..` 在外面新建文件夹；子文件夹照样新建。
    """  # noqa: E501

    def checked_upload(post: Any) -> web.Response:
        upload_dir, _ = get_dir_by_type(None)
        folder = upload_dir / os.path.normpath(post["subfolder"])
        if not is_inside(upload_dir, folder):
            return web.Response(status=400)
        return image_upload(post)

    class Checked(PromptServer):
        async def upload_image(self, request: web.Request) -> web.Response:
            return checked_upload(await request.post())

    for server_class, status in ((PromptServer, 200), (Checked, 400)):
        (root := tmp_path / server_class.__name__).mkdir()
        async with served(root, server_class) as server:
            for subfolder, name, expected in (
                ("../evil", "../input/a.png", status),
                (str(root / "far"), "../input/b.png", status),
                ("sub/deep", "c.png", 200),
                ("", "d.png", 200),
            ):
                assert (await server.upload(b"1", name, subfolder=subfolder))[0] == expected
            assert (root / "input/sub/deep/c.png").exists()
            for folder in ("evil", "far"):
                assert (root / folder).exists() is (server_class is PromptServer)


async def test_a_folder_in_the_name_is_not_made(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The subfolder is made where it is missing, a folder inside the name is not: 500.

    子文件夹没有就建；写在名字里的文件夹不建，得到 500。
    """
    async with served(tmp_path) as server:
        assert (await server.upload(b"1", "a.png", subfolder="new/deep"))[0] == 200
        assert (await server.upload(b"1", "other/a.png"))[0] == 500
        assert "FileNotFoundError" in caplog.text
        assert (await server.upload(b"1", "other/../b.png"))[0] == 200  # leads into none
        assert server.stored() == {"input/new/deep/a.png": b"1", "input/b.png": b"1"}


async def test_an_upload_writes_through_a_link(tmp_path: Path) -> None:
    """A link to a file is written through with `overwrite`, or if it leads to nothing in a folder; else a number is added.

    A link to a folder in `subfolder` is followed.

    带着 `overwrite`，或者链接指向的地方还没有文件，就写到链接指向的地方，那里的文件夹要先有；否则加编号，不写过去。`subfolder` 里指向文件夹的链接会跟随。
    """  # noqa: E501
    (tmp_path / "outside.txt").write_text("old")
    async with served(tmp_path) as server:
        (tmp_path / "input/link.txt").symlink_to(tmp_path / "outside.txt")
        assert (await server.upload(b"new", "link.txt"))[1]["name"] == "link (1).txt"
        assert server.stored()["outside.txt"] == b"old"
        await server.upload(b"new", "link.txt", overwrite="1")
        assert server.stored()["outside.txt"] == b"new"
        (tmp_path / "input/dangling.txt").symlink_to(tmp_path / "fresh.txt")
        await server.upload(b"new", "dangling.txt")
        assert server.stored()["fresh.txt"] == b"new"
        (tmp_path / "input/dangling2.txt").symlink_to(tmp_path / "fresh2.txt")
        await server.upload(b"new", "dangling2.txt", overwrite="1")
        assert server.stored()["fresh2.txt"] == b"new"
        (tmp_path / "input/lost.txt").symlink_to(tmp_path / "no/folder.txt")
        assert await server.upload(b"new", "lost.txt") == (500, None)
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "input/folder").symlink_to(tmp_path / "elsewhere")
        await server.upload(b"new", "a.txt", subfolder="folder")
        assert server.stored()["elsewhere/a.txt"] == b"new"


async def test_a_mask_replaces_the_alpha_only(tmp_path: Path) -> None:
    """Colours and PNG text come from the original, the alpha channel from the mask.

    The original is in `output`, or where `type` and `subfolder` say.

    颜色和 PNG 里的文字来自原图，透明通道来自遮罩。
    原图在 `output` 里，或者在 `type` 和 `subfolder` 写明的地方。
    """
    notes, others = PngInfo(), PngInfo()
    notes.add_text("workflow", "{}")
    for key in ("workflow", "notes"):
        others.add_text(key, "of the mask")
    async with served(tmp_path) as server:
        (tmp_path / "output/o.png").write_bytes(png(colour=(9, 8, 7, 6), pnginfo=notes))
        ref = {"filename": "o.png", "unknown": "key"}
        assert (await server.mask(ref, png(pnginfo=others)))[1]["name"] == "m.png"
        with Image.open(tmp_path / "input/m.png") as masked:
            assert (masked.mode, masked.getpixel((1, 0))) == ("RGBA", (9, 8, 7, 77))
            assert masked.text == {"workflow": "{}"}  # type: ignore[attr-defined]
        (tmp_path / "temp/sub").mkdir()
        (tmp_path / "temp/sub/o.png").write_bytes(png("RGB", colour=(6, 5, 4), pnginfo=notes))
        ref = {"filename": "o.png", "type": "temp", "subfolder": "sub"}
        name = (await server.mask(ref, png()))[1]["name"]
        with Image.open(tmp_path / "input" / name) as masked:
            assert masked.getpixel((1, 0)) == (6, 5, 4, 77)
            assert masked.text == {"workflow": "{}"}  # type: ignore[attr-defined]
        for mode, colour in (("L", 0), ("1", 0), ("RGB", (0, 0, 0))):
            name = (await server.mask(ref, png(mode, colour=colour), f"{mode}.png"))[1]["name"]
            with Image.open(tmp_path / "input" / name) as masked:
                assert masked.getpixel((1, 0)) == (6, 5, 4, 255)
        assert (await server.mask(ref, png(), "m.bmp"))[0] == 200
        with Image.open(tmp_path / "input/m.bmp") as masked:
            assert (masked.mode, masked.getpixel((1, 0))) == ("RGB", (6, 5, 4))


@pytest.mark.parametrize(
    "ref",
    [
        {"filename": "gone.png"},
        {"filename": "../output/o.png"},
        {"filename": "/o.png"},
        {"filename": "o.png", "type": "models"},
        {"filename": "o.png", "type": None},
        {"filename": "o.png", "subfolder": "../input"},
    ],
)
async def test_a_mask_for_nothing_is_answered_200(
    ref: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing original, or one that is refused, is answered 200 with a name; nothing is stored.

    `/view` answers 404 then, unless the name was used before: there the old file is left.
    A random name is unused. Where the mask itself has the name, nothing is stored without `overwrite`.

    原图不存在，或者遭到拒绝，照样返回 200 和一个名字，什么也没存。
    这时 `/view` 返回 404；如果名字以前用过，取到的是旧文件。随机的名字没有用过。
    如果同名的文件就是遮罩本身，又没有 `overwrite`，即使原图存在，也什么都不存。
    """
    async with served(tmp_path) as server:
        (tmp_path / "output/o.png").write_bytes(png())
        answer = {"name": "m.png", "subfolder": "", "type": "input"}
        assert await server.mask(ref, png()) == (200, answer)
        assert list(server.stored()) == ["output/o.png"]
        assert (await server.client.get("/view?filename=m.png&type=input")).status == 404
        for original, status in ((ref, 404), ({"filename": "o.png"}, 200)):
            place = (await server.mask(original, png(), f"{uuid4().hex}.png"))[1]
            query = {**place, "filename": place["name"]}
            assert (await server.client.get("/view", params=query)).status == status
        for old, fields in ((png(), {}), (b"another", {"overwrite": "1"})):  # a name that is used
            (tmp_path / "input/m.png").write_bytes(old)
            assert await server.mask(ref, png(), **fields) == (200, answer)
            response = await server.client.get("/view?filename=m.png&type=input")
            assert (response.status, await response.read()) == (200, old)
        (tmp_path / "input/m.png").write_bytes(own := png(colour=(0, 0, 0, 9)))
        before = server.stored()
        assert await server.mask({"filename": "o.png"}, own) == (200, answer)
        assert server.stored() == before
        assert await server.mask({"filename": "o.png"}, own, overwrite="1") == (200, answer)
        assert server.stored()["input/m.png"] != own
    await mask.main()
    *answers, stored = capsys.readouterr().out.splitlines()
    named = [json.loads(answer.removeprefix("200 "))["name"] for answer in answers]
    assert (named, stored) == (["mask.png", "mask (1).png"], "stored: 1")


@pytest.mark.parametrize(
    "ref", [None, [], {}, {"filename": ""}, {"filename": 1}, {"filename": "o.png", "subfolder": None}]
)
async def test_a_mask_without_a_usable_ref_is_a_500(ref: object, tmp_path: Path) -> None:
    """An `original_ref` that is missing, no JSON or of another shape is answered 500.

    `original_ref` 没有、不是 JSON，或者样子不对，得到 500。
    """
    async with served(tmp_path) as server:
        (tmp_path / "output/o.png").write_bytes(png())
        assert await server.mask(ref, png()) == (500, None)
        for fields in ({}, {"original_ref": "{"}):
            assert await server.upload(png(), "m.png", "/upload/mask", **fields) == (500, None)
        assert list(server.stored()) == ["output/o.png"]


@pytest.mark.parametrize(
    ("content", "name"),
    [(png(size=(3, 3)), "m.png"), (b"no picture", "m.png"), (png(), "m.jpg"), (png(), "m")],
)
async def test_a_mask_that_does_not_fit_is_a_500(content: bytes, name: str, tmp_path: Path) -> None:
    """Another size, no picture, or a name whose ending means no alpha: 500, or 200 without an original.

    With `overwrite` the name in `.jpg` empties the file of that name; the others leave it.

    尺寸不对、不是图片、后缀存不了透明或者没有后缀：原图在就是 500，不在就是 200，都没有存。
    带上 `overwrite`，名字以 `.jpg` 结尾就清空同名的文件，别的不动它。
    """
    async with served(tmp_path) as server:
        (tmp_path / "output/o.png").write_bytes(png())
        assert await server.mask({"filename": "o.png"}, content, name) == (500, None)
        assert (await server.mask({"filename": "gone.png"}, content, name))[0] == 200
        assert list(server.stored()) == ["output/o.png"]
        (tmp_path / "input" / name).write_bytes(b"old")
        assert await server.mask({"filename": "o.png"}, content, name, overwrite="1") == (500, None)
        assert server.stored()[f"input/{name}"] == (b"" if name == "m.jpg" else b"old")


async def test_storing_stops_everybody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the reading of the original to the writing of the result the event loop gives nobody a turn.

    A message that the worker queues meanwhile, such as progress, is sent afterwards.

    从读原图到写结果，事件循环没有执行别的任务。工作线程这时发的消息，例如进度，过后才发出。
    """
    at: dict[str, int] = {}
    sent = asyncio.Event()
    plain_open, plain_save = Image.open, Image.Image.save
    async with serving(root=tmp_path) as (server, client, *_), ticking() as turns:

        def open_slowly(*given: Any, **more: Any) -> Any:
            if "open" not in at:
                at["open"] = turns[0]
                worker = threading.Thread(target=server.send_sync, args=("progress", {"value": 1}))
                worker.start()
                worker.join()
            time.sleep(0.01)
            return plain_open(*given, **more)

        def save_slowly(*given: Any, **more: Any) -> None:
            time.sleep(0.01)
            plain_save(*given, **more)
            at["saved"] = turns[0]
            assert not sent.is_set()

        async def note(event: str, *_: object) -> None:
            assert event == "progress"
            sent.set()

        monkeypatch.setattr(server, "send_json", note)
        (tmp_path / "output/o.png").write_bytes(png())
        monkeypatch.setattr(Image, "open", open_slowly)
        monkeypatch.setattr(Image.Image, "save", save_slowly)
        assert (await Served(client, tmp_path).mask({"filename": "o.png"}, png()))[0] == 200
        assert at["open"] == at["saved"] < turns[0]
        await asyncio.wait_for(sent.wait(), 10)


async def test_comparing_and_writing_stop_everybody_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a name is looked for and the file written the event loop gives nobody a turn.

    找空闲的名字、写文件的时候，事件循环没有执行别的任务。
    """
    at: dict[str, list[int]] = {"stat": [], "open": [], "closed": []}
    async with served(tmp_path) as server, ticking() as turns:
        plain_stat, plain_open = os.stat, io.open

        def note(what: str, function: Any) -> Any:
            def noting(path: Any, *given: Any, **more: Any) -> Any:
                if os.path.normpath(str(path)).startswith(str(tmp_path / "input/a")):
                    at[what].append(turns[0])
                    time.sleep(0.01)  # whoever could go on would
                    if what == "open":
                        return note_closing(function(path, *given, **more))
                return function(path, *given, **more)

            return noting

        def note_closing(file: Any) -> Any:
            close = file.close

            def closing() -> None:
                time.sleep(0.01)
                at["closed"].append(turns[0])
                close()

            file.close = closing
            return file

        await server.upload(b"1", "a.png")
        monkeypatch.setattr(os, "stat", note("stat", plain_stat))
        monkeypatch.setattr("builtins.open", note("open", plain_open))
        monkeypatch.setattr(io, "open", note("open", plain_open))
        assert (await server.upload(b"2", "a.png"))[1]["name"] == "a (1).png"
    assert len(at["stat"]) >= 2  # is a.png there, is a (1).png there?
    assert len(at["open"]) == 2  # one read, one written
    assert len(at["closed"]) >= 2  # ComfyUI closes what it has read once more
    assert len({*at["stat"], *at["open"], *at["closed"]}) == 1


@pytest.mark.ours("the answer to the exercise")
@pytest.mark.parametrize(
    ("ref", "status"),
    [
        ({"filename": "gone.png"}, 404),
        ({"filename": "../output/o.png"}, 400),
        ({"filename": "o.png", "type": "models"}, 400),
        ({"filename": "o.png", "subfolder": "../input"}, 403),
        ({"filename": "o.png"}, 200),
    ],
)
async def test_what_is_raised_arrives_and_what_is_returned_does_not(
    ref: object, status: int, tmp_path: Path
) -> None:
    """A refusal that the callback raises reaches the client, one that it returns does not.

    回调抛出的拒绝到得了客户端，返回的到不了。
    """
    (tmp_path / "output").mkdir()
    (tmp_path / "output/o.png").write_bytes(png())
    for server_class, expected in ((PromptServer, 200), (RaisingServer, status)):
        async with served(tmp_path, server_class) as server:
            assert (await server.mask(ref, png(), f"{server_class.__name__}.png"))[0] == expected
            stored = set(server.stored()) - {"output/o.png"}
    masks = {"input/PromptServer.png", "input/RaisingServer.png"}
    assert stored == (masks if status == 200 else set())


async def test_what_was_uploaded_is_got_back_under_the_name_in_the_answer(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The answer says where the upload is; `/view` gives it back under its `name`, which may not be the one you sent.

    响应写明存在哪里；把其中的 `name` 当作 `filename`，`/view` 就给回上传的内容；它不一定是你发送的名字。
    """  # noqa: E501
    async with served(tmp_path) as server:
        for content in (b"1", b"2"):
            _, place = await server.upload(content, "a.png", type="output", subfolder="sub/deep")
            path = tmp_path / place["type"] / place["subfolder"] / place["name"]
            assert path.read_bytes() == content
            query = {**place, "filename": place["name"]}
            assert await (await server.client.get("/view", params=query)).read() == content
    assert place == {"name": "a (1).png", "subfolder": "sub/deep", "type": "output"}
    await asyncio.wait_for(round_trip.main(), 30)
    lines = capsys.readouterr().out.splitlines()
    assert ["'name': 'cat.png'" in lines[0], "'name': 'cat (1).png'" in lines[2]] == [True, True]
    assert lines[1::2] == ["GET /view -> 200 b'first'", "GET /view -> 200 b'second'"]


@pytest.mark.parametrize(
    ("name", "subfolder", "status"),
    [
        ("sub/a.png", "", 404),
        ("a..png", "", 400),
        ("a.png", "new/..", 404),
        *((f"a.png [{kind}]", "", 404) for kind in ("input", "output", "temp")),
        ("a.png [models]", "", 200),
        ("./a.png", "", 200),
    ],
)
async def test_three_kinds_of_name_do_not_come_back(
    name: str, subfolder: str, status: int, tmp_path: Path
) -> None:
    """A name with `/`, with `..` also in the subfolder, or that ends in `[input]` and the like may not come back even if it is stored.

    名字含有 `/`、含有 `..`（子文件夹也算）、以 `[input]` 之类结尾，即使存下，也可能取不回来。
    """  # noqa: E501
    async with served(tmp_path) as server:
        (tmp_path / "input/sub").mkdir()
        stored, place = await server.upload(b"1", name, subfolder=subfolder)
        assert (stored, place["name"], len(server.stored())) == (200, name, 1)
        query = {**place, "filename": place["name"]}
        assert (await server.client.get("/view", params=query)).status == status
        for outside, refused in (("../x.png", 400), ("no/x.png", 500)):
            assert await server.upload(b"1", outside) == (refused, None)
        assert len(server.stored()) == 1


async def test_curl_uploads_a_file_under_its_name(tmp_path: Path) -> None:
    """`curl -F image=@cat.png` with the route's address stores `cat.png` in `input`.

    `curl -F image=@cat.png` 加上路由的地址，就把 `cat.png` 存进 `input`。
    """
    curl = shutil.which("curl") or skip_or_fail("no curl on this machine: install one")
    (tmp_path / "cat.png").write_bytes(b"cat")
    async with serving(root=tmp_path) as (_, _, (host, port), *_):
        command = [curl, "--silent", "-F", "image=@cat.png", f"http://{host}:{port}/upload/image"]
        done = await asyncio.to_thread(
            subprocess.run, command, cwd=tmp_path, capture_output=True, check=True, timeout=20
        )
    assert json.loads(done.stdout) == {"name": "cat.png", "subfolder": "", "type": "input"}
    assert (tmp_path / "input/cat.png").read_bytes() == b"cat"


async def test_an_upload_above_the_limit_is_a_413(tmp_path: Path) -> None:
    """A form above `--max-upload-size`, in 2^20 bytes, is a 413, even if its file is below; else it is a 200.

    整个表单超过 `--max-upload-size`（单位 2^20 字节），返回 413，哪怕文件本身没有超过；不超过的返回 200。
    """
    for limit in (1, 2):
        async with serving("--max-upload-size", str(limit), root=tmp_path) as (_, client, *_):
            for size, status in ((limit * 2**20 - 1000, 200), (limit * 2**20 - 10, 413)):
                form = FormData()
                form.add_field("image", io.BytesIO(bytes(size)), filename="a.bin")
                assert (await client.post("/upload/image", data=form)).status == status


@pytest.mark.ours("a repair in threads")
async def test_in_threads_two_uploads_of_one_name_may_meet(tmp_path: Path) -> None:
    """In two threads both uploads find the same free name, and one file is left; as it is, there are two.

    放进两个线程，两个上传找到同一个空闲的名字，最后只有一个文件；照现在的写法，有两个。
    """
    both = threading.Barrier(2)

    def save(image: Any, post: Any, filepath: Path) -> None:
        both.wait(10)  # each has found its name, neither has written
        save_as_it_is(image, post, filepath)

    class Threaded(PromptServer):
        async def upload_image(self, request: web.Request) -> web.Response:
            return await asyncio.to_thread(image_upload, await request.post(), save)

    for server_class, expected in ((Threaded, ["a.png", "a.png"]), (PromptServer, ["a (1).png", "a.png"])):
        (root := tmp_path / server_class.__name__).mkdir()
        async with served(root, server_class) as server:
            answers = await asyncio.gather(server.upload(b"1", "a.png"), server.upload(b"2", "a.png"))
        assert sorted(answer["name"] for _, answer in answers) == expected
        assert len(server.stored()) == len(set(expected))
