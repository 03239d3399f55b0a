"""Proofs for the page server/prompt-queue."""

import asyncio
import heapq
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import PriorityQueue
from typing import Any
from unittest.mock import Mock

import pytest
from aiohttp import ClientSession
from playwright.async_api import Browser, Error

from snippets.recreation import main, model_management
from snippets.recreation.execution import Item, PromptQueue
from snippets.recreation.nodes import NODE_CLASS_MAPPINGS
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import SMALL_PROMPT, example_prompt, flags_set, serving
from snippets.server.prompt_queue import (
    dead_worker,
    deleting,
    naive,
    numbering,
    questions,
    waking,
)
from snippets.server.prompt_queue.fair import Fair
from snippets.server.prompt_queue.not_a_number import strict
from snippets.server.prompt_queue.rewriting import forget, hurry
from tests.client import connect
from tests.real.plugin import COMFYUI

NAN = float("nan")


def filled(*places: tuple[float, str]) -> PromptQueue:
    """Return a queue in which these prompts wait."""
    queue = PromptQueue(Mock())
    put(queue, *places)
    return queue


def put(queue: PromptQueue, *places: tuple[float, str]) -> None:
    """Let these prompts wait, in this order."""
    for number, name in places:
        queue.put((number, name, {}, {}, []))


def taken(queue: PromptQueue) -> Iterator[str]:
    """Take one prompt after the other; yield their ids."""
    while found := queue.get(timeout=0):
        yield found[0][1]


def ids(items: list[Item]) -> list[str]:
    """Return the ids of prompts."""
    return [item[1] for item in items]


def delete(queue: PromptQueue, prompt_id: str) -> bool:
    """Take back the prompt of this id; say whether it waited."""
    return queue.delete_queue_item(lambda item: item[1] == prompt_id)


async def sent_counts(server: PromptServer) -> list[int]:
    """Return the counts that wait to be sent to all clients."""
    counts = []
    await asyncio.sleep(0)  # until they are in server.messages
    while not server.messages.empty():
        event, data, sid = server.messages.get_nowait()
        assert (event, sid) == ("status", None)
        counts.append(data["status"]["exec_info"]["queue_remaining"])
    return counts


def let_run(queue: PromptQueue, *names: str) -> None:
    """Bring these prompts into the history."""
    for name in names:
        put(queue, (0, name))
        found = queue.get()
        assert found
        queue.task_done(found[1], {"outputs": {"of": name}}, None)


async def post(client: ClientSession, path: str = "/prompt", **body: Any) -> tuple[int, Any]:
    """Post a body that holds a good prompt unless it says otherwise; return status and response."""
    body = {"prompt": SMALL_PROMPT, **body} if path == "/prompt" else body
    response = await client.post(path, json=body)
    return response.status, json.loads(await response.text() or "null")


def test_the_lowest_number_is_taken_first() -> None:
    """Prompts are taken by number, the lowest first, whenever they came, and also after one was deleted.

    按编号取，最小的先取，先来后到不算数；删掉一个之后也一样。
    """
    assert [*taken(filled((3, "c"), (1, "a"), (-2, "front"), (2, "b")))] == ["front", "a", "b", "c"]
    queue = filled((1, "a"), (3, "c"), (2, "b"))
    assert delete(queue, "a")
    assert [*taken(queue)] == ["b", "c"]


async def test_the_last_to_push_in_runs_first() -> None:
    """Of two prompts sent to the front the later one has the lower number, and is taken first; no number comes twice.

    One that waits with a still lower number is taken before it.

    两个都插到最前面，后插的编号更小，先取；编号没有重复的。
    等待的里面有编号更小的，就先取那一个。
    """  # noqa: E501
    async with serving(worker=False) as (server, client, *_):
        given = [(await post(client))[1]["number"] for _ in range(2)]
        given += [(await post(client, front=True))[1]["number"] for _ in range(2)]
        assert given == [0, 1, -2, -3]
        assert [found[0][0] for _ in given if (found := server.prompt_queue.get(timeout=0))] == [-3, -2, 0, 1]
        given += [(await post(client, front=front))[1]["number"] for front in (True, False, False, True)]
        assert given[4:] == [-4, 5, 6, -7]
        assert len({abs(number) for number in given}) == len(given)  # no tie, whatever is sent to the front
        for more in ({"number": -100}, {"front": True}):
            await post(client, **more)
        assert (found := server.prompt_queue.get(timeout=0))
        assert found[0][0] == -100


def test_ties_are_settled_by_the_prompt_id() -> None:
    """Of two prompts with the same number, the one whose id is lower in the alphabet goes first; else the number counts.

    编号相同的两个，id 按字母排在前面的先取；编号不同就看编号。
    """  # noqa: E501
    assert [*taken(filled((6, "a"), (5, "b")))] == ["b", "a"]
    assert [*taken(filled((5, "b"), (5, "a")))] == ["a", "b"]
    assert [*taken(filled((5, "a"), (5, "b")))] == ["a", "b"]
    queue = PromptQueue(Mock())
    for name in "ba":
        queue.put((5, name, {name: {}}, {}, []))  # prompts that cannot be compared
    assert [*taken(queue)] == ["a", "b"]


async def test_every_prompt_counts_even_a_bad_one(capsys: pytest.CaptureFixture[str]) -> None:
    """The counter rises for a bad prompt and for none at all, but not when the client gives a number, beside which `front` has no effect.

    With a number below the others a prompt goes first.

    prompt 不合格，或者根本没有，计数器照样加一；客户端自己给编号，就不加，这时 `front` 不起作用。
    编号比别的都小，就先取。
    """  # noqa: E501
    async with serving(worker=False) as (server, client, *_):
        assert (await post(client, prompt={}))[0] == 400
        assert (await client.post("/prompt", json={})).status == 400
        assert server.number == 2
        for number in (7, 0, -1.5):
            assert (await post(client, number=number, front=True))[1]["number"] == number
        assert server.number == 2
        assert (await post(client))[1]["number"] == 2
        taken_as = [found[0][0] for _ in range(4) if (found := server.prompt_queue.get(timeout=0))]
        assert taken_as == [-1.5, 0, 2, 7]
    await numbering.main()
    numbers = [line.split()[-1] for line in capsys.readouterr().out.splitlines()]
    assert numbers == ["0", "-1", "-2", "9.0"]


async def test_nan_makes_answers_that_are_no_json() -> None:
    """A prompt numbered NaN is taken; its answer, the queue while it waits and runs, then the history are no JSON.

    Infinity, which "inf" and 1e400 become, does the same. With NaN in a FLOAT input, only the answer is JSON.

    编号是 NaN 的 prompt 照收；给它的响应、它等待和执行时的队列、此后的历史，都不再是 JSON。"inf" 和 1e400 变成 Infinity，结果一样。
    NaN 写在 FLOAT 输入里，只有给它的响应还是 JSON。
    """  # noqa: E501
    painted = example_prompt()
    painted["sample"]["inputs"]["cfg"] = NAN
    no_number = json.dumps(painted)
    for number, name, prompt in (
        ("NaN", "NaN", json.dumps(SMALL_PROMPT)),
        ('"inf"', "Infinity", json.dumps(SMALL_PROMPT)),
        ("1e400", "Infinity", json.dumps(SMALL_PROMPT)),
        ("1", "NaN", no_number),
    ):
        async with serving(worker=False) as (server, client, *_):

            async def judge(path: str, client: ClientSession = client) -> str:
                return strict(await (await client.get(path)).text())

            assert await judge("/queue") == "JSON"
            body = f'{{"prompt": {prompt}, "number": {number}}}'
            response = await client.post("/prompt", data=body)
            assert response.status == 200
            expected = "JSON" if prompt == no_number else f"{name} is no JSON"
            assert strict(await response.text()) == expected
            assert await judge("/queue") == f"{name} is no JSON"
            assert await judge("/history") == "JSON"
            taken = server.prompt_queue.get()
            assert taken
            assert await judge("/queue") == f"{name} is no JSON"
            server.prompt_queue.task_done(taken[1], {}, None)
            assert await judge("/queue") == "JSON"
            assert await judge("/history") == f"{name} is no JSON"


async def test_a_browser_refuses_nan(chromium: Browser) -> None:
    """In Chromium `JSON.parse` takes the list of a queue, and refuses it once a prompt in it is numbered NaN.

    在 Chromium 里，`JSON.parse` 解析得了队列的列表；里面有了编号为 NaN 的 prompt，就不行了。
    """
    async with serving(worker=False) as (server, client, *_):
        page = await chromium.new_page()
        for number, refused in ((1, False), (NAN, True)):
            put(server.prompt_queue, (number, "a"))
            text = await (await client.get("/queue")).text()
            if refused:
                with pytest.raises(Error, match="SyntaxError"):
                    await page.evaluate("JSON.parse", text)
            else:
                assert (await page.evaluate("JSON.parse", text))["queue_running"] == []
        await page.close()


def test_nan_hides_lower_numbers_behind_it() -> None:
    """With NaN in the queue a higher number may be taken before a lower one.

    队列里有了 NaN，大的编号可能比小的先取。
    """
    assert not any(other > NAN or other < NAN for other in (-1.0, 0.0, float("inf"), NAN))
    assert [*taken(filled((5, "5"), (6, "6"), (1, "1")))] == ["1", "5", "6"]
    assert next(taken(filled((5, "5"), (NAN, "nan"), (6, "6"), (1, "1")))) == "5"


async def test_the_list_is_a_heap_not_an_order() -> None:
    """GET /queue lists what waits as the heap has it: the first runs next unless the queue changes; to see the order, sort.

    One that comes later, with a lower number, is taken before the first that was listed.

    GET /queue 按堆里的次序列出来：如果队列不再变动，第一个就是下一个执行的；后面的要排序才准。
    后来的编号更小，就比列出来的第一个先取。
    """  # noqa: E501
    async with serving(worker=False) as (server, client, *_):
        queue = server.prompt_queue
        put(queue, (1, "a"), (3, "b"), (2, "c"), (5, "d"), (3, "e"))
        listed = (await (await client.get("/queue")).json())["queue_pending"]
        assert ids(listed) == ["a", "b", "c", "d", "e"]
        assert [*taken(queue)] == ids(sorted(listed, key=lambda item: item[:2])) == ["a", "c", "b", "e", "d"]
        put(queue, (2, "listed"))
        listed = (await (await client.get("/queue")).json())["queue_pending"]
        put(queue, (1, "later"))
        assert (ids(listed), next(taken(queue))) == (["listed"], "later")


async def test_get_prompt_counts_what_runs_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """GET /prompt counts what waits and what runs; the queue lists the two apart, each item with five parts.

    The count comes from `get_queue_info`.

    GET /prompt 把在等的和在跑的一起数；队列分开列，每一项有五个部分。
    这个数来自 `get_queue_info`。
    """
    async with serving(worker=False) as (server, client, *_):
        _, answer = await post(client, client_id="me")
        place = [answer["number"], answer["prompt_id"]]
        item = [*place, SMALL_PROMPT, {"client_id": "me"}, ["1"]]
        for _ in range(2):
            listed = await (await client.get("/queue")).json()
            assert [item] in listed.values()
            server.prompt_queue.get(timeout=0)
        assert listed == {"queue_running": [item], "queue_pending": []}
    async with serving(worker=False) as (server, client, *_):
        put(server.prompt_queue, *enumerate("ab"))
        server.prompt_queue.get()
        assert await (await client.get("/prompt")).json() == {"exec_info": {"queue_remaining": 2}}
        listed = await (await client.get("/queue")).json()
        assert [ids(part) for part in listed.values()] == [["a"], ["b"]]
        assert [*listed] == ["queue_running", "queue_pending"]
        monkeypatch.setattr(server, "get_queue_info", lambda: {"asked": True})
        assert await (await client.get("/prompt")).json() == {"asked": True}
    await questions.main()
    assert capsys.readouterr().out.splitlines() == [
        "{'exec_info': {'queue_remaining': 4}}",
        "queue_running: [1, 'a']",
        "queue_pending: [2, 'd'] [4, 'b'] [3, 'c']",
    ]


async def test_the_running_one_cannot_be_deleted(capsys: pytest.CaptureFixture[str]) -> None:
    """Deleting and clearing find only what waits; the running prompt stays, and an unknown id is no error.

    删除和清空都只管等待的；正在执行的留着，id 不存在也不是错误。
    """
    queue = filled((1, "a"), (2, "b"))
    queue.get()
    assert [delete(queue, name) for name in ("a", "b", "c")] == [False, True, False]
    assert [ids(part) for part in queue.get_current_queue()] == [["a"], []]
    async with serving(worker=False) as (server, client, *_):
        put(server.prompt_queue, (1, "a"), (2, "b"), (3, "c"), (4, "d"))
        server.prompt_queue.get()
        for names in (["a"], ["x"], ["a", "x", "b", "d"]):
            assert (await post(client, "/queue", delete=names))[0] == 200
        assert [ids(part) for part in server.prompt_queue.get_current_queue()] == [["a"], ["c"]]
        put(server.prompt_queue, (3, "d"), (4, "e"))
        assert (await post(client, "/queue", clear=True))[0] == 200
        assert [ids(part) for part in server.prompt_queue.get_current_queue()] == [["a"], []]
    await deleting.main()
    assert capsys.readouterr().out.splitlines()[1:3] == ["  runs: a", "  waits: c"]


async def test_deleting_the_last_tells_everybody_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each change tells all clients once how many are left; deleting the only one that waits tells it twice.

    Only that one goes through `wipe_queue`, which tells it alone, too, and is called while the lock is held.
    To tell it, `put` has the lock taken again: with a lock that is no `RLock` it would wait for itself.

    每次变动都告诉所有客户端一遍还剩几个；删掉唯一在等的那个，告诉两遍。
    只有它经过 `wipe_queue`，调用时拿着锁，而后者自己也告诉一遍。
    `put` 通知时，锁要再拿一次：锁如果不是 `RLock`，它就会等自己。
    """
    async with serving(worker=False) as (server, client, *_):
        clients = [await connect(client, name) for name in ("one", "two")]
        put(server.prompt_queue, (0, "a"))
        delete(server.prompt_queue, "a")
        for ws in clients:
            told = [await ws.receive_json(timeout=10) for _ in range(3)]
            assert {message["type"] for message in told} == {"status"}
            counts = [message["data"]["status"]["exec_info"]["queue_remaining"] for message in told]
            assert counts == [1, 0, 0]
    async with serving(worker=False, publish=False) as (server, *_):
        queue = server.prompt_queue
        assert type(queue.mutex) is type(threading.RLock())
        wipe_queue, free = queue.wipe_queue, list[bool]()

        def wipe() -> None:
            def try_lock() -> None:
                if acquired := queue.mutex.acquire(blocking=False):
                    queue.mutex.release()
                free.append(acquired)

            thread = threading.Thread(target=try_lock)
            thread.start()
            thread.join()
            wipe_queue()

        monkeypatch.setattr(queue, "wipe_queue", wipe)
        put(queue, *enumerate("abcd"))
        assert await sent_counts(server) == [1, 2, 3, 4]
        taken = queue.get()
        assert taken
        assert await sent_counts(server) == [4]  # the running one counts
        for name, expected in (("a", []), ("x", []), ("b", [3]), ("c", [2]), ("d", [1, 1])):
            delete(queue, name)
            assert await sent_counts(server) == expected
            assert free == ([False] if name == "d" else [])
        queue.task_done(taken[1], {}, None)
        assert await sent_counts(server) == [0]
        put(queue, *enumerate("ab"))
        assert await sent_counts(server) == [1, 2]
        queue.wipe_queue()
        assert await sent_counts(server) == [0]
        lock = threading.Lock()

        class Plain:
            """A plain lock, for which nobody waits for ever."""

            def __enter__(self) -> None:
                if not lock.acquire(timeout=0.1):
                    raise TimeoutError

            def __exit__(self, *_: object) -> None:
                lock.release()

        for locked in (queue, alone := PromptQueue(Mock())):
            monkeypatch.setattr(locked, "mutex", Plain())
            monkeypatch.setattr(locked, "not_empty", Mock())
        put(alone, (0, "a"))  # this server asks nothing back
        with pytest.raises(TimeoutError):
            put(queue, (0, "a"))


async def test_a_text_to_delete_is_taken_letter_by_letter(capsys: pytest.CaptureFixture[str]) -> None:
    """A text after `delete` is gone through character by character, digits and hyphens too: 200, and nothing that was meant; an id of the server deletes none.

    `delete` 后面给一段文本，就一个字符一个字符地删，数字和连字符也算：200，想删的没删；服务器给的 id 一个也删不掉。
    """  # noqa: E501
    async with serving(worker=False) as (server, client, *_):
        put(server.prompt_queue, *enumerate(("ab", "b", "7", "-")))
        assert (await post(client, "/queue", delete="ab-7"))[0] == 200
        assert ids(server.prompt_queue.get_current_queue()[1]) == ["ab"]
        prompt_id = (await post(client))[1]["prompt_id"]
        for asked, left in ((prompt_id, {"ab", prompt_id}), ([prompt_id], {"ab"})):
            assert (await post(client, "/queue", delete=asked))[0] == 200
            assert {*ids(server.prompt_queue.get_current_queue()[1])} == left
    await deleting.main()
    assert capsys.readouterr().out.splitlines()[3:6] == ['{"delete": "bx"} 200', "  runs: a", "  waits: c"]


@pytest.mark.parametrize(
    ("path", "statuses"),
    [
        ("/prompt", [500, 500, 500, 500, 400, 500, 400]),
        ("/queue", [500, 500, 500, 500, 200, 200, 200]),
        ("/history", [500, 500, 500, 500, 200, 200, 200]),
        ("/free", [500, 500, 500, 500, 500, 500, 200]),
        ("/interrupt", [200, 200, 200, 200, 200, 200, 200]),
    ],
)
async def test_bad_json_is_a_500(path: str, statuses: list[int]) -> None:
    """Where a body is read, none at all, broken JSON and a byte order mark are a 500; the rest varies.

    凡是要读正文的路由，没有正文、JSON 坏了、开头有字节顺序标记（BOM），都是 500；别的要看是哪条路由。
    """
    async with serving(worker=False) as (_, client, *_):
        bodies = ("", "{", "\ufeff{}", "null", "[]", '"prompt"', "{}")
        assert [(await client.post(path, data=body)).status for body in bodies] == statuses


def picture(steps: int) -> dict[str, Any]:
    """Return a prompt that paints in steps, each of a hundredth of a second."""
    prompt = example_prompt()
    prompt["sample"]["inputs"]["steps"] = steps
    return prompt


async def how_it_ended(client: ClientSession, prompt_id: str) -> str:
    """Wait until a prompt has run; return the last thing that was told of it."""
    async with asyncio.timeout(10):
        while not (found := await (await client.get(f"/history/{prompt_id}")).json()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return str(found[prompt_id]["status"]["messages"][-1][0])


async def test_an_interrupt_stops_what_is_running() -> None:
    """An interrupt names no prompt: it ends the one that runs, whosever it is, and the next goes on, even if its id is sent along.

    中断不指名：在跑的那个停下，不管是谁的；下一个照跑，哪怕请求里写了它的 id。
    """  # noqa: E501
    async with serving() as (server, client, *_):
        prompts = [
            await post(client, prompt=picture(steps), client_id=name)
            for steps, name in ((5000, "another"), (1, "me"))
        ]
        async with asyncio.timeout(10):
            while server.last_node_id != "sample":  # noqa: ASYNC110 (a thread sets it)
                await asyncio.sleep(0.01)
        named = {"prompt_id": prompts[1][1]["prompt_id"]}
        await client.post("/interrupt", params=named, json=named)
        ended = [await how_it_ended(client, answer["prompt_id"]) for _, answer in prompts]
    assert ended == ["execution_interrupted", "execution_success"]


@pytest.mark.parametrize(("further", "ended"), [(False, "success"), (True, "interrupted")])
async def test_an_interrupt_waits_for_a_report_or_the_next_node(
    further: bool, ended: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node that reports nothing is not stopped: as the last it is a success, else the next does not begin.

    不报进度的节点停不下来：它是最后一个，就算成功；后面还有，下一个就不开始。
    """
    began, go_on = threading.Event(), threading.Event()

    class Quiet:
        RETURN_TYPES = ("IMAGE",)
        FUNCTION = "work"
        OUTPUT_NODE = True

        @classmethod
        def INPUT_TYPES(cls) -> dict[str, Any]:
            return {"required": {}}

        def work(self) -> tuple[None]:
            began.set()
            go_on.wait(10)
            return (None,)

    class Next(Quiet):
        @classmethod
        def INPUT_TYPES(cls) -> dict[str, Any]:
            return {"required": {"images": ("IMAGE", {})}}

    for kind in (Quiet, Next):
        monkeypatch.setitem(NODE_CLASS_MAPPINGS, kind.__name__, kind)
    monkeypatch.setattr(Next, "work", next_work := Mock())
    prompt: dict[str, Any] = {"quiet": {"class_type": "Quiet", "inputs": {}}}
    if further:
        prompt["next"] = {"class_type": "Next", "inputs": {"images": ["quiet", 0]}}
    async with serving() as (_, client, *_):
        _, answer = await post(client, prompt=prompt)
        assert await asyncio.to_thread(began.wait, 10)
        await client.post("/interrupt")
        go_on.set()
        assert await how_it_ended(client, answer["prompt_id"]) == f"execution_{ended}"
        assert model_management.processing_interrupted() == (not further)
    next_work.assert_not_called()


async def test_interrupt_reads_no_body() -> None:
    """POST /interrupt takes a body above the limit, which POST /free refuses with 413.

    超过上限的正文，POST /free 用 413 拒绝，POST /interrupt 照样返回 200。
    """
    async with serving("--max-upload-size", "0.0001") as (_, client, *_):
        responses = [await client.post(path, data=b"x" * 200) for path in ("/free", "/interrupt")]
        assert [response.status for response in responses] == [413, 200]


def waits(queue: PromptQueue) -> list[bool]:
    """Return a list that gets, for each wait for a prompt, whether something ended it before its time."""
    ended: list[bool] = []
    wait = queue.not_empty.wait

    def noted(timeout: float | None = None) -> bool:
        ended.append(wait(timeout))
        return ended[-1]

    queue.not_empty.wait = noted  # type: ignore[method-assign]
    return ended


def test_a_flag_wakes_an_idle_worker(capsys: pytest.CaptureFixture[str]) -> None:
    """Setting a flag ends a wait for prompts: with a timeout `get` returns None, without one it waits again.

    An idle worker then reads the flags.

    设一个标志，等 prompt 的那一方就醒过来：给了时限，`get` 返回 None；没给，就继续等。
    空闲的工作线程醒来以后读标志。
    """
    queue = PromptQueue(Mock())
    ended = waits(queue)
    asking = threading.Thread(target=queue.set_flag, args=("free_memory", True))
    with queue.not_empty:
        asking.start()
        assert queue.get(timeout=20) is None
    assert ended == [True]
    assert queue.get_flags() == {"free_memory": True}
    assert queue.get_flags() == {}

    def set_then_put() -> None:
        queue.set_flag("free_memory", True)
        while len(ended) < 2:
            time.sleep(0.01)
        put(queue, (0, "a"))

    with queue.not_empty:
        asking = threading.Thread(target=set_then_put)
        asking.start()
        found = queue.get()
    assert found
    assert (found[0][1], ended) == ("a", [True, True, True])
    asyncio.run(flags_are_read_by_an_idle_worker())
    asyncio.run(waking.main())
    assert capsys.readouterr().out.splitlines()[0] == "woken {'free_memory': True}"


async def flags_are_read_by_an_idle_worker() -> None:
    """Set a flag while the worker waits in `get`; wait until it has read it."""
    async with serving() as (server, client, *_):
        queue = server.prompt_queue
        async with asyncio.timeout(20):
            while not vars(queue.not_empty)["_waiters"]:  # noqa: ASYNC110 (a thread sets it)
                await asyncio.sleep(0.01)
            await post(client, "/free", free_memory=True)
            while queue.get_flags(reset=False):  # noqa: ASYNC110 (a thread reads it)
                await asyncio.sleep(0.01)


async def test_a_flag_set_too_early_wakes_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    """A flag that is set while nobody waits does not end the next wait; `POST /free`, which set it, is a 200.

    Sent once more while that wait lasts, the same request ends it.

    没人在等的时候设的标志，下一次等待照样等到底；设它的 `POST /free` 返回 200。等待期间再发一次同样的请求，等待就结束。
    """  # noqa: E501
    async with serving(worker=False) as (server, client, *_):
        queue = server.prompt_queue
        ended = waits(queue)
        assert (await post(client, "/free", free_memory=True))[0] == 200
        assert await asyncio.to_thread(queue.get, 0.1) is None
        assert ended == [False]
        assert queue.get_flags() == {"free_memory": True}
        await post(client, "/free", free_memory=True)  # too early again
        waiting = asyncio.create_task(asyncio.to_thread(queue.get, 20))
        while not vars(queue.not_empty)["_waiters"]:  # noqa: ASYNC110 (a thread sets it)
            await asyncio.sleep(0.01)
        await post(client, "/free", free_memory=True)
        assert await waiting is None
        assert ended == [False, True]
    await waking.main()
    assert capsys.readouterr().out.splitlines()[1] == "timeout {'free_memory': True}"


def test_a_get_that_waits_for_prompts_or_flags_misses_none(capsys: pytest.CaptureFixture[str]) -> None:
    """With `wait_for`, a flag that is set before the wait ends it; without a prompt `get` returns None, with one the lowest.

    A flag that is set during the wait ends it too, as does a prompt; if nothing comes, the time does.

    改用 `wait_for`，等待之前设的标志也使它结束；没有 prompt，`get` 返回 None，有就返回编号最小的。
    等待期间设的标志、放进的 prompt，也使它结束；什么也没有，就等到时间到。
    """  # noqa: E501
    queue = waking.Attentive(Mock())
    for timeout in (20, None):
        queue.set_flag("free_memory", True)
        start = time.monotonic()
        assert queue.get(timeout) is None
        assert time.monotonic() - start < 10
        assert queue.get_flags() == {"free_memory": True}
    assert queue.get(timeout=0.01) is None
    put(queue, (2, "b"), (1, "a"))
    queue.set_flag("free_memory", True)
    assert [*taken(queue)] == ["a", "b"]
    assert queue.get_flags()

    def wake_with(wake: Callable[[], object]) -> str | None:
        with queue.not_empty:  # until `get` waits
            threading.Thread(target=wake).start()
            start = time.monotonic()
            found = queue.get(timeout=20)
            assert time.monotonic() - start < 10
        return found[0][1] if found else None

    assert wake_with(lambda: queue.set_flag("free_memory", True)) is None
    assert queue.get_flags()
    assert wake_with(lambda: put(queue, (0, "c"))) == "c"
    asyncio.run(waking.main())
    assert capsys.readouterr().out.splitlines()[2] == "woken {'free_memory': True}"


async def test_a_busy_worker_reads_its_flags_later() -> None:
    """A flag that is set while a prompt runs is read when that prompt has ended, not before.

    prompt 在跑的时候设的标志，要等它结束才有人看，早不了。
    """
    async with serving() as (server, client, *_):
        interrupted, ends_alone, last = [
            (await post(client, prompt=picture(steps), client_id="me"))[1]["prompt_id"]
            for steps in (5000, 300, 4999)
        ]
        for prompt_id, following in ((interrupted, ends_alone), (ends_alone, last)):
            await at_its_steps(server, prompt_id)
            await post(client, "/free", free_memory=True)
            await asyncio.sleep(0.1)
            assert server.prompt_queue.get_flags(reset=False) == {"free_memory": True}
            assert ids(server.prompt_queue.get_current_queue()[0]) == [prompt_id]
            if prompt_id == interrupted:
                await client.post("/interrupt")
            await at_its_steps(server, following)
            assert server.prompt_queue.get_flags(reset=False) == {}
        assert await how_it_ended(client, interrupted) == "execution_interrupted"
        assert await how_it_ended(client, ends_alone) == "execution_success"
        await client.post("/interrupt")


async def at_its_steps(server: PromptServer, prompt_id: str) -> None:
    """Wait until this prompt is at its slow node."""
    async with asyncio.timeout(10):
        # ComfyUI's server has the first of them only once a prompt has run.
        last = "last_prompt_id", "last_node_id"
        while [getattr(server, name, None) for name in last] != [prompt_id, "sample"]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # a thread sets them


async def test_free_sets_only_what_is_truthy() -> None:
    """POST /free sets the flags `unload_models` and `free_memory`: any true value does, the text “no” too.

    POST /free 设置标志 `unload_models` 和 `free_memory`：值为真就行，字符串 no 也算。
    """
    async with serving(worker=False) as (server, client, *_):
        await post(client, "/free", free_memory="no", unload_models=0, other=True)
        assert server.prompt_queue.get_flags() == {"free_memory": "no"}
        await post(client, "/free", free_memory=0, unload_models="no")
        assert server.prompt_queue.get_flags() == {"unload_models": "no"}
        both = {"unload_models": True, "free_memory": True}
        assert (await post(client, "/free", **both))[0] == 200
        assert server.prompt_queue.get_flags() == both


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
async def test_a_rewriter_that_returns_nothing_is_a_500() -> None:
    """A rewriter that returns nothing leaves None as the body, a coroutine function a coroutine; both are a 500.

    Also if another follows, unless that one returns a new body. Each function gets what the one before it returned.

    改写函数什么也不返回，正文就成了 None；写成协程函数，正文就成了协程；结果都是 500，后面还有函数也一样，除非它返回了新的正文。
    每个函数得到的都是前一个的返回值。
    """  # noqa: E501
    async with serving(worker=False) as (server, *_):
        server.add_on_prompt_handler(hurry)
        server.add_on_prompt_handler(lambda data: {**data, "order": [*data]})
        assert server.trigger_on_prompt({"prompt": {}}) == {
            "prompt": {},
            "front": True,
            "order": ["prompt", "front"],
        }

    async def slow(data: Any) -> Any:
        return data

    for rewriter in (forget, slow):
        async with serving(worker=False) as (server, client, *_):
            server.add_on_prompt_handler(rewriter)
            body: Any = server.trigger_on_prompt({"prompt": {}})
            assert asyncio.iscoroutine(body) if rewriter is slow else body is None
            assert (await client.post("/prompt", json={"prompt": SMALL_PROMPT})).status == 500
            assert server.number == 0
            server.add_on_prompt_handler(hurry)  # which takes the body that it gets for a dict
            assert (await client.post("/prompt", json={"prompt": SMALL_PROMPT})).status == 500
            server.add_on_prompt_handler(lambda _: {"prompt": SMALL_PROMPT})
            assert (await client.post("/prompt", json={"prompt": SMALL_PROMPT})).status == 200


async def test_the_answer_names_what_is_wrong_by_node() -> None:
    """No output passes: a 400 names the nodes; one does: 200; a wrong class, even beside it: in `error.details`; no dict: 500.

    没有一个输出合格，就是 400，逐个节点说明；有一个合格就是 200；哪怕旁边有合格的，类不对就是 400，节点写在 `error.details` 里；不是对象，是 500。
    """  # noqa: E501
    bad = {"2": {"class_type": "Fail", "inputs": {}}}
    async with serving(worker=False) as (server, client, *_):
        status, answer = await post(client, prompt=bad)
        assert (status, answer["error"]["type"]) == (400, "prompt_outputs_failed_validation")
        assert [*answer["node_errors"]] == ["2"]
        status, answer = await post(client, prompt={**SMALL_PROMPT, **bad})
        assert (status, [*answer["node_errors"]]) == (200, ["2"])
        _, _, prompt, _, outputs = server.prompt_queue.get_current_queue()[1][0]
        assert (prompt, outputs) == ({**SMALL_PROMPT, **bad}, ["1"])
        unnamed = {"class_type": "SaveImage", "inputs": {"images": ["4", 0]}}
        chain = {"3": unnamed, "4": {"class_type": "VAEDecode", "inputs": {}}}
        status, answer = await post(client, prompt={**bad, **chain})
        wrong = [
            (node, error["type"]) for node, told in answer["node_errors"].items() for error in told["errors"]
        ]
        missing = [(node, "required_input_missing") for node in "2344"]  # two outputs, and a node above one
        assert (status, sorted(wrong)) == (400, missing)
        at_fault = "Node ID '#1'"
        whole: list[tuple[Any, str]] = [
            ({}, ""),
            ({"1": {}}, at_fault),
            ({"1": {"class_type": "No"}}, at_fault),
            ({**SMALL_PROMPT, "#1": {}}, "Node ID '##1'"),
            ({**SMALL_PROMPT, "#1": {"class_type": "No"}}, "Node ID '##1'"),
            ({"1": {"class_type": "VAEDecode"}}, ""),
        ]
        for prompt, details in whole:
            status, answer = await post(client, prompt=prompt)
            assert (status, answer["node_errors"], answer["error"]["details"]) == (400, [], details)
            kind = "invalid_prompt" if details else "prompt_no_outputs"
            assert answer["error"]["type"] == kind
            assert answer["error"]["message"]
        no_objects: list[Any] = [5, None, {"1": 5}, {"1": None}, {**SMALL_PROMPT, "2": 5}]
        for prompt in no_objects:
            assert (await client.post("/prompt", json={"prompt": prompt})).status == 500
        assert (await client.post("/prompt", json={"prompt": []})).status == 400


async def test_an_unlucky_prompt_ends_the_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A good prompt with `extra_data` null is a 200, ends the worker's thread, and no other prompt runs; it stays listed as running.

    Neither `POST /queue` nor `POST /interrupt` takes it out. What waits stays listed, too; a new server's queue is empty.
    There the third value of an item, as `prompt`, and the fourth, as `extra_data`, make the same item again.

    合格的 prompt 带上值为 null 的 `extra_data`：返回 200，工作线程就此结束，别的再也不跑；它自己一直算作正在执行，
    `POST /queue` 和 `POST /interrupt` 都去不掉它。
    等待的也还列着；新启动的服务器，队列是空的。在那里把一项的第三个值作为 `prompt`、第四个作为 `extra_data` 提交，就又有了同样的一项。
    """  # noqa: E501
    crashes: list[Any] = []
    monkeypatch.setattr(threading, "excepthook", crashes.append)
    async with serving(root=tmp_path) as (server, client, _, worker, _):
        assert worker
        unlucky: list[dict[str, Any]] = [{}, {"extra_data": None}, {"client_id": "me"}]
        for more in unlucky:
            assert (await post(client, **more))[0] == 200
        await asyncio.to_thread(worker.join, 10)
        assert not worker.is_alive()
        assert len(crashes) == 1
        assert "argument of type 'NoneType'" in str(crashes[0].exc_value)  # what `in` raises
        assert len(server.prompt_queue.get_history()) == 1
        assert server.prompt_queue.get_tasks_remaining() == 2
        listed = await (await client.get("/queue")).json()
        stuck, saved = listed["queue_running"], listed["queue_pending"]
        assert [item[0] for item in stuck] == [1]  # the second, whose number is 1
        assert [(item[0], *item[2:4]) for item in saved] == [(2, SMALL_PROMPT, {"client_id": "me"})]
        asked: list[tuple[str, Any]] = [("queue", {"delete": [stuck[0][1]]}), ("queue", {"clear": True})]
        for path, body in [*asked, ("interrupt", {})]:
            assert (await client.post(f"/{path}", json=body)).status == 200
        listed = await (await client.get("/queue")).json()
        assert listed == {"queue_running": stuck, "queue_pending": []}
    async with serving(root=tmp_path, worker=False) as (_, client, *_):
        listed = await (await client.get("/queue")).json()
        assert listed == {"queue_running": [], "queue_pending": []}
        for item in saved:
            assert (await post(client, prompt=item[2], extra_data=item[3]))[0] == 200
        listed = await (await client.get("/queue")).json()
        assert [item[2:] for item in listed["queue_pending"]] == [item[2:] for item in saved]
    await dead_worker.main()
    assert capsys.readouterr().out.splitlines()[-2:] == ["ended by TypeError", "ran: 1 left: 2"]


async def test_the_program_starts_one_thread_and_that_is_the_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`start_comfyui` starts one thread, a daemon; it runs `prompt_worker`.

    `start_comfyui` 只启动一个线程，是守护线程，执行的是 `prompt_worker`。
    """
    started = Mock()
    monkeypatch.setattr(main, "threading", started)
    monkeypatch.setattr(main, "hijack_progress", Mock())
    given: Any = asyncio.get_running_loop() if COMFYUI else tmp_path
    with flags_set([]):
        loop, *_ = main.start_comfyui(given)
    if loop is not given:
        loop.close()
    threads = started.Thread.call_args_list
    assert [call.kwargs["target"].__name__ for call in threads] == ["prompt_worker"]
    assert threads[0].kwargs["daemon"] is True


@pytest.mark.ours("the exercise's own queue")
def test_a_count_beside_the_number_keeps_ties_in_order() -> None:
    """With a count between number and id, equal numbers go in the order in which they came.

    NaN and infinity are refused.

    编号和 id 之间加一个计数，编号相同的就先来先取。
    NaN 和无穷大不收。
    """
    queue = Fair()
    for number, name in ((5, "z"), (5, "a"), (1, "f")):
        queue.put(number, name)
    for refused in (NAN, float("inf"), -float("inf")):
        with pytest.raises(ValueError, match="no place"):
            queue.put(refused, "n")
    assert [queue.take() for _ in range(3)] == ["f", "z", "a"]


def test_a_priority_queue_compares_what_follows_the_number(capsys: pytest.CaptureFixture[str]) -> None:
    """With equal numbers `PriorityQueue` compares prompts: TypeError if they differ, yet it is in; none is listed.

    编号相同，`PriorityQueue` 就去比较 prompt：两个不同，就抛 TypeError，prompt 却已经在里面；它也列不出、删不掉。
    """  # noqa: E501
    naive.main()
    error = "put: '<' not supported between instances of 'dict' and 'dict'"
    lines = [error, "waiting: 2"]
    assert capsys.readouterr().out.splitlines() == lines
    heap: list[tuple[int, Any]] = [(0, {"1": {}})]
    with pytest.raises(TypeError):
        heapq.heappush(heap, (0, {"2": {}}))
    assert heap == [(0, {"1": {}}), (0, {"2": {}})]  # appended before they were compared
    same: PriorityQueue[tuple[int, Any]] = PriorityQueue()
    for _ in range(3):
        same.put((0, {"1": {"class_type": "KSampler"}}))
    methods = {name for name in dir(PriorityQueue) if not name.startswith("_")}
    ways = {"put", "put_nowait", "get", "get_nowait"}
    assert methods - {"shutdown"} == ways | {"empty", "full", "qsize", "join", "task_done"}
    assert {"mutex", "queue"} <= set(vars(PriorityQueue()))  # the lock and the heap: attributes, no methods


async def test_the_queue_is_locked_while_it_is_copied() -> None:
    """`get_current_queue` copies all that waits under the lock: no thread can put or take one meanwhile.

    `GET /queue` calls it in the event loop. `get` holds the lock from a prompt's waiting to its running, too.
    To delete one, those before it in the list are asked first.

    `get_current_queue` 拿着锁拷贝所有等待的 prompt：这期间别的线程既不能放也不能取。
    `GET /queue` 在事件循环里调用它。`get` 把一个 prompt 从等待变为执行，中间也拿着锁。
    删除一个，要先问过列表里排在它前面的。
    """
    queue, is_it = filled(*enumerate("abcdefgh")), Mock(side_effect=lambda item: item[1] == "f")
    assert queue.delete_queue_item(is_it)
    assert ids([call.args[0] for call in is_it.call_args_list]) == [*"abcdef"]
    queue, free, threads = PromptQueue(Mock()), list[bool](), list[int]()

    def try_lock() -> None:
        if acquired := queue.mutex.acquire(blocking=False):
            queue.mutex.release()
        free.append(acquired)

    class Copied(dict[str, Any]):
        def __deepcopy__(self, _: Any) -> "Copied":
            threads.append(threading.get_ident())
            thread = threading.Thread(target=try_lock)
            thread.start()
            thread.join()
            return self

    for name in "ab":
        queue.put((0, name, Copied(), {}, []))
    queue.get_current_queue()
    thread = threading.Thread(target=try_lock)
    thread.start()
    thread.join()
    assert free == [False, False, True]
    assert queue.get()  # copies the prompt that it moves from waiting to running
    assert free.pop() is False
    async with serving(worker=False) as (server, client, *_):
        queue = server.prompt_queue
        queue.put((0, "a", Copied(), {}, []))
        assert (await client.get("/queue")).status == 200
    assert free == [False, False, True, False]
    assert set(threads) == {threading.get_ident()}  # the event loop's
