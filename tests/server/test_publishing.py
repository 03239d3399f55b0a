"""Proofs for the page server/publishing."""

import asyncio
import json
import logging
import math
import re
import socket
import struct
import threading
import time
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any

import pytest

from snippets.recreation import main, nodes
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import SMALL_PROMPT, example_prompt, serving
from snippets.server.publishing import direct, fatal, own_message, survives
from snippets.server.sending.uncaught import connect_by_hand
from snippets.server.websocket.takeover import heard
from tests.client import connect
from tests.real.plugin import COMFYUI
from tests.server.test_client import run_one


async def test_a_sleeping_event_loop_is_woken_by_a_message() -> None:
    """While the event loop sleeps, a message that a thread leaves wakes it: the thread sees it taken.

    事件循环休眠时，线程发出的消息会唤醒它：线程看得到消息已取走。
    """
    server = PromptServer(asyncio.get_running_loop())
    taken = threading.Event()

    async def take() -> None:
        await server.messages.get()
        taken.set()

    def leave() -> bool:
        time.sleep(0.1)  # by now the event loop waits for something to happen
        server.send_sync("news", 1)
        return taken.wait(10)  # nothing else wakes it before this thread ends

    taking = asyncio.create_task(take())
    assert await asyncio.to_thread(leave)
    await taking


async def test_a_thousand_messages_of_a_thread_arrive_in_order() -> None:
    """A thousand messages of a worker thread, JSON for one and bytes for all in turn, arrive complete and in order.

    工作线程发出一千条消息，JSON 发给一个，字节发给所有，交替发送：全部到达，次序不变。
    """  # noqa: E501
    async with serving() as (server, client, *_):
        ws = await connect(client)

        def work() -> None:
            for number in range(0, 1000, 2):
                server.send_sync("news", number, "me")
                server.send_sync(1, str(number + 1).encode())

        worker = threading.Thread(target=work)
        worker.start()
        messages = [(await ws.receive(timeout=10)).data for _ in range(1000)]
        worker.join()
        numbers = [
            int(message[4:]) if isinstance(message, bytes) else json.loads(message)["data"]
            for message in messages
        ]
        assert numbers == list(range(1000))


async def test_one_prompt_is_told_of_three_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """A prompt that runs or fails makes three `status` messages to all, and no other; one that ends the worker two.

    每个 prompt，成功也好失败也好，群发三次 `status`，没有别的：入队时、取走时、完成时；让工作线程结束的只有两次。
    """  # noqa: E501
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    logging.disable()
    fails = {"1": {"class_type": "Fail", "inputs": {"message": "no memory"}}}
    async with serving() as (server, client, _, worker, _):
        assert worker
        ws, third = await connect(client, "other"), await connect(client, "third")
        for prompt in (
            SMALL_PROMPT,
            fails,
            SMALL_PROMPT,
        ):  # each first message comes right after the last one
            async with client.post("/prompt", json={"prompt": prompt, "client_id": "me"}) as response:
                assert response.status == 200
            for one in (ws, third):
                messages = [await one.receive_json(timeout=10) for _ in range(3)]
                assert {message["type"] for message in messages} == {"status"}
                counts = [message["data"]["status"]["exec_info"]["queue_remaining"] for message in messages]
                assert counts == [1, 1, 0]
        last = {"prompt": SMALL_PROMPT, "extra_data": None}
        assert (await client.post("/prompt", json=last)).status == 200
        await asyncio.to_thread(worker.join, 10)
        server.send_sync("news", "behind all")
        types = [(await ws.receive_json(timeout=10))["type"] for _ in range(3)]
        assert types == ["status", "status", "news"]
    async with serving(worker=False) as (server, client, *_):
        ws, queue = await connect(client), server.prompt_queue
        assert (await client.post("/prompt", json={"prompt": SMALL_PROMPT})).status == 200
        told = [len(await heard(ws))]
        taken = await asyncio.to_thread(queue.get)
        assert taken
        told.append(len(await heard(ws)))
        await asyncio.to_thread(queue.task_done, taken[1], {}, None)
        assert [*told, len(await heard(ws))] == [1, 1, 1]


async def test_whom_a_message_reaches_is_settled_when_it_is_sent() -> None:
    """A message for a name reaches the connection that has it when it is sent, and none that had it before.

    发给某个名字的消息，由发送那一刻用这个名字的连接收到；之前用这个名字的收不到。
    """
    async with serving(worker=False, publish=False) as (server, client, *_):
        gone = await connect(client, "gone")
        old = await connect(client, "taken over")
        for name in ("new", "gone", "taken over"):
            server.send_sync("news", 1, name)
        await gone.close()
        new = await connect(client, "new")
        heir = await connect(client, "taken over")
        publishing = asyncio.create_task(server.publish_loop())
        while not server.messages.empty():  # noqa: ASYNC110 (the queue has no event for this)
            await asyncio.sleep(0)
        assert len(await heard(new)) == len(await heard(heir)) == 1
        assert await heard(old) == []
        assert await heard(await connect(client, "gone")) == []
        publishing.cancel()


async def test_messages_pile_up_without_limit() -> None:
    """Behind a client that reads nothing the messages of a thread and of the worker, which does not wait, pile up; when it reads on, all come.

    客户端不读，线程和工作线程的消息就越积越多，工作线程并不等待；它一接着读，全都到了。
    """  # noqa: E501
    async with serving() as (server, client, *_):
        slow = await connect(client)  # reads its greeting, and then no more
        news = [f"{number} " * 2**19 for number in range(40)]  # at least 1 MiB each
        for text in news:
            await asyncio.to_thread(server.send_sync, "news", text)
        before = server.messages.qsize()
        assert before > 20
        body = {"prompt": example_prompt(), "client_id": "me"}
        prompt_id = (await (await client.post("/prompt", json=body)).json())["prompt_id"]
        async with asyncio.timeout(30):
            while not await (await client.get(f"/history/{prompt_id}")).json():  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert server.messages.qsize() > before + 10  # meanwhile the worker has ended a whole prompt
        assert [(await slow.receive_json(timeout=30))["data"] for _ in news] == news
        while '"execution_success"' not in str((await slow.receive(timeout=30)).data):
            pass  # those of the prompt come, too
    async with serving(worker=False, publish=False) as (server, *_):
        assert server.messages.maxsize == 0
        for number in range(10_000):
            server.send_sync("news", number)
        await asyncio.sleep(0)
        assert server.messages.qsize() == 10_000


async def test_a_bounded_queue_would_lose_messages_unheard() -> None:
    """With a bounded queue `send_sync` still raises nothing: QueueFull goes to the loop, the message is lost.

    队列有上限的话，`send_sync` 照样不报错；`QueueFull` 在事件循环里抛出，消息丢失。
    """
    server = PromptServer(asyncio.get_running_loop())
    server.messages = asyncio.Queue(maxsize=1)
    told: list[Any] = []
    server.loop.set_exception_handler(lambda _, context: told.append(type(context["exception"])))
    for number in range(3):
        await asyncio.to_thread(server.send_sync, "news", number)
    assert told == [asyncio.QueueFull] * 2
    assert server.messages.get_nowait()[1] == 0


FATAL = {
    "good": ("goes on", "goes on"),
    "not for JSON": ("goes on", "TypeError"),
    "transparent JPEG": ("OSError", "OSError"),
    "bytes, event a str": ("RuntimeError", "RuntimeError"),
    "client is a list": ("TypeError", "TypeError"),
}


@pytest.mark.parametrize("name", FATAL)
async def test_one_bad_message_ends_the_loop(name: str) -> None:
    """What JSON cannot hold ends `publish_loop` if a client is connected; the other three end it anyway.

    JSON 存不下的消息，有客户端连接才结束 `publish_loop`；另外三种，没有客户端也会。
    """
    assert set(fatal.MESSAGES) == set(FATAL)
    outcomes = [await fatal.outcome(fatal.MESSAGES[name], clients) for clients in (0, 1)]
    assert tuple(outcomes) == FATAL[name]
    event, data, _ = fatal.MESSAGES["not for JSON"]
    assert await fatal.outcome((event, data, "nobody"), 1) == "goes on"  # no receiver


async def test_the_bad_messages_are_sent_once_repaired() -> None:
    """Three messages raise without a client: an alpha in a JPEG, bytes with a text as event, a list as client; repaired, they do not.

    The event of bytes is an integer from 0 to 2**32 - 1; a float, a negative and a larger one raise, too.

    没有客户端也会抛异常的三种消息：带透明的 JPEG、事件是文本的字节、列表当客户端；改正之后都不抛。
    字节的事件是 0 到 2**32 - 1 的整数；浮点数、负数和更大的数也抛异常。
    """  # noqa: E501
    server = PromptServer(asyncio.get_running_loop())
    jpegs = [("JPEG", image, None) for image in (fatal.CLEAR, fatal.CLEAR.convert("RGB"))]
    for bad, text, good in (
        ((2, jpegs[0]), "RGBA", (2, jpegs[1])),
        (("news", b"hello"), "news", (1, b"hello")),
        (("news", "hello", ["me"]), "unhashable type: 'list'", ("news", "hello", "me")),
    ):
        with pytest.raises((OSError, RuntimeError, TypeError), match=text):
            await server.send(*bad)
        await server.send(*good)
    for event in (0, 2**32 - 1):
        await server.send(event, b"hello")
    for no_event in (1.0, -1, 2**32):
        with pytest.raises((RuntimeError, struct.error)):
            await server.send(no_event, b"hello")


async def test_the_thread_hears_nothing_of_a_bad_message() -> None:
    """A thread gets None and no exception for a message that arrives, one for nobody, a bad one and one behind it; the last never arrives.

    线程发出的消息，送到的、没有人收的、坏的、排在坏消息后面的，都只得到 None，没有异常；最后这条不会到达。
    """  # noqa: E501
    async with serving() as (server, client, _, _, publishing):
        assert publishing
        ws = await connect(client)
        messages: list[tuple[Any, Any]] = [(1, "me"), (2, "nobody"), ({1, 2}, None), (3, None)]
        send: Any = server.send_sync
        told = [await asyncio.to_thread(send, "news", *message) for message in messages]
        assert told == [None] * 4
        await asyncio.wait([publishing], timeout=10)
        assert type(publishing.exception()) is TypeError
        assert [message["data"] for message in await heard(ws)] == [1]
        assert server.messages.qsize() == 1


@pytest.mark.parametrize(
    ("client_id", "ends"),
    [([], True), ({}, True), ([["me"]], True), (5, False), ("me", False), (None, False), (True, False)],
)
async def test_one_prompt_with_a_list_as_client_id_ends_the_server(
    client_id: Any, ends: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A POST whose `client_id` is a list or an object is accepted, and then ends the whole server: TypeError.

    一次 POST，`client_id` 是数组或对象，返回 200，接着整个服务器因 TypeError 结束。
    """

    async def listening(*_: Any) -> None:
        """Do nothing: `serving` listens already."""

    async with serving(publish=False) as (server, client, *_):
        ws = await connect(client, "other")
        monkeypatch.setattr(server, "start_multi_address", listening)
        running = asyncio.create_task(main.run(server, "127.0.0.1", 0))
        async with client.post("/prompt", json={"prompt": SMALL_PROMPT, "client_id": client_id}) as response:
            assert response.status == 200
        if ends:
            name = type(client_id).__name__
            with pytest.raises(TypeError, match=f"unhashable type: '{name}'") as ended:
                await asyncio.wait_for(running, 10)
            assert "publish_loop" in [entry.name for entry in ended.traceback]
            await ws.close()
            return
        async with asyncio.timeout(10):
            while '"queue_remaining": 0' not in (await ws.receive()).data:
                pass
        server.send_sync("news", "behind all messages of the prompt", "other")
        assert (await ws.receive_json(timeout=10))["type"] == "news"
        assert not running.done()
        running.cancel()


ATTACHED = r"^Task .* got Future .* attached to a different loop$"


async def test_small_messages_fail_too_once_nobody_reads() -> None:
    """In a loop of the thread's own many small messages are sent to a client that does not read; then one raises.

    线程自己运行一个事件循环，对不读的客户端也能发出许多条小消息；到缓冲区满了，就有一条抛异常。
    """  # noqa: E501
    async with serving(worker=False, publish=False) as (server, client, *_):
        ws = await connect(client)
        sent = 0

        async def send_all() -> None:
            nonlocal sent
            while sent < 1_000_000:
                await server.send("news", "x" * 2**10)
                sent += 1

        with pytest.raises(RuntimeError, match=ATTACHED):
            await asyncio.to_thread(asyncio.run, send_all())
        assert sent > 100
        assert not ws.closed


async def test_a_thread_that_sends_by_itself_fails_when_it_must_wait(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a loop of the thread's own a small message is sent; one that must wait raises, though it arrives.

    线程自己运行一个事件循环来发：小消息发得出去；要等的那条抛异常，尽管它还是到了。
    """
    run, texts = asyncio.run, list[str]()

    def noting(message: Coroutine[None, None, None]) -> None:
        try:
            run(message)
        except RuntimeError as error:
            texts.append(str(error))
            raise

    monkeypatch.setattr(asyncio, "run", noting)
    await asyncio.wait_for(direct.main(), 30)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["    1024 characters: sent", "16777216 characters: RuntimeError"]
    assert lines[2:] == ["arrived: 1024", "arrived: 16777216"]
    assert len(texts) == 1
    assert re.match(ATTACHED, texts[0])


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
async def test_called_from_a_thread_without_await_nothing_is_sent() -> None:
    """`send` called from a thread as if it were a plain function makes a coroutine and sends nothing.

    在线程里把 `send` 当普通函数调用，只得到一个协程，什么也没发。
    """
    async with serving(worker=False, publish=False) as (server, client, *_):
        ws = await connect(client)
        coroutine = await asyncio.to_thread(server.send, "news", 1)
        assert await heard(ws) == []
        await coroutine
        assert len(await heard(ws)) == 1


async def test_a_loop_with_a_try_outlives_every_bad_message(caplog: pytest.LogCaptureFixture) -> None:
    """The exercise's loop logs each bad message and sends the good ones; a cancellation in `send` ends it.

    练习里的循环把每条坏消息记进日志，好消息照发；在 `send` 里取消，它就结束。
    """
    async with serving(server_class=survives.SurvivingServer) as (server, client, _, _, publishing):
        assert publishing
        ws = await connect(client)
        for message in fatal.MESSAGES.values():
            server.send_sync(*message)
        server.send_sync("news", "last")
        messages = [(await ws.receive_json(timeout=10))["data"] for _ in range(2)]
        assert messages == ["hello", "last"]
        assert not publishing.done()
        # not asyncio's, which may come late from another test
        errors = [
            text for name, level, text in caplog.record_tuples if (name, level) == ("root", logging.ERROR)
        ]
        events = [str(event) for event, *_ in [*fatal.MESSAGES.values()][1:]]
        assert [error.partition(" was not sent: ")[0] for error in errors] == events
        sending = asyncio.Event()

        async def send(event: Any, data: Any, sid: str | None = None) -> None:
            sending.set()
            await asyncio.Event().wait()

        server.send = send  # type: ignore[method-assign]
        server.send_sync("news", "never sent")
        await sending.wait()
        publishing.cancel()
        assert await asyncio.wait([publishing], timeout=10)
        assert publishing.cancelled()


class EachAlone(PromptServer):
    """Sends each message in a task of its own, without queue and `publish_loop`."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.futures: list[Future[None]] = []

    def send_sync(self, event: Any, data: Any, sid: str | None = None) -> None:
        """Leave a message with `run_coroutine_threadsafe`."""
        self.futures.append(asyncio.run_coroutine_threadsafe(self.send(event, data, sid), self.loop))


@pytest.mark.parametrize(
    ("server_class", "order"), [(PromptServer, ["big", "small"]), (EachAlone, ["small", "big"])]
)
async def test_a_task_for_each_message_loses_the_order(
    server_class: type[PromptServer], order: list[str]
) -> None:
    """With `run_coroutine_threadsafe` a message may overtake one that waits for another client; with one task, not.

    用 `run_coroutine_threadsafe`，后一条消息会超过正在等别的客户端的前一条；只有一个任务，就不会。
    """  # noqa: E501
    async with serving(server_class=server_class, worker=False) as (server, client, address, *_):
        with socket.create_connection(address) as silent:  # a broadcast begins with it
            await connect_by_hand(server, silent)
            me = await client.ws_connect("/ws?clientId=me", max_msg_size=0)
            await me.receive()
            await asyncio.to_thread(server.send_sync, "big", "x" * 2**25)
            await asyncio.to_thread(server.send_sync, "small", 1, "me")
            if order[0] == "small":
                assert (await me.receive_json(timeout=10))["type"] == order.pop(0)
        assert [(await me.receive_json(timeout=10))["type"] for _ in order] == order


async def test_a_task_for_each_message_reports_a_bad_one_and_goes_on() -> None:
    """With `run_coroutine_threadsafe` the caller gets the exception, and the messages behind are sent.

    用 `run_coroutine_threadsafe`，调用者拿得到异常，后面的消息照样发出。
    """
    async with serving(server_class=EachAlone, worker=False, publish=False) as (server, client, *_):
        ws = await connect(client)
        for message in [*fatal.MESSAGES.values(), ("news", "last", None)]:
            await asyncio.to_thread(server.send_sync, *message)
        messages = [(await ws.receive_json(timeout=10))["data"] for _ in range(2)]
        assert messages == ["hello", "last"]
        assert isinstance(server, EachAlone)
        errors = [type(future.exception(10)) for future in server.futures]
        kinds = [type(None), TypeError, OSError, RuntimeError, TypeError, type(None)]
        assert errors == kinds


@pytest.mark.parametrize("waits", [False, True])
async def test_a_worker_that_waits_for_room_is_held_up_by_a_client(waits: bool) -> None:
    """If the worker waits for room in a bounded queue, a client that does not read stops it; now it does not.

    工作线程若要等有界队列空出位置，一个不读的客户端就能让它停下；现在它不等。
    """

    class Waiting(PromptServer):
        def send_sync(self, event: Any, data: Any, sid: str | None = None) -> None:
            put = self.messages.put((event, data, sid))
            asyncio.run_coroutine_threadsafe(put, self.loop).result()

    server_class = Waiting if waits else PromptServer
    async with serving(server_class=server_class, worker=False, publish=False) as (server, client, *_):
        server.messages = asyncio.Queue(8 if waits else 0)
        publishing = asyncio.create_task(server.publish_loop())
        ws = await connect(client)
        sent: list[int] = []

        def work() -> None:
            for number in range(64):
                server.send_sync("news", f"{number} " * 2**19)
                sent.append(number)

        worker = asyncio.create_task(asyncio.to_thread(work))
        if waits:
            await asyncio.wait([worker], timeout=1)
            assert len(sent) < 64  # as long as nobody reads
        else:
            await asyncio.wait_for(worker, 30)
        for number in range(64):
            assert (await ws.receive_json(timeout=10))["data"].startswith(f"{number} ")
        await worker
        publishing.cancel()


async def test_a_nodes_own_message_reaches_the_client_of_the_prompt(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A node may send an event of its own; with `client_id` only the client of the prompt gets it.

    节点可以发自己的事件；给了 `client_id`，就只有提交这个 prompt 的客户端收到。
    """
    await asyncio.wait_for(own_message.main(), 30)
    assert eval(capsys.readouterr().out) == {"type": "my_nodes.tell", "data": {"text": "halfway"}}
    async with serving() as (_, client, *_):
        ws, other = await connect(client), await connect(client, "other")
        for client_id, reached in (("me", False), (None, True)):
            node = {"class_type": "Tell", "inputs": {"text": f"for {client_id}"}}  # ComfyUI caches equal ones
            body = {"prompt": {"1": node}, **({"client_id": client_id} if client_id else {})}
            assert (await client.post("/prompt", json=body)).status == 200
            left, types = 1, set[str]()
            while left:
                message = await other.receive_json(timeout=10)
                types.add(message["type"])
                if message["type"] == "status":
                    left = message["data"]["status"]["exec_info"]["queue_remaining"]
            assert ("my_nodes.tell" in types) is reached
        mine = [message["type"] for message in await heard(ws)]
        assert mine.count("my_nodes.tell") == 2
    async with serving(worker=False) as (server, client, *_):
        both = await connect(client), await connect(client, "other")
        for client_id in ("me", "other"):  # both wait when the first begins
            node = {"class_type": "Tell", "inputs": {"text": f"for {client_id}"}}
            body = {"prompt": {"1": node}, "client_id": client_id}
            assert (await client.post("/prompt", json=body)).status == 200
        await run_one(server)
        texts = [[message["data"].get("text") for message in await heard(ws)] for ws in both]
        assert [[text for text in some if text] for some in texts] == [["for me"], ["for other"]]


@pytest.mark.parametrize(("value", "again"), [("a new NaN", True), ("math.nan", False), ("", False)])
async def test_a_node_that_is_changed_each_time_is_not_cached(
    value: str, again: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Queued three times, a prompt of a node whose IS_CHANGED makes a new NaN sends three messages; with `math.nan` or without it one, on ComfyUI.

    同一个 prompt 提交三次，节点的 IS_CHANGED 每次生成新的 NaN，就发三条消息；返回 `math.nan` 或者没有它，在 ComfyUI 上只发一条。
    """  # noqa: E501
    tell = own_message.Tell
    assert tell.IS_CHANGED() != tell.IS_CHANGED()
    if value == "math.nan":
        monkeypatch.setattr(tell, "IS_CHANGED", lambda **_: math.nan)
    elif not value:
        monkeypatch.delattr(tell, "IS_CHANGED")
    async with serving() as (_, client, *_):
        nodes.NODE_CLASS_MAPPINGS["Tell"] = tell
        ws, types = await connect(client), list[str]()
        for number in range(3):
            await client.post("/prompt", json={"prompt": own_message.PROMPT, "client_id": "me"})
            while types.count("execution_success") == number:
                types.append((await ws.receive_json(timeout=10))["type"])
    assert types.count("my_nodes.tell") == (3 if again or not COMFYUI else 1)  # ours keeps nothing
