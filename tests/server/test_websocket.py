"""Proofs for the page server/websocket."""

import asyncio
import functools
import inspect
import json
import logging
import socket
import struct
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import WSMsgType, web

from snippets.recreation.server import PromptServer
from snippets.recreation.serving import SMALL_PROMPT, example_prompt, serving
from snippets.server.sending.uncaught import UPGRADE
from snippets.server.websocket import finished, one_name, owner_only, takeover
from snippets.server.websocket.takeover import heard
from tests.client import connect, fill, forgotten


@asynccontextmanager
async def by_hand(
    address: tuple[str, int], behind: bytes = b""
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Connect as `me` without a client's help, and send some bytes right behind the handshake."""
    reader, writer = await asyncio.open_connection(*address)
    writer.write(UPGRADE.replace("GET /ws", "GET /ws?clientId=me").encode() + behind)
    await reader.readuntil(b"\r\n\r\n")
    try:
        yield reader, writer
    finally:
        writer.close()


@pytest.mark.parametrize("path", ["/ws", "/ws?clientId=", "/ws?clientid=me", "/api/ws"])
async def test_without_a_name_the_server_makes_one_of_32_digits(path: str) -> None:
    """A client without a `clientId`, or with an empty one, gets a random UUID of 32 hexadecimal digits.

    不带 `clientId`，或者 `clientId` 是空的，服务器就用一个随机的 UUID，32 位十六进制数字。
    """
    async with serving(publish=False) as (server, client, *_):
        clients = [await client.ws_connect(path) for _ in range(2)]
        names = [(await ws.receive_json(timeout=10))["data"]["sid"] for ws in clients]
        assert list(server.sockets) == names
    assert len(set(names)) == 2
    assert all(len(name) == 32 and uuid.UUID(name).version == 4 for name in names)


@pytest.mark.parametrize("path", ["/ws", "/api/ws"])
async def test_the_server_sets_no_heartbeat(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The WebSocket of a client is made without any option, without `heartbeat` and `receive_timeout` too.

    客户端的 WebSocket 创建时不带任何选项，`heartbeat` 和 `receive_timeout` 也没有。
    """
    made: list[dict[str, Any]] = []
    plain = web.WebSocketResponse.__init__

    def noting(self: web.WebSocketResponse, *given: Any, **more: Any) -> None:
        plain(self, *given, **more)
        made.append(inspect.signature(plain).bind(self, *given, **more).arguments)

    monkeypatch.setattr(web.WebSocketResponse, "__init__", noting)
    async with serving(worker=False) as (_, client, *_):
        await client.ws_connect(path)
    assert len(made) == 1
    assert made[0].keys() == {"self"}


async def test_any_text_will_do_as_a_name() -> None:
    """A name may be any text but an empty one, also a blank; of two the first counts, whosever it is.

    名字可以是任何非空的文字，一个空格也行；写了两个就取第一个，也没人问这名字是谁的。
    """
    async with serving(publish=False) as (_, client, *_):
        for query, name in (
            ("%20", " "),
            ("%E7%8C%AB", "猫"),
            ("one&clientId=two", "one"),
            (1000 * "x",) * 2,
        ):
            ws = await client.ws_connect(f"/ws?clientId={query}")
            assert (await ws.receive_json(timeout=10))["data"]["sid"] == name
        ws = await client.ws_connect("/ws?clientId=")
        assert len((await ws.receive_json(timeout=10))["data"]["sid"]) == 32  # a name of the server's


async def test_the_greeting_comes_first_and_alone_has_the_name() -> None:
    """Twenty messages wait: the greeting, a `status`, comes first, and no message of a run carries `sid`.

    群发的消息积了二十条，头一条收到的还是问候，一条 `status`；prompt 不管结果如何，它的消息都不带 `sid`。
    """
    async with serving(publish=False) as (server, client, *_):
        for _ in range(20):
            await asyncio.to_thread(server.queue_updated)
        ws = await client.ws_connect("/ws", autoping=False)
        publishing = asyncio.create_task(server.publish_loop())  # as if held up until now
        server.queue_updated()
        messages = [await ws.receive_json(timeout=10) for _ in range(22)]
        assert (messages[0]["type"], set(messages[0]["data"])) == ("status", {"status", "sid"})
        assert ["sid" in message["data"] for message in messages] == [True] + [False] * 21
        publishing.cancel()
    async with serving() as (_, client, *_):
        ws = await connect(client)  # whose greeting has `sid`: me
        types: set[str] = set()
        ends = ("execution_success", "execution_error", "execution_interrupted")
        for end in ends:
            prompt = SMALL_PROMPT if end == "execution_error" else example_prompt()
            if end == "execution_interrupted":
                prompt["sample"]["inputs"]["steps"] = 10_000  # else it may be done first
            await client.post("/prompt", json={"prompt": prompt, "client_id": "me"})
            last = False
            while not last:
                message = await ws.receive(timeout=20)
                if message.type == WSMsgType.TEXT:
                    event = message.json()
                    types.add(event["type"])
                    assert "sid" not in event["data"]
                    if (end, event["type"]) == ("execution_interrupted", "progress"):
                        await client.post("/interrupt")
                    last = event["type"] == "executing" and event["data"]["node"] is None
        run = {"execution_start", "execution_cached", "executing", "progress", "executed"}
        assert run | {"status", *ends} == types


async def test_coming_back_in_mid_run_tells_the_node_and_no_more() -> None:
    """Who comes back while its prompt runs hears the node at once, without `prompt_id`; others do not.

    自己的任务正在跑时重新连上，马上得知跑到哪个节点，没有 `prompt_id`；别的客户端听不到。
    """
    async with serving(publish=False) as (server, client, *_):
        server.client_id, server.last_node_id = "me", "7"
        other = await connect(client, "other")
        assert await heard(await connect(client)) == [{"type": "executing", "data": {"node": "7"}}]
        assert await heard(other) == []
        for running_client, node in (("you", "7"), ("me", None)):
            server.client_id, server.last_node_id = running_client, node
            assert await heard(await connect(client)) == []


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("succeeds", "execution_success"),
        ("fails", "execution_error"),
        ("is interrupted", "execution_interrupted"),
    ],
)
async def test_the_last_message_of_a_prompt_says_that_no_node_runs(end: str, told: str) -> None:
    """The last message with a prompt's id is `executing`, node null; the one before says how it ended. The history has it by then.

    When the one before is sent, the history does not have the prompt yet.
    A message of a custom node, whose data may be anything, does not disturb `until_done`.

    带着 prompt 的 id 的消息里，最后一条是 `executing`，`node` 为 null，这时历史里已经有它；前一条说明结果如何。
    前一条发出时，历史里还没有它。
    自定义节点的消息，不管带的是什么数据，都不影响 `until_done`。
    """  # noqa: E501
    prompt = SMALL_PROMPT if end == "fails" else example_prompt()
    if end == "is interrupted":
        prompt["sample"]["inputs"]["steps"] = 10_000  # else it may be done first
    kept: list[set[str]] = []
    early: list[set[str]] = []

    class Watching(PromptServer):
        """Notes what the history has when a prompt's last two messages are sent."""

        def send_sync(self, event: Any, data: Any, sid: str | None = None) -> None:
            last = event == "executing" and data["node"] is None
            if last or event == told:
                noted = kept if last else early
                noted.append(set(self.prompt_queue.get_history()) & {data["prompt_id"]})
            super().send_sync(event, data, sid)

    async with serving(server_class=Watching) as (server, client, *_):
        ws = await client.ws_connect("/ws?clientId=me")
        for data in ("text", None, 1, [prompt]):
            await server.send("of a custom node", data, "me")
        earlier = {"1": {"class_type": "Fail", "inputs": {"message": "earlier"}}}  # its end is not this one's
        await client.post("/prompt", json={"prompt": earlier, "client_id": "me"})
        body = {"prompt": prompt, "client_id": "me"}
        prompt_id = (await (await client.post("/prompt", json=body)).json())["prompt_id"]
        while end == "is interrupted":
            message = await ws.receive(timeout=10)
            if message.type is WSMsgType.TEXT and message.json()["type"] == "progress":
                await client.post("/interrupt")
                break
        kinds = await asyncio.wait_for(finished.until_done(ws, prompt_id), 30)
        assert kinds[-1] == "executing"
        assert kinds[-2] == told
        assert kept[-1] == {prompt_id}
        assert early[-1] == set()
        later = {"1": {"class_type": "Fail", "inputs": {"message": "later"}}}
        body = {"prompt": later, "client_id": "me"}
        later_id = (await (await client.post("/prompt", json=body)).json())["prompt_id"]
        while later_id not in (text := (await ws.receive(timeout=10)).data):
            assert prompt_id not in text  # the worker takes the next only when all of the first is said
        ends = {"execution_success", "execution_error", "execution_interrupted"}
        assert ends & set(kinds) == {told}


async def test_neither_progress_nor_status_says_that_a_prompt_is_done() -> None:
    """`progress` is full before the prompt is done, once for each node; `status` counts others' prompts too.

    一个节点的 `progress` 满了，prompt 还没有执行完，下一个节点从头数；`status` 把别的客户端的也算进去。
    """
    prompt = example_prompt()
    again = prompt["sample"]["inputs"] | {"latent_image": ["sample", 0]}
    prompt["again"] = prompt["sample"] | {"inputs": again}
    prompt["decode"]["inputs"]["samples"] = ["again", 0]
    async with serving() as (server, client, *_):
        ws = await client.ws_connect("/ws?clientId=me")
        queue = server.prompt_queue
        with queue.mutex:  # the worker takes none until both wait
            for number, name in enumerate(("me", "other")):
                queue.put((number, name, prompt, {"client_id": name}, ["save"]))
        events: list[tuple[str, Any]] = []
        while ("executing", None) not in events:
            message = await ws.receive(timeout=20)
            if message.type is WSMsgType.TEXT:
                data = (event := message.json())["data"]
                if event["type"] == "status":
                    events.append(("left", data["status"]["exec_info"]["queue_remaining"]))
                elif event["type"] == "progress":
                    events.append(("step", (data["node"], data["value"], data["max"])))
                else:
                    events.append((event["type"], data.get("node")))
    left = [count for what, count in events if what == "left"]
    assert left == [0, 1, 2, 2, 1]  # the greeting; put twice, taken once, done once: mine, not the other's
    steps = [step for what, step in events if what == "step"]
    assert steps == [(node, number, 4) for node in ("sample", "again") for number in (1, 2, 3, 4)]
    full = events.index(("step", steps[-1]))
    assert events[full:].index(("executing", "save")) < events[full:].index(("execution_success", None))


async def test_a_client_notices_that_the_connection_ended_before_its_prompt() -> None:
    """If the connection ends first, `until_done` raises, instead of returning as if the prompt were done.

    连接先断开，`until_done` 就抛异常，而不是像执行完了那样返回。
    """
    async with serving(worker=False) as (server, client, *_):
        ws = await client.ws_connect("/ws?clientId=me")
        waiting = asyncio.create_task(finished.until_done(ws, "1234"))
        await server.sockets["me"].close()
        with pytest.raises(ConnectionError, match="no more messages of 1234"):
            await asyncio.wait_for(waiting, 10)


@pytest.mark.parametrize("how", ["delete", "clear"])
async def test_no_message_has_the_id_of_a_prompt_that_was_deleted_while_it_waited(how: str) -> None:
    """A prompt that is deleted while it waits, or cleared with the queue, is named by no message; `until_done` waits on.

    排队时被删除或者随队列清空的 prompt，没有消息带它的 id；`until_done` 一直等下去。
    """  # noqa: E501
    slow = example_prompt()
    slow["sample"]["inputs"]["steps"] = 10_000
    async with serving() as (_, client, *_):
        ws, ids = await connect(client), list[str]()
        for prompt in (slow, example_prompt()):
            body = {"prompt": prompt, "client_id": "me"}
            ids.append((await (await client.post("/prompt", json=body)).json())["prompt_id"])
        while (await ws.receive(timeout=20)).type is not WSMsgType.BINARY:
            pass  # until the first is running
        taken_back: dict[str, Any] = {"delete": {"delete": [ids[1]]}, "clear": {"clear": True}}
        assert (await client.post("/queue", json=taken_back[how])).status == 200
        waiting = asyncio.create_task(finished.until_done(ws, ids[1]))
        await client.post("/interrupt")
        left = 1
        while left:  # until the first has ended
            left = (await (await client.get("/prompt")).json())["exec_info"]["queue_remaining"]
        done, _ = await asyncio.wait([waiting], timeout=0.5)
        assert not done
        waiting.cancel()
        await asyncio.wait([waiting])
        assert ids[1] not in await (await client.get("/history")).json()
        assert await heard(ws) == []


@pytest.mark.parametrize(
    "more", [{}, {"clientId": "me"}, {"client_id": "me"}, {"extra_data": {"client_id": "me"}}]
)
@pytest.mark.parametrize("fails", [False, True])
async def test_without_client_id_no_message_says_how_a_prompt_ended(
    more: dict[str, Any], fails: bool
) -> None:
    """Without `client_id` in body or `extra_data`, or with `clientId`, only `status` comes in the end.

    请求体和 `extra_data` 里都没有 `client_id`，或者写成 `clientId`，不论成功失败，最后都只有 `status`。
    """
    logging.disable()
    prompt = SMALL_PROMPT if fails else example_prompt()
    async with serving() as (_, client, *_):
        ws, names = await connect(client), set[str]()
        for _ in range(2):  # when the second is done, all messages of the first have come
            response = await client.post("/prompt", json={"prompt": prompt, **more})
            assert response.status == 200
            left = 1
            while left:
                message = await ws.receive(timeout=10)
                if message.type is WSMsgType.BINARY:
                    continue  # a preview
                names.add((event := message.json())["type"])
                if event["type"] == "status":
                    left = event["data"]["status"]["exec_info"]["queue_remaining"]
        entries = (await (await client.get("/history")).json()).values()
        assert {entry["status"]["status_str"] for entry in entries} == {"error" if fails else "success"}
    end = "execution_error" if fails else "execution_success"
    to_all = {"status"} if fails else {"status", "progress"}
    assert (names == to_all, end in names) == (("client_id" not in str(more)), "client_id" in str(more))


async def test_what_was_missed_is_not_sent_again() -> None:
    """A client that comes back after its prompt ran hears the greeting only; in mid-run it hears the node, but nothing that it missed.

    Under another name it hears nothing of its prompt, not even that it ends.

    任务跑完才重新连上，只收到问候；中途重新连上，只得知节点，错过的不补发。
    换一个名字重新连上，这个任务的消息就一条也收不到，连结束也不知道。
    """  # noqa: E501
    async with serving() as (_, client, *_):
        await (await connect(client)).close()
        other = await connect(client, "other")
        for name in ("me", "other"):
            async with client.post("/prompt", json={"prompt": SMALL_PROMPT, "client_id": name}) as response:
                assert response.status == 200
        while (await other.receive_json(timeout=10))["data"].get("node", "") is not None:
            pass  # the worker takes one prompt after the other: at its end, mine is long over
        assert await heard(await connect(client)) == []
    async with serving() as (server, client, *_):
        await (await connect(client)).close()
        await forgotten(server, "me")
        new = await connect(client, "a new name")
        body = {"prompt": SMALL_PROMPT, "client_id": "me"}
        prompt_id = (await (await client.post("/prompt", json=body)).json())["prompt_id"]
        left = 1
        while left:
            event = await new.receive_json(timeout=10)
            assert event["type"] == "status"
            left = event["data"]["status"]["exec_info"]["queue_remaining"]
        assert prompt_id in await (await client.get("/history")).json()
        assert await heard(new) == []
    async with serving(publish=False) as (server, client, *_):
        await (await connect(client)).close()
        await forgotten(server, "me")
        server.client_id, server.last_node_id = "me", "7"
        await server.send("progress", {"value": 1, "max": 2}, "me")  # while it is away
        assert await heard(await connect(client)) == [{"type": "executing", "data": {"node": "7"}}]


async def test_the_last_to_come_has_the_name(capsys: pytest.CaptureFixture[str]) -> None:
    """A second socket under the same name gets all messages from then on; the first stays open and gets none.

    同名的第二个套接字一来，消息就全归它；第一个还开着，却什么也收不到。
    """
    async with serving(worker=False) as (server, client, *_):
        first, second = await connect(client), await connect(client)
        assert list(server.sockets) == ["me"]
        for sid in (None, "me"):
            await server.send("news", 1, sid)
            assert (await heard(first), len(await heard(second))) == ([], 1)
        server.queue_updated()
        assert (await second.receive_json(timeout=10))["type"] == "status"
        assert await heard(first) == []
        assert not first.closed
    await takeover.main()
    assert capsys.readouterr().out.splitlines()[:2] == ["one came: first", "another came: second"]


@pytest.mark.parametrize("last", ["leaves", "is cut off"])
async def test_the_first_to_leave_takes_the_name_along(last: str, capsys: pytest.CaptureFixture[str]) -> None:
    """When the first of two leaves, the second hears nothing any more, not even broadcasts, and stays open.

    两个同名的，先来的一走，后来的就什么也收不到，群发的也一样；可它还开着。
    """
    async with serving(worker=False) as (server, client, *_):
        first, second, other = await connect(client), await connect(client), await connect(client, "other")
        if last == "leaves":
            await first.close()
        else:
            first.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        await forgotten(server, "me")
        for sid in (None, "me"):
            await server.send("news", 1, sid)
        assert await heard(second) == []
        assert len(await heard(other)) == 1
        server.queue_updated()
        assert (await other.receive_json(timeout=10))["type"] == "status"
        assert await heard(second) == []
        assert await takeover.receivers(server, second=second, other=other) == "other"
        assert not second.closed
    await takeover.main()
    assert capsys.readouterr().out.splitlines()[2:] == ["first left: nobody", "second is closed: False"]


@pytest.mark.parametrize(
    ("order", "end"),
    [
        ("older", "first leaves / none / second deaf"),
        ("newer", "second leaves / none / first deaf"),
        ("anew", "second comes / second / second hears"),
    ],
)
async def test_whoever_leaves_takes_the_name_along(order: str, end: str) -> None:
    """Once either of two has left, the name is nobody's and the other gets nothing, until one comes anew.

    同名的两个，不管走的是哪一个，名字都没有了，另一个什么也收不到；重新连上的又收得到。
    """
    steps = await one_name.follow(one_name.ORDERS[order])
    assert steps[:2] == [
        "first comes / first / first hears",
        "second comes / second / first deaf / second hears",
    ]
    assert steps[-1] == end
    async with serving(publish=False) as (server, client, *_):
        first, second = await connect(client), await connect(client)
        await second.close()
        await forgotten(server, "me")
        await server.send("news", 1, "me")  # nor what is for the name
        assert await heard(first) == []


@pytest.mark.parametrize("closed_first", [True, False])
async def test_who_went_deaf_hears_again_after_connecting_anew(closed_first: bool) -> None:
    """A third socket under the name hears everything, until one of the others ends: so all are closed first.

    So it is if the deaf one is the older, whose name the other has taken over and still has.
    But then the other gets nothing any more, and if it leaves, neither does the third.

    用同一个名字再连一次，又什么都收得到，直到另外有一个断开为止：所以要先关闭所有同名的。收不到的是名字被顶替的那个，顶替它的还连着，也一样。
    但是顶替它的那个从此收不到；那个再一断开，新连接也收不到。
    """
    async with serving(publish=False) as (server, client, *_):
        first, second = await connect(client), await connect(client)
        await first.close()
        await forgotten(server, "me")
        if closed_first:
            await second.close()
        third = await connect(client)
        for sid in (None, "me"):
            await server.send("news", 1, sid)
            assert len(await heard(third)) == 1
            assert closed_first or await heard(second) == []
        if not closed_first:
            await second.close()
            await forgotten(server, "me")
            await server.send("news", 1, None)
            assert await heard(third) == []
    async with serving(publish=False) as (server, client, *_):
        mine, other = await connect(client), await connect(client)
        if closed_first:
            await mine.close()
            await forgotten(server, "me")
        anew = await connect(client)
        for sid in (None, "me"):
            await server.send("news", 1, sid)
            assert (len(await heard(anew)), await heard(other)) == (1, [])
        if closed_first:
            await other.close()  # which takes the name along once more
            await forgotten(server, "me")
            await server.send("news", 1, None)
            assert await heard(anew) == []
        else:
            await mine.close()
            await forgotten(server, "me")
            await server.send("news", 1, None)
            assert await heard(anew) == []


async def test_one_with_a_name_of_its_own_hears_on_when_another_leaves_and_comes_back() -> None:
    """Two clients with a name each: one leaves and comes back, and the other gets its messages all the time.

    两个客户端各用自己的名字：一个断开，又连回来，另一个始终收得到消息。
    """
    async with serving(publish=False) as (server, client, *_):
        first, second = await connect(client, "one"), await connect(client, "two")
        for does in ("both are there", "leaves", "comes back"):
            if does == "leaves":
                await first.close()
                await forgotten(server, "one")
            elif does == "comes back":
                first = await connect(client, "one")
            for sid in (None, "two"):
                await server.send("news", 1, sid)
                assert len(await heard(second)) == 1
        assert len(await heard(first)) == 1


async def test_names_can_be_read_in_the_queue_and_taken() -> None:
    """`GET /queue` tells whose prompt waits or runs, then `GET /history`; under the name anybody gets the messages.

    `GET /queue` 说得出等待的、正在执行的是谁提交的，执行完了就看 `GET /history`；用这个名字连接，发给它的消息就归你。
    """  # noqa: E501
    async with serving(worker=False, publish=False) as (server, client, *_):
        victim = await connect(client, "victim")
        body = {"prompt": SMALL_PROMPT, "client_id": "victim"}
        async with client.post("/prompt", json=body) as response:
            prompt_id = (await response.json())["prompt_id"]
        waiting = (await (await client.get("/queue")).json())["queue_pending"]
        thief = await connect(client, waiting[0][3]["client_id"])
        for sid in ("victim", None):
            await server.send("executed", "a picture", sid)
            assert (await heard(victim), len(await heard(thief))) == ([], 1)
        taken = server.prompt_queue.get()
        assert taken
        running = (await (await client.get("/queue")).json())["queue_running"]
        assert running[0][3]["client_id"] == "victim"
        server.prompt_queue.task_done(taken[1], {}, None)
        done = await (await client.get("/history")).json()
        assert done[prompt_id]["prompt"][3]["client_id"] == "victim"


async def test_nothing_comes_of_what_a_client_sends() -> None:
    """Text, JSON and bytes from a client are read and thrown away: no answer, no effect.

    客户端发来的文字、JSON、字节，读过就扔：没有回答，也没有作用。
    """
    async with serving(worker=False, publish=False) as (server, client, *_):
        ws, other = await connect(client), await connect(client, "other")
        before = {name: repr(value) for name, value in vars(server).items()}
        flags = b'{"type": "feature_flags", "data": {}}'
        prompt = json.dumps({"prompt": SMALL_PROMPT, "client_id": "me"}).encode()
        for text in (b"hello", b"", b'{"type": "status"}', flags, prompt):
            await ws.send_frame(text, WSMsgType.TEXT)
        for data in (b"\0\1", bytes(2**22 - 1)):
            await ws.send_frame(data, WSMsgType.BINARY)
        assert (await heard(ws), await heard(other)) == ([], [])
        assert {name: repr(value) for name, value in vars(server).items()} == before
        assert not server.prompt_queue.get_tasks_remaining()


BAD = {
    "no UTF-8": (b"\x81\x81\x00\x00\x00\x00\xff", 1007, "Invalid UTF-8 text message"),
    "too big": (
        b"\x82\xff" + struct.pack(">QI", 2**22 + 1, 0),
        1009,
        "Message size 4194305 exceeds limit 4194304",
    ),
    "4 MiB": (b"\x82\xff" + struct.pack(">QI", 2**22, 0), 1009, "Message size 4194304 exceeds limit 4194304"),
    "reserved bit": (b"\xf1\x80\x00\x00\x00\x00", 1002, "Received frame with non-zero reserved bits"),
    "unknown opcode": (b"\x83\x80\x00\x00\x00\x00", 1002, "Unexpected opcode=3"),
}


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize(("frame", "code", "reason"), BAD.values(), ids=BAD)
async def test_a_bad_message_is_logged_and_ends_the_session(
    frame: bytes, code: int, reason: str, later: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """A frame that breaks the protocol, or an uncompressed one of 4 MiB or more, closes the socket; a line in the log says why.

    不合协议的一帧，或者没有压缩的一帧达到 4 MiB，就让套接字关闭，日志里记一行，说明原因。
    """  # noqa: E501
    async with serving(publish=False) as (server, _, address, *_):
        async with by_hand(address, b"" if later else frame) as (reader, writer):
            if later:  # the handler listens by now
                await reader.readuntil(b'"sid": "me"}}')
                writer.write(frame)
            _, _, close = (await reader.read()).partition(b"\x88")
            assert int.from_bytes(close[1:3], "big") == code
        await forgotten(server, "me")
    lines = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert lines == [f"ws connection closed with exception {reason}"]


@pytest.mark.parametrize("cancel", [False, True])
@pytest.mark.parametrize("reset", [False, True])
async def test_a_cut_connection_is_forgotten_without_a_word(
    reset: bool, cancel: bool, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client whose connection is cut or reset, or that closes it, is forgotten without a word in the log; cancelled handlers too.

    连接断掉、重置或者由客户端关闭，这个客户端就被忘掉，日志里什么也没有；开了 `handler_cancellation` 也一样。
    """  # noqa: E501
    runner = functools.partial(web.AppRunner, handler_cancellation=cancel)
    monkeypatch.setattr(web, "AppRunner", runner)
    async with serving(publish=False) as (server, client, address, *_), by_hand(address) as (_, writer):
        assert "me" in server.sockets
        cable = writer.get_extra_info("socket")
        if reset:
            cable.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
        await forgotten(server, "me")
        for code in (1000, 1001, 4000):
            await (ws := await connect(client)).send_str("read, and more")
            assert await heard(ws) == []  # its ping is answered, so the handler reads on
            await ws.close(code=code)
            await forgotten(server, "me")
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_without_an_upgrade_there_is_a_400_and_no_session(method: str) -> None:
    """GET or HEAD without a handshake gets 400 and adds no session; whoever has the name keeps it.

    不握手的 GET 或 HEAD 得到 400，不添会话，名字还在原来那个客户端手里。
    """
    async with serving(publish=False) as (server, client, *_):
        ws = await connect(client)
        for path in ("/ws?clientId=me", "/ws?clientId=new", "/ws"):
            async with client.request(method, path) as response:
                assert response.status == 400
            assert list(server.sockets) == ["me"]
        async with client.post("/ws") as response:
            assert response.status == 405
        await server.send("news", 1, "me")
        assert len(await heard(ws)) == 1


async def test_a_message_for_an_unknown_name_goes_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    """A message for a name that nobody has raises nothing, is not logged, not kept, and reaches nobody else.

    发给没人用的名字：不抛异常，不记日志，不留着，别人也收不到。
    """
    async with serving(publish=False) as (server, client, *_):
        other = await connect(client, "other")
        caplog.set_level(logging.DEBUG, "root")
        caplog.clear()
        await server.send("news", 1, "me")
        assert [record for record in caplog.records if record.name == "root"] == []
        assert (await heard(other), await heard(await connect(client))) == ([], [])


@pytest.mark.ours("the repair in the exercise")
async def test_a_name_given_back_only_by_its_owner_stays_with_the_second(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With the exercise's handler the old socket is told and closed; the second hears on, its greeting first.

    Even if the first client does not read, so that no room is left, the second's handler reads.

    换成练习里的处理函数，旧套接字得到通知并关闭，后来的照样收得到，头一条还是问候。
    即使第一个客户端不读、缓冲区已满，第二个连接的处理函数也在读。
    """
    async with serving(server_class=owner_only.OwnerOnlyServer) as (_, client, *_):
        for _ in range(2):  # at first nobody has the name
            ws = await connect(client)
            await ws.send_str("ignored as well")
        unnamed = [await client.ws_connect("/ws") for _ in range(2)]  # neither takes the other's place
        assert len({(await ws.receive_json())["data"]["sid"] for ws in unnamed}) == 2
    async with serving(server_class=owner_only.OwnerOnlyServer, publish=False) as (_, client, *_):
        last = await connect(client)
        for _ in range(4):  # two that reconnect in turn
            last, closed = await connect(client), last
            assert (await closed.receive(timeout=10)).data == 4000
    async with serving(server_class=owner_only.OwnerOnlyServer, worker=False) as (server, client, *_):

        async def tell_all() -> None:
            while True:
                server.queue_updated()
                await asyncio.sleep(0)

        telling = asyncio.create_task(tell_all())
        held = [await connect(client) for _ in range(3)]  # the greeting comes first here, too
        telling.cancel()
        assert len(held) == 3
    async with serving(server_class=owner_only.OwnerOnlyServer, worker=False) as (
        server,
        client,
        address,
        *_,
    ):
        async with by_hand(address):
            while "me" not in server.sockets:  # noqa: ASYNC110 - a dict has no event
                await asyncio.sleep(0.01)
            full = await fill(server.sockets["me"])
            second = await client.ws_connect("/ws?clientId=me", autoping=False)
            await second.receive_json()
            await second.ping()
            assert (await second.receive(timeout=5)).type == WSMsgType.PONG
        await asyncio.wait([full])
    await asyncio.wait_for(owner_only.main(), 30)
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["first received: status, opened elsewhere", "first left: second", "names kept: 0"]
