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

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, FormData, WSMsgType, web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler
from PIL import Image
from yarl import URL

from snippets.server.application.part import PromptServer
from snippets.server.application.settings import Settings
from snippets.server.hazards import checked, eavesdrop, extension, faults, one_post, planted, sound
from snippets.server.hazards.whole import Whole, running
from snippets.server.introspection import extensions
from snippets.server.prompt_queue.part import PromptQueue
from snippets.server.prompt_queue.submit import GOOD
from snippets.server.routes.part import add_routes
from snippets.server.sending.gone import UPGRADE
from snippets.server.toy_nodes.kinds import KINDS
from snippets.server.toy_nodes.nodes import Node
from snippets.server.websocket.takeover import heard
from tests.server.local import serving

SECONDS = 20
# Starts the server as the command does, on a free port that it prints.
START = """
from snippets.server.recreation import start
real = start.listen
async def listen(app, settings):
    runner = await real(app, settings)
    print(runner.addresses[0][1], flush=True)
    return runner
start.listen = listen
start.start(["--port", "0"])
"""
EVIL = {"Origin": "https://evil.example", "Content-Type": "text/plain"}


def brackets(depth: int) -> list[Any]:
    """Return lists in one another."""
    inside: list[Any] = []
    for _ in range(depth - 1):
        inside = [inside]
    return inside


async def post(whole: Whole, **more: Any) -> Any:
    """Post a good prompt with more in it; return the answer, decoded."""
    answer = await whole.client.post("/prompt", json={"prompt": GOOD, **more})
    assert answer.status == 200
    return await answer.json()


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
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", START, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout
    port = int(await process.stdout.readline())
    async with ClientSession(f"http://127.0.0.1:{port}") as client:
        assert (await client.post("/prompt", json={"prompt": GOOD, "client_id": "me"})).status == 200
        assert (await client.post("/prompt", json={"prompt": GOOD, "client_id": []})).status == 200
        _, errors = await asyncio.wait_for(process.communicate(), SECONDS)
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
    assert await extension.ends(extension.careless) == "200, ends nothing"
    assert await extension.ends(extension.careless, "me") == "200, ends ['publish_loop: TypeError']"
    monkeypatch.setitem(KINDS, "Ours", Node(extension.careless, {}))
    async with running() as whole:
        ws = await whole.client.ws_connect("/ws")
        await idle(ws, ran=1)
        assert (await whole.client.get("/history")).status == 200
        await post(whole, prompt=extension.OURS, client_id="me")
        await idle(ws, ran=1)
        assert (await whole.client.get("/history")).status == 500
        assert (await whole.client.post("/history", json={"clear": True})).status == 200
        assert (await whole.client.get("/history")).status == 200


async def test_a_transparent_preview_ends_the_publishing_unseen() -> None:
    """A transparent picture as JPEG preview ends the publishing with nobody connected; one without alpha does not.

    透明图片当 JPEG 预览发：没人连着，发布循环也结束；没有透明通道的就没事。
    """  # noqa: E501
    assert await extension.ends(extension.glass) == "200, ends ['publish_loop: OSError']"

    def opaque(run: Any) -> None:
        run.report(1, 1, ("JPEG", Image.new("RGB", (64, 64)), None))

    assert await extension.ends(opaque) == "200, ends nothing"


async def test_a_dead_worker_still_takes_prompts() -> None:
    """After `extra_data` was 5 the worker is dead; ten more prompts are answered with 200 and none of them runs.

    `extra_data` 给成 5 以后，工作线程死了：再来十个提示词，照答 200，一个也不执行。
    """  # noqa: E501
    with one_post.overhearing() as ended:
        async with running() as whole:
            await post(whole, extra_data=5)
            await asyncio.to_thread(whole.worker.join, SECONDS)
            assert ended == ["worker: TypeError"]
            for _ in range(10):
                await post(whole)
            answer = await (await whole.client.get("/prompt")).json()
            assert answer == {"exec_info": {"queue_remaining": 11}}
            assert not whole.server.history
            assert not whole.publishing.done()


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
    async with running() as whole:
        url = (await whole.client.get("/prompt")).url
        loop = asyncio.get_running_loop()
        with socket.create_connection((url.host, url.port)) as silent:
            silent.setblocking(False)
            await loop.sock_sendall(silent, UPGRADE.replace("GET /", "GET /ws").encode())
            assert b"101" in await loop.sock_recv(silent, 4096)
            reader = await whole.client.ws_connect("/ws", max_msg_size=0)
            for _ in range(64):
                whole.server.send_sync("news", "x" * 2**20)

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

    async with running(timed) as whole:
        output = whole.server.settings.folders.output
        Image.effect_noise((1500, 1500), 100).save(output / "large.png", compress_level=1)
        async with longest_gap() as gaps:
            answer = await whole.client.get("/view?filename=large.png&preview=webp")
        await answer.read()  # else its connection is left open
        assert answer.content_type == "image/webp"
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

    async with running() as whole:
        monkeypatch.setattr(socket, "getaddrinfo", slow)
        async with longest_gap() as gaps:
            headers = {"Host": "slow.example", "Origin": "http://slow.example"}
            assert (await whole.client.get("/prompt", headers=headers)).status == 200
        assert len(took) == 2  # IPv4, IPv6
        assert gaps[0] > sum(took) * 0.9


async def test_who_leaves_takes_the_name_along() -> None:
    """Of two sockets with one name the first stays open and deaf; when it leaves, the second is deaf too.

    两个套接字同名：旧的还开着，却什么也听不到；它一走，新的也听不到了。
    """
    async with running() as whole:
        url = "/ws?clientId=me"
        observer = await whole.client.ws_connect("/ws")
        first = await whole.client.ws_connect(url, autoping=False)
        second = await whole.client.ws_connect(url, autoping=False)
        await post(whole, client_id="me")
        await idle(observer, ran=2)  # the greeting says 0 as well
        assert [m["type"] for m in await heard(first)] == ["status"]  # its greeting
        assert "execution_start" in [m["type"] for m in await heard(second)]
        assert not first.closed
        await first.close()
        await post(whole, client_id="me")
        await idle(observer, ran=1)
        assert await heard(second) == []
        assert not second.closed


@pytest.mark.parametrize("original", ["gone.png", "../gone.png", "/gone.png"])
async def test_a_mask_is_said_to_be_saved(original: str) -> None:
    """A mask for a picture that is missing or not allowed is answered with 200 and a name, and nothing is saved.

    原图不在或者不许用，上传蒙版照答 200，还给个文件名；其实什么也没存。
    """  # noqa: E501
    Image.new("RGBA", (1, 1)).save(mask := BytesIO(), "PNG")
    form = FormData({"original_ref": json.dumps({"filename": original})})
    form.add_field("image", mask.getvalue(), filename="mask.png")
    async with running() as whole:
        answer = await whole.client.post("/upload/mask", data=form)
        assert answer.status == 200
        assert (await answer.json())["name"] == "mask.png"
        assert list(whole.server.settings.folders.input.iterdir()) == []


async def test_an_upload_replaces_a_result() -> None:
    """An upload with `type` and `overwrite` replaces a finished picture, by text as well.

    上传时带上 `type` 和 `overwrite`，就能盖掉已经画好的图，拿一段文字盖也行。
    """
    async with running() as whole:
        result = whole.server.settings.folders.output / "a.png"
        Image.new("L", (1, 1)).save(result)
        form = FormData({"type": "output", "overwrite": "true"})
        form.add_field("image", b"no picture", filename="a.png")
        assert (await whole.client.post("/upload/image", data=form)).status == 200
        assert result.read_bytes() == b"no picture"


@pytest.mark.parametrize(("origin", "status"), [("null", 200), ("https://evil.example", 403)])
async def test_null_may_queue(origin: str, status: int) -> None:
    """A POST of plain text with `Origin: null` queues a prompt; with a stranger's name it is refused.

    纯文本的 POST，`Origin: null` 能排进提示词；写上陌生人的名字就遭拒。
    """
    async with running() as whole:
        body = json.dumps({"prompt": GOOD})
        answer = await whole.client.post("/prompt", data=body, headers={**EVIL, "Origin": origin})
        assert answer.status == status


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1", 200), ("127.0.0.1:8188", 403)])
async def test_on_port_80_other_ports_may_queue(host: str, status: int) -> None:
    """With no port in `Host` a page of another port of this host may queue a prompt; with a port it may not.

    `Host` 不带端口，同一主机别的端口上的页面就能排提示词；带端口就不行。
    """
    async with running() as whole:
        body = json.dumps({"prompt": GOOD})
        headers = {**EVIL, "Origin": "http://127.0.0.1:3000", "Host": host}
        assert (await whole.client.post("/prompt", data=body, headers=headers)).status == status


@pytest.mark.parametrize(
    ("allowed", "queue", "listen"), [(None, 403, 403), ("https://app.example", 200, 101)]
)
async def test_one_allowed_origin_opens_it_to_all(
    allowed: str | None, queue: int, listen: int, tmp_path: Path
) -> None:
    """With `--enable-cors-header https://app.example` another site may queue prompts and listen at /ws.

    用 `--enable-cors-header` 放行一个来源，别的网站也能排提示词、听 /ws。
    """
    async with serving(["--enable-cors-header", allowed] if allowed else [], tmp_path) as runner:
        host, port = runner.addresses[0][:2]
        async with ClientSession(f"http://{host}:{port}") as client:
            answer = await client.post("/prompt", data=json.dumps({"prompt": GOOD}), headers=EVIL)
            assert answer.status == queue
        reader, writer = await asyncio.open_connection(host, port)
        request = UPGRADE.replace("GET /", "GET /ws").replace("Host", "Origin: https://evil.example\r\nHost")
        writer.write(request.encode())
        assert (await reader.readline()).split()[1] == str(listen).encode()
        writer.close()


async def test_a_planted_svg_is_served_as_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    """An SVG with a script, uploaded with `Origin: null`, is served as image/svg+xml without a sandbox.

    带脚本的 SVG，用 `Origin: null` 传上去，再取就是 image/svg+xml，没有沙箱。
    """
    await planted.main()
    assert "image/svg+xml" in (out := capsys.readouterr().out)
    assert "Content-Security-Policy: None" in out
    async with running() as whole:
        (whole.server.settings.folders.output / "page.html").write_bytes(planted.SCRIPT)
        answer = await whole.client.get("/view?filename=page.html")
        assert answer.content_type == "application/octet-stream"


async def test_the_queue_tells_the_name_of_a_client(capsys: pytest.CaptureFixture[str]) -> None:
    """A stranger takes the client_id from /queue, connects under it and gets the pictures; their owner gets none.

    陌生人从 /queue 里看到 client_id，用它连上来就收到图片；本人一张也收不到。
    """  # noqa: E501
    try:
        await eavesdrop.main()
    finally:
        KINDS.pop("Slow", None)
    lines = ["/queue says: secret", "a stranger sees pictures", "pictures for me: 0"]
    assert capsys.readouterr().out.splitlines() == lines


async def test_a_prompt_without_a_client_shows_its_pictures_to_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress and pictures of a prompt without client_id go to every client; with one, to that one only.

    没写 client_id 的提示词，进度和图片发给所有人；写了，就只发给它。
    """

    def paint(run: Any) -> None:
        run.report(1, 1, ("PNG", Image.new("L", (1, 1)), None))

    monkeypatch.setitem(KINDS, "Paint", Node(paint, {}))
    prompt = {"1": {"class_type": "Paint", "inputs": {}}}
    async with running() as whole:
        bystander = await whole.client.ws_connect("/ws?clientId=bystander")
        await idle(bystander, ran=1)
        for who, seen in (({"client_id": "me"}, False), ({}, True)):
            await post(whole, prompt=prompt, **who)
            messages = await idle(bystander, ran=1)
            assert any(isinstance(message, bytes) for message in messages) == seen
            assert any(m["type"] == "progress" for m in messages if isinstance(m, dict)) == seen


async def test_an_accepted_number_makes_the_answer_no_json() -> None:
    """The number "nan" is accepted, and the answer is no JSON: it says NaN.

    number 给成 "nan" 也收下，答的就不是 JSON 了：里面写着 NaN。
    """

    def refuse(name: str) -> None:
        raise ValueError(name)

    async with running() as whole:
        answer = await whole.client.post("/prompt", json={"prompt": GOOD, "number": "nan"})
        assert answer.status == 200
        text = await answer.text()
        with pytest.raises(ValueError, match="NaN"):
            json.loads(text, parse_constant=refuse)


async def test_equal_numbers_are_run_by_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten prompts of one number run in the order of their random ids, not in that of their coming.

    十个提示词号码相同，执行顺序看随机的 id，不看谁先来。
    """
    monkeypatch.setitem(KINDS, "Slow", Node(eavesdrop.slow, {}))
    async with running() as whole:
        ws = await whole.client.ws_connect("/ws")
        await idle(ws, ran=1)
        first = await post(whole, prompt=eavesdrop.SLOW)
        async with asyncio.timeout(SECONDS):
            while (await ws.receive()).type != WSMsgType.BINARY:
                pass  # until it runs
        ids = [(await post(whole, number=5))["prompt_id"] for _ in range(10)]
        await whole.client.post("/interrupt")
        await idle(ws, ran=1)
        assert list(whole.server.history) == [first["prompt_id"], *sorted(ids)]
        assert ids != sorted(ids)


async def test_wrong_requests_are_the_servers_fault(capsys: pytest.CaptureFixture[str]) -> None:
    """Eight requests that a client got wrong are answered with 500, not 400.

    八种请求，错在客户端，答的却是 500，不是 400。
    """
    await faults.main()
    assert re.findall(r"^\d+", capsys.readouterr().out, re.MULTILINE) == ["500"] * 8


@pytest.mark.parametrize(("name", "status"), [("plain", 200), ("with blank", 404), ("节点", 404)])
async def test_a_listed_script_is_not_there(name: str, status: int, tmp_path: Path) -> None:
    """/extensions lists the script of a folder whose name holds a blank or a Chinese character, and it is a 404.

    文件夹名带空格或汉字，/extensions 照样列出脚本，去取却是 404。
    """  # noqa: E501
    server = PromptServer(Settings.below(tmp_path))
    folder = server.extensions[name] = tmp_path / name
    folder.mkdir()
    (folder / "a.js").touch()
    add_routes(server, list(extensions.routes))
    async with TestClient(TestServer(server.app)) as client:
        (listed,) = await (await client.get("/extensions")).json()
        assert URL(listed, encoded=True).path == f"/extensions/{name}/a.js"
        assert (await client.get(URL(listed, encoded=True))).status == status


async def test_one_id_and_one_number_cannot_be_ordered() -> None:
    """Of three prompts with one number and one id two raise TypeError and wait all the same; taking kills the worker.

    三个提示词号码和 id 都相同：后两个抛 TypeError，却照样排着；工作线程去取，就死了。
    """  # noqa: E501
    queue = PromptQueue(changed=lambda: None)
    queue.put((1, "same", {"1": {}}, {}, []))
    for name in ("2", "3"):
        with pytest.raises(TypeError, match="not supported between instances of 'dict'"):
            queue.put((1, "same", {name: {}}, {}, []))
    assert queue.remaining() == 3
    with pytest.raises(TypeError, match="not supported between instances of 'dict'"):
        queue.take()


async def test_a_check_at_the_door_keeps_it_alive(capsys: pytest.CaptureFixture[str]) -> None:
    """With the check the harmful bodies are 400, and a good prompt after them runs.

    加上检查，有害的请求体都答 400，后面合格的照常执行。
    """
    await checked.main()
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["400", "400", "400", "200", "ran:"]
    assert not sound.sound({"extra_data": {"a": brackets(600)}})
    assert sound.sound({"prompt": GOOD, "number": 1.5, "client_id": "me", "extra_data": {"a": brackets(9)}})
    async with running(checked.check) as whole:
        assert (await whole.client.get("/prompt")).status == 200
