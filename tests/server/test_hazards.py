"""What goes wrong on the re-creation of server.py, seen by real clients."""

import asyncio
import json
import re
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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
from yarl import URL

from snippets.recreation import folder_paths, utils
from snippets.recreation.execution import PromptQueue
from snippets.recreation.nodes import EXTENSION_WEB_DIRS, NODE_CLASS_MAPPINGS
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import SMALL_PROMPT, example_prompt, serving
from snippets.server.hazards import eavesdrop, extension, faults, guarded, one_post, uploaded_page
from snippets.server.hazards.valid_body import valid_body

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
                    await client.get("/prompt")
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


async def test_one_post_ends_the_whole_process() -> None:
    """A good prompt with a list as `client_id` is answered with 200; then the process ends with status 1.

    一个合格的提示词，`client_id` 给成列表：先答 200，接着整个进程以状态码 1 退出。
    """
    async with command() as (process, client):
        unhashable: list[str] = []
        for client_id in ("me", unhashable):
            body = {"prompt": SMALL_PROMPT, "client_id": client_id}
            assert (await client.post("/prompt", json=body)).status == 200
        _, errors = await process.communicate()
    assert process.returncode == 1
    assert b"TypeError: unhashable type: 'list'" in errors


async def test_a_client_hidden_in_the_extra_data_counts() -> None:
    """A list as client_id inside `extra_data` ends the publishing just as well.

    client_id 藏在 `extra_data` 里，给成列表，发布循环一样结束。
    """
    ended = await one_post.outcome({"extra_data": {"client_id": []}})
    assert ended == "200, ends ['publish_loop: TypeError']"


async def test_a_careless_output_ends_the_publishing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A set as output ends the publishing if its client is connected; else GET /history fails until cleared.

    节点给出一个集合：客户端连着，发布循环就结束；没连着，GET /history 就是 500，清空才好。
    """
    assert await extension.ends(extension.Careless) == "200, ends nothing"
    assert await extension.ends(extension.Careless, "me") == "200, ends ['publish_loop: TypeError']"
    monkeypatch.setitem(NODE_CLASS_MAPPINGS, "Ours", extension.Careless)
    async with serving() as (_, client, *_):
        ws = await client.ws_connect("/ws")
        await idle(ws, ran=1)
        assert (await client.get("/history")).status == 200
        await post(client, prompt=extension.OURS, client_id="me")
        await idle(ws, ran=1)
        assert (await client.get("/history")).status == 500
        assert (await client.post("/history", json={"clear": True})).status == 200
        assert (await client.get("/history")).status == 200


async def test_a_transparent_preview_ends_the_publishing_unseen() -> None:
    """A transparent picture as JPEG preview ends the publishing with nobody connected; one without alpha does not.

    透明图片当 JPEG 预览发：没人连着，发布循环也结束；没有透明通道的就没事。
    """  # noqa: E501
    assert await extension.ends(extension.Glass) == "200, ends ['publish_loop: OSError']"

    class Opaque(extension.OutputNode):
        def work(self) -> dict[str, Any]:
            preview = "JPEG", Image.new("RGB", (64, 64)), None
            utils.ProgressBar(1).update_absolute(1, preview=preview)
            return {}

    assert await extension.ends(Opaque) == "200, ends nothing"


async def test_a_dead_worker_still_takes_prompts() -> None:
    """After `extra_data` was 5 the worker is dead; ten more prompts are answered with 200 and none of them runs.

    `extra_data` 给成 5 以后，工作线程死了：再来十个提示词，照答 200，一个也不执行。
    """  # noqa: E501
    with one_post.ended_threads() as ended:
        async with serving() as (_, client, _, worker, publishing):
            assert worker
            assert publishing
            await post(client, extra_data=5)
            await asyncio.to_thread(worker.join, SECONDS)
            assert ended == ["worker: TypeError"]
            for _ in range(10):
                await post(client)
            response = await client.get("/prompt")
            assert await response.json() == {"exec_info": {"queue_remaining": 11}}
            assert await (await client.get("/history")).json() == {}
            assert not publishing.done()


async def test_deep_brackets_kill_the_worker() -> None:
    """With 600 lists in one another in `extra_data` copying fails and the worker dies; with 100 it lives.

    `extra_data` 里列表套到 600 层，复制失败，工作线程就死；套 100 层没事。
    """
    kills = "200, ends ['worker: RecursionError']"
    assert await one_post.outcome({"extra_data": {"a": brackets(600)}}) == kills
    assert await one_post.outcome({"extra_data": {"a": brackets(100)}}) == "200, ends nothing"


async def test_one_silent_client_silences_all() -> None:
    """While a client that reads nothing is connected the others get nothing more; once it is gone, they do.

    只要有一个不读的客户端连着，别人就收不到；它一断开，剩下的全来了。
    """
    async with serving() as (server, client, address, *_):
        loop = asyncio.get_running_loop()
        with socket.create_connection(address) as silent:
            silent.setblocking(False)
            await loop.sock_sendall(silent, UPGRADE)
            assert b"101" in await loop.sock_recv(silent, 4096)
            reader = await client.ws_connect("/ws", max_msg_size=0)
            for _ in range(64):
                server.send_sync("news", "x" * 2**20)

            async def read() -> None:
                for _ in range(65):  # with the greeting
                    await reader.receive_json()

            reading = asyncio.create_task(read())
            assert not (await asyncio.wait([reading], timeout=1))[0]
        await asyncio.wait_for(reading, SECONDS)


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
    """While the name in `Host` is looked up the event loop does nothing else.

    查 `Host` 里那个名字的时候，事件循环什么别的也不做。
    """
    took = []

    def slow(*args: Any) -> list[Any]:
        start = time.monotonic()
        time.sleep(0.3)
        took.append(time.monotonic() - start)
        return []

    async with serving() as (_, client, *_):
        monkeypatch.setattr(socket, "getaddrinfo", slow)
        async with longest_gap() as gaps:
            headers = {"Host": "slow.example", "Origin": "http://slow.example"}
            assert (await client.get("/prompt", headers=headers)).status == 200
        assert len(took) == 2  # IPv4, IPv6
        assert gaps[0] > sum(took) * 0.9


async def test_who_leaves_takes_the_name_along() -> None:
    """Of two sockets with one name the first stays open and deaf; when it leaves, the second is deaf too.

    两个套接字同名：旧的还开着，却什么也听不到；它一走，新的也听不到了。
    """
    async with serving() as (_, client, *_):
        url = "/ws?clientId=me"
        observer = await client.ws_connect("/ws")
        first = await client.ws_connect(url, autoping=False)
        second = await client.ws_connect(url, autoping=False)
        await post(client, client_id="me")
        await idle(observer, ran=2)  # the greeting says 0 as well
        assert [m["type"] for m in await received(first)] == ["status"]  # its greeting
        assert "execution_start" in [m["type"] for m in await received(second)]
        assert not first.closed
        await first.close()
        await post(client, client_id="me")
        await idle(observer, ran=1)
        assert await received(second) == []
        assert not second.closed


@pytest.mark.parametrize("original", ["gone.png", "../gone.png", "/gone.png"])
async def test_a_mask_is_said_to_be_saved(original: str) -> None:
    """A mask for a picture that is missing or not allowed is answered with 200 and a name, and nothing is saved.

    原图不在或者不许用，上传蒙版照答 200，还给个文件名；其实什么也没存。
    """  # noqa: E501
    Image.new("RGBA", (1, 1)).save(mask := BytesIO(), "PNG")
    form = FormData({"original_ref": json.dumps({"filename": original})})
    form.add_field("image", mask.getvalue(), filename="mask.png")
    async with serving() as (_, client, *_):
        response = await client.post("/upload/mask", data=form)
        assert response.status == 200
        assert (await response.json())["name"] == "mask.png"
        assert names_in(folder_paths.get_input_directory()) == []


async def test_an_upload_replaces_a_result() -> None:
    """An upload with `type` and `overwrite` replaces a finished picture, by text as well.

    上传时带上 `type` 和 `overwrite`，就能盖掉已经画好的图，拿一段文字盖也行。
    """
    async with serving() as (_, client, *_):
        result = Path(folder_paths.get_output_directory()) / "a.png"
        Image.new("L", (1, 1)).save(result)
        form = FormData({"type": "output", "overwrite": "true"})
        form.add_field("image", b"no picture", filename="a.png")
        assert (await client.post("/upload/image", data=form)).status == 200
        assert result.read_bytes() == b"no picture"


@pytest.mark.parametrize(("origin", "status"), [("null", 200), ("https://evil.example", 403)])
async def test_null_may_queue(origin: str, status: int) -> None:
    """A POST of plain text with `Origin: null` queues a prompt; with a stranger's name it is refused.

    纯文本的 POST，`Origin: null` 能排进提示词；写上陌生人的名字就遭拒。
    """
    async with serving() as (_, client, *_):
        body = json.dumps({"prompt": SMALL_PROMPT})
        response = await client.post("/prompt", data=body, headers={**EVIL, "Origin": origin})
        assert response.status == status


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1", 200), ("127.0.0.1:8188", 403)])
async def test_on_port_80_other_ports_may_queue(host: str, status: int) -> None:
    """With no port in `Host` a page of another port of this host may queue a prompt; with a port it may not.

    `Host` 不带端口，同一主机别的端口上的页面就能排提示词；带端口就不行。
    """
    async with serving() as (_, client, *_):
        body = json.dumps({"prompt": SMALL_PROMPT})
        headers = {**EVIL, "Origin": "http://127.0.0.1:3000", "Host": host}
        assert (await client.post("/prompt", data=body, headers=headers)).status == status


@pytest.mark.parametrize(
    ("allowed", "queue", "listen"), [(None, 403, 403), ("https://app.example", 200, 101)]
)
async def test_one_allowed_origin_opens_it_to_all(allowed: str | None, queue: int, listen: int) -> None:
    """With `--enable-cors-header https://app.example` another site may queue prompts and listen at /ws.

    用 `--enable-cors-header` 放行一个来源，别的网站也能排提示词、听 /ws。
    """
    flags = ["--enable-cors-header", allowed] if allowed else []
    async with serving(*flags) as (_, client, *_):
        response = await client.post("/prompt", data=json.dumps({"prompt": SMALL_PROMPT}), headers=EVIL)
        assert response.status == queue
        try:
            await client.ws_connect("/ws", headers={"Origin": EVIL["Origin"]})
            status = 101
        except WSServerHandshakeError as error:
            status = error.status
        assert status == listen


async def test_a_planted_svg_is_served_as_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    """An SVG with a script, uploaded with `Origin: null`, is served as image/svg+xml without a sandbox.

    带脚本的 SVG，用 `Origin: null` 传上去，再取就是 image/svg+xml，没有沙箱。
    """
    await uploaded_page.main()
    assert "image/svg+xml" in (out := capsys.readouterr().out)
    assert "Content-Security-Policy: None" in out
    async with serving() as (_, client, *_):
        (Path(folder_paths.get_output_directory()) / "page.html").write_bytes(uploaded_page.SCRIPT)
        response = await client.get("/view?filename=page.html")
        assert response.content_type == "application/octet-stream"


async def test_the_queue_tells_the_name_of_a_client(capsys: pytest.CaptureFixture[str]) -> None:
    """A stranger takes the client_id from /queue, connects under it and gets the pictures; their owner gets none.

    陌生人从 /queue 里看到 client_id，用它连上来就收到图片；本人一张也收不到。
    """  # noqa: E501
    await eavesdrop.main()
    lines = ["/queue says: secret", "a stranger sees pictures", "pictures for me: 0"]
    assert capsys.readouterr().out.splitlines() == lines


async def test_a_prompt_without_a_client_shows_its_pictures_to_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress and pictures of a prompt without client_id go to every client; with one, to that one only.

    没写 client_id 的提示词，进度和图片发给所有人；写了，就只发给它。
    """

    class Paint(extension.OutputNode):
        def work(self) -> dict[str, Any]:
            preview = "PNG", Image.new("L", (1, 1)), None
            utils.ProgressBar(1).update_absolute(1, preview=preview)
            return {}

    monkeypatch.setitem(NODE_CLASS_MAPPINGS, "Paint", Paint)
    prompt = {"1": {"class_type": "Paint", "inputs": {}}}
    async with serving() as (_, client, *_):
        bystander = await client.ws_connect("/ws?clientId=bystander")
        await idle(bystander, ran=1)
        for who, seen in (({"client_id": "me"}, False), ({}, True)):
            await post(client, prompt=prompt, **who)
            messages = await idle(bystander, ran=1)
            assert any(isinstance(message, bytes) for message in messages) == seen
            assert any(m["type"] == "progress" for m in messages if isinstance(m, dict)) == seen


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

    十个提示词号码相同，执行顺序看随机的 id，不看谁先来。
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


async def test_wrong_requests_are_the_servers_fault(capsys: pytest.CaptureFixture[str]) -> None:
    """Eight requests that a client got wrong are answered with 500, not 400.

    八种请求，错在客户端，答的却是 500，不是 400。
    """
    await faults.main()
    assert re.findall(r"^\d+", capsys.readouterr().out, re.MULTILINE) == ["500"] * 8


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
        assert (await client.get(URL(listed, encoded=True))).status == status


async def test_one_id_and_one_number_cannot_be_ordered() -> None:
    """Of three prompts with one number and one id two raise TypeError and wait all the same; taking kills the worker.

    三个提示词号码和 id 都相同：后两个抛 TypeError，却照样排着；工作线程去取，就死了。
    """  # noqa: E501
    queue = PromptQueue(Mock())
    queue.put((1, "same", {"1": {}}, {}, []))
    for name in ("2", "3"):
        with pytest.raises(TypeError, match="not supported between instances of 'dict'"):
            queue.put((1, "same", {name: {}}, {}, []))
    assert queue.get_tasks_remaining() == 3
    with pytest.raises(TypeError, match="not supported between instances of 'dict'"):
        queue.get()


async def test_a_check_at_the_door_keeps_it_alive(capsys: pytest.CaptureFixture[str]) -> None:
    """With the check the harmful bodies are 400, and a good prompt after them runs.

    加上检查，有害的请求体都答 400，后面合格的照常执行。
    """
    await guarded.main()
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["400", "400", "400", "200", "ran:"]
    assert not valid_body({"extra_data": {"a": brackets(600)}})
    assert valid_body(
        {"prompt": SMALL_PROMPT, "number": 1.5, "client_id": "me", "extra_data": {"a": brackets(9)}}
    )
    async with serving(prepare=guarded.add_check) as (_, client, *_):
        assert (await client.get("/prompt")).status == 200
