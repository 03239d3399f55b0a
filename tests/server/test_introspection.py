"""Proofs for the page server/introspection."""

import asyncio
import glob
import inspect
import json
import os
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import Mock, patch

import pytest
from aiohttp import ClientResponse, ClientSession, web
from playwright.async_api import Browser
from yarl import URL

from snippets.recreation import folder_paths, server, utils
from snippets.recreation.nodes import EXTENSION_WEB_DIRS, NODE_CLASS_MAPPINGS
from snippets.recreation.serving import serving
from snippets.server.introspection import extensions, find_bad_nodes
from snippets.server.introspection.bad_nodes import BAD
from snippets.server.introspection.metadata import FILES, LIMIT, MADE, pack
from snippets.server.introspection.models import served_files
from snippets.server.introspection.skip_bad_nodes import CarefulServer
from tests.real.plugin import COMFYUI
from tools.model import Project


@asynccontextmanager
async def serve(root: Path, *flags: str, **extensions: Path) -> AsyncIterator[ClientSession]:
    """Run the server above a folder, with some extensions."""
    with patch.dict(EXTENSION_WEB_DIRS, {name: str(folder) for name, folder in extensions.items()}):
        async with serving(*flags, root=root, worker=False) as served:
            yield served.client


def touch(root: Path, *names: str) -> None:
    """Make empty files, and the folders they need."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()


async def status(client: ClientSession, path: str) -> int:
    """Return the status of a GET."""
    return (await client.get(path)).status


async def listed(client: ClientSession, path: str) -> list[str]:
    """Return the names that a GET lists."""
    response = await client.get(path)
    assert response.status == 200
    return list(await response.json())


async def described(monkeypatch: pytest.MonkeyPatch, node: Any, path: str = "/object_info") -> ClientResponse:
    """Ask for the nodes while one more is there, `Extra`, before the others."""
    nodes = {"Extra": node, **NODE_CLASS_MAPPINGS}
    with patch.dict(NODE_CLASS_MAPPINGS, nodes, clear=True):
        async with serving(worker=False) as (_, client, *_):
            response = await client.get(path)
            await response.read()
            return response


@pytest.fixture
def kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make a kind of models whose only folder is `tmp_path`/models; it is not there yet."""
    monkeypatch.setitem(folder_paths.folder_names_and_paths, tmp_path.name, ([tmp_path / "models"], {".pt"}))
    return tmp_path.name  # no other test has listed it


ROUTES = {  # what each looks at, as the page's figure says: every time, or once a folder has changed
    "/embeddings": ("", "names"),
    "/models": ("", ""),
    "/models/{folder}": ("", "names"),
    "/extensions": ("names", "names"),
    "/object_info": ("code", "names code"),
    "/object_info/{node_class}": ("code", "names code"),
    "/view_metadata/{folder_name}": ("head", "head"),
    "/system_stats": ("Git", "Git"),
}


async def test_each_route_looks_where_the_figure_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The eight GET routes look at names, heads, nodes' code and Git, in the loop's thread, as the figure has it.

    八条 GET 路由各去看文件名、文件开头、节点代码、Git，都在事件循环的线程里，和图里画的一样。
    """  # noqa: E501
    seen: list[str] = []
    threads: set[int] = set()

    def noting(what: str, function: Any) -> Any:
        def note(*given: Any, **more: Any) -> Any:
            seen.append(what)
            threads.add(threading.get_ident())
            return function(*given, **more)

        return note

    class Loader:
        RETURN_TYPES, OUTPUT_NODE = ("MODEL",), False

        @classmethod
        def INPUT_TYPES(cls) -> dict[str, Any]:
            return {"required": {"name": (folder_paths.get_filename_list("vae"), {})}}

    monkeypatch.setattr(Loader, "INPUT_TYPES", noting("code", Loader.INPUT_TYPES))
    monkeypatch.setitem(NODE_CLASS_MAPPINGS, "Extra", Loader)
    monkeypatch.setattr(os, "walk", noting("names", os.walk))
    monkeypatch.setattr(glob, "glob", noting("names", glob.glob))
    monkeypatch.setattr(utils, "safetensors_header", noting("head", utils.safetensors_header))
    monkeypatch.setattr(server, "get_comfyui_version", noting("Git", lambda: "v0"))
    monkeypatch.setattr(web, "json_response", noting("", web.json_response))
    folders = [tmp_path / "models" / kind for kind in ("vae", "embeddings")]
    for folder in folders:
        touch(folder, "a.pt")
    (folders[0] / "a.safetensors").write_bytes(pack(MADE))
    values = {"{folder}": "vae", "{node_class}": "Extra", "{folder_name}": "vae?filename=a.safetensors"}
    found: dict[str, tuple[str, str]] = {}
    async with serving(root=tmp_path, worker=False) as served:
        defined = [route for route in served.server.routes if isinstance(route, web.RouteDef)]
        assert set(ROUTES) <= {route.path for route in defined if route.method == "GET"}
        assert not set(ROUTES) & {route.path for route in defined if route.method != "GET"}
        plain = {route.path for route in defined if not inspect.iscoroutinefunction(route.handler)}
        assert plain == ({"/embeddings", "/models"} if COMFYUI else set())
        for path in ROUTES:
            address = path
            for variable, value in values.items():
                address = address.replace(variable, value)
            asked = []
            for time_of_change in (1, 1, 2):
                for folder in folders:
                    os.utime(folder, (time_of_change, time_of_change))
                seen.clear()
                assert await status(served.client, address) == 200
                assert "" in seen  # the response is made in this thread too
                asked.append(" ".join(sorted({*seen} - {""}, reverse=True)))
            found[path] = asked[1], asked[2]
    assert found == ROUTES
    assert threads == {threading.get_ident()}


KINDS = """
    checkpoints configs loras vae text_encoders diffusion_models clip_vision style_models embeddings diffusers
    vae_approx controlnet gligen upscale_models custom_nodes hypernetworks photomaker classifiers
""".split()  # noqa: SIM905
WEIGHTS = {".ckpt", ".pt", ".pth", ".bin", ".pkl", ".safetensors", ".sft"}


async def test_the_kinds_are_the_recorded_ones(tmp_path: Path) -> None:
    """The 18 kinds fill 255 bytes of JSON, as recorded; most have one folder, of that name, and `WEIGHTS`.

    `configs` lists no models, and `custom_nodes` files of any suffix.
    The 14 kinds with `WEIGHTS` list these seven suffixes, and no .gguf.

    18 类的名字写成 JSON 是 255 个字节，和录音一样；多数只有一个同名的文件夹，后缀是 `WEIGHTS`。
    有 `WEIGHTS` 的 14 类只列这七种后缀，不列 .gguf；`configs` 不列模型，`custom_nodes` 列出任何后缀的文件。
    """
    recorded = json.loads(Project().snippet("server/recreation/exchanges.json").read_text("utf-8"))
    (length,) = [
        exchange["response"]["headers"]["Content-Length"]
        for exchange in recorded["exchanges"]
        if exchange["request"]["path"] == "/models"
    ]
    async with serve(tmp_path) as client:
        response = await client.get("/models")
        assert (await response.json(), response.headers["Content-Length"]) == (KINDS, "255")
        assert (len(KINDS), length) == (18, "255")
        known = folder_paths.folder_names_and_paths
        # `--output-directory` may have added folders of the same names below it
        folders = {kind: [*dict.fromkeys(Path(folder).name for folder in known[kind][0])] for kind in KINDS}
        suffixes = {kind: set(known[kind][1]) for kind in KINDS}
    assert folders == {kind: [kind] for kind in KINDS} | {
        "text_encoders": ["text_encoders", "clip"],
        "diffusion_models": ["unet", "diffusion_models"],
        "controlnet": ["controlnet", "t2i_adapter"],
    }
    special: dict[str, set[str]] = {"configs": {".yaml"}, "diffusers": {"folder"}, "custom_nodes": set()}
    assert suffixes == dict.fromkeys(KINDS, WEIGHTS) | special | {"classifiers": {""}}
    weights = [f"a{suffix}" for suffix in sorted(WEIGHTS)]
    names = sorted(["README", "a.gguf", "a.py", "a.yaml", *weights])
    lists = [("configs", ["a.yaml"]), ("custom_nodes", names)]
    lists += [(kind, weights) for kind in KINDS if suffixes[kind] == WEIGHTS]
    assert (len(WEIGHTS), len(lists)) == (7, 2 + 14)
    touch(tmp_path / "files", *names)
    async with serve(tmp_path) as client:
        for kind, found in lists:
            with patch.dict(known, {kind: ([tmp_path / "files"], known[kind][1])}):
                assert await listed(client, f"/models/{kind}") == found


async def test_an_embedding_in_two_formats_is_listed_twice(tmp_path: Path) -> None:
    """/embeddings cuts off the last suffix only, lists no other files, and names twins twice.

    /embeddings 只去掉最后一个后缀，别的文件不列；同名的两个文件，名字出现两次。
    """
    async with serve(tmp_path) as client:
        touch(tmp_path / "models/embeddings", "b.v2.pt", "b.v2.bin", "sub/c.SFT", "README.md")
        assert await listed(client, "/embeddings") == ["b.v2", "b.v2", "sub/c"]


async def test_a_kind_may_have_two_folders(tmp_path: Path) -> None:
    """The files of both folders are listed as one, each name once, capital letters before small ones.

    Of two files with one name the one in the first folder is read.

    两个目录的文件合在一起列，同名只列一次，大写字母排在小写前面；同名的两个文件，读取的是第一个目录里的。
    """
    async with serve(tmp_path) as client:
        models = tmp_path / "models"
        touch(models, "clip/a.pt", "clip/T5.PTH", "text_encoders/a.pt", "text_encoders/notes.txt")
        assert await listed(client, "/models/text_encoders") == ["T5.PTH", "a.pt"]
        for folder in ("clip", "text_encoders"):
            (models / folder / "b.safetensors").write_bytes(pack(MADE.replace(b"hand", folder.encode())))
        response = await client.get("/view_metadata/text_encoders?filename=b.safetensors")
        assert await response.json() == {"made": "by text_encoders"}


async def test_an_old_name_counts_for_metadata_only(tmp_path: Path) -> None:
    """The old name clip is a 404 at /models and the same as text_encoders at /view_metadata.

    旧名字 clip 在 /models 是 404，在 /view_metadata 就等于 text_encoders。
    """
    async with serve(tmp_path) as client:
        touch(tmp_path / "models/text_encoders", "a.safetensors")
        (tmp_path / "models/text_encoders/a.safetensors").write_bytes(pack(MADE))
        assert await status(client, "/models/clip") == 404
        assert await status(client, "/models/text_encoders") == 200
        for kind in ("clip", "text_encoders"):
            assert await status(client, f"/view_metadata/{kind}?filename=a.safetensors") == 200
        assert await status(client, "/view_metadata/nothing?filename=a.safetensors") == 404


async def test_a_listing_is_kept_until_a_folder_changes(tmp_path: Path, kind: str) -> None:
    """A new file is listed once its folder's modification time differs, not before; so is one in a subfolder.

    Putting a file there changes that time.

    目录的修改时间变了，新文件才会列出来；没变就还是老样子。子目录也一样。放文件进去，修改时间就会变。
    """
    models = tmp_path / "models"
    touch(models, "a.pt")
    os.utime(models, (1, 1))
    async with serving(worker=False) as served:
        assert await listed(served.client, f"/models/{kind}") == ["a.pt"]
        touch(models, "b.pt")
        os.utime(models, (1, 1))
        assert await listed(served.client, f"/models/{kind}") == ["a.pt"]
        os.utime(models, (2, 2))
        assert await listed(served.client, f"/models/{kind}") == ["a.pt", "b.pt"]
        touch(models, "c/d.pt")
        found = ["a.pt", "b.pt", "c/d.pt"]
        assert await listed(served.client, f"/models/{kind}") == found
        modified = (models / "c").stat().st_mtime_ns
        touch(models, "c/e.pt")
        os.utime(models / "c", ns=(modified, modified))
        assert await listed(served.client, f"/models/{kind}") == found
        os.utime(models / "c", (2, 2))
        assert await listed(served.client, f"/models/{kind}") == [*found, "c/e.pt"]
        for new in ("c/f.pt", "g.pt"):  # just put there
            touch(models, new)
            assert new in await listed(served.client, f"/models/{kind}")


async def test_a_lost_link_is_a_500_until_it_is_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Once listed, a linked folder that is gone makes its kind a 500 until it is back or the server restarts.

    列过的链接目录一旦没了，这一类的列表次次是 500，直到它回来，或者服务器重新启动。
    """
    touch(tmp_path, "drive/a.pt", "models/vae/b.pt")
    (tmp_path / "models/vae/usb").symlink_to(tmp_path / "drive")
    async with serve(tmp_path) as client:
        assert await listed(client, "/models/vae") == ["b.pt", "usb/a.pt"]
        (tmp_path / "drive").rename(tmp_path / "unplugged")
        assert [await status(client, "/models/vae") for _ in range(3)] == [500, 500, 500]
        assert caplog.text.count("FileNotFoundError: ") == 3
        assert await status(client, "/models/loras") == 200
        (tmp_path / "unplugged").rename(tmp_path / "drive")
        assert await listed(client, "/models/vae") == ["b.pt", "usb/a.pt"]
    (tmp_path / "drive").rename(tmp_path / "unplugged")
    async with serve(tmp_path) as client:
        assert await listed(client, "/models/vae") == ["b.pt"]


async def test_touching_the_folder_of_a_lost_link_mends_the_list(tmp_path: Path) -> None:
    """Once the folder of a lost link has changed, its kind is listed without it; so again when it is back; not if the kind's folder is the link: then its return or a restart helps.

    丢失的链接所在的目录变了，这一类就又列得出来，只是没有它；它回来以后，也要那个目录再变一次。这一类的目录本身就是链接，则没有用，要等它回来或者重启。
    """  # noqa: E501
    touch(tmp_path, "drive/a.pt", "models/vae/b.pt", "models/vae/far/c.pt")
    far = tmp_path / "models/vae/far"
    (far / "usb").symlink_to(tmp_path / "drive")
    async with serve(tmp_path) as client:
        assert await listed(client, "/models/vae") == ["b.pt", "far/c.pt", "far/usb/a.pt"]
        (tmp_path / "drive").rename(tmp_path / "unplugged")
        assert await status(client, "/models/vae") == 500
        touch(far, "new")
        (far / "new").unlink()
        assert await listed(client, "/models/vae") == ["b.pt", "far/c.pt"]
        os.utime(far, (1, 1))  # long ago
        assert await listed(client, "/models/vae") == ["b.pt", "far/c.pt"]
        (tmp_path / "unplugged").rename(tmp_path / "drive")
        assert await listed(client, "/models/vae") == ["b.pt", "far/c.pt"]
        touch(far, "new")
        (far / "new").unlink()
        assert await listed(client, "/models/vae") == ["b.pt", "far/c.pt", "far/usb/a.pt"]
    touch(tmp_path, "other/a.pt", "models/new")
    (tmp_path / "models/loras").symlink_to(tmp_path / "other")  # the kind's own folder
    async with serve(tmp_path) as client:
        assert await listed(client, "/models/loras") == ["a.pt"]
        (tmp_path / "other").rename(tmp_path / "gone")
        assert await status(client, "/models/loras") == 500
        (tmp_path / "models/new").unlink()
        os.utime(tmp_path / "models", (2, 2))
        assert await status(client, "/models/loras") == 500
        (tmp_path / "gone").rename(tmp_path / "other")
        assert await listed(client, "/models/loras") == ["a.pt"]
        (tmp_path / "other").rename(tmp_path / "gone")
        assert await status(client, "/models/loras") == 500
    async with serve(tmp_path) as client:
        assert await listed(client, "/models/loras") == []


async def test_a_lost_second_folder_is_mended_through_the_first(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kind's second folder is gone: 500, until the first changes (a third does not help); once back, it is listed again. If the first is gone, changing the others does not help; its return or a restart does.

    一类模型的第二个目录没了，列表返回 500；第一个目录变了，就恢复，第三个变了没有用；第二个目录回来以后，自动重新列出。没了的是第一个，别的目录变了没有用，它回来或者重启才恢复。
    """  # noqa: E501
    first, drive, gone = tmp_path / "models", tmp_path / "drive", tmp_path / "unplugged"
    third = tmp_path / "third"
    monkeypatch.setitem(folder_paths.folder_names_and_paths, kind, ([first, drive, third], {".pt"}))
    touch(tmp_path, "models/a.pt", "drive/b.pt", "third/notes.txt")
    async with serving(worker=False) as served:
        assert await listed(served.client, f"/models/{kind}") == ["a.pt", "b.pt"]
        drive.rename(gone)
        assert await status(served.client, f"/models/{kind}") == 500
        gone.rename(drive)
        assert await listed(served.client, f"/models/{kind}") == ["a.pt", "b.pt"]
        drive.rename(gone)
        assert [await status(served.client, f"/models/{kind}") for _ in range(2)] == [500, 500]
        os.utime(third, (1, 1))  # comes after the missing one
        assert await status(served.client, f"/models/{kind}") == 500
        touch(first, "new")
        (first / "new").unlink()
        assert await listed(served.client, f"/models/{kind}") == ["a.pt"]
        gone.rename(drive)
        assert await listed(served.client, f"/models/{kind}") == ["a.pt", "b.pt"]
        drive.rename(gone)
        assert await status(served.client, f"/models/{kind}") == 500
    async with serving(worker=False) as served:  # started again
        assert await listed(served.client, f"/models/{kind}") == ["a.pt"]
    gone.rename(drive)
    monkeypatch.setitem(folder_paths.folder_names_and_paths, kind, ([drive, first, third], {".pt"}))
    async with serving(worker=False) as served:
        assert await listed(served.client, f"/models/{kind}") == ["a.pt", "b.pt"]
        drive.rename(gone)
        for folder in (first, third):
            touch(folder, "new")
            (folder / "new").unlink()
            assert await status(served.client, f"/models/{kind}") == 500
        gone.rename(drive)
        assert await listed(served.client, f"/models/{kind}") == ["a.pt", "b.pt"]
        drive.rename(gone)
        assert await status(served.client, f"/models/{kind}") == 500
    async with serving(worker=False) as served:
        assert await listed(served.client, f"/models/{kind}") == ["a.pt"]


async def test_extensions_goes_by_names_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder chart.js is listed and then refused; hidden files and folders, .JS and .mjs are not listed.

    名叫 chart.js 的目录也列出来，取的时候却被拒绝；隐藏文件、隐藏目录里的文件、.JS 和 .mjs 不列。
    """
    touch(tmp_path / "pack", "chart.js/index.js", ".git/x.js", ".y.js", "C.JS", "d.mjs")
    async with serve(tmp_path, pack=tmp_path / "pack") as client:
        paths = ["/extensions/pack/chart.js", "/extensions/pack/chart.js/index.js"]
        assert sorted(await listed(client, "/extensions")) == paths
        assert [await status(client, path) for path in paths] == [403, 200]
    await extensions.main()
    names = ("core.js", "pack/a#b.js", "pack/a.js")
    assert capsys.readouterr().out.splitlines() == [f"/extensions/{name}" for name in names]


async def test_a_quoted_name_leads_nowhere(tmp_path: Path) -> None:
    """An extension's name is quoted in the list; five names that need it lead to a 404, `My-pack_2` does not.

    扩展自己的名字在列表里转义；需要转义的五个名字，照着去取都是 404，`My-pack_2` 不是。
    """
    quoted = {
        "with blank": "with%20blank",
        "é": "%C3%A9",
        "节点": "%E8%8A%82%E7%82%B9",
        "a#b": "a%23b",
        "a%41": "a%2541",
    }
    touch(tmp_path / "pack", "a.js")
    for name, shown in (quoted | {"My-pack_2": "My-pack_2"}).items():
        with patch.dict(EXTENSION_WEB_DIRS, {name: str(tmp_path / "pack")}):
            async with serving(root=tmp_path, worker=False) as served:
                (path,) = await listed(served.client, "/extensions")
                assert path == f"/extensions/{shown}/a.js"
                address = URL(f"http://127.0.0.1:{served.address[1]}{path}", encoded=True)
                async with ClientSession() as session:
                    assert (await session.get(address)).status == (404 if name in quoted else 200)


async def test_a_file_name_in_extensions_is_not_quoted(tmp_path: Path) -> None:
    """A script called a#b.js is listed with the bare #, so a client asks for `a` and gets 404.

    叫 a#b.js 的脚本，# 原样列出来；客户端去取的是 `a`，得到 404。
    """
    touch(tmp_path / "pack", "a#b.js")
    async with serve(tmp_path, pack=tmp_path / "pack") as client:
        (path,) = await listed(client, "/extensions")
        assert path == "/extensions/pack/a#b.js"
        assert await status(client, path) == 404
        assert await status(client, path.replace("#", "%23")) == 200


async def test_a_node_of_inputs_and_outputs_has_eleven_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    """A node that says its inputs and outputs only is described by these eleven fields, in this order.

    Asked for by its name it comes alone, else with all the others.

    一个节点如果只写了输入和输出，它的描述就是这十一个字段，按这个顺序。
    带上名字去问，只返回它；不带名字，返回全部节点。
    """
    inputs = {"required": {"samples": ["LATENT", {}], "vae": ["VAE", {}]}}
    node = type("Extra", (), {"INPUT_TYPES": lambda: inputs, "RETURN_TYPES": ("IMAGE",)})
    response = await described(monkeypatch, node, "/object_info/Extra")
    fields = {
        "input": inputs,
        "input_order": {"required": ["samples", "vae"]},
        "output": ["IMAGE"],
        "output_is_list": [False],
        "output_name": ["IMAGE"],
        "name": "Extra",
        "display_name": "Extra",
        "description": "",
        "python_module": "nodes",
        "category": "sd",
        "output_node": False,
    }
    answer = await response.json()
    assert [*answer] == ["Extra"]
    described_as = answer["Extra"]
    assert described_as == fields
    assert list(described_as) == list(fields)
    everything = await (await described(monkeypatch, node)).json()
    assert everything.keys() == {"Extra", *NODE_CLASS_MAPPINGS} != {"Extra"}
    assert everything["Extra"] == fields


async def test_a_node_that_raises_is_logged_and_left_out(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A node that raises is missing from /object_info, no other is, and its name and traceback are logged.

    会抛异常的节点不出现在 /object_info 里，别的都在；日志里有它的名字和 traceback。
    """
    good = set(NODE_CLASS_MAPPINGS)
    assert len(good) > 5
    for error in (FileNotFoundError, AttributeError, type("Own", (Exception,), {})):
        caplog.clear()
        bad = Mock(INPUT_TYPES=Mock(side_effect=error))
        with patch.dict(NODE_CLASS_MAPPINGS, {"Last": bad}):
            response = await described(monkeypatch, bad)
        assert response.status == 200
        assert set(await response.json()) == good
        for text in ("Extra", "Last", "Traceback", error.__name__):
            assert text in caplog.text


async def test_one_bad_node_is_a_500_and_no_node_is_an_object(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for alone, a node that raises is a 500; a node that nobody knows is a 200 with an empty object.

    单独去问，会抛异常的节点是 500；谁也不认识的节点却是 200，一个空对象。
    """
    assert (await described(monkeypatch, BAD["raises"], "/object_info/Extra")).status == 500
    unknown = await described(monkeypatch, BAD["raises"], "/object_info/Nobody")
    assert (unknown.status, await unknown.json()) == (200, {})


async def test_a_node_that_is_not_json_spoils_them_all(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A description that is no JSON makes /object_info a 500; the log names its node only since Python 3.14.

    一个节点的描述写不成 JSON，整个 /object_info 就是 500，日志里没有它的名字（从 Python 3.14 起有）。
    """
    response = await described(monkeypatch, BAD["not JSON"])
    assert (response.status, "VAEDecode" in await response.text()) == (500, False)
    assert "Object of type set is not JSON serializable" in caplog.text
    assert ("when serializing dict item 'Extra'" in caplog.text) == (sys.version_info >= (3, 14))
    assert ("Extra" in caplog.text) == (sys.version_info >= (3, 14))


async def test_asked_for_alone_each_bad_node_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for one by one, the three bad nodes are found, and no good one is, whatever characters but braces a name has.

    A node with a brace in its name is a 404, good or bad.

    逐个去问，找得出三个坏节点，好节点一个也不算，名字里有什么字符都一样，花括号除外。
    名字里有花括号的，不论好坏都是 404。
    """  # noqa: E501
    odd = "a/b", "a#b", "a?b", "a%41", "节点 1", "a+b;c"
    braces = "good {x}", "a{b", "a}b"
    for name, node in (BAD | dict.fromkeys(odd + braces, NODE_CLASS_MAPPINGS["Fail"])).items():
        monkeypatch.setitem(NODE_CLASS_MAPPINGS, name, node)
    async with serving(prepare=find_bad_nodes.import_node_pack, worker=False) as served:
        found = await find_bad_nodes.find_bad_nodes(served.client)
        assert len(NODE_CLASS_MAPPINGS) > len(found)
    unmatched = dict.fromkeys(braces, "404")
    assert found == {"raises": "500", "not JSON": "500", "infinite": "Infinity"} | unmatched
    for name in odd + braces:
        monkeypatch.setitem(NODE_CLASS_MAPPINGS, name, BAD["raises"])
    async with serving(prepare=find_bad_nodes.import_node_pack, worker=False) as served:
        assert await find_bad_nodes.find_bad_nodes(served.client) == found | dict.fromkeys(odd, "500")


async def test_infinity_is_no_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit of infinity is sent as Infinity with status 200, which a strict reader of JSON refuses.

    上限是无穷大，就原样发出 Infinity，状态 200，严格的 JSON 解析器不收。
    """

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    response = await described(monkeypatch, BAD["infinite"])
    assert response.status == 200
    with pytest.raises(ValueError, match="Infinity"):
        json.loads(await response.text(), parse_constant=refuse)


async def test_a_browser_is_such_a_reader(
    chromium: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In Chromium `JSON.parse` reads /object_info without that node, and raises SyntaxError with it.

    没有那个节点时，Chromium 的 `JSON.parse` 读得了 /object_info；有了它就抛 SyntaxError。
    """
    script = """async () => {
        const text = await (await fetch("/object_info")).text();
        try { return Object.keys(JSON.parse(text)).length; } catch (error) { return error.name; }
    }"""
    (tmp_path / "index.html").write_text("hello", "utf-8")
    async with serving("--front-end-root", str(tmp_path), worker=False) as served:
        page = await chromium.new_page()
        await page.goto(f"http://127.0.0.1:{served.address[1]}/")
        assert await page.evaluate(script) == len(NODE_CLASS_MAPPINGS)
        monkeypatch.setitem(NODE_CLASS_MAPPINGS, "Extra", BAD["infinite"])
        assert await page.evaluate(script) == "SyntaxError"
        await page.close()


@pytest.mark.parametrize("how", ["link", "second", "first"])
async def test_a_node_over_a_lost_folder_is_left_out(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node that offers the files of a kind disappears from /object_info when a linked folder or one of the kind's two is lost.

    一个节点列出某一类的文件供人选；链接的目录没了，或者这一类的两个目录没了一个，它就从 /object_info 里消失。
    """  # noqa: E501

    class Loader:
        RETURN_TYPES, OUTPUT_NODE = ("MODEL",), False

        @classmethod
        def INPUT_TYPES(cls) -> dict[str, Any]:
            return {"required": {"name": (folder_paths.get_filename_list("vae"), {})}}

    touch(tmp_path, "models/vae/a.pt", "drive/b.pt")
    if how == "link":
        (tmp_path / "models/vae/usb").symlink_to(tmp_path / "drive")
    monkeypatch.setitem(NODE_CLASS_MAPPINGS, "Extra", Loader)
    async with serve(tmp_path) as client:
        if how != "link":
            folders, suffixes = folder_paths.folder_names_and_paths["vae"]
            lost = tmp_path / "drive"
            both = ([*folders, lost] if how == "second" else [lost, *folders], suffixes)
            monkeypatch.setitem(folder_paths.folder_names_and_paths, "vae", both)
        before = await (await client.get("/object_info")).json()
        names = ["a.pt", "usb/b.pt" if how == "link" else "b.pt"]
        assert before["Extra"]["input"]["required"]["name"][0] == names
        (tmp_path / "drive").rename(tmp_path / "unplugged")
        after = await (await client.get("/object_info")).json()
        assert before.keys() - after.keys() == {"Extra"}


async def test_object_info_is_sent_whole_each_time(tmp_path: Path) -> None:
    """/object_info is not compressed, though the client would take gzip, and has no ETag to ask again with.

    客户端肯收 gzip，/object_info 也不压缩；没有 ETag，下次没法问“变了没有”。
    """
    async with serve(tmp_path) as client:
        response = await client.get("/object_info", headers={"Accept-Encoding": "gzip"})
        for name in ("Content-Encoding", "ETag", "Last-Modified", "Cache-Control"):
            assert name not in response.headers
        assert int(response.headers["Content-Length"]) == len(body := await response.read())
        known = {"If-None-Match": '"a"', "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
        again = await client.get("/object_info", headers=known)
        assert (again.status, await again.read()) == (200, body)


async def test_a_name_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    """Neither .. nor a leading slash leads out: they are cut off, and what is left is looked for inside.

    .. 和开头的斜杠都出不去：去掉它们，剩下的在目录里面找。
    """
    async with serve(tmp_path) as client:
        touch(tmp_path / "models/vae", "in.safetensors")
        for file in ("models/vae/in.safetensors", "models/out.safetensors", "out.safetensors"):
            (tmp_path / file).write_bytes(pack(MADE))
        start = "/view_metadata/vae?filename="
        for name in ("in", "../../in", "/in", "//in", "x/../in"):
            assert await status(client, f"{start}{name}.safetensors") == 200
        for name in ("../out", "../../out", f"{tmp_path}/out", f"/{tmp_path}/out"):
            assert await status(client, f"{start}{name}.safetensors") == 404


async def test_nothing_to_tell_is_a_404(tmp_path: Path) -> None:
    """No file, no file name, another suffix, a header without __metadata__ are all 404; else it is returned.

    没有文件、没给文件名、后缀不对、头里没有 __metadata__，都是 404；有，就返回它。
    """
    files = {f"models/vae/{name}": FILES[name] for name in FILES}
    others = ("good.safetensors.pt", "good.SAFETENSORS", "good.sft")
    files |= {f"models/vae/{name}": FILES["good.safetensors"] for name in others}
    async with served_files(files) as client:
        assert await status(client, "/view_metadata/vae") == 404
        for name in ("none.safetensors", "good.pt", "silent.safetensors", *others):
            assert await status(client, f"/view_metadata/vae?filename={name}") == 404
        good = await client.get("/view_metadata/vae?filename=good.safetensors")
        assert (good.status, await good.json()) == (200, json.loads(MADE)["__metadata__"])


async def test_a_header_may_have_a_mebibyte() -> None:
    """A header of 1048576 bytes is read; one byte more is a 404.

    头正好 1048576 字节，读；多一个字节，404。
    """
    exact = pack(MADE + b" " * (LIMIT - len(MADE)))
    more = pack(MADE + b" " * (LIMIT - len(MADE) + 1))
    files = {"models/vae/exact.safetensors": exact, "models/vae/more.safetensors": more}
    async with served_files(files) as client:
        assert LIMIT == 1048576
        assert await status(client, "/view_metadata/vae?filename=exact.safetensors") == 200
        assert await status(client, "/view_metadata/vae?filename=more.safetensors") == 404


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        *((content, 500) for content in (b"", b"{}", b"\xff" * 7, pack(b""), pack(b"\xff{}"), pack(b"5"))),
        *((pack(MADE)[:end], 500) for end in range(len(pack(MADE)))),  # cut off
        (b"\xff" * 8 + MADE, 404),
        (pack(b"[]"), 404),
        *((page, 404) for page in (b"<!DOCTYPE html><p>hello", b"<html><p>hello")),
        (pack(MADE), 200),
    ],
)
async def test_a_damaged_file_is_a_500(content: bytes, expected: int) -> None:
    """A file that is cut off before its header's end, or whose header is no JSON, is a 500; one with too large a length, such as an HTML page, is a 404.

    A header that is JSON but no object may be either.

    文件在头结束之前截断，或者头不是 JSON，都是 500；长度写得太大的，例如网页，是 404。
    头是 JSON 而不是对象的，两种都有。
    """  # noqa: E501
    async with served_files({"models/vae/a.safetensors": content}) as client:
        assert await status(client, "/view_metadata/vae?filename=a.safetensors") == expected


async def test_system_stats_tells_the_command_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """/system_stats answers with the whole command line, paths of keys included.

    /system_stats 把整条命令行都返回，连密钥的路径也在内。
    """
    words = ["main.py", "--port", "8189", "--tls-keyfile", "/home/me/key.pem", "--listen"]
    monkeypatch.setattr(sys, "argv", words)
    monkeypatch.setattr(server, "get_comfyui_version", lambda: "v0")
    async with serving(worker=False) as (_, client, *_):
        response = await (await client.get("/system_stats")).json()
    assert response["system"]["argv"] == words
    assert response["system"]["python_version"] == sys.version


async def test_nothing_runs_while_the_version_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each /system_stats looks up the version, in the loop's own thread, and meanwhile no task gets a turn.

    每次 /system_stats 都查一遍版本，就在事件循环的线程里；查的时候，别的任务一步也走不了。
    """
    turns = 0
    during: list[int] = []
    threads: set[int] = set()

    def slow() -> str:
        threads.add(threading.get_ident())
        before = turns
        time.sleep(0.1)
        during.append(turns - before)
        return "v0"

    async def tick() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    monkeypatch.setattr(server, "get_comfyui_version", slow)
    ticking = asyncio.create_task(tick())
    async with serving(worker=False) as (_, client, *_):
        for _ in range(3):
            assert await status(client, "/system_stats") == 200
    ticking.cancel()
    assert threads == {threading.get_ident()}
    assert during == [0, 0, 0]
    assert turns > 3


@pytest.mark.ours("the answer to the exercise")
async def test_a_sturdy_answer_leaves_out_only_the_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    """With each description written by itself as strict JSON, three bad nodes cost no other node.

    每个描述单独写成严格的 JSON，三个坏节点谁也不连累。
    """
    good = set(NODE_CLASS_MAPPINGS)
    with patch.dict(NODE_CLASS_MAPPINGS, BAD | NODE_CLASS_MAPPINGS, clear=True):  # the bad ones first
        async with serving(server_class=CarefulServer, worker=False) as (_, client, *_):
            response = await client.get("/object_info")
            assert set(await response.json()) == good
            assert response.content_type == "application/json"
