"""Proofs for the page server/prompt-queue."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from snippets.server.application.part import PromptServer
from snippets.server.prompt_queue import change, manage, submit, wishes
from snippets.server.prompt_queue.fair import Fair
from snippets.server.prompt_queue.history import KEPT, History
from snippets.server.prompt_queue.odd_bodies import ROUTES
from snippets.server.prompt_queue.part import PromptQueue
from snippets.server.prompt_queue.rewriting import forget, half, hurry, rewritten
from snippets.server.prompt_queue.submit import GOOD
from snippets.server.prompt_queue.told import Client, told, visiting
from snippets.server.prompt_queue.unordered import strict
from snippets.server.prompt_queue.waiting import Waiting
from snippets.server.toy_nodes.worker import start_worker
from tests.server.local import serving

NAN = float("nan")


def filled(*places: tuple[float, str]) -> PromptQueue:
    """Return a queue in which these prompts wait."""
    queue = PromptQueue(changed=lambda: None)
    for number, name in places:
        queue.put((number, name, {}, {}, []))
    return queue


def taken(queue: Waiting) -> Iterator[str]:
    """Take one prompt after the other; yield their names."""
    while item := queue.take(timeout=0):
        yield item[1]


async def post(client: Client, path: str = "/prompt", **body: Any) -> tuple[int, Any]:
    """Post a body that holds a good prompt unless it says otherwise; return status and answer."""
    response = await client.post(path, json={"prompt": GOOD, **body} if path == "/prompt" else body)
    return response.status, json.loads(await response.text() or "null")


def test_the_lowest_number_is_taken_first() -> None:
    """Prompts are taken by number, the lowest first, whenever they came.

    按号码取，最小的先取，先来后到不算数。
    """
    assert [*taken(filled((3, "c"), (1, "a"), (-2, "front"), (2, "b")))] == ["front", "a", "b", "c"]


async def test_the_last_to_push_in_runs_first() -> None:
    """Of two prompts sent to the front the later one has the lower number, and is taken first.

    两个都插到最前面，后插的号码更小，先取。
    """
    async with visiting(submit.routes) as (server, client):
        given = [(await post(client))[1]["number"]]
        given += [(await post(client, front=True))[1]["number"] for _ in range(2)]
        assert given == [0, -1, -2]
        assert [item[0] for _ in given if (item := server.queue.take(timeout=0))] == [-2, -1, 0]


async def test_the_very_first_stays_where_it_is() -> None:
    """The counter starts at 0, and minus 0 is 0: the very first prompt cannot go to the front.

    计数器从 0 开始，负的 0 还是 0：第一个提示词插不了队。
    """
    async with visiting(submit.routes) as (_, client):
        assert (await post(client, front=True))[1]["number"] == 0


def test_ties_are_settled_by_the_prompt_id() -> None:
    """Of two prompts with the same number, the one whose id is lower in the alphabet goes first.

    号码相同的两个，id 按字母排在前面的先取。
    """
    assert [*taken(filled((5, "b"), (5, "a")))] == ["a", "b"]
    assert [*taken(filled((5, "a"), (5, "b")))] == ["a", "b"]


def test_a_number_and_id_used_twice_raise_and_stay() -> None:
    """With number and id alike, differing prompts are compared: that raises, and the later one waits anyway.

    号码和 id 都相同，提示词却不同，就轮到比较提示词，于是抛异常；后来的那个照样留在队列里。
    """
    queue = filled((5, "a"))
    with pytest.raises(TypeError, match="'dict'"):
        queue.put((5, "a", GOOD, {}, []))
    assert queue.remaining() == 2


async def test_every_prompt_counts_even_a_bad_one() -> None:
    """The counter rises for a bad prompt and for none at all, but not when the client gives a number.

    提示词不合格，或者根本没有，计数器照样加一；客户端自己给号码，就不加。
    """
    async with visiting(submit.routes) as (server, client):
        assert (await post(client, prompt={}))[0] == 400
        assert (await client.post("/prompt", json={})).status == 400
        assert server.number == 2
        assert (await post(client, number=7, front=True))[1]["number"] == 7.0
        assert server.number == 2
        assert (await post(client))[1]["number"] == 2


async def test_a_number_may_be_whatever_float_takes() -> None:
    """A number may be a text or true, whatever `float` takes; null is a 500.

    号码可以是文本或者 true，`float` 肯收就行；null 是 500。
    """
    async with visiting(submit.routes) as (_, client):
        for number, expected in (("1_0", 10), (" 4 ", 4), (True, 1), ("-inf", float("-inf"))):
            assert (await post(client, number=number))[1]["number"] == expected
        assert (await client.post("/prompt", json={"prompt": GOOD, "number": None})).status == 500


async def test_nan_makes_answers_that_are_no_json() -> None:
    """A prompt numbered NaN is taken; its answer and then the whole queue are JSON no longer.

    号码是 NaN 的提示词照收；给它的答复、接着是整个队列，都不再是 JSON。
    """
    async with visiting([*submit.routes, *manage.routes]) as (_, client):
        assert strict(await (await client.get("/queue")).text()) == "JSON"
        response = await client.post("/prompt", data=json.dumps({"prompt": GOOD, "number": NAN}))
        assert response.status == 200
        assert strict(await response.text()) == "NaN is no JSON"
        assert strict(await (await client.get("/queue")).text()) == "NaN is no JSON"


def test_nan_hides_lower_numbers_behind_it() -> None:
    """With NaN in the queue a higher number may be taken before a lower one.

    队列里有了 NaN，大的号码可能比小的先取。
    """
    assert [*taken(filled((5, "5"), (6, "6"), (1, "1")))] == ["1", "5", "6"]
    assert next(taken(filled((5, "5"), (NAN, "nan"), (6, "6"), (1, "1")))) == "5"


def test_the_list_is_a_heap_not_an_order() -> None:
    """GET /queue lists what waits as the heap has it: the first is right, the rest need not be.

    GET /queue 按堆里的次序列出来：第一个准，后面的不一定。
    """
    queue = filled((1, "a"), (3, "b"), (2, "c"))
    assert [item[1] for item in queue.current()[1]] == ["a", "b", "c"]
    assert [*taken(queue)] == ["a", "c", "b"]


async def test_get_prompt_counts_what_runs_too() -> None:
    """GET /prompt counts what waits and what runs; the queue lists the two apart.

    GET /prompt 把在等的和在跑的一起数；队列分开列。
    """
    async with visiting(manage.routes) as (server, client):
        for number, name in enumerate("ab"):
            server.queue.put((number, name, {}, {}, []))
        server.queue.take()
        assert await (await client.get("/prompt")).json() == {"exec_info": {"queue_remaining": 2}}
        listed = await (await client.get("/queue")).json()
        assert [[item[1] for item in part] for part in listed.values()] == [["a"], ["b"]]
        assert [*listed] == ["queue_running", "queue_pending"]


def test_the_running_one_cannot_be_deleted() -> None:
    """Deleting finds only what waits; the running prompt stays, and an unknown id is no error.

    只删得掉在等的；在跑的留着，id 不认识也不算错。
    """
    queue = filled((1, "a"), (2, "b"))
    queue.take()
    for name in ("a", "b", "c"):
        queue.delete(name)
    assert [[item[1] for item in part] for part in queue.current()] == [["a"], []]


async def test_deleting_the_last_tells_everybody_twice() -> None:
    """Whoever deletes the only waiting prompt makes two messages; any other delete makes one or none.

    删掉最后一个在等的，发出两条消息；别的删除是一条，或者没有。
    """
    async with visiting([]) as (server, _):
        for number, name in enumerate("ab"):
            server.queue.put((number, name, {}, {}, []))
        assert await told(server) == [1, 2]
        for name, expected in (("x", []), ("a", [1]), ("b", [0, 0])):
            server.queue.delete(name)
            assert await told(server) == expected


async def test_a_text_to_delete_is_taken_letter_by_letter() -> None:
    """A text after `delete` is gone through letter by letter: 200, and nothing that was meant.

    `delete` 后面给一段文本，就一个字母一个字母地删：200，想删的没删。
    """
    async with visiting(change.routes) as (server, client):
        for number, name in enumerate(("ab", "b")):
            server.queue.put((number, name, {}, {}, []))
        assert (await post(client, "/queue", delete="ab"))[0] == 200
        assert [item[1] for item in server.queue.waiting] == ["ab"]


async def test_half_is_done_before_the_500() -> None:
    """A body that clears and then deletes nonsense is answered 500, with the queue already empty.

    一份正文先清空、再删一个不成样的东西：答 500，可队列已经空了。
    """
    async with visiting(change.routes) as (server, client):
        server.queue.put((0, "a", {}, {}, []))
        response = await client.post("/queue", json={"clear": True, "delete": None})
        assert (response.status, server.queue.remaining()) == (500, 0)


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
    async with visiting(ROUTES) as (_, client):
        bodies = ("", "{", "\ufeff{}", "null", "[]", '"prompt"', "{}")
        assert [(await client.post(path, data=body)).status for body in bodies] == statuses


def picture(steps: int) -> dict[str, Any]:
    """Return a prompt that paints in steps, each of a hundredth of a second."""
    size = dict.fromkeys(("width", "height", "batch_size"), 1)
    numbers = {"seed": 1, "steps": steps, "cfg": 1.0, "denoise": 1.0, "sampler_name": "", "scheduler": ""}
    texts = {"positive": ["text", 0], "negative": ["text", 0]}
    links = {"model": ["model", 0], "latent_image": ["empty", 0], **texts}
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "model": ("CheckpointLoaderSimple", {"ckpt_name": ""}),
        "empty": ("EmptyLatentImage", size),
        "text": ("CLIPTextEncode", {"text": "", "clip": ["model", 1]}),
        "sample": ("KSampler", {**links, **numbers}),
        "decode": ("VAEDecode", {"samples": ["sample", 0], "vae": ["model", 2]}),
        "show": ("SaveImageWebsocket", {"images": ["decode", 0]}),
    }
    return {name: {"class_type": kind, "inputs": inputs} for name, (kind, inputs) in nodes.items()}


async def how_it_ended(client: Client, prompt_id: str) -> str:
    """Wait until a prompt has run; return the last thing that was told of it."""
    async with asyncio.timeout(10):
        while not (found := await (await client.get(f"/history/{prompt_id}")).json()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return str(found[prompt_id]["status"]["messages"][-1][0])


async def stop(server: PromptServer, worker: threading.Thread) -> None:
    """Ask until it stops: a flag that comes a moment too early wakes nobody."""
    while worker.is_alive():
        server.queue.set_flag("stop", True)
        await asyncio.to_thread(worker.join, 0.1)


async def test_an_interrupt_stops_what_is_running() -> None:
    """An interrupt names no prompt: it ends the one that runs, and the next goes on.

    中断不指名：在跑的那个停下，下一个照跑。
    """
    async with visiting([*ROUTES, *manage.routes]) as (server, client):
        worker = start_worker(server)
        prompts = [await post(client, prompt=picture(steps), client_id="me") for steps in (5000, 1)]
        ids = [answer["prompt_id"] for _, answer in prompts]
        async with asyncio.timeout(10):
            while server.last_node_id != "sample":  # noqa: ASYNC110 (a thread sets it)
                await asyncio.sleep(0.01)
        await client.post("/interrupt")
        ended = [await how_it_ended(client, prompt_id) for prompt_id in ids]
        await stop(server, worker)
    assert ended == ["execution_interrupted", "execution_success"]


async def test_an_early_interrupt_is_forgotten() -> None:
    """An interrupt while nothing runs does not stop the next prompt.

    没有东西在跑的时候中断，下一个提示词不受影响。
    """
    async with visiting([*ROUTES, *manage.routes]) as (server, client):
        await client.post("/interrupt")
        assert server.interrupted.is_set()
        worker = start_worker(server)
        _, answer = await post(client, prompt=picture(steps=1))
        assert await how_it_ended(client, answer["prompt_id"]) == "execution_success"
        await stop(server, worker)


async def test_interrupt_reads_no_body(tmp_path: Path) -> None:
    """POST /interrupt takes a body above the limit, which POST /free refuses with 413.

    超过上限的正文，POST /free 用 413 拒绝，POST /interrupt 照答 200。
    """
    async with (
        serving(["--max-upload-size", "0.0001"], tmp_path) as runner,
        aiohttp.ClientSession() as session,
    ):
        host, port = runner.addresses[0][:2]
        paths = ("free", "interrupt")
        answers = [await session.post(f"http://{host}:{port}/{path}", data=b"x" * 200) for path in paths]
        assert [answer.status for answer in answers] == [413, 200]


def test_a_flag_wakes_an_idle_worker() -> None:
    """Setting a flag ends a wait for prompts; what comes of it is None, not a prompt.

    设一个标志，等提示词的那一方就醒过来；拿到的是 None，不是提示词。
    """
    queue = PromptQueue(changed=lambda: None)
    asking = threading.Thread(target=queue.set_flag, args=("free_memory", True))
    with queue.news:
        asking.start()
        start = time.monotonic()
        assert queue.take(timeout=20) is None
    assert time.monotonic() - start < 10
    assert queue.take_flags() == {"free_memory": True}
    assert queue.take_flags() == {}


def test_a_flag_set_too_early_wakes_nobody() -> None:
    """A flag that is set while nobody waits does not end the next wait.

    没人在等的时候设的标志，下一次等待照样等到底。
    """
    queue = PromptQueue(changed=lambda: None)
    queue.set_flag("free_memory", True)
    start = time.monotonic()
    assert queue.take(timeout=0.3) is None
    assert time.monotonic() - start > 0.2
    assert queue.flags


async def test_a_busy_worker_reads_its_flags_later() -> None:
    """A flag that is set while a prompt runs is read when that prompt has ended, not before.

    提示词在跑的时候设的标志，要等它结束才有人看，早不了。
    """
    async with visiting([*ROUTES, *manage.routes]) as (server, client):
        worker = start_worker(server)
        _, answer = await post(client, prompt=picture(steps=5000), client_id="me")
        async with asyncio.timeout(10):
            while server.last_node_id != "sample":  # noqa: ASYNC110 (a thread sets it)
                await asyncio.sleep(0.01)
        await post(client, "/free", free_memory=True)
        await asyncio.sleep(0.1)
        assert (server.queue.flags, len(server.queue.running)) == ({"free_memory": True}, 1)
        await client.post("/interrupt")
        await how_it_ended(client, answer["prompt_id"])
        async with asyncio.timeout(10):
            while server.queue.flags:  # noqa: ASYNC110 (a thread takes them)
                await asyncio.sleep(0.01)
        await stop(server, worker)


async def test_free_sets_only_what_is_truthy() -> None:
    """POST /free takes whatever is truthy, the text “no” too, and overlooks the rest.

    POST /free 把真值都收下，连文本 no 也算；其余不理。
    """
    async with visiting(wishes.routes) as (server, client):
        await post(client, "/free", free_memory="no", unload_models=0, other=True)
        assert server.queue.flags == {"free_memory": "no"}


def test_the_history_holds_ten_thousand_and_one() -> None:
    """The history grows to 10,001; then the oldest goes for each that comes.

    历史长到 10001 条；此后来一条，最旧的去一条。
    """
    history = History()
    for number in range(KEPT + 3):
        history.add(str(number), {})
    assert (KEPT, len(history), next(iter(history))) == (10_000, 10_001, "2")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "abc"),
        ("?max_items=2", "bc"),
        ("?max_items=9", "abc"),
        ("?max_items=0", ""),
        ("?max_items=-1", ""),
    ],
)
async def test_max_items_brings_the_newest(query: str, expected: str) -> None:
    """`max_items` brings the newest, the older first; 0 and a negative number bring none.

    `max_items` 给最新的几条，旧的在前；0 和负数一条也不给。
    """
    async with visiting(manage.routes) as (server, client):
        for name in "abc":
            server.history.add(name, {})
        assert "".join(await (await client.get(f"/history{query}")).json()) == expected


async def test_a_limit_that_is_no_number_is_a_500() -> None:
    """`max_items` that `int` does not take, and an empty one, is a 500.

    `max_items` 不是 `int` 肯收的，或者是空的，答 500。
    """
    async with visiting(manage.routes) as (_, client):
        for limit, status in (("x", 500), ("", 500), ("1.0", 500), ("1_0", 200)):
            assert (await client.get("/history", params={"max_items": limit})).status == status


async def test_an_unknown_prompt_is_an_empty_object() -> None:
    """GET /history/{prompt_id} answers 200 with an empty object for an id that it does not know.

    GET /history/{prompt_id} 碰到不认识的 id，答 200 和一个空对象。
    """
    async with visiting(manage.routes) as (server, client):
        server.history.add("a", {"outputs": {}})
        answers = [await (await client.get(f"/history/{name}")).json() for name in ("a", "b")]
        assert answers == [{"a": {"outputs": {}}}, {}]


async def test_forgetting_does_not_touch_the_queue() -> None:
    """POST /history forgets one or all of what ran, and leaves the queue alone.

    POST /history 忘掉跑完的一个或全部，不动队列。
    """
    async with visiting(change.routes) as (server, client):
        server.queue.put((0, "a", {}, {}, []))
        for name in "abc":
            server.history.add(name, {})
        await post(client, "/history", delete=["a", "x"])
        assert [*server.history] == ["b", "c"]
        await post(client, "/history", clear=True)
        assert (len(server.history), server.queue.remaining()) == (0, 1)


def test_what_a_failed_rewriter_changed_stays() -> None:
    """A rewriter that fails is passed over, but what it had changed in place stays.

    出错的改写函数跳过去，它已经就地改掉的却留着。
    """
    assert rewritten({"prompt": {}}, [half, hurry]) == {"prompt": {}, "number": 7, "front": True}


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
async def test_a_rewriter_that_returns_nothing_is_a_500() -> None:
    """A rewriter that returns nothing leaves None as the body, and that is a 500; so is a coroutine function.

    改写函数什么也不返回，正文就成了 None，结果是 500；写成协程函数也一样。
    """

    async def slow(data: Any) -> Any:
        return data

    for rewriter in (forget, slow):
        async with visiting(submit.routes) as (server, client):
            server.rewriters.append(rewriter)
            assert (await client.post("/prompt", json={"prompt": GOOD})).status == 500
            assert server.number == 0


async def test_the_answer_names_what_is_wrong_by_node() -> None:
    """A bad prompt is a 400 with an error and what is wrong by node; a prompt with one good output is a 200.

    不合格的提示词答 400，带上错误和逐个节点的毛病；只要有一个输出是好的，就是 200。
    """
    bad = {"2": {"class_type": "Fail", "inputs": {}}}
    async with visiting(submit.routes) as (server, client):
        status, answer = await post(client, prompt=bad)
        assert (status, answer["error"]["type"]) == (400, "prompt_outputs_failed_validation")
        assert [*answer["node_errors"]] == ["2"]
        status, answer = await post(client, prompt={**GOOD, **bad})
        assert (status, [*answer["node_errors"]]) == (200, ["2"])
        assert server.queue.waiting[0][4] == ["1"]


async def test_an_unlucky_prompt_ends_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A good prompt with `extra_data` null is a 200, ends the worker's thread, and no other prompt runs.

    合格的提示词带上值为 null 的 `extra_data`：答 200，工作线程就此结束，别的再也不跑。
    """
    crashes: list[Any] = []
    monkeypatch.setattr(threading, "excepthook", crashes.append)
    async with visiting(submit.routes) as (server, client):
        worker = start_worker(server)
        unlucky: list[dict[str, Any]] = [{}, {"extra_data": None}, {}]
        for more in unlucky:
            assert (await post(client, **more))[0] == 200
        await asyncio.to_thread(worker.join, 10)
        assert not worker.is_alive()
        assert (len(crashes), len(server.history), server.queue.remaining()) == (1, 1, 2)


def test_a_count_beside_the_number_keeps_ties_in_order() -> None:
    """With a count between number and id, equal numbers go in the order in which they came; NaN is refused.

    号码和 id 之间加一个计数，号码相同的就先来先取；NaN 不收。
    """
    queue = Fair()
    for number, name in ((5, "z"), (5, "a"), (1, "f")):
        queue.put(number, name)
    with pytest.raises(ValueError, match="no place"):
        queue.put(NAN, "n")
    assert [queue.take() for _ in range(3)] == ["f", "z", "a"]
