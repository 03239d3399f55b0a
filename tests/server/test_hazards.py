"""Proofs for the page server/hazards, seen by real clients."""

import asyncio
import json
import re
import socket
import sys
import threading
import time
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext, suppress
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from aiohttp import (
    ClientConnectionError,
    ClientSession,
    ClientWebSocketResponse,
    FormData,
    WSMsgType,
    WSServerHandshakeError,
    web,
)
from aiohttp.test_utils import unused_port
from aiohttp.typedefs import Handler
from PIL import Image
from playwright.async_api import Browser, Error
from yarl import URL

from snippets.recreation import folder_paths, main, utils
from snippets.recreation.cli_args import args
from snippets.recreation.execution import PromptQueue
from snippets.recreation.nodes import EXTENSION_WEB_DIRS, NODE_CLASS_MAPPINGS
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import SMALL_PROMPT, example_prompt, serving
from snippets.server.hazards import extension, guarded, one_post
from snippets.server.hazards.guarded import depth, valid_body
from tests.real.plugin import COMFYUI
from tests.server.foreign_page import overhear, visitor
from tools.source_map import source_maps

SECONDS = 20
UPGRADE = b"""GET /ws HTTP/1.1\r
Host: localhost\r
Connection: Upgrade\r
Upgrade: websocket\r
Sec-WebSocket-Version: 13\r
Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"""
EVIL = {"Origin": "https://evil.example", "Content-Type": "text/plain"}


def brackets(depth: int) -> list[Any]:
    """Return lists in one another."""
    inside: list[Any] = []
    for _ in range(depth - 1):
        inside = [inside]
    return inside


def slow() -> dict[str, Any]:
    """Return a prompt that paints until it is interrupted."""
    prompt = example_prompt()
    prompt["sample"]["inputs"]["steps"] = 10_000
    return prompt


async def post(client: ClientSession, **more: Any) -> Any:
    """Post a good prompt with more in it; return the response, decoded."""
    response = await client.post("/prompt", json={"prompt": SMALL_PROMPT, **more})
    assert response.status == 200
    return await response.json()


async def status_of(client: ClientSession, method: str, path: str | URL, **more: Any) -> int:
    """Return what a request is answered; let its connection go."""
    async with client.request(method, path, **more) as response:
        return response.status


def names_in(folder: str | Path) -> list[str]:
    """Return the names in a folder."""
    return [path.name for path in Path(folder).iterdir()]


async def received(ws: ClientWebSocketResponse) -> list[Any]:
    """Return the messages that have come, up to the answer to a ping; `ws` has no `autoping`."""
    await ws.ping()
    messages = []
    while (message := await ws.receive()).type != WSMsgType.PONG:
        messages.append(message.json())
    return messages


async def idle(ws: ClientWebSocketResponse, ran: int) -> list[Any]:
    """Read until so many prompts are through; return all other messages, binary ones as bytes."""
    messages: list[Any] = []
    async with asyncio.timeout(SECONDS):
        while ran:
            message = await ws.receive()
            found = message.json() if message.type == WSMsgType.TEXT else message.data
            messages.append(found)
            if message.type == WSMsgType.TEXT and found["type"] == "status":
                ran -= found["data"]["status"]["exec_info"]["queue_remaining"] == 0
    return messages


@asynccontextmanager
async def command() -> AsyncIterator[tuple[asyncio.subprocess.Process, ClientSession]]:
    """Start the server as a reader does, in a process of its own; wait until it listens."""
    port = unused_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "snippets.recreation", "--port", str(port)),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with ClientSession(f"http://127.0.0.1:{port}") as client, asyncio.timeout(SECONDS):
            while True:
                try:
                    async with client.get("/prompt"):
                        break
                except ClientConnectionError:
                    assert process.returncode is None
                    await asyncio.sleep(0.05)
            yield process, client
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@asynccontextmanager
async def longest_gap() -> AsyncIterator[list[float]]:
    """Measure, in seconds, how long the event loop served nobody else."""
    gaps = [0.0]

    async def tick() -> None:
        last = time.monotonic()
        while True:
            await asyncio.sleep(0)
            now = time.monotonic()
            gaps[0], last = max(gaps[0], now - last), now

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0)
    yield gaps
    ticking.cancel()


async def test_no_route_asks_for_a_login() -> None:
    """None of the 22 routes refuses a request without credentials, and by default it listens on loopback only.

    没有凭据的请求，22 条路由没有一条拒绝；默认只监听回环地址。
    """  # noqa: E501
    routes = {region.id for region in source_maps()["server.py"].regions.values() if region.kind == "route"}
    assert len(routes) == 22
    places = {"{folder}": "checkpoints", "{folder_name}": "checkpoints", "{node_class}": "Fail"}
    async with serving(worker=False) as (_, client, address, *_):
        assert args.listen == "127.0.0.1"
        assert address[0] == "127.0.0.1"  # what its socket says
        async with client.ws_connect("/ws") as ws:
            assert (await ws.receive_json())["type"] == "status"
        for method, path in (route.split(" ") for route in routes):
            for name, value in {**places, "{prompt_id}": "none"}.items():
                path = path.replace(name, value)
            assert "{" not in path
            response = await client.request(method, path, json={})
            assert response.status not in (401, 403, 405, 407), (method, path)
            assert not response.history  # it is sent nowhere else
            assert "WWW-Authenticate" not in response.headers


def run_main(server: PromptServer, monkeypatch: pytest.MonkeyPatch) -> asyncio.Task[None]:
    """Start `main.run` for a server that listens already."""

    async def listening(*_: Any) -> None:
        """Do nothing."""

    monkeypatch.setattr(server, "start_multi_address", listening)
    return asyncio.create_task(main.run(server, "127.0.0.1", 0))


@pytest.mark.parametrize("unhashable", [[], {}])
async def test_one_post_ends_main_run(unhashable: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a list or an object as `client_id`, `main.run` ends with the TypeError of `publish_loop`, which looks it up in `sockets`; after a text it goes on.

    `client_id` 给成列表或对象，`publish_loop` 拿它在 `sockets` 里查找，`main.run` 就以 TypeError 结束；给成字符串就照常运行。
    """  # noqa: E501
    looked_up: list[Any] = []

    class Sockets(dict[str, Any]):
        def __contains__(self, key: object) -> bool:
            looked_up.append(key)
            return super().__contains__(key)

    async with serving(publish=False) as (server, client, *_), client.ws_connect("/ws") as ws:
        monkeypatch.setattr(server, "sockets", Sockets(server.sockets))
        running = run_main(server, monkeypatch)
        await post(client, client_id="me")
        await idle(ws, ran=2)  # the greeting says 0 as well
        assert not running.done()
        await post(client, client_id=unhashable)
        with pytest.raises(TypeError, match=f"unhashable type: '{type(unhashable).__name__}'"):
            await asyncio.wait_for(running, SECONDS)
        assert looked_up[-1] == unhashable


@pytest.mark.ours("the command of the re-creation, in a process of its own")
async def test_one_post_ends_the_whole_process() -> None:
    """A good prompt with a list or an object as `client_id` is answered with 200; then the process ends with status 1.

    一个合格的 prompt，`client_id` 给成列表或对象：先返回 200，接着整个进程以状态码 1 退出。
    """  # noqa: E501
    unhashable: list[object] = [[], {}]
    for wrong, name in zip(unhashable, (b"list", b"dict"), strict=True):
        async with command() as (process, client):
            for client_id in ("me", wrong):
                body = {"prompt": SMALL_PROMPT, "client_id": client_id}
                async with client.post("/prompt", json=body) as response:
                    assert response.status == 200
            _, errors = await process.communicate()
        assert process.returncode == 1
        assert b"in publish_loop" in errors
        # Python 3.14 says more before it
        assert re.search(rb"TypeError: .*unhashable type: '" + name, errors)


@pytest.mark.parametrize("unhashable", [[], {}])
async def test_a_client_hidden_in_the_extra_data_counts(unhashable: Any) -> None:
    """A list or an object as client_id inside `extra_data` ends the publishing just as well, but for a good one beside it.

    client_id 藏在 `extra_data` 里，给成列表或对象，发布循环一样结束；外面另有一个正常的就不会。
    """  # noqa: E501
    ended = await one_post.outcome({"extra_data": {"client_id": unhashable}})
    assert ended == "200, ends ['publish_loop: TypeError']"
    ended = await one_post.outcome({"client_id": "me", "extra_data": {"client_id": unhashable}})
    assert ended == "200, ends nothing"  # the one beside `extra_data` replaces it


async def test_a_careless_output_ends_the_publishing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A set in the list that a node shows ends `main.run` if its client is connected; else GET /history fails.

    So does a dict whose key is no str, and a set that an extension sends. A set without a list around it becomes a list, and does no harm.

    节点展示的列表里有一个集合：提交它的客户端连着，`main.run` 就结束；没连着，GET /history 就是 500，再执行一个也一样，删掉或清空才好。
    字典的键不是字符串，也一样；扩展发一个集合，也一样。集合外面没有列表，就变成列表，什么事也没有。
    """  # noqa: E501
    await extension.main()
    assert capsys.readouterr().out.splitlines()[:2] == [
        "Careless, alone: 200, ends nothing",
        "Careless, seen: 200, ends ['publish_loop: TypeError']",
    ]

    class Raw(extension.OutputNode):
        def work(self) -> dict[str, Any]:
            return {"ui": {"sizes": [b"512"]}}

    class Keys(extension.OutputNode):
        def work(self) -> dict[str, Any]:
            return {"ui": {"sizes": [{(512, 768): 1}]}}

    class Bare(extension.OutputNode):
        def work(self) -> dict[str, Any]:
            return {"ui": {"sizes": {512}}}

    assert await extension.ends(Bare, "me") == "200, ends nothing"
    monkeypatch.setitem(NODE_CLASS_MAPPINGS, "Ours", Bare)
    async with serving() as (server, client, *_), client.ws_connect("/ws?clientId=me") as ws:
        await idle(ws, ran=1)  # the greeting
        await post(client, prompt=extension.OURS, client_id="me")
        await idle(ws, ran=1)
        (entry,) = (await (await client.get("/history")).json()).values()
        assert [*entry["outputs"].values()] == [{"sizes": [512]}]
    no_type = "Object of type {} is not JSON serializable".format
    raising = (Raw, no_type("bytes")), (Keys, "keys must be str"), (extension.Careless, no_type("set"))
    for node, error in raising:
        monkeypatch.setitem(NODE_CLASS_MAPPINGS, "Ours", node)
        async with (
            serving(publish=False) as (server, client, *_),
            client.ws_connect("/ws?clientId=me"),
        ):
            running = run_main(server, monkeypatch)
            await post(client, prompt=extension.OURS, client_id="me")
            with pytest.raises(TypeError, match=error):
                await asyncio.wait_for(running, SECONDS)
    async with serving(publish=False) as (server, client, *_), client.ws_connect("/ws"):
        running = run_main(server, monkeypatch)
        PromptServer.instance.send_sync("news", {512})  # as an extension does
        with pytest.raises(TypeError, match=no_type("set")):
            await asyncio.wait_for(running, SECONDS)
    for who in ({"client_id": "me"}, {}):
        async with serving() as (server, client, *_), client.ws_connect("/ws") as ws:
            await idle(ws, ran=1)
            assert await status_of(client, "GET", "/history") == 200
            await post(client, prompt=extension.OURS, **who)
            await idle(ws, ran=1)
            await post(client)
            await idle(ws, ran=1)  # another prompt does not mend it
            assert await status_of(client, "GET", "/history") == 500
            remedy = {"clear": True} if who else {"delete": [*server.prompt_queue.get_history()]}
            assert await status_of(client, "POST", "/history", json=remedy) == 200
            assert await status_of(client, "GET", "/history") == 200


async def test_a_transparent_preview_ends_the_publishing_unseen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A picture of mode RGBA, LA or P as JPEG preview ends `main.run` with nobody connected; RGB, or RGBA as PNG, does not.

    RGBA、LA、P 模式的图片当 JPEG 预览发：没人连着，`main.run` 也结束；RGB，或者用 PNG 发 RGBA，就没事。
    """  # noqa: E501
    await extension.main()
    assert capsys.readouterr().out.splitlines()[2:] == [
        "Glass, alone: 200, ends ['publish_loop: OSError']",
        "Glass, seen: 200, ends ['publish_loop: OSError']",
    ]

    class Opaque(extension.OutputNode):
        def work(self) -> dict[str, Any]:
            for kind, mode in (("JPEG", "RGB"), ("PNG", "RGBA")):
                preview = kind, Image.new(mode, (64, 64)), None
                utils.ProgressBar(1).update_absolute(1, preview=preview)
            return {}

    assert await extension.ends(Opaque) == "200, ends nothing"
    for mode in ("RGBA", "LA", "P"):

        class Preview(extension.OutputNode):
            picture = Image.new(mode, (64, 64))

            def work(self) -> dict[str, Any]:
                utils.ProgressBar(1).update_absolute(1, preview=("JPEG", self.picture, None))
                return {}

        monkeypatch.setitem(NODE_CLASS_MAPPINGS, "Ours", Preview)
        async with serving(publish=False) as (server, client, *_):
            running = run_main(server, monkeypatch)
            await post(client, prompt=extension.OURS)
            with pytest.raises(OSError, match=f"cannot write mode {mode} as JPEG"):
                await asyncio.wait_for(running, SECONDS)


@pytest.mark.parametrize("extra_data", [5, None, True, 1.5])
async def test_a_dead_worker_still_takes_prompts(extra_data: Any, tmp_path: Path) -> None:
    """After `extra_data` was a number, true or null the worker is dead; ten more are taken and none runs; `/queue` goes on listing them. Nor does one after /interrupt, /free or a cleared queue. Beside a `client_id` it is a 500 instead, and the next prompt runs. A new server has neither queue nor history.

    `extra_data` 是数、true 或 null，工作线程就死了：再来十个 prompt，都返回 200，一个也不执行，`/queue` 一直列着它们。中断、释放内存、清空队列之后，也不执行。外面有 `client_id` 时返回 500，下一个 prompt 照样执行。重新启动，队列和历史都没有了。
    """  # noqa: E501
    with one_post.ended_threads() as ended:
        async with serving(root=tmp_path) as (_, client, _, worker, publishing):
            assert worker
            assert publishing
            ws = await client.ws_connect("/ws")
            body = {"prompt": SMALL_PROMPT, "extra_data": extra_data, "client_id": "me"}
            assert await status_of(client, "POST", "/prompt", json=body) == 500
            await post(client)
            await idle(ws, ran=2)  # it lives: the greeting says 0 as well
            await post(client, extra_data=extra_data)
            await asyncio.to_thread(worker.join, SECONDS)
            assert ended == ["worker: TypeError"]
            for _ in range(10):
                await post(client)
            response = await client.get("/prompt")
            assert await response.json() == {"exec_info": {"queue_remaining": 11}}
            listed = await (await client.get("/queue")).json()
            assert {name: len(prompts) for name, prompts in listed.items()} == {
                "queue_running": 1,
                "queue_pending": 10,
            }
            tries: list[tuple[str, dict[str, bool]]] = [
                ("interrupt", {}),
                ("free", {"unload_models": True, "free_memory": True}),
                ("queue", {"clear": True}),
            ]
            for remaining, (path, remedy) in zip((12, 13, 2), tries, strict=True):
                assert await status_of(client, "POST", f"/{path}", json=remedy) == 200
                await post(client)
                response = await client.get("/prompt")
                assert await response.json() == {"exec_info": {"queue_remaining": remaining}}
            assert len(await (await client.get("/history")).json()) == 1
            assert not publishing.done()
    async with serving(worker=False, root=tmp_path) as (_, client, *_):
        assert await (await client.get("/queue")).json() == {"queue_running": [], "queue_pending": []}
        assert await (await client.get("/history")).json() == {}


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"extra_data": 5}, "TypeError"),
        ({"extra_data": {"a": brackets(600)}}, "RecursionError"),
        ({"prompt": {**SMALL_PROMPT, "2": {"class_type": "Fail"}}}, "KeyError"),
    ],
)
async def test_a_dying_worker_prints_a_traceback(
    more: Any, error: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The traceback of a worker that `extra_data`, a number or too deep, or a node without inputs ended goes to stderr.

    `extra_data` 是数或者嵌套太深，或者节点没有 inputs，工作线程结束时，traceback 打印到 stderr。
    """  # noqa: E501
    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)  # Python's own, not pytest's
    async with serving() as (_, client, _, worker, _):
        assert worker
        await post(client, **more)
        await asyncio.to_thread(worker.join, SECONDS)
        assert not worker.is_alive()
    told = capsys.readouterr().err
    assert "Traceback (most recent call last)" in told
    assert "in prompt_worker" in told
    assert told.splitlines()[-1].startswith(error)


NO_INPUTS: tuple[Any, ...] = (5, None, "text", [])
NODE = {"class_type": "Fail", "inputs": {"message": ""}}
NEEDED_LINK = example_prompt()  # at a node that the output needs
NEEDED_LINK["decode"]["inputs"]["more"] = ["9", 0]
FATAL: list[tuple[Any, str]] = [
    ({"1": NODE, "2": {"class_type": "Fail"}}, "KeyError"),
    ({"1": NODE, "2": {"class_type": "VAEDecode"}}, "KeyError"),
    ({"1": {"class_type": "Fail"}, "2": NODE}, "KeyError"),
    ({"1": NODE, "2": NODE, "3": {"class_type": "Fail"}}, "KeyError"),
    *(
        ({"1": NODE, "2": {"class_type": "VAEDecode", "inputs": inputs}}, "AttributeError")
        for inputs in NO_INPUTS
    ),
    ({"1": NODE, "2": {"class_type": "Fail", "inputs": 5}}, "AttributeError"),
    ({"1": {**NODE, "inputs": {"message": "", "more": ["2", 0]}}}, "NodeNotFoundError"),
    (NEEDED_LINK, "NodeNotFoundError"),
]


@pytest.mark.parametrize(("prompt", "error"), FATAL)
async def test_a_node_that_nobody_checks_kills_the_worker(prompt: Any, error: str) -> None:
    """A node without inputs beside a good output, or an undeclared link to no node at it or at what it needs: 200, and the worker is dead.

    合格的输出旁边有一个没有 inputs 的节点，或者它、它需要的节点上有一条没声明、又指向不存在节点的连接：返回 200，工作线程死掉。
    """  # noqa: E501
    assert await one_post.outcome({"prompt": prompt}) == f"200, ends ['worker: {error}']"


def chain(length: int) -> dict[str, Any]:
    """Return a prompt of so many nodes, each linked to the next by an input that it does not declare."""
    links: dict[str, Any] = {
        str(x): {"class_type": "Fail", "inputs": {"message": "", "more": [str(x + 1), 0]}}
        for x in range(1, length)
    }
    return {**links, str(length): NODE}


async def test_a_chain_too_long_kills_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """In ComfyUI 1200 nodes in a chain of undeclared links get a 200 and kill the worker; 300 do not, nor 1200 in ours.

    It is the cache that calls itself, close to 1000 times, once for each node.

    在 ComfyUI 里，1200 个节点用没有声明的连接连成一条链，返回 200，工作线程死掉；300 个没事，我们的重建里 1200 个也没事。嵌套调用的是缓存，每个节点一层，将近 1000 层。
    """  # noqa: E501
    end = "['worker: RecursionError']" if COMFYUI else "nothing"  # ours has no cache
    assert await one_post.outcome({"prompt": chain(1200)}) == f"200, ends {end}"
    assert await one_post.outcome({"prompt": chain(300)}) == "200, ends nothing"
    if COMFYUI:
        crashes: list[Any] = []
        monkeypatch.setattr(threading, "excepthook", crashes.append)
        async with serving() as (_, client, _, worker, _):
            assert worker
            await post(client, prompt=chain(1200))
            await asyncio.to_thread(worker.join, SECONDS)
        calls = [*traceback.walk_tb(crashes[0].exc_traceback)]
        nodes = [
            frame.f_locals["node_id"]
            for frame, _ in calls
            if frame.f_code.co_name == "get_ordered_ancestry_internal"
        ]
        assert calls[-1][0].f_code.co_filename.endswith("caching.py")
        assert 900 < len(nodes) == len(set(nodes)) < 1000


async def test_deep_brackets_kill_the_worker() -> None:
    """With 510 lists in one another in `extra_data` copying fails, two calls a level of 1000, and the worker dies, as with 600; with 480 it lives; with 400 `/queue` and `/history` list the prompt.

    `extra_data` 里列表套到 510 层、600 层，每层要两次调用，上限是 1000，复制失败，工作线程就死；套 480 层没事；套 400 层，`/queue` 和 `/history` 也列得出。
    """  # noqa: E501
    assert sys.getrecursionlimit() == 1000
    depths: list[int] = []

    class Probe:
        def __deepcopy__(self, memo: Any) -> None:
            frame = sys._getframe()
            while frame := frame.f_back:  # type: ignore[assignment]
                depths[-1] += 1

    for around in ({"a": Probe()}, {"a": [Probe()]}, {"a": [[Probe()]]}, {"a": {"b": [Probe()]}}):
        depths.append(0)
        queue = PromptQueue(Mock())
        queue.put((0, "id", {}, around, []))
        queue.get()
    assert [calls - depths[0] for calls in depths] == [0, 2, 4, 4]
    queue.put((0, "id", prompt := {"1": NODE}, {}, []))
    queue.get()
    running = [item[2] for item in queue.get_current_queue()[0]]
    assert running[-1] == prompt
    assert running[-1]["1"] is not NODE
    kills = "200, ends ['worker: RecursionError']"
    for levels, ends in ((600, kills), (510, kills), (480, "200, ends nothing")):
        assert await one_post.outcome({"extra_data": {"a": brackets(levels)}}) == ends
    async with serving(worker=False) as (_, client, *_):
        await post(client, extra_data={"a": brackets(400)})
        assert await status_of(client, "GET", "/queue") == 200
    async with serving() as (_, client, *_), client.ws_connect("/ws") as ws:
        await ws.receive_json()
        shallow = await post(client, extra_data={"a": brackets(400)})
        await idle(ws, 1)
        assert shallow["prompt_id"] in await (await client.get("/history")).json()
        assert await status_of(client, "GET", f"/history/{shallow['prompt_id']}") == 200


def test_a_round_that_fails_in_get_is_followed_by_the_next() -> None:
    """A loop with a `try` around each round: where `get` fails at a prompt too deep, the next round gets the next prompt.

    循环的每一轮都用 `try` 包住：prompt 太深，`get` 失败，下一轮取到的就是下一个 prompt。
    """  # noqa: E501
    queue, rounds = PromptQueue(Mock()), list[str]()
    queue.put((0, "deep", {}, {"a": brackets(600)}, []))
    queue.put((1, "next", {}, {}, []))
    while queue.get_tasks_remaining() and len(rounds) < 2:
        try:
            found = queue.get()
            rounds.append(found[0][1] if found else "nothing")
        except Exception as error:
            rounds.append(type(error).__name__)
    assert rounds == ["RecursionError", "next"]


async def test_a_prompt_too_deep_is_not_even_counted() -> None:
    """The deep prompt that killed the worker is in no list, later ones stay; a deep one makes `/queue` a 500.

    让工作线程死掉的那个深 prompt 哪儿也列不出，后来的一直排着；再来一个深的，GET /queue 就是 500。
    """
    with one_post.ended_threads() as ended:
        async with serving() as (_, client, _, worker, _):
            assert worker
            deep = await post(client, extra_data={"a": brackets(600)})
            await asyncio.to_thread(worker.join, SECONDS)
            assert ended == ["worker: RecursionError"]
            response = await client.get("/prompt")
            assert await response.json() == {"exec_info": {"queue_remaining": 0}}
            listed = await (await client.get("/queue")).json()
            assert listed == {"queue_running": [], "queue_pending": []}
            assert await (await client.get(f"/history/{deep['prompt_id']}")).json() == {}
            await post(client)
            await post(client, extra_data={"a": brackets(600)})
            assert await status_of(client, "GET", "/queue") == 500
            response = await client.get("/prompt")
            assert await response.json() == {"exec_info": {"queue_remaining": 2}}


@asynccontextmanager
async def silent_client(address: tuple[str, int], more: bytes = b"") -> AsyncIterator[socket.socket]:
    """Open a WebSocket, with more header lines, and read no byte after the handshake."""
    loop = asyncio.get_running_loop()
    with socket.create_connection(address) as silent:
        silent.setblocking(False)
        await loop.sock_sendall(silent, UPGRADE.removesuffix(b"\r\n") + more + b"\r\n")
        assert b"101" in await loop.sock_recv(silent, 4096)
        yield silent


async def waiting(server: PromptServer) -> int:
    """Return how many messages wait once their number stands still; 0 if all leave."""
    await asyncio.sleep(0)  # until they are in the queue
    before, now = -1, server.messages.qsize()
    while now and now != before:
        await asyncio.sleep(0.5)
        before, now = now, server.messages.qsize()
    return now


@pytest.mark.parametrize("reads_again", [False, True])
async def test_one_silent_client_silences_all(reads_again: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside a client that reads nothing a prompt runs and the rest waits; once it reads or is gone, all arrives in order.

    Who connects meanwhile gets what is sent on connecting, and nothing after it: the first `status`, and `executing` under the name of a prompt that runs.

    只要有一个不读的客户端连着，prompt 照常执行，后面的消息却都等着；它重新读取或者断开，剩下的按顺序全部送到。
    这时新连上的客户端只收到连接时发的消息：第一条 `status`；如果用的是正在执行的 prompt 的名字，还有 `executing`。
    """  # noqa: E501
    async with serving() as (server, client, address, *_):
        reader = await client.ws_connect("/ws?clientId=me", max_msg_size=0)
        await reader.receive()  # the greeting
        reading = asyncio.create_task(read_numbers(reader, 64))
        async with silent_client(address) as silent:
            for number in range(64):
                server.send_sync("news", f"{number} " + "x" * 2**20)
            stuck = await waiting(server)
            assert stuck > 0
            newcomer = await client.ws_connect("/ws?clientId=new", autoping=False)
            with monkeypatch.context() as running:  # as while a prompt of `back` runs
                running.setattr(server, "client_id", "back")
                running.setattr(server, "last_node_id", "1")
                back = await client.ws_connect("/ws?clientId=back", autoping=False)
                greeted = await received(back)
            await post(client, client_id="me")
            async with asyncio.timeout(SECONDS):
                while not await (await client.get("/history")).json():  # noqa: ASYNC110 (the worker goes on)
                    await asyncio.sleep(0.01)
            assert [message["type"] for message in await received(newcomer)] == ["status"]
            assert [message["type"] for message in greeted] == ["status", "executing"]
            assert await received(back) == []
            await asyncio.gather(newcomer.close(), back.close())
            late = await waiting(server) - stuck  # its messages wait too
            assert late > 3
            assert not reading.done()
            if reads_again:
                stream, writer = await asyncio.open_connection(sock=silent)
                draining = asyncio.create_task(stream.read())
                assert await asyncio.wait_for(reading, SECONDS) == list(range(64))
                writer.close()
                await draining
        assert await asyncio.wait_for(reading, SECONDS) == list(range(64))
        names = [(await reader.receive_json())["type"] for _ in range(late)]
        assert {"status", "execution_start", "execution_error"} <= {*names}


async def read_numbers(ws: ClientWebSocketResponse, count: int) -> list[int]:
    """Return the numbers with which so many messages begin."""
    return [int((await ws.receive_json())["data"].split()[0]) for _ in range(count)]


@pytest.mark.skipif(sys.platform != "linux", reason="the system's buffers differ")
async def test_a_silent_client_must_first_be_sent_megabytes() -> None:
    """Ten thousand `status` messages to a silent client stop nothing; a thousand of 100 kB do, if they are not compressed.

    一个不读的客户端，一万条 `status` 拦不住别人；一千条 100 kB 的消息拦得住，压缩了就拦不住。
    """  # noqa: E501
    async with serving(worker=False) as (server, _, address, *_), silent_client(address):
        for _ in range(10_000):
            server.queue_updated()
        assert await waiting(server) == 0
        for _ in range(1000):
            server.send_sync("news", "x" * 100_000)
        assert await waiting(server) > 910  # less than 10 MB have left, with those before
    deflate = b"Sec-WebSocket-Extensions: permessage-deflate\r\n"
    async with serving(worker=False) as (server, _, address, *_), silent_client(address, deflate):
        for _ in range(200):
            server.send_sync("news", "x" * 100_000)
        assert await waiting(server) == 0


async def test_a_large_preview_stops_everybody() -> None:
    """While /view makes a preview of a large picture the event loop does nothing else.

    /view 给大图做预览的时候，事件循环什么别的也不做。
    """
    took = []

    @web.middleware
    async def timed(request: web.Request, handler: Handler) -> web.StreamResponse:
        start = time.monotonic()
        response = await handler(request)
        took.append(time.monotonic() - start)
        return response

    def add_timed(server: PromptServer) -> None:
        server.app.middlewares.append(timed)

    async with serving(prepare=add_timed) as (_, client, *_):
        output = Path(folder_paths.get_output_directory())
        Image.effect_noise((1500, 1500), 100).save(output / "large.png", compress_level=1)
        async with longest_gap() as gaps:
            response = await client.get("/view?filename=large.png&preview=webp")
        await response.read()  # else its connection is left open
        assert response.content_type == "image/webp"
        assert gaps[0] > took[0] * 0.9


async def test_a_name_look_up_stops_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the name in `Host` is looked up the event loop does nothing else; it is not looked up without `Origin`, with an IP address or with --enable-cors-header.

    查 `Host` 里那个名字的时候，事件循环什么别的也不做；没有 `Origin`、`Host` 是 IP 地址、或者用了 --enable-cors-header，就不查。
    """  # noqa: E501
    took = []
    names = []

    def slow(*args: Any) -> list[Any]:
        names.append(args[0])
        start = time.monotonic()
        time.sleep(0.3)
        took.append(time.monotonic() - start)
        return []

    async with serving() as (_, client, *_):
        monkeypatch.setattr(socket, "getaddrinfo", slow)
        async with longest_gap() as gaps:
            headers = {"Host": "slow.example", "Origin": "http://slow.example"}
            assert await status_of(client, "GET", "/prompt", headers=headers) == 200
        assert names == ["slow.example"] * 2  # IPv4, IPv6
        assert gaps[0] > sum(took) * 0.9
        assert await status_of(client, "GET", "/prompt", headers={"Host": "other.example"}) == 200
        number = {"Host": "127.0.0.1:8188", "Origin": "http://127.0.0.1:8188"}
        assert await status_of(client, "GET", "/prompt", headers=number) == 200
        assert names == ["slow.example"] * 2
        monkeypatch.undo()
    async with serving("--enable-cors-header", "*") as (_, client, *_):
        monkeypatch.setattr(socket, "getaddrinfo", slow)
        assert await status_of(client, "GET", "/prompt", headers=headers) == 200
        assert names == ["slow.example"] * 2


async def test_who_leaves_takes_the_name_along() -> None:
    """Of two sockets with one name the first stays open and deaf; when it leaves, the second is deaf too.

    两个套接字同名：旧的还开着，却什么也听不到；它一走，新的也听不到了。
    """
    async with serving() as (server, client, *_):
        url = "/ws?clientId=me"
        observer = await client.ws_connect("/ws")
        first = await client.ws_connect(url, autoping=False)
        second = await client.ws_connect(url, autoping=False)
        await post(client, client_id="me")
        await idle(observer, ran=2)  # the greeting says 0 as well
        assert [m["type"] for m in await received(first)] == ["status"]  # its greeting
        assert "execution_start" in [m["type"] for m in await received(second)]
        assert not first.closed
        assert len(server.sockets) == 2  # the observer's, and one of the two
        await first.close()
        await post(client, client_id="me")
        await idle(observer, ran=1)
        assert "me" not in server.sockets
        assert await received(second) == []
        assert not second.closed


@pytest.mark.parametrize(
    ("original", "more"),
    [
        *((name, {}) for name in ("gone.png", "../there.png", "/there.png")),
        ("there.png", {"subfolder": "../output2"}),
        ("there.png", {"type": "models"}),
    ],
)
async def test_a_mask_is_said_to_be_saved(original: str, more: dict[str, str], tmp_path: Path) -> None:
    """A mask for a picture that is missing or not allowed is answered with 200 and a name, and nothing is saved.

    原图不在或者不许用，上传蒙版照样返回 200，还给出文件名；其实什么也没存。
    """  # noqa: E501
    Image.new("RGBA", (1, 1)).save(mask := BytesIO(), "PNG")
    if original.startswith("/"):
        Image.new("RGB", (1, 1)).save(tmp_path / "there.png")
        original = str(tmp_path / "there.png")
    form = FormData({"original_ref": json.dumps({"filename": original, **more})})
    form.add_field("image", mask.getvalue(), filename="mask.png")
    async with serving() as (_, client, *_):
        if original.startswith(".."):  # beside the folder of results: there, and forbidden
            Image.new("RGB", (1, 1)).save(Path(folder_paths.get_output_directory()) / original)
        elif more:  # there, but for the folder or the type
            output = Path(folder_paths.get_output_directory())
            (output.parent / "output2").mkdir()
            for folder in (output, output.parent / "output2"):
                Image.new("RGB", (1, 1)).save(folder / original)
        response = await client.post("/upload/mask", data=form)
        assert response.status == 200
        assert (await response.json())["name"] == "mask.png"
        assert names_in(folder_paths.get_input_directory()) == []


async def test_an_upload_replaces_a_result() -> None:
    """An upload with `type` and `overwrite` replaces a finished picture, by text as well; with one of them it does not. `Origin: null` may send it.

    上传时带上 `type` 和 `overwrite`，就能盖掉已经画好的图，拿一段文字盖也行；只带一个就不行。`Origin: null` 也能这样上传。
    """  # noqa: E501
    async with serving() as (_, client, *_):
        result = Path(folder_paths.get_output_directory()) / "a.png"
        Image.new("L", (1, 1)).save(result)
        picture = result.read_bytes()
        for fields, kept in (
            ({"overwrite": "true"}, picture),
            ({"type": "output"}, picture),
            ({"type": "output", "overwrite": "true"}, b"no picture"),
        ):
            form = FormData(fields)
            form.add_field("image", b"no picture", filename="a.png")
            headers = {"Origin": "null"}
            assert await status_of(client, "POST", "/upload/image", data=form, headers=headers) == 200
            assert result.read_bytes() == kept


@pytest.mark.parametrize(("origin", "status"), [("null", 200), ("https://evil.example", 403)])
async def test_null_may_queue(origin: str, status: int) -> None:
    """A POST of plain text with `Origin: null` queues a prompt; with a stranger's name it is refused.

    纯文本的 POST，`Origin: null` 能排进 prompt；写上陌生人的名字就遭拒。
    """
    async with serving() as (_, client, *_):
        body = json.dumps({"prompt": SMALL_PROMPT})
        response = await client.post("/prompt", data=body, headers={**EVIL, "Origin": origin})
        assert response.status == status


@pytest.mark.parametrize(
    ("more", "ends"),
    [
        ({}, "nothing"),
        ({"client_id": []}, "publish_loop"),
        ({"extra_data": 5}, "worker"),
        ({"prompt": {**SMALL_PROMPT, "2": {"class_type": "Fail"}}}, "worker"),
        ({"extra_data": {"a": brackets(600)}}, "worker"),
        ({"number": "nan"}, "nothing"),
    ],
)
async def test_null_may_do_what_one_post_does(more: dict[str, Any], ends: str) -> None:
    """A POST of plain text with `Origin: null` ends the publishing or the worker by a bad body, and may give a NaN as its number.

    纯文本的 POST，`Origin: null` 也能用不合格的请求体让发布循环或工作线程结束，也能把 number 写成 NaN。
    """  # noqa: E501
    with one_post.ended_threads() as ended:
        async with serving() as (server, client, _, worker, publishing):
            assert worker
            assert publishing
            body = json.dumps({"prompt": SMALL_PROMPT, **more})
            headers = {**EVIL, "Origin": "null"}
            async with client.post("/prompt", data=body, headers=headers) as response:
                assert response.status == 200
                assert ("NaN" in await response.text()) == ("number" in more)
            server.prompt_queue.set_flag("stop", True)
            await asyncio.to_thread(worker.join, SECONDS)
            await client.get("/prompt")  # meanwhile all is sent
            found = "publish_loop" if publishing.done() else "worker" if ended else "nothing"
            assert found == ends
            if publishing.done():
                assert isinstance(publishing.exception(), TypeError)


FORM = """const f = document.createElement(`form`), i = document.createElement(`input`);
f.method = `POST`; f.enctype = `text/plain`; f.action = `URL/prompt`; f.target = `_top`;
i.name = `BODY`; i.value = `"}`; f.append(i); document.body.append(f); f.submit()"""


@pytest.mark.parametrize("flags", [(), ("--enable-cors-header", "https://app.example")])
async def test_a_public_page_needs_permission_to_fetch_but_not_for_a_form(
    chromium: Browser, flags: tuple[str, ...]
) -> None:
    """Chromium keeps a public page from a fetch and a WebSocket to this computer, not from a form that replaces the page.

    互联网上的网页，Chromium 不让它用 fetch 和 WebSocket 访问本机；取代当前页面的表单不拦。
    """  # noqa: E501
    heard: list[str] = []
    body = json.dumps({"prompt": SMALL_PROMPT, "rest": ""}).removesuffix('"}')  # the form writes =
    form = f"<body><script>{FORM.replace('BODY', body)}</script>"
    frame = "const f = document.createElement('iframe'); f.srcdoc = PAGE; f.sandbox = 'allow-scripts "
    frame += "allow-forms allow-top-navigation'; document.body.append(f)"

    def listen(server: PromptServer) -> None:
        server.app.middlewares.insert(0, overhear(heard))

    async with serving(*flags, worker=False, prepare=listen) as (server, _, address, *_):
        fetch = "fetch('URL/prompt', {method: 'POST', mode: 'no-cors', body: '{}'})"
        fetch += ".then(() => 'sent', () => 'no')"
        socket = "new Promise(done => { const ws = new WebSocket('WS_URL/ws');"
        socket += "ws.onerror = () => done('no'); ws.onopen = () => done('open') })"
        for public in (False, True):
            async with visitor(chromium, address, public=public) as run:
                heard.clear()
                told = [await run(fetch), await run(socket)]
                assert told == (["no", "no"] if public else ["sent", "open" if flags else "no"])
                if public:
                    assert heard == []
                    await run(frame.replace("PAGE", repr(form)))
                    async with asyncio.timeout(SECONDS):
                        while not server.prompt_queue.get_tasks_remaining():  # noqa: ASYNC110
                            await asyncio.sleep(0.01)
                        path = ""
                        while path != "/prompt":  # of the page in the tab
                            with suppress(Error):  # while one page takes the place of the other
                                path = await run("location.pathname")
                else:
                    assert [line.split()[1] for line in heard] == ["/prompt", "/ws"]
        assert heard[0] == "POST /prompt null text/plain"  # and it is queued
        if flags:
            return
        async with visitor(chromium, address, public=True) as run, asyncio.timeout(SECONDS):
            heard.clear()
            await run(FORM.replace("BODY", body))  # without a frame
            while not heard:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert heard[0] == "POST /prompt PAGE text/plain"


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("127.0.0.1", "http://127.0.0.1:3000", 200),
        ("localhost", "http://localhost:3000", 200),
        ("127.0.0.1", "http://evil.example:3000", 403),
        ("localhost", "http://evil.example:3000", 403),
        ("127.0.0.1:8188", "http://127.0.0.1:3000", 403),
        ("127.0.0.1:8188", "http://127.0.0.1", 200),
        ("localhost:8188", "http://localhost", 200),
        ("localhost:8188", "http://evil.example", 403),
        ("localhost:8188", "http://localhost:3000", 403),
        ("localhost", "https://localhost:3000", 200),
        ("localhost", "https://evil.example:3000", 403),
        ("localhost:8188", "https://localhost", 200),
        ("localhost:8188", "https://evil.example", 403),
        ("localhost:8188", "https://localhost:3000", 403),
    ],
)
async def test_on_port_80_other_ports_may_queue(host: str, origin: str, status: int) -> None:
    """With no port in `Host` or none in `Origin` a page of another port of this host may queue a prompt, http or https; of another host it may not, nor with both ports.

    `Host` 或者 `Origin` 不带端口，同一主机别的端口上的页面就能提交 prompt，http 和 https 都行；别的主机不行，两边都带端口也不行。
    """  # noqa: E501
    async with serving() as (_, client, *_):
        body = json.dumps({"prompt": SMALL_PROMPT})
        headers = {**EVIL, "Origin": origin, "Host": host}
        assert await status_of(client, "POST", "/prompt", data=body, headers=headers) == status


@pytest.mark.parametrize(
    ("allowed", "queue", "listen"), [(None, 403, 403), ("https://app.example", 200, 101), ("*", 200, 101)]
)
async def test_one_allowed_origin_opens_it_to_all(allowed: str | None, queue: int, listen: int) -> None:
    """With `--enable-cors-header https://app.example` another site may queue prompts and listen at /ws.

    用 `--enable-cors-header` 放行一个来源，别的网站也能排 prompt、听 /ws。
    """
    flags = ["--enable-cors-header", allowed] if allowed else []
    async with serving(*flags) as (_, client, *_):
        response = await client.post("/prompt", data=json.dumps({"prompt": SMALL_PROMPT}), headers=EVIL)
        assert response.status == queue
        try:
            ws = await client.ws_connect("/ws", headers={"Origin": EVIL["Origin"]})
            assert (await ws.receive_json())["type"] == "status"
            status = 101
        except WSServerHandshakeError as error:
            status = error.status
        assert status == listen


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>document.title = origin</script></svg>'


@pytest.mark.parametrize(
    ("name", "served"),
    [
        ("page.svg", "image/svg+xml"),
        *((f"page.{ending}", "application/octet-stream") for ending in ("html", "htm", "js", "css")),
    ],
)
async def test_a_planted_svg_is_served_as_a_page(name: str, served: str) -> None:
    """An SVG, uploaded with `Origin: null`, is served as image/svg+xml without a sandbox; four endings are not.

    用 `Origin: null` 传上去的 SVG，再取就是 image/svg+xml，没有沙箱；强制下载的四种扩展名不是。
    """  # noqa: E501
    async with serving() as (_, client, *_):
        form = FormData()
        form.add_field("image", SVG, filename=name)
        uploaded = await client.post("/upload/image", data=form, headers={"Origin": "null"})
        assert uploaded.status == 200
        response = await client.get(f"/view?filename={name}&type=input")
        assert response.content_type == served
        assert "Content-Security-Policy" not in response.headers


async def test_a_prompt_without_a_client_shows_its_pictures_to_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress and pictures of a prompt without client_id go to every client, as often as the node runs; else to that one, if it is connected.

    没写 client_id 的 prompt，节点执行几次，进度和图片就发给所有人几次；写了，就只发给它；它没有连接，就不发给任何人。
    """  # noqa: E501
    runs: list[int] = []
    ran: list[int] = []
    clients: set[str | None] = set()

    class Paint(extension.OutputNode):
        @classmethod
        def INPUT_TYPES(cls) -> dict[str, Any]:
            return {"required": {"seed": ("INT", {})}}

        def work(self, seed: int) -> dict[str, Any]:
            runs.append(seed)
            clients.add(PromptServer.instance.client_id)
            preview = "PNG", Image.new("L", (1, 1)), None
            utils.ProgressBar(1).update_absolute(1, preview=preview)
            return {}

    monkeypatch.setitem(NODE_CLASS_MAPPINGS, "Paint", Paint)
    async with serving() as (_, client, *_):
        me, bystander = [await client.ws_connect(f"/ws?clientId={name}") for name in ("me", "bystander")]
        await asyncio.gather(idle(me, ran=1), idle(bystander, ran=1))
        for seed, who, mine, told in (
            (0, {"client_id": "away"}, 0, 0),  # without a WebSocket
            (1, {"client_id": "me"}, 1, 0),
            *((seed, {}, 1, 1) for seed in (2, 2, 3)),
        ):
            runs.clear()
            clients.clear()
            prompt = {"1": {"class_type": "Paint", "inputs": {"seed": seed}}}
            await post(client, prompt=prompt, **who)
            for ws, expected in ((me, mine), (bystander, told)):
                messages = await idle(ws, ran=1)
                pictures = [message for message in messages if isinstance(message, bytes)]
                progress = [m for m in messages if isinstance(m, dict) and m["type"] == "progress"]
                assert len(pictures) == len(progress) == expected * len(runs)
                if not expected:  # the prompt names another client
                    assert {m["type"] for m in messages} == {"status"}
            ran.append(len(runs))
            assert clients <= {who.get("client_id")}
    assert ran == [1, 1, 1, 0 if COMFYUI else 1, 1]  # the fourth is the third again; ours has no cache
    assert runs == [3]


async def test_an_accepted_number_makes_the_answer_no_json() -> None:
    """The number "nan" is accepted, and the response is no JSON: it says NaN.

    number 给成 "nan" 也收下，答的就不是 JSON 了：里面写着 NaN。
    """

    def refuse(name: str) -> None:
        raise ValueError(name)

    async with serving() as (_, client, *_):
        response = await client.post("/prompt", json={"prompt": SMALL_PROMPT, "number": "nan"})
        assert response.status == 200
        text = await response.text()
        with pytest.raises(ValueError, match="NaN"):
            json.loads(text, parse_constant=refuse)


async def test_equal_numbers_are_run_by_chance() -> None:
    """Ten prompts of one number run in the order of their random ids, not in that of their coming.

    十个 prompt 编号相同，执行顺序看随机的 id，不看谁先来。
    """
    async with serving() as (_, client, *_):
        ws = await client.ws_connect("/ws")
        await idle(ws, ran=1)
        first = await post(client, prompt=slow())
        async with asyncio.timeout(SECONDS):
            while (await ws.receive()).type != WSMsgType.BINARY:
                pass  # until it runs
        ids = [(await post(client, number=5))["prompt_id"] for _ in range(10)]
        await client.post("/interrupt")
        await idle(ws, ran=1)
        assert list(await (await client.get("/history")).json()) == [first["prompt_id"], *sorted(ids)]
        assert ids != sorted(ids)


async def test_wrong_requests_are_the_servers_fault() -> None:
    """Eight requests that a client got wrong are answered with 500, not 400.

    八种请求，错在客户端，返回的却是 500，不是 400。
    """
    gets: list[tuple[str, dict[str, str]]] = [
        ("/view?filename=", {}),
        ("/view?filename=a.png&preview=webp;999", {}),
        ("/history?max_items=many", {}),
        ("/", {"Host": "localhost:http", "Origin": "http://localhost"}),
    ]
    async with serving() as (_, client, *_):
        output = Path(folder_paths.get_output_directory())
        Image.new("L", (1, 1)).save(output / "a.png")
        assert await status_of(client, "GET", "/view?filename=a.png&preview=webp;90") == 200
        assert await status_of(client, "GET", "/view?filename=none.png&preview=webp;999") == 404
        for path, headers in gets:
            assert await status_of(client, "GET", path, headers=headers) == 500, path
        for path in ("/prompt", "/queue", "/history", "/free"):
            assert await status_of(client, "POST", path, data="null") == 500, path


@pytest.mark.parametrize(("name", "status"), [("plain", 200), ("with blank", 404), ("节点", 404)])
async def test_a_listed_script_is_not_there(
    name: str, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """/extensions lists the script of a folder whose name holds a blank or a Chinese character, and it is a 404.

    文件夹名带空格或汉字，/extensions 照样列出脚本，去取却是 404。
    """  # noqa: E501
    (tmp_path / "a.js").touch()
    monkeypatch.setitem(EXTENSION_WEB_DIRS, name, str(tmp_path))
    async with serving() as (_, client, *_):
        (listed,) = await (await client.get("/extensions")).json()
        assert URL(listed, encoded=True).path == f"/extensions/{name}/a.js"
        assert await status_of(client, "GET", URL(listed, encoded=True)) == status


async def worker_ends(*items: tuple[int, str, str], refused: tuple[str, ...]) -> None:
    """Queue prompts at one go; see which raise, that all wait, and that the worker ends as it takes one."""
    with one_post.ended_threads() as ended:
        async with serving() as (server, _, _, worker, _):
            assert worker
            queue = server.prompt_queue
            with queue.mutex:  # so the worker waits until all are there
                for number, prompt_id, node in items:
                    raises = pytest.raises(TypeError, match="not supported between instances of 'dict'")
                    with raises if node in refused else nullcontext():
                        queue.put((number, prompt_id, {node: {}}, {}, []))
                assert queue.get_tasks_remaining() == len(items)
            await asyncio.to_thread(worker.join, SECONDS)
            assert ended == ["worker: TypeError"]
            assert not await asyncio.to_thread(queue.get_history)


async def test_one_id_and_one_number_cannot_be_ordered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three prompts with one number and one id two raise TypeError, a POST is a 500, and wait all the same; taking kills the worker, behind a lower number with two already.

    三个 prompt 编号和 id 都相同：后两个抛 TypeError，提交时就是 500，却照样排着；工作线程去取，就死了；前面有编号更小的，两个就够。
    """  # noqa: E501
    async with serving(worker=False) as (server, client, *_):
        with monkeypatch.context() as patched:
            patched.setattr("uuid.uuid4", lambda: "same")  # v0.3.10 takes no id of a client's
            bodies = [{"prompt": {node: NODE}, "number": 1} for node in "12"]
            told = [await status_of(client, "POST", "/prompt", json=body) for body in bodies]
        assert told == [200, 500]
        assert [item[1] for item in server.prompt_queue.queue] == ["same", "same"]
    same = [(1, "same", node) for node in "123"]
    await worker_ends(*same, refused=("2", "3"))
    await worker_ends((0, "lower", "0"), *same[:2], refused=())
    await worker_ends((0, "lower", "0"), *same, refused=("3",))


NO_NUMBERS: list[Any] = ["nan", "inf", "-inf", None, "many", [], 10**400]
NO_PROMPTS: list[Any] = [None, 5, [], {"1": 5}, {"1": {**NODE, "inputs": None}}]
HARMFUL: list[dict[str, Any]] = [
    {"client_id": []},
    {"client_id": 5},
    {"extra_data": {"client_id": []}},
    {"extra_data": 5},
    {"extra_data": {"a": brackets(600)}},
    *({"number": number} for number in NO_NUMBERS),
    *({"prompt": prompt} for prompt, _ in FATAL),
    {"prompt": chain(501)},
    *({"prompt": prompt} for prompt in NO_PROMPTS),
]
GOOD: list[dict[str, Any]] = [
    {},
    {"number": 1.5},
    {"number": "9"},
    {"number": True},
    {"client_id": None, "extra_data": {"client_id": None}},
    {"extra_data": {"client_id": None}},
    {"client_id": "me", "extra_data": {"client_id": "me", "extra_pnginfo": {"workflow": {}}}},
    {"prompt": {**example_prompt(), "1": NODE}},
]


async def test_a_check_at_the_door_keeps_it_alive(capsys: pytest.CaptureFixture[str]) -> None:
    """With the check the harmful bodies are 400, good ones 200 as before, and a prompt after them runs.

    加上检查，有害的请求体都返回 400，合格的照样返回 200；排在后面的 prompt 照常执行。
    """
    await guarded.main()
    assert capsys.readouterr().out.splitlines()[-3:] == ["200 /prompt {}", "GET: 200", "ran: 1"]
    async with serving(prepare=guarded.add_check) as (_, client, _, worker, publishing):
        assert worker
        assert publishing
        for path in ("/prompt", "/api/prompt"):
            for text in ("", "{", "[" * 100_000, "null", "5", "[]"):
                assert await status_of(client, "POST", path, data=text) == 400
            for more in HARMFUL:
                response = await client.post(path, json={"prompt": SMALL_PROMPT, **more})
                assert response.status == 400, more
        ws = await client.ws_connect("/ws")
        for more in GOOD:
            await post(client, **more)
        async with asyncio.timeout(SECONDS):
            while len(await (await client.get("/history")).json()) < len(GOOD):
                await ws.receive()
        assert worker.is_alive()
        assert not publishing.done()
        assert await status_of(client, "GET", "/prompt") == 200


def nested(levels: int) -> dict[str, Any]:
    """Return a good body in which so many lists and dicts stand in one another."""
    return {"prompt": SMALL_PROMPT, "extra_data": {"a": brackets(levels - 2)}}


async def test_five_hundred_nodes_are_let_through_and_harmless() -> None:
    """The check refuses 501 nodes, also good ones, and takes 500, and the worker outlives a chain of 500.

    检查拒绝 501 个节点，合格的也拒绝，放行 500 个；500 个节点的链，工作线程受得了。
    """
    good = {str(x): NODE for x in range(501)}
    assert await one_post.outcome({"prompt": good}) == "200, ends nothing"
    assert not valid_body({"prompt": good})
    assert not valid_body({"prompt": chain(501)})
    assert valid_body({"prompt": chain(500)})
    assert await one_post.outcome({"prompt": chain(500)}) == "200, ends nothing"


async def test_a_hundred_levels_are_let_through_and_harmless() -> None:
    """The check refuses 101 levels and takes 100, and the worker outlives a prompt of 100 levels.

    检查拒绝 101 层，放行 100 层；100 层的 prompt，工作线程受得了。
    """
    some: list[Any] = [5, [], [5], {"a": [[]]}, nested(100)]
    assert [depth(data) for data in some] == [0, 1, 1, 3, 100]
    assert valid_body(nested(100))
    assert not valid_body(nested(101))
    assert await one_post.outcome(nested(100)) == "200, ends nothing"
    inputs = {"message": "", "more": brackets(100 - 4)}  # below the body, the prompt and the node
    deep = {"prompt": {"1": {"class_type": "Fail", "inputs": inputs}}}
    assert depth(deep) == 100
    assert await one_post.outcome(deep) == "200, ends nothing"
