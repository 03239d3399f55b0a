"""Proofs for the page server/history."""

import asyncio
import threading
import time
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from aiohttp import ClientSession, WSMsgType

from snippets.recreation import folder_paths
from snippets.recreation.execution import MAXIMUM_HISTORY_SIZE, PromptQueue
from snippets.recreation.serving import SMALL_PROMPT, example_prompt, serving
from snippets.server.history import limits, state
from snippets.server.websocket.finished import until_done
from tests.server.test_prompt_queue import let_run, post, put
from tests.server.test_uploads import ticking


async def test_the_history_knows_a_prompt_only_when_it_is_done() -> None:
    """`GET /history/{prompt_id}` is `{}` for a waiting, a running and an unknown prompt alike, all with 200.

    等待的、正在执行的、不存在的 prompt，`GET /history/{prompt_id}` 都返回 200 和 `{}`。
    """
    async with serving(worker=False) as (server, client, *_):
        queue = server.prompt_queue
        put(queue, (0, "running"), (1, "waiting"))
        found = queue.get()
        assert found
        for name in ("running", "waiting", "unknown"):
            response = await client.get(f"/history/{name}")
            assert (response.status, await response.json()) == (200, {})
        queue.task_done(found[1], {}, None)
        assert "running" in await (await client.get("/history/running")).json()


def test_a_prompt_moves_behind_a_lock() -> None:
    """While a prompt is on its way from one place to the next, no other thread gets the lock to look.

    What the two routes call, `get_current_queue` and `get_history`, waits for it.

    prompt 从一个地方移到下一个地方的途中，别的线程拿不到锁，也就看不到；两条路由调用的 `get_current_queue` 和 `get_history` 都要等这把锁。
    """  # noqa: E501
    queue, found = PromptQueue(Mock()), list[tuple[bool, int]]()

    def look() -> None:
        def try_lock() -> None:
            if acquired := queue.mutex.acquire(blocking=False):
                queue.mutex.release()
            found.append((acquired, len(queue.queue) + len(queue.currently_running) + len(queue.history)))

        thread = threading.Thread(target=try_lock)
        thread.start()
        thread.join()

    class Watched(dict[Any, Any]):
        def __setitem__(self, key: Any, value: Any) -> None:
            look()
            super().__setitem__(key, value)

    queue.currently_running, queue.history = Watched(), Watched()
    put(queue, (0, "a"))
    look()
    taken = queue.get()
    assert taken
    look()
    queue.task_done(taken[1], {}, None)
    look()
    assert found == [(True, 1), (False, 0), (True, 1), (False, 0), (True, 1)]
    for shows in (queue.get_current_queue, queue.get_history, lambda: queue.get_history(prompt_id="a")):
        thread = threading.Thread(target=shows)
        with queue.mutex:
            thread.start()
            thread.join(0.2)
            assert thread.is_alive()
        thread.join(10)
        assert not thread.is_alive()


async def test_queue_and_history_together_tell_what_has_become_of_a_prompt(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Queue and history tell a waiting, running, unknown, interrupted, failed and successful prompt apart.

    队列和历史合起来，分得清等待、正在执行、不存在、被中断、失败和成功。
    """
    await asyncio.wait_for(state.main(), 60)
    words = [line.split(": ")[1] for line in capsys.readouterr().out.splitlines()]
    before, after = (
        ["running", "pending", "pending", "unknown"],
        ["interrupted", "error", "success", "unknown"],
    )
    assert words == [*before, *after]


async def test_an_interrupted_prompt_is_an_error_too() -> None:
    """The entry of an interrupted prompt says `error`, not completed; its last message tells more.

    被中断的 prompt，历史里写的是 `error`、未完成；只有最后一条消息说得出区别。
    """
    prompt = example_prompt()
    prompt["sample"]["inputs"].update(steps=10_000, seed=3)
    async with serving() as (_, client, *_):
        ws = await client.ws_connect("/ws?clientId=me")
        prompt_id = await state.post(client, prompt)
        while (await ws.receive(timeout=10)).data[:19] != '{"type": "progress"':
            pass
        await client.post("/interrupt")
        await asyncio.wait_for(until_done(ws, prompt_id), 10)
        status = (await (await client.get(f"/history/{prompt_id}")).json())[prompt_id]["status"]
    assert (status["status_str"], status["completed"]) == ("error", False)
    assert status["messages"][-1][0] == "execution_interrupted"


async def test_a_cycle_that_was_let_through_may_be_called_a_success() -> None:
    """A server's first prompt, ended by a cycle, is a `success`, completed; `state` goes by the last message.

    服务器的第一个 prompt 因循环依赖而结束，历史里却是 `success`、已完成；`state` 看的是最后一条消息。
    """
    link = {"samples": ["b", 0]}  # not declared by the output, so not checked
    prompt = {
        "a": {"class_type": "Fail", "inputs": {"message": "no", **link}},
        "b": {"class_type": "VAEDecode", "inputs": link},
    }
    async with serving() as (_, client, *_):
        ws = await client.ws_connect("/ws?clientId=me")
        await until_done(ws, prompt_id := await state.post(client, prompt))
        history = await (await client.get(f"/history/{prompt_id}")).json()
        assert await state.state(client, prompt_id) == "error"
    status = history[prompt_id]["status"]
    assert (status["status_str"], status["completed"]) == ("success", True)
    assert status["messages"][-1][0] == "execution_error"


class Meanwhile:
    """A client between whose two requests something happens."""

    def __init__(self, client: ClientSession, happens: Any) -> None:
        self.client, self.happens = client, [happens]

    async def get(self, path: str) -> Any:
        """Send the request; let it happen after the first."""
        response = await self.client.get(path)
        await response.read()
        if self.happens:
            self.happens.pop()()
        return response


@pytest.mark.parametrize("moment", ["taken", "done"])
@pytest.mark.parametrize("queue_first", [True, False])
async def test_asked_in_this_order_no_prompt_is_missed(queue_first: bool, moment: str) -> None:
    """Queue first, then history: a prompt that moves on meanwhile is found; the other way it may be missed.

    先问队列、再问历史，中途前进的 prompt 也找得到；反过来就可能漏掉。
    """
    async with serving(worker=False) as (server, client, *_):
        queue = server.prompt_queue
        status = PromptQueue.ExecutionStatus("success", True, [])
        put(queue, (0, "a"))
        found = queue.get() if moment == "done" else None

        def happens() -> None:
            if found:
                queue.task_done(found[1], {}, status)
            else:
                assert queue.get()

        between: Any = Meanwhile(client, happens)
        if queue_first:
            assert await state.state(between, "a") in ("pending", "running")
            return
        history = await (await between.get("/history/a")).json()
        missed = not history and '"a"' not in await (await between.get("/queue")).text()
        assert missed is (moment == "done")


SAVE = {"class_type": "SaveImage", "inputs": {"images": ["decode", 0], "filename_prefix": "again"}}


@pytest.mark.parametrize(
    ("prompt", "ends", "saves"),
    [
        (SMALL_PROMPT, "error", []),
        (example_prompt(), "success", ["save"]),
        ({**example_prompt(), "again": SAVE}, "success", ["again", "save"]),
    ],
)
async def test_an_entry_holds_prompt_outputs_and_status(prompt: Any, ends: str, saves: list[str]) -> None:
    """An entry holds the prompt, whole and with its client, what each output showed, and a status whose messages the client got too.

    Without `client_id` the entry has the messages, and a client that is connected gets none, be it a success or an error.
    It comes under the prompt's id, and nothing beside it; `completed` is true exactly for `success`.

    历史里的一条，键是 prompt 的 id，没有别的；`completed` 只在 `success` 时为 true。
    这一条有整个 prompt（里面有客户端的 id）、每个输出展示的内容和 status；status 里的消息，客户端也收到了。
    如果没有写 `client_id`，记录里照样有这些消息，不管成功还是出错，已连接的客户端一条也收不到。
    """  # noqa: E501
    sent: list[list[Any]] = []
    async with serving() as (_, client, *_):
        ws = await client.ws_connect("/ws?clientId=me")
        prompt_id = await state.post(client, prompt)
        while ["executing", {"node": None, "prompt_id": prompt_id}] not in sent:
            message = await ws.receive(timeout=20)
            if message.type is WSMsgType.TEXT:
                sent.append([*message.json().values()])
        answer = await (await client.get(f"/history/{prompt_id}")).json()
        _, queued = await post(client, prompt=prompt)
        kinds, left = list[str](), 1
        while left:
            message = await ws.receive(timeout=20)
            if message.type is WSMsgType.TEXT:
                kinds.append((event := message.json())["type"])
                if kinds[-1] == "status":
                    left = event["data"]["status"]["exec_info"]["queue_remaining"]
        unnamed = queued["prompt_id"]
        nameless = await (await client.get(f"/history/{unnamed}")).json()
    messages = [event for event, _ in nameless[unnamed]["status"]["messages"]]
    assert (messages[0], messages[-1]) == ("execution_start", f"execution_{ends}")
    assert not [kind for kind in kinds if kind.startswith("execution_")]
    assert [*answer] == [prompt_id]
    entry = answer[prompt_id]
    assert {"prompt", "outputs", "status"} <= set(entry)
    number, name, graph, extra, outputs = entry["prompt"]
    assert (number, name, extra["client_id"]) == (0, prompt_id, "me")
    assert graph == prompt
    assert sorted(outputs) == (saves or ["1"])
    assert sorted(entry["outputs"]) == saves
    assert len({shown["images"][0]["filename"] for shown in entry["outputs"].values()}) == len(saves)
    status = entry["status"]
    assert set(status) == {"status_str", "completed", "messages"}
    assert (status["status_str"], status["completed"]) == (ends, ends == "success")
    told = [event for event, _ in status["messages"]]
    assert told == ["execution_start", "execution_cached", f"execution_{ends}"]
    assert [event for event in sent if event[0].startswith("execution_")] == status["messages"]


@pytest.mark.parametrize(("kind", "subfolder"), [("output", ""), ("output", "sub"), ("temp", "")])
async def test_a_picture_is_viewed_by_all_three_items(kind: str, subfolder: str) -> None:
    """`/view` brings a picture for its three items; for the name alone it is a 404, but for one directly in the output folder.

    把图片的三项都交给 `/view`，得到图片；只给文件名，除了直接在输出文件夹里的，都是 404。
    """  # noqa: E501
    async with serving(worker=False) as (_, client, *_):
        roots = {"output": folder_paths.get_output_directory(), "temp": folder_paths.get_temp_directory()}
        folder = Path(roots[kind]) / subfolder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "a.png").write_bytes(b"a picture")
        place = {"filename": "a.png", "subfolder": subfolder, "type": kind}
        assert await (await client.get("/view", params=place)).read() == b"a picture"
        alone = await client.get("/view", params={"filename": "a.png"})
        assert alone.status == (200 if (kind, subfolder) == ("output", "") else 404)


def test_the_history_holds_ten_thousand_and_one() -> None:
    """The history grows to 10,001; then the oldest goes for each that comes.

    历史长到 10001 条；此后来一条，最旧的去一条。
    """
    queue = PromptQueue(Mock())
    let_run(queue, *map(str, range(MAXIMUM_HISTORY_SIZE + 3)))
    history = queue.get_history()
    assert (MAXIMUM_HISTORY_SIZE, len(history), next(iter(history))) == (10_000, 10_001, "2")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "cab"),
        ("?max_items=2", "ab"),
        ("?max_items=9", "cab"),
        ("?max_items=0", ""),
        ("?max_items=-1", ""),
        ("?max_items=-9", ""),
        ("?offset=1", "cab"),
        ("?max_items=1&offset=0", "b"),
    ],
)
async def test_max_items_brings_the_newest(
    query: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """`max_items` brings the newest, the older first; 0 and a negative number bring none; no offset is read.

    `max_items` 给最新的几条，旧的在前；0 和负数一条也不给；`offset` 不读。
    """
    async with serving(worker=False) as (server, client, *_):
        let_run(server.prompt_queue, *"cab")
        assert "".join(await (await client.get(f"/history{query}")).json()) == expected
        if not query:
            let_run(server.prompt_queue, *map(str, range(1000)))
            assert len(await (await client.get("/history")).json()) == 1003
    await limits.main()
    assert capsys.readouterr().out.splitlines() == ["None: a b c", "2: b c", "9: a b c", "0:", "-1:"]


def test_an_offset_counts_from_the_oldest() -> None:
    """`get_history` with an offset of 0 or more skips so many of the oldest; a limit of 0 then brings one.

    `get_history` 的 offset 是 0 或更大时，跳过最旧的几条；这时限制为 0，也取到一条。
    """
    queue = PromptQueue(Mock())
    let_run(queue, *"cab")
    assert [*queue.get_history(offset=1)] == ["a", "b"]
    assert [*queue.get_history(max_items=1, offset=1)] == ["a"]
    assert [*queue.get_history(max_items=2, offset=0)] == ["c", "a"]
    assert [*queue.get_history(max_items=0, offset=0)] == ["c"]


async def test_a_limit_that_is_no_number_is_a_500() -> None:
    """`max_items` that `int` does not take, and an empty one, is a 500.

    `max_items` 不是 `int` 肯收的，或者是空的，返回 500。
    """
    async with serving(worker=False) as (_, client, *_):
        for limit, status in (("x", 500), ("", 500), ("1.0", 500), ("1_0", 200)):
            assert (await client.get("/history", params={"max_items": limit})).status == status


async def test_an_unknown_prompt_is_an_empty_object(tmp_path: Path) -> None:
    """GET /history/{prompt_id} is 200 and `{}` for a wrong id, a deleted prompt or entry, one before a restart; `state`: unknown.

    GET /history/{prompt_id} 碰到写错的 id、删掉的 prompt 或记录、重启之前的 prompt，返回 200 和 `{}`；`state` 都说 unknown。
    """  # noqa: E501
    async with serving(worker=False, root=tmp_path) as (server, client, *_):
        let_run(server.prompt_queue, "a", "forgotten")
        for name in ("a", "forgotten"):
            found = await (await client.get(f"/history/{name}")).json()
            assert {key: ran["outputs"] for key, ran in found.items()} == {name: {"of": name}}
        await post(client, "/history", delete=["forgotten"])
        put(server.prompt_queue, (0, "deleted"))
        await post(client, "/queue", delete=["deleted"])
        assert server.prompt_queue.get_tasks_remaining() == 0
        for unknown in ("b", "deleted", "forgotten"):
            response = await client.get(f"/history/{unknown}")
            assert (response.status, await response.json()) == (200, {})
            assert await state.state(client, unknown) == "unknown"
    async with serving(worker=False, root=tmp_path) as (_, client, *_):  # again, with the same folders
        response = await client.get("/history/a")
        assert (response.status, await response.json()) == (200, {})
        assert await state.state(client, "a") == "unknown"
        assert await (await client.get("/history")).json() == {}


async def test_forgetting_does_not_touch_the_queue() -> None:
    """POST /history forgets some or all of what ran, and leaves the queue and the pictures alone.

    A text in place of the list is a 200 as well; each of its characters is taken for an id.

    POST /history 忘掉跑完的几个或全部，不动队列，也不动图片。
    用字符串代替列表，响应也是 200，它的每个字符当作一个 id。
    """
    async with serving(worker=False) as (server, client, *_):
        queue = server.prompt_queue
        let_run(queue, *"abcd")
        for entry in queue.history.values():
            entry["outputs"] = {"9": {"images": [{"filename": "a.png", "subfolder": "", "type": "output"}]}}
        put(queue, (0, "a"), (1, "b"))
        assert queue.get()  # `a` runs, `b` waits
        before = queue.get_current_queue()
        (picture := Path(folder_paths.get_output_directory()) / "a.png").touch()
        assert (await post(client, "/history", delete=["a", "x", "c"]))[0] == 200
        assert [*server.prompt_queue.get_history()] == ["b", "d"]
        let_run(server.prompt_queue, "1234", "1")
        assert (await post(client, "/history", delete="1234"))[0] == 200
        assert [*server.prompt_queue.get_history()] == ["b", "d", "1234"]
        assert (await post(client, "/history", clear=True))[0] == 200
        assert queue.get_history() == {}
        assert queue.get_current_queue() == before
        assert picture.exists()


async def test_the_whole_history_is_written_without_a_pause() -> None:
    """While the response to `GET /history` is made of all entries, the event loop gives nobody a turn.

    `GET /history` 把全部记录做成一个响应，这期间事件循环没有让别的任务走一步。
    """
    at: list[int] = []
    async with serving(worker=False) as (server, client, *_), ticking() as turns:

        class Noting(dict[str, Any]):
            def items(self) -> Any:
                at.append(turns[0])
                time.sleep(0.01)  # whoever could go on would
                return super().items()

        queue = server.prompt_queue
        let_run(queue, *"abc")
        for entry in queue.history.values():
            entry["outputs"] = Noting(images=[])
        before = turns[0]
        assert len(await (await client.get("/history")).json()) == 3
        assert len(at) == 3
        assert before < at[0] == at[2] < turns[0]
