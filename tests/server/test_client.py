"""Proofs for the page server/client."""

import asyncio
import io
import json
import logging
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from aiohttp import ClientError, ClientSession, WSMsgType
from PIL import Image

from snippets.recreation import folder_paths, main
from snippets.recreation.nodes import NODE_CLASS_MAPPINGS, Inputs, Node
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import SMALL_PROMPT, example_prompt, serving
from snippets.server.client import comfy_client, lost, poll
from snippets.server.websocket.takeover import heard
from tests.client import connect
from tests.real.plugin import COMFYUI
from tools.model import ROOT

PROGRAM = ROOT / "snippets/server/client/comfy_client.py"


@pytest.fixture(autouse=True)
def toys_again() -> Iterator[None]:
    """Take away the nodes that a proof has added."""
    known = dict(NODE_CLASS_MAPPINGS)
    yield
    NODE_CLASS_MAPPINGS.clear()
    NODE_CLASS_MAPPINGS.update(known)


def place(address: tuple[str, int]) -> str:
    """Return an address as the program takes it."""
    return f"http://{address[0]}:{address[1]}"


async def program(folder: Path, *words: str) -> tuple[int, str, str]:
    """Run the program by itself, where nothing of this project can be imported."""
    command = [sys.executable, "-I", str(PROGRAM), *words]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, cwd=folder, stdout=pipe, stderr=pipe)
    out, error = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, out.decode(), error.decode()


async def put(session: ClientSession, prompt: Any, **more: Any) -> str:
    """Queue a prompt for `me`; return its id."""
    async with session.post("/prompt", json={"prompt": prompt, "client_id": "me", **more}) as answer:
        assert answer.status == 200
        return str((await answer.json())["prompt_id"])


def through_a_node(work: Callable[[], object]) -> dict[str, Any]:
    """Return the example prompt with a node between the picture and its saving, that does this."""

    class Between(Node):
        INPUTS: ClassVar[Inputs] = {"images": ("IMAGE", {})}
        RETURN_TYPES = ("IMAGE",)

        def work(self, images: Any) -> tuple[Any]:
            """Do it, and hand the picture on."""
            work()
            return (images,)

    NODE_CLASS_MAPPINGS["Between"] = Between
    prompt = example_prompt()
    prompt["between"] = {"class_type": "Between", "inputs": {"images": ["decode", 0]}}
    prompt["save"]["inputs"]["images"] = ["between", 0]
    return prompt


async def run_one(server: PromptServer) -> None:
    """Run what waits, in a thread as ComfyUI does, until nothing is left."""
    queue = server.prompt_queue
    worker = threading.Thread(target=main.prompt_worker, args=(queue, server), daemon=True)
    worker.start()
    for _ in range(3000):
        if not queue.get_tasks_remaining():
            break
        await asyncio.sleep(0.01)
    queue.set_flag("stop", True)
    await asyncio.to_thread(worker.join)
    assert not queue.get_tasks_remaining()


async def cut_until_back(server: PromptServer) -> None:
    """Close every connection; wait for a new one."""
    old = list(server.sockets.values())
    for ws in old:
        await ws.close()
    for _ in range(3000):
        if not set(server.sockets.values()) <= set(old):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody came back")


async def test_the_program_queues_follows_and_saves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Started alone with a workflow and an address it queues, names nodes and steps, saves, replaces a file, also one of another subfolder.

    单独启动，给一个工作流文件和一个地址，它就提交、报出节点和步数，并保存图片，同名的文件会被覆盖，来自另一个子文件夹的也会。
    """  # noqa: E501
    imported = re.findall(r"^(?:from|import) (\w+)", PROGRAM.read_text("utf-8"), re.MULTILINE)
    assert set(imported) - sys.stdlib_module_names == {"aiohttp"}
    prompt = example_prompt()
    prompt["again"] = {**prompt["save"], "inputs": {"images": ["decode", 0], "filename_prefix": "two"}}
    (tmp_path / "workflow.json").write_text(json.dumps(prompt))
    (tmp_path / "toy_00001_.png").write_text("a file of that name, which is replaced")
    async with serving() as (_, session, address, *_):
        status, out, error = await program(tmp_path, "workflow.json", place(address))
        assert (status, error) == (0, "")
        lines = out.splitlines()
        assert [line for line in lines if "/" in line] == [f"     {step}/4" for step in (1, 2, 3, 4)]
        assert sorted(line for line in lines if line.startswith("node")) == sorted(
            f"node {node}" for node in prompt
        )
        names = ["toy_00001_.png", "two_00001_.png"]
        assert sorted(lines[-2:]) == [f"saved {name}" for name in names]
        for name in names:
            async with session.get(f"/view?filename={name}") as answer:
                assert (tmp_path / name).read_bytes() == await answer.read()
        for name in ("deep", "other"):
            (deep := Path(folder_paths.get_temp_directory()) / name).mkdir(parents=True)
            (deep / "there.txt").write_text(name)
            there = {"filename": "there.txt", "subfolder": name, "type": "temp"}
            await comfy_client.save(session, there, tmp_path)
            assert (tmp_path / "there.txt").read_text() == name
    file = {"filename": "a.flac", "subfolder": "", "type": "output"}
    second = {**file, "filename": "b.flac"}
    other: dict[str, Any] = {"text": ["no file"], "animated": [True], "sizes": [{"filename": "a.flac"}]}
    outputs = {
        "1": {"audio": [{**file, "more": 1}], **other},
        "2": {"gifs": [file, second]},
        "3": {"images": [file]},
    }
    entry = {"status": {"messages": [["execution_success", {}]]}, "outputs": outputs}
    assert comfy_client.files(entry) == [file, file, second, file]

    async def note(address: str, *_: object) -> None:
        addresses.append(address)

    addresses: list[str] = []
    monkeypatch.setattr(comfy_client, "run", note)
    for more in ([], ["http://other:1"]):
        monkeypatch.setattr(sys, "argv", ["comfy_client.py", str(tmp_path / "workflow.json"), *more])
        await asyncio.to_thread(comfy_client.main)
    assert addresses == ["http://127.0.0.1:8188", "http://other:1"]


@pytest.mark.ours("the program of this page")
def test_the_address_is_that_of_comfyui_unless_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an address the program asks http://127.0.0.1:8188, with one that address, if it has http:// or https://.

    不给地址，程序请求 http://127.0.0.1:8188；给了就请求那个地址，但要带 http:// 或 https://。
    """
    asked: list[str] = []

    async def note(address: str, *_: Any) -> None:
        asked.append(address)

    (workflow := tmp_path / "workflow.json").write_text("{}")
    monkeypatch.setattr(comfy_client, "run", note)
    for words in ([], ["http://there:80"]):
        monkeypatch.setattr(sys, "argv", ["comfy_client.py", str(workflow), *words])
        comfy_client.main()
    monkeypatch.undo()
    for given, error in (
        ("127.0.0.1:9", "ValueError"),
        ("localhost:8188", "ValueError"),
        ("http://127.0.0.1:9", "ClientConn"),
        ("https://127.0.0.1:9", "ClientConn"),
    ):
        monkeypatch.setattr(sys, "argv", ["comfy_client.py", str(workflow), given])
        with pytest.raises(SystemExit, match=rf"^{error}"):  # nobody is there, but it is asked
            comfy_client.main()
    assert asked == ["http://127.0.0.1:8188", "http://there:80"]


async def test_asking_the_history_is_enough() -> None:
    """Without a WebSocket, `/history/{id}` asked again and again brings the result.

    不连 WebSocket，反复请求 `/history/{id}`，也能拿到结果。
    """
    async with serving() as (server, session, *_):
        entry = await poll.make(session, example_prompt())
        assert not server.sockets
    assert entry["status"]["status_str"] == "success"
    assert entry["outputs"]["save"]["images"][0]["filename"].startswith("toy")


async def receive_until_empty(ws: Any) -> set[str]:
    """Return the kinds of message until no prompt is left."""
    kinds, left = set(), 1
    while left:
        message = await ws.receive(timeout=20)
        if message.type is WSMsgType.BINARY:
            kinds.add("preview")
            continue
        event = message.json()
        kinds.add(event["type"])
        if event["type"] == "status":
            left = event["data"]["status"]["exec_info"]["queue_remaining"]
    return kinds


async def test_the_query_says_clientid_and_the_body_client_id() -> None:
    """Only `clientId` in the query names a socket, and only `client_id` in the body leads messages to it.

    只有查询参数 `clientId` 给连接起名，只有正文里的 `client_id` 能把消息引到它那里。
    """
    run = {"execution_start", "execution_cached", "executing", "executed", "execution_success"}
    some = {"progress", "preview", "status"}
    for name, kinds in (
        ({"client_id": "me"}, run | some),
        ({"clientId": "me"}, some),
        ({"client_id": "you"}, {"status"}),
        ({"sid": "me"}, some),
        ({}, some),
    ):
        async with serving() as (_, session, *_):  # a new one, with nothing cached
            ws, other = await connect(session), await connect(session, "other")
            await session.post("/prompt", json={"prompt": example_prompt(), **name})
            assert await receive_until_empty(ws) == kinds
            assert await receive_until_empty(other) == ({"status"} if "client_id" in name else some)
            await put(session, SMALL_PROMPT, client_id="third")  # which begins when all of the first is said
            end = {"executing"} if name == {"client_id": "me"} else set[str]()
            assert await receive_until_empty(ws) == {"status"} | end
            assert await receive_until_empty(other) == {"status"}
            await asyncio.gather(ws.close(), other.close())
    async with serving() as (_, session, *_), session.ws_connect("/ws?client_id=me") as ws:
        await ws.receive()  # the greeting
        await put(session, example_prompt())
        assert await receive_until_empty(ws) == {"status"}
    async with serving() as (_, session, *_):  # no client, and no node that reports progress
        ws = await connect(session)
        await session.post("/prompt", json={"prompt": SMALL_PROMPT})
        assert await receive_until_empty(ws) == {"status"}
        await ws.close()
    async with serving(worker=False) as (server, session, *_):
        ws = await connect(session)  # named rightly, but nothing runs yet
        await put(session, example_prompt())
        server.send_sync("mark", {}, "me")
        seen = set[str]()
        while "mark" not in seen:
            seen.add((await ws.receive_json(timeout=10))["type"])
        assert seen == {"status", "mark"}
        await ws.close()
    async with serving(worker=False) as (_, session, *_):
        for query, named in (("clientId=me", True), ("client_id=me", False), ("clientid=me", False)):
            async with session.ws_connect(f"/ws?{query}") as ws:
                sid = (await ws.receive_json())["data"]["sid"]
                assert (sid == "me") is named
                assert named or len(sid) == 32


async def test_a_prompt_sent_over_the_websocket_is_not_queued() -> None:
    """A prompt that a client sends over its WebSocket is not queued and not answered; posted, it is queued.

    客户端从 WebSocket 发来的 prompt 不排队，也没有响应；用 POST 提交的才排队。
    """
    body = {"prompt": SMALL_PROMPT, "client_id": "me"}
    async with serving(worker=False) as (server, session, *_):
        ws = await connect(session)
        for message in (body, {"type": "prompt", "data": body}):
            await ws.send_json(message)
        assert await heard(ws) == []
        assert server.prompt_queue.get_tasks_remaining() == 0
        assert server.prompt_queue.get_current_queue() == ([], [])
        await put(session, SMALL_PROMPT)
        assert server.prompt_queue.get_tasks_remaining() == 1
        await ws.close()


async def until_done(ws: Any, prompt_id: str) -> list[str]:
    """Return the events about a prompt, up to the one that says it is done."""
    events = []
    while True:
        message = await ws.receive(timeout=20)
        if message.type is not WSMsgType.TEXT:
            continue
        event = message.json()
        if event["data"].get("prompt_id") == prompt_id:
            events.append(event["type"])
            if event["type"] == "executing" and event["data"]["node"] is None:
                return events


@pytest.mark.parametrize("ends", ["execution_success", "execution_error", "execution_interrupted"])
async def test_executing_none_is_the_end_however_it_ends(ends: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """After success, error and interrupt alike `executing` with node None comes last, and the entry is there.

    成功、出错、被中断，最后到的都是 node 为 None 的 `executing`，这时历史里已经有了结果。
    """
    logging.disable()
    slow = example_prompt()
    slow["sample"]["inputs"]["steps"] = 10_000
    prompt = {"execution_success": example_prompt(), "execution_error": SMALL_PROMPT}.get(ends, slow)
    async with serving() as (server, session, *_):
        task_done = server.prompt_queue.task_done

        def slowly(*words: Any, **more: Any) -> None:
            time.sleep(0.2)  # a message sent before it would be read by then
            task_done(*words, **more)

        monkeypatch.setattr(server.prompt_queue, "task_done", slowly)
        ws = await connect(session)
        prompt_id = await put(session, prompt)
        if prompt is slow:
            while (await ws.receive(timeout=20)).type is not WSMsgType.BINARY:
                pass
            await session.post("/interrupt")
        events = await until_done(ws, prompt_id)
        history = await (await session.get(f"/history/{prompt_id}")).json()
        later = await put(session, {"1": {"class_type": "Fail", "inputs": {"message": "later"}}})
        while later not in (text := (await ws.receive(timeout=20)).data):
            assert prompt_id not in text  # the worker takes the next only when all of the first is said
        await ws.close()
    assert events[-1] == "executing"
    told = {"execution_success", "execution_error", "execution_interrupted"}
    assert [event for event in events if event in told] == [ends]
    assert history[prompt_id]["status"]["completed"] is (ends == "execution_success")
    assert history[prompt_id]["status"]["messages"][-1][0] == ends


async def test_a_prompt_that_ends_the_worker_gets_no_last_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A prompt that ends the worker gets no `executing` with node None; it stays in `queue_running`, so the program waits.

    让工作线程结束的 prompt，没有 node 为 None 的 `executing`，历史里也没有它；它留在 `queue_running`，程序一直等。
    """  # noqa: E501
    monkeypatch.setattr(comfy_client, "INTERVAL", 0.1)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    async with serving() as (server, session, _, worker, _):
        assert worker
        ws = await connect(session)
        prompt_id = await put(session, {**SMALL_PROMPT, "2": {"class_type": "Fail"}})  # without inputs
        await asyncio.to_thread(worker.join, 20)
        server.send_sync("mark", {}, "me")
        events: list[Any] = []
        while not events or events[-1]["type"] != "mark":
            events.append(await ws.receive_json(timeout=10))
        await ws.close()
        assert ("executing", None) not in [(event["type"], event["data"].get("node", "")) for event in events]
        assert await comfy_client.get(session, f"/history/{prompt_id}") == {}
        queue = await comfy_client.get(session, "/queue")
        assert [[item[1] for item in items] for items in queue.values()] == [[prompt_id], []]
    looked_for, opened = list[str](), list[Any]()
    find, connecting = comfy_client.find, comfy_client.connect

    async def note(*given: Any) -> Any:
        looked_for.append(given[1])
        return await find(*given)

    async def keep(*given: Any) -> Any:
        opened.append(await connecting(*given))
        return opened[0]

    monkeypatch.setattr(comfy_client, "find", note)
    monkeypatch.setattr(comfy_client, "connect", keep)
    async with serving() as (_, _, address, worker, _):
        assert worker
        crashes = {"1": SMALL_PROMPT["1"], "2": {"class_type": "Fail"}}
        with pytest.raises(TimeoutError):  # an OSError, as `main` expects
            await asyncio.wait_for(comfy_client.run(place(address), crashes, tmp_path), 1)
        assert len(looked_for) > 2
        assert not worker.is_alive()
        await opened[0].close()


async def test_at_execution_success_the_history_may_still_be_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    """`execution_success` is sent before the entry is written: asked at that moment, the answer is {}.

    `execution_success` 发出时，结果还没写进历史；这一刻去问，得到的是 {}。
    """
    asked = threading.Event()
    async with serving() as (server, session, *_):
        task_done = server.prompt_queue.task_done

        def after_the_question(*words: Any, **more: Any) -> None:
            assert asked.wait(30)
            task_done(*words, **more)

        monkeypatch.setattr(server.prompt_queue, "task_done", after_the_question)
        ws = await connect(session)
        prompt_id = await put(session, example_prompt())
        async for message in ws:
            if message.type is WSMsgType.TEXT and message.json()["type"] == "execution_success":
                break
        early = await (await session.get(f"/history/{prompt_id}")).json()
        asked.set()
        assert await until_done(ws, prompt_id) == ["executing"]  # no node
        late = await (await session.get(f"/history/{prompt_id}")).json()
        await ws.close()
    assert early == {}
    assert list(late) == [prompt_id]


async def test_a_deleted_prompt_ends_without_a_message() -> None:
    """A prompt deleted from the queue gets no message of its own, only the `status` for all.

    从队列里删掉的 prompt 没有自己的消息，只有发给所有客户端的 `status`。
    """
    async with serving(worker=False) as (server, session, *_):
        ws = await connect(session)
        prompt_id, other = [await put(session, example_prompt()) for _ in range(2)]
        await session.post("/queue", json={"delete": [prompt_id]})
        assert [item[1] for item in (await comfy_client.get(session, "/queue"))["queue_pending"]] == [other]
        server.send_sync("mark", {}, "me")
        events = []
        while (event := await ws.receive_json(timeout=10))["type"] != "mark":
            events.append((event["type"], event["data"]["status"]["exec_info"]["queue_remaining"]))
        await ws.close()
        assert (await (await session.get(f"/history/{prompt_id}")).json()) == {}
    assert set(events) == {("status", 1), ("status", 2)}
    assert events[-1] == ("status", 1)


async def state(session: ClientSession, prompt_id: str) -> tuple[list[str], Any]:
    """Return in which lists of the queue a prompt is, and what the history says of it."""
    queue = await comfy_client.get(session, "/queue")
    history = await comfy_client.get(session, f"/history/{prompt_id}")
    lists = [name for name, items in queue.items() if prompt_id in [item[1] for item in items]]
    if not history:
        return lists, history
    status = history[prompt_id]["status"]
    return lists, (status["status_str"], status["completed"])


async def test_the_two_lists_and_the_history_tell_the_states_apart() -> None:
    """`{}` is unknown, deleted, cleared, lost by a restart, waiting or running; the queue lists the last two, the entry tells the end.

    If a prompt is deleted while it waits, the history never has it, and `poll.make` does not return.

    `{}` 可能是不存在、已删除、历史被清空、服务器重启过、在等、在执行，后两种列在队列里；怎样结束，看历史条目。
    如果 prompt 在等的时候被删除，历史里一直没有它，`poll.make` 不返回。
    """  # noqa: E501
    logging.disable()
    slow = example_prompt()
    slow["sample"]["inputs"]["steps"] = 10_000
    async with serving() as (_, session, *_):
        ws = await connect(session)
        runs, fails, drops = [await put(session, prompt) for prompt in (slow, SMALL_PROMPT, SMALL_PROMPT)]
        while (await ws.receive(timeout=20)).type is not WSMsgType.BINARY:
            pass
        polling = asyncio.create_task(poll.make(session, SMALL_PROMPT))
        async with asyncio.timeout(10):
            pending: list[Any] = []
            while len(pending) < 3:
                pending = (await comfy_client.get(session, "/queue"))["queue_pending"]
        polled = pending[-1][1]
        await session.post("/queue", json={"delete": [drops, polled]})
        assert await state(session, "unknown") == await state(session, drops) == ([], {})
        assert await state(session, fails) == (["queue_pending"], {})
        assert await state(session, runs) == (["queue_running"], {})
        await session.post("/interrupt")
        done = (await poll.make(session, example_prompt()))["prompt"][1]
        assert await state(session, runs) == await state(session, fails) == ([], ("error", False))
        assert await state(session, done) == ([], ("success", True))
        assert await state(session, drops) == await state(session, polled) == ([], {})  # still
        assert not (await asyncio.wait([polling], timeout=0.5))[0]
        polling.cancel()
        await ws.close()
        async with serving() as (_, another, *_):  # as after a restart
            assert await state(another, done) == ([], {})
        await session.post("/history", json={"clear": True})
        assert await state(session, done) == await state(session, fails) == ([], {})


async def test_asked_in_the_other_order_a_prompt_slips_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """A prompt that ends between the questions is found if the queue is asked first, else in neither.

    prompt 在两次请求之间结束：先问队列就找得到，先问历史就两边都没有。
    """
    logging.disable()
    async with serving(worker=False) as (server, session, *_):
        prompt_id = await put(session, SMALL_PROMPT)
        assert await comfy_client.get(session, f"/history/{prompt_id}") == {}
        await run_one(server)
        assert (await comfy_client.get(session, "/queue"))["queue_running"] == []
        assert (await comfy_client.get(session, "/queue"))["queue_pending"] == []
    get = comfy_client.get
    async with serving(worker=False) as (server, session, *_):
        prompt_id = await put(session, SMALL_PROMPT)

        async def and_ends(session: ClientSession, path: str) -> Any:
            answer = await get(session, path)
            if path == "/queue":
                assert len(answer["queue_pending"]) == 1
                await run_one(server)
            return answer

        monkeypatch.setattr(comfy_client, "get", and_ends)
        entry = await comfy_client.find(session, prompt_id)
        assert entry
        assert entry["status"]["status_str"] == "error"


def test_the_client_lives_through_a_cut(capsys: pytest.CaptureFixture[str]) -> None:
    """Cut while a node runs, the client connects again under its name, learns the node and gets the picture.

    节点正在执行时断开，客户端用同一个名字重新连上，得知节点，最后拿到图片。
    """
    start = time.monotonic()
    lost.main()
    assert time.monotonic() - start < comfy_client.INTERVAL  # a message said that it was done
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("the connection is lost")
    assert lines[at - 1 : at + 3] == ["node cut", "the connection is lost", "node cut", "node save"]
    assert lines[at + 3 :] == ["saved toy_00001_.png", "['toy_00001_.png']"]


async def test_what_ended_while_it_was_away_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A prompt that ends while the client is away is found in the history when it comes back.

    客户端断开期间 prompt 执行完了，重新连上之后在历史里找到。
    """
    monkeypatch.setattr(comfy_client, "PAUSE", 0.01)
    async with serving() as (server, _, address, *_):
        over = asyncio.Event()
        connecting = comfy_client.connect

        async def connect_when_it_is_over(session: ClientSession, client_id: str) -> Any:
            if server.prompt_queue.get_tasks_remaining() or over.is_set():
                await asyncio.wait_for(over.wait(), 30)
            return await connecting(session, client_id)

        async def cut_all() -> None:
            for ws in list(server.sockets.values()):
                await ws.close()

        def cut() -> None:
            asyncio.run_coroutine_threadsafe(cut_all(), server.loop).result(30)

        task_done = server.prompt_queue.task_done

        def then_over(*words: Any, **more: Any) -> None:
            task_done(*words, **more)
            server.loop.call_soon_threadsafe(over.set)

        monkeypatch.setattr(server.prompt_queue, "task_done", then_over)
        monkeypatch.setattr(comfy_client, "connect", connect_when_it_is_over)
        await asyncio.wait_for(comfy_client.run(place(address), through_a_node(cut), tmp_path), 60)
    assert capsys.readouterr().out.splitlines()[-2:] == ["the connection is lost", "saved toy_00001_.png"]


async def test_it_waits_for_a_server_that_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Refused three times, it waits twice as long each time, and goes on as soon as the server is back.

    连续三次连不上，每次等的时间加倍；服务器一回来就接着做。
    """
    waits: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        waits.append(seconds)
        await sleep(0)

    async with serving() as (server, _, address, *_):
        connecting, refused = comfy_client.connect, 3

        async def refuse(session: ClientSession, client_id: str) -> Any:
            nonlocal refused
            if server.prompt_queue.get_tasks_remaining() and refused:
                refused -= 1
                raise ClientError("refused")
            return await connecting(session, client_id)

        def cut() -> None:
            asyncio.run_coroutine_threadsafe(cut_until_back(server), server.loop).result(30)

        monkeypatch.setattr(comfy_client, "connect", refuse)
        monkeypatch.setattr(asyncio, "sleep", lambda s: noted(s) if s >= 1 else sleep(s))
        await asyncio.wait_for(comfy_client.run(place(address), through_a_node(cut), tmp_path), 60)
    assert waits == [1, 2, 4]
    assert "no server: refused; again in 4 s" in capsys.readouterr().out


async def test_it_gives_up_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused every time, it waits 63 seconds in all, in six pauses, and ends with the reason; after an answer it begins anew.

    The time that connecting takes is not counted.

    每次都连不上，六次停顿一共等 63 秒，然后带着原因结束；服务器有了响应，就从头计时。连接本身用的时间不算在内。
    """  # noqa: E501
    waits: list[float] = []

    async def noted(seconds: float) -> None:
        waits.append(seconds)

    async def refuse(session: ClientSession, client_id: str) -> Any:
        raise ClientError("refused")

    async with serving(worker=False) as (_, session, *_):
        ws = await comfy_client.connect(session, "me")
        await ws.close()
        with monkeypatch.context() as patched:
            patched.setattr(comfy_client, "connect", refuse)
            patched.setattr(asyncio, "sleep", noted)
            with pytest.raises(ClientError, match="refused"):
                await comfy_client.result(session, ws, "me", "1")
            assert waits == [1, 2, 4, 8, 16, 32]
            ends = iter((ClientError(), TimeoutError(), ClientError(), None, ClientError(), None))
            entries = iter((None, {"done": True}))

            async def come_and_go(session: ClientSession, client_id: str) -> Any:
                if error := next(ends):
                    raise error
                return ws

            async def find(session: ClientSession, prompt_id: str) -> Any:
                return next(entries)

            waits.clear()
            patched.setattr(comfy_client, "connect", come_and_go)
            patched.setattr(comfy_client, "find", find)
            assert await comfy_client.result(session, ws, "me", "1") == {"done": True}
            assert waits == [1, 2, 4, 1]  # once the server has answered, it begins anew
        tries: list[float] = []

        async def refuse_late(session: ClientSession, client_id: str) -> Any:
            tries.append(time.monotonic())
            await asyncio.sleep(0.05)
            raise ClientError("refused")

        monkeypatch.setattr(comfy_client, "PAUSE", 0.001)
        monkeypatch.setattr(comfy_client, "connect", refuse_late)
        with pytest.raises(ClientError, match="refused"):
            await comfy_client.result(session, ws, "me", "1")
        assert len(tries) == 7
        assert tries[-1] - tries[0] > 0.063 + 6 * 0.04


async def test_each_post_is_another_prompt() -> None:
    """The same body posted twice is queued twice; its `client_id` is in the queue, at the end in the history, where the id tells it from an earlier one.

    同样的正文提交两次，就排两次队；它的 `client_id` 先在队列里，执行完就只在历史里，靠 id 和以前的区分开。
    """  # noqa: E501
    logging.disable()
    async with serving(worker=False) as (server, session, *_):
        earlier = await put(session, SMALL_PROMPT)
        await run_one(server)
        lost_id = await put(session, SMALL_PROMPT)
        pending = (await comfy_client.get(session, "/queue"))["queue_pending"]
        assert [item[1] for item in pending if item[3]["client_id"] == "me"] == [lost_id]
        await run_one(server)
        assert not any((await comfy_client.get(session, "/queue")).values())
        history = await comfy_client.get(session, "/history")
        ours = [key for key, entry in history.items() if entry["prompt"][3]["client_id"] == "me"]
        assert ours == [earlier, lost_id]  # so the `client_id` alone does not tell which
    async with serving(worker=False) as (_, session, *_):
        ids = [await put(session, example_prompt()) for _ in range(2)]
        queue = await (await session.get("/queue")).json()
    assert len(set(ids)) == 2
    assert [item[1] for item in queue["queue_pending"]] == ids


async def test_silence_makes_it_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A connection whose name was taken over stays open and silent; the client asks, and finds the result.

    It asks after the interval even if other messages come all the time.
    `show` returns at `executing` with the prompt's id and no node.

    名字被顶替，连接开着却没有消息；客户端查询一次，就找到结果。别的消息一直来，到时间也照样查询。
    `show` 收到带着这个 id、没有节点的 `executing` 就返回。
    """
    assert comfy_client.INTERVAL == 30
    monkeypatch.setattr(comfy_client, "INTERVAL", 0.1)
    async with serving(worker=False) as (server, session, *_):
        ws = await connect(session)

        async def chatter() -> None:
            while True:
                server.send_sync("mark", {}, "me")
                await asyncio.sleep(0.01)

        chatting = asyncio.create_task(chatter())
        await asyncio.wait_for(comfy_client.follow(ws, "1"), 5)
        assert not chatting.done()
        chatting.cancel()
        assert not ws.closed
        showing = asyncio.create_task(comfy_client.show(ws, "1"))
        for prompt_id, node in (("2", None), ("1", "7")):
            server.send_sync("executing", {"node": node, "prompt_id": prompt_id}, "me")
        async with asyncio.timeout(10):
            while "node 7" not in capsys.readouterr().out:  # noqa: ASYNC110 - it prints, and sets no event
                await asyncio.sleep(0.01)
        assert not showing.done()
        server.send_sync("executing", {"node": None, "prompt_id": "1"}, "me")
        await asyncio.wait_for(showing, 10)
        await ws.close()
    async with serving() as (server, session, address, *_):

        def take_over() -> None:
            [name] = server.sockets
            asyncio.run_coroutine_threadsafe(connect(session, name), server.loop).result(30)

        await asyncio.wait_for(comfy_client.run(place(address), through_a_node(take_over), tmp_path), 60)
    out = capsys.readouterr().out.splitlines()
    assert "the connection is lost" not in out
    assert "node save" not in out  # it heard nothing more
    assert out[-1] == "saved toy_00001_.png"


async def test_only_the_prompt_before_is_cached(caplog: pytest.LogCaptureFixture) -> None:
    """On ComfyUI the same prompt again begins no node, its file is the same, `execution_cached` lists all its nodes.

    The log says some 0.00 seconds. After another prompt those nodes begin again that differ. A node that has failed begins again.

    在 ComfyUI 上，同一个 prompt 接着再提交，没有节点开始，文件也是同一个，`execution_cached` 列出所有节点，日志写着 0.00 秒左右；中间隔着另一个，有差别的节点又开始执行。失败过的节点会再次执行。
    """  # noqa: E501
    caplog.set_level(logging.INFO)
    other = example_prompt()
    other["sample"]["inputs"]["seed"] = 99
    async with serving() as (_, session, *_):
        ws = await connect(session)
        began, cached, outputs = [], [], []
        for prompt in (example_prompt(), example_prompt(), other, example_prompt()):
            events = await until_done(ws, prompt_id := await put(session, prompt))
            began.append(events.count("executing") - 1)
            history = await (await session.get(f"/history/{prompt_id}")).json()
            outputs.append(history[prompt_id]["outputs"]["save"]["images"][0]["filename"])
            told = dict(history[prompt_id]["status"]["messages"])  # those that were sent
            cached.append(len(set(told["execution_cached"]["nodes"])))
        for _ in range(2):
            events = await until_done(ws, await put(session, SMALL_PROMPT))
            assert events.count("executing") == 2  # the failing node, and the end
        await ws.close()
    assert len(set(outputs)) == (3 if COMFYUI else 4)
    assert (outputs[0] == outputs[1]) is bool(COMFYUI)
    # the toy sampler, what needs it; ours keeps nothing
    assert began == ([7, 0, 3, 3] if COMFYUI else [7, 7, 7, 7])
    assert cached == ([0, 7, 4, 4] if COMFYUI else [0, 0, 0, 0])
    if COMFYUI:
        messages = [record.message for record in caplog.records]
        times = [text.split()[3] for text in messages if text.startswith("Prompt executed in ")]
        assert float(times[1]) < min(float(times[0]), float(times[2]))
        assert re.fullmatch(r"0\.0\d", times[1])  # 0.00, unless the machine is busy


async def test_executed_brings_what_a_node_shows_and_null_from_a_cached_one_without() -> None:
    """`executed` has the names of pictures; on ComfyUI a cached output node that shows nothing has null.

    `executed` 里有图片的文件名；在 ComfyUI 上，有缓存又没有东西要显示的输出节点，是 null。
    """
    silent = example_prompt()
    silent["save"] = {"class_type": "SaveImageWebsocket", "inputs": {"images": ["decode", 0]}}
    async with serving() as (_, session, *_):
        ws = await connect(session)
        shown: list[Any] = []
        for prompt in (example_prompt(), silent, silent):
            last = await put(session, prompt)
            while True:
                message = await ws.receive(timeout=20)
                event: Any = {"type": "preview"} if message.type is WSMsgType.BINARY else message.json()
                if event["type"] == "executed":
                    assert event["data"]["node"] == "save"
                    shown.append(event["data"]["output"])
                if event["type"] == "executing" and event["data"]["node"] is None:
                    assert event["data"]["prompt_id"] == last
                    break
        await ws.close()
    assert shown[0]["images"][0]["filename"].startswith("toy")
    assert shown[1:] == ([None] if COMFYUI else [])


async def test_what_is_gone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is in neither queue nor history is an error, even if others' messages keep coming: never queued (as after a restart) or deleted from one.

    队列和历史里都没有的 prompt 会报错，不会一直等下去，别的消息一直来也一样：没提交过（服务器重启之后也是这样），或者从两者之一删掉了。
    """  # noqa: E501
    async with serving() as (_, session, *_):
        with pytest.raises(RuntimeError, match="is not in queue or history"):
            await comfy_client.find(session, "never-queued")
        done = (await poll.make(session, example_prompt()))["prompt"][1]
        assert await comfy_client.find(session, done)
        await session.post("/history", json={"delete": [done]})
        with pytest.raises(RuntimeError, match=f"{done} is not in"):
            await comfy_client.find(session, done)
    async with serving(worker=False) as (server, session, *_):
        prompt_id = await put(session, example_prompt())
        assert await comfy_client.find(session, prompt_id) is None  # it waits
        await session.post("/queue", json={"delete": [prompt_id]})
        with pytest.raises(RuntimeError, match=f"{prompt_id} is not in queue or history"):
            await comfy_client.find(session, prompt_id)
        monkeypatch.setattr(comfy_client, "INTERVAL", 0.1)

        async def keep_busy() -> None:
            while True:
                server.queue_updated()
                await asyncio.sleep(0.01)

        for busy in (False, True):
            others = [asyncio.create_task(keep_busy())] if busy else []
            ws = await comfy_client.connect(session, "me")
            with pytest.raises(RuntimeError, match=f"{prompt_id} is not in queue or history"):
                await asyncio.wait_for(comfy_client.result(session, ws, "me", prompt_id), 10)
            await ws.close()
        assert not others[0].done()
        others[0].cancel()


BROKEN = {"1": {"class_type": "SaveImage", "inputs": {}}}
CYCLE = {  # over a link that is not declared, so that the check lets it pass
    "a": {"class_type": "Fail", "inputs": {"message": "no", "samples": ["b", 0]}},
    "b": {"class_type": "VAEDecode", "inputs": {"samples": ["b", 0]}},
}
PAGE = {"nodes": [], "links": [], "version": 0.4}


@pytest.mark.parametrize(
    ("prompt", "reason"),
    [
        (BROKEN, 'ValueError: 400: .*"node_errors": {"1": .*required_input_missing'),
        (SMALL_PROMPT, "RuntimeError: execution_error: node 1:"),
        (CYCLE, "RuntimeError: execution_error: node [ab]: Dependency cycle detected"),
        (PAGE, r"ValueError: workflow.json: save it with Export \(API\)"),
        (5, r"ValueError: workflow.json: save it with Export \(API\)"),
        ({"1": 5}, "ValueError: 500: .*"),
        ({"1": {**SMALL_PROMPT["1"], "inputs": {"message": "two\nlines"}}}, ".* node 1: two lines"),
    ],
)
async def test_what_went_wrong_is_told_in_one_line(tmp_path: Path, prompt: Any, reason: str) -> None:
    """A prompt refused, one that fails, and a workflow saved for the page end the program with a reason, in one line.

    服务器不收的、执行出错的、按页面格式保存的工作流，都让程序用一行报出原因后结束。
    """  # noqa: E501
    (tmp_path / "workflow.json").write_text(json.dumps(prompt))
    async with serving() as (_, _, address, *_):
        status, _, error = await program(tmp_path, "workflow.json", place(address))
    assert status == 1
    assert re.match(reason, error)
    assert error.count("\n") == 1


async def test_a_wrong_address_is_told_at_once(tmp_path: Path) -> None:
    """Where nobody listens at the start, the program ends and names the address.

    一开始就没有服务器在监听，程序报出地址，随即结束。
    """
    (tmp_path / "workflow.json").write_text(json.dumps(example_prompt()))
    status, _, error = await program(tmp_path, "workflow.json", "http://127.0.0.1:9")
    assert status == 1
    assert "ClientConnectorError" in error
    assert "127.0.0.1:9" in error
    assert error.count("\n") == 1


async def test_a_part_that_cannot_run_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """A 200 may leave out an output: the answer's `node_errors` name it, and the client prints it.

    返回 200 也可能漏掉某个输出：`node_errors` 里写着，客户端打印出来。
    """
    async with serving(worker=False) as (server, session, *_):
        await comfy_client.queue(session, {**example_prompt(), "2": BROKEN["1"]}, "me")
        assert server.prompt_queue.get_current_queue()[1][0][4] == ["save"]
    out = capsys.readouterr().out
    assert out.startswith("left out: 2: ")
    assert "required_input_missing" in out


async def test_a_picture_above_4_mib_needs_a_higher_limit() -> None:
    """A client of aiohttp closes at a message of 4 MiB by default; with `max_msg_size=0` it gets it.

    A picture of `SaveImageWebsocket` may be larger, and comes in one message.

    aiohttp 的客户端默认遇到 4 MiB 的消息就断开；`max_msg_size=0` 就收得到。`SaveImageWebsocket` 的图片可能更大，一条消息发完。
    """  # noqa: E501
    async with serving() as (server, session, *_):
        for opening, kind in (
            (session.ws_connect("/ws?clientId=me"), WSMsgType.CLOSED),
            (comfy_client.connect(session, "me"), WSMsgType.BINARY),
        ):
            ws = await opening
            await ws.receive()
            server.send_sync(1, bytes(4 * 2**20 - 5), "me")  # four bytes stand before it
            assert (await ws.receive(timeout=30)).type is WSMsgType.BINARY
            server.send_sync(1, bytes(4 * 2**20 - 4), "me")
            message = await ws.receive(timeout=30)
            closed = (WSMsgType.ERROR, WSMsgType.CLOSE, WSMsgType.CLOSED)
            assert message.type in ((kind,) if kind is WSMsgType.BINARY else closed)
            await ws.close()
            assert ws.close_code == (1000 if kind is WSMsgType.BINARY else 1009)

    class Noise(Node):
        RETURN_TYPES = ("IMAGE",)

        def work(self) -> tuple[Image.Image]:
            """Return what cannot be compressed."""
            return (Image.frombytes("L", (2100, 2100), os.urandom(2100 * 2100)),)

    NODE_CLASS_MAPPINGS["Noise"] = Noise
    prompt = {
        "noise": {"class_type": "Noise", "inputs": {}},
        "save": {"class_type": "SaveImageWebsocket", "inputs": {"images": ["noise", 0]}},
    }
    async with serving() as (_, session, *_):
        ws = await comfy_client.connect(session, "me")
        await put(session, prompt)
        while (message := await ws.receive(timeout=30)).type is WSMsgType.TEXT:
            pass
        assert message.type is WSMsgType.BINARY
        assert len(message.data) > 4 * 2**20
        Image.open(io.BytesIO(message.data[8:])).load()  # the whole picture
        await ws.close()


async def test_messages_of_two_prompts_are_told_apart_by_prompt_id() -> None:
    """On one connection a run's messages have the prompt's id, but for previews, which are of what runs.

    同一个连接上，执行过程的消息都带 prompt 的 id；预览图没有，它属于正在执行的那个。
    """
    async with serving() as (_, session, *_):
        ws = await connect(session)
        prompts = [example_prompt(), example_prompt()]
        prompts[1]["sample"]["inputs"]["steps"] = 6  # not 4, as in the first
        ids = [await put(session, prompt) for prompt in prompts]
        seen: list[tuple[str, str]] = []
        running = ""
        while True:
            message = await ws.receive(timeout=20)
            if message.type is WSMsgType.BINARY:
                assert running  # between its first and its last message
                assert message.data[:4] == b"\0\0\0\1"
                seen.append((running, "preview"))
                continue
            event = message.json()
            if event["type"] == "status":
                assert "prompt_id" not in event["data"]
                continue
            running = event["data"]["prompt_id"]
            seen.append((running, event["type"]))
            if event["type"] == "executing" and event["data"]["node"] is None:
                if running == ids[-1]:
                    break
                running = ""
        await ws.close()
    order = [prompt_id for prompt_id, _ in seen]
    assert order == sorted(order, key=ids.index)
    assert [seen.count((prompt_id, "preview")) for prompt_id in ids] == [4, 6]  # one for each step


async def test_a_picture_of_save_image_websocket_is_gone_for_a_client_that_is_away() -> None:
    """`SaveImageWebsocket` leaves nothing in the history; who is away never gets its picture.

    `SaveImageWebsocket` 在历史里什么也不留；客户端当时不在，以后也收不到那张图。
    """
    prompt = example_prompt()
    prompt["save"] = {"class_type": "SaveImageWebsocket", "inputs": {"images": ["decode", 0]}}
    for away in (False, True):
        async with serving() as (_, session, *_):
            me = None if away else await connect(session)
            other = await connect(session, "other")
            prompt_id = await put(session, prompt)
            last = await put(session, SMALL_PROMPT, client_id="other")
            await until_done(other, last)  # one prompt after the other: at its end, the first is long over
            pictures = 0
            while me and (message := await me.receive(timeout=20)).data is not None:
                pictures += message.type is WSMsgType.BINARY and message.data[4:8] == bytes([0, 0, 0, 2])
                if message.type is WSMsgType.TEXT and message.json()["data"].get("node", "") is None:
                    break
            assert pictures == (0 if away else 1)
            history = await (await session.get(f"/history/{prompt_id}")).json()
            assert history[prompt_id]["status"]["completed"]
            assert history[prompt_id]["outputs"] == {}
            assert await heard(await connect(session)) == []
