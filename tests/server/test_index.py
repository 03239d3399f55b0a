"""Proofs for the page server/index."""

import asyncio
import json
import logging
import posixpath
import re
import sys
import threading
import time
import traceback
import urllib.request
from typing import Any, ClassVar
from unittest.mock import patch

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, web
from mkdocs.config import load_config

from snippets.recreation import main, nodes
from snippets.recreation.execution import PromptExecutor, PromptQueue
from snippets.recreation.nodes import Node
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import SMALL_PROMPT, example_prompt, serving
from snippets.server.index import journey, notes, one_prompt
from snippets.server.map import callers
from tests.client import connect
from tools.model import LANGUAGES, ROOT, Page, Project, Section
from tools.source_map import source_maps

TOPICS = ("server/version", "aiohttp/requests", "server/cache_control", "server/sending")


def section(language: str, name: str) -> Section:
    """Return a section of the page itself."""
    page: Page = Project().pages(language)["server/index"]
    return next(section for section in page.sections if section.id == name)


class Look(Node):
    """A node that notes in which thread it runs."""

    OUTPUT_NODE = True
    threads: ClassVar[list[threading.Thread]] = []

    def work(self) -> dict[str, Any]:
        """Note it."""
        self.threads.append(threading.current_thread())
        return {}


async def messages_until_done(ws: ClientWebSocketResponse) -> list[dict[str, Any]]:
    """Return the messages in JSON up to the one that says that no node is run any more."""
    received: list[dict[str, Any]] = []
    while not received or (received[-1]["type"], received[-1]["data"].get("node", "")) != ("executing", None):
        message = await ws.receive(timeout=20)
        if message.type == WSMsgType.TEXT:
            received.append(json.loads(message.data))
    return received


@pytest.mark.parametrize(
    ("text", "status"), [("a cat", 500), (json.dumps("a cat"), 500), ({"text": "a cat"}, 400)]
)
async def test_a_prompt_is_a_graph_and_a_text_is_refused(text: object, status: int) -> None:
    """A graph of nodes by id, each with class and inputs, is accepted; a text in its place: 500, not queued.

    收下的是图：按编号列出节点，每个节点有类名和输入；换成一段文本，得到 500，不会排队。
    """
    graph = example_prompt()
    assert all(node.keys() == {"class_type", "inputs"} for node in graph.values())
    links = [value for node in graph.values() for value in node["inputs"].values() if isinstance(value, list)]
    assert links
    assert all(node in graph and isinstance(output, int) for node, output in links)
    logging.disable()
    async with serving(worker=False) as (server, client, *_):
        assert (await client.post("/prompt", json={"prompt": text})).status == status
        assert server.prompt_queue.get_tasks_remaining() == 0
        assert (await client.post("/prompt", json={"prompt": graph})).status == 200
        assert server.prompt_queue.get_tasks_remaining() == 1


async def test_handlers_and_messages_have_one_thread_and_nodes_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of two clients the handlers and all messages have the event loop's thread, the nodes the worker's.

    Prompts go from the first to the second by `PromptQueue`. That a node begins, progresses and shows something,
    the worker says by `send_sync`, to the client of the prompt alone, and it comes back by `messages`.
    Of a prompt without a client only progress is sent, and to all.

    两个客户端的处理函数和所有消息都在事件循环的线程里，节点在工作线程里；prompt 经 `PromptQueue` 过去。节点开始、有进度、有展示，由工作线程用 `send_sync` 只告诉提交 prompt 的客户端，经 `messages` 回来。
    prompt 没有写客户端时，只发送进度，而且发给所有客户端。
    """  # noqa: E501
    monkeypatch.setitem(nodes.NODE_CLASS_MAPPINGS, "Look", Look)
    Look.threads.clear()
    threads: dict[str, list[threading.Thread]] = {}
    told: set[str] = set()  # by the worker
    sent: set[str] = set()  # by publish_loop
    senders: set[object] = set()  # the tasks that send what the worker told

    def spy(thing: Any, name: str, kinds: set[str] | None = None) -> None:
        call = getattr(thing, name)

        def noted(*words: Any, **more: Any) -> Any:
            threads.setdefault(f"{type(thing).__name__}.{name}", []).append(threading.current_thread())
            if kinds is sent or (kinds is told and threading.current_thread().daemon):
                kinds.add(words[0])
            return call(*words, **more)

        monkeypatch.setattr(thing, name, noted)

    def prepare(server: PromptServer) -> None:
        for name in ("put", "get"):
            spy(server.prompt_queue, name)
        spy(server, "trigger_on_prompt")  # POST /prompt calls this
        spy(server, "send_sync", told)
        plain = server.send

        async def send(event: Any, *words: Any) -> None:
            if event in ("progress", "executed"):
                senders.add(asyncio.current_task())
            await plain(event, *words)

        monkeypatch.setattr(server, "send", send)
        spy(server, "send", sent)  # publish_loop calls this
        for name in ("put_nowait", "get"):
            spy(server.messages, name)

    async with serving(prepare=prepare) as (server, client, _, worker, publishing):
        third = await connect(client, "third")
        for name, seed in (("me", 1), ("other", 2)):  # the same again might be cached
            ws = await connect(client, name)
            prompt = example_prompt() | {"look": {"class_type": "Look", "inputs": {}}}
            prompt["sample"]["inputs"].update(steps=2, seed=seed)
            assert (await client.post("/prompt", json={"prompt": prompt, "client_id": name})).status == 200
            received = {message["type"] for message in await messages_until_done(ws)}
            assert {"executing", "progress", "executed"} < received
            await ws.close()
        server.send_sync("last", None)
        heard = set[str]()
        while "last" not in heard:
            heard.add((await third.receive_json(timeout=20))["type"])
        assert heard == {"status", "last"}  # the rest goes to the client that `client_id` names
        prompt = example_prompt() | {"look": {"class_type": "Look", "inputs": {}}}
        prompt["sample"]["inputs"].update(steps=2, seed=3)
        assert (await client.post("/prompt", json={"prompt": prompt})).status == 200
        async with asyncio.timeout(20):
            while len(server.prompt_queue.get_history()) < 3:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)  # a last message would follow
        server.send_sync("last one", None)
        heard.clear()
        while "last one" not in heard:
            message = await third.receive(timeout=20)
            if message.type == WSMsgType.TEXT:
                heard.add(json.loads(message.data)["type"])
        assert heard == {"status", "progress", "last one"}
        await third.close()
    loop = threading.current_thread()
    assert worker not in (loop, None)
    assert set(Look.threads) == {worker}
    assert threads["PromptServer.trigger_on_prompt"] == threads["PromptQueue.put"] == [loop] * 3
    assert set(threads["PromptQueue.get"]) == {worker}
    for name in ("PromptServer.send", "Queue.put_nowait", "Queue.get"):
        assert set(threads[name]) == {loop}
    assert {"executing", "progress", "executed"} < told <= sent
    assert senders == {publishing}  # the task of `publish_loop`
    assert publishing
    assert publishing.get_coro().__qualname__.endswith(".publish_loop")  # type: ignore[union-attr]


async def test_each_prompt_goes_as_far_as_the_figure_says(capsys: pytest.CaptureFixture[str]) -> None:
    """One that runs or raises goes round once; a refused one is never queued, a deleted one never taken.

    How it ended comes back through `messages`. The worker is held until the page has its answer.
    Only what the worker does has the worker's thread.

    能执行的和抛出异常的都走完一圈；被拒绝的不进队列，被删除的不会被取出。
    怎样结束，经 `messages` 传回。工作线程要等页面收到响应之后才开始。只有工作线程做的事在工作线程里。
    """
    await journey.main()
    logging.disable(logging.NOTSET)
    rows = dict(line.split(": ") for line in capsys.readouterr().out.splitlines())
    steps = {case: [event.split() for event in row.split(", ")] for case, row in rows.items()}
    queued = "page posts", "handlers reads", "PromptQueue put", "page 200"
    for case, end in (("runs", "execution_success"), ("raises", "execution_error")):
        done = f"prompt_worker {end}", "messages put", "publish_loop gets", f"page {end}"
        assert [" ".join(step[:2]) for step in steps[case]] == [*queued, "prompt_worker takes", *done]
    assert [" ".join(step[:2]) for step in steps["refused"]] == [*queued[:2], "page 400"]
    assert [" ".join(step[:2]) for step in steps["deleted"]] == [*queued, "PromptQueue deletes"]
    for place, deed, thread, waiting in (step for case in steps.values() for step in case):
        own = {"page": "client", "prompt_worker": "worker"}
        assert thread == own.get(place, "loop")
        assert int(waiting) == (f"{place} {deed}" in queued[2:])


async def test_a_handler_that_computes_keeps_every_other_client_waiting() -> None:
    """While a handler computes, no other client gets an answer; while a thread does it for it, all do.

    Nor does one while a task computes, though its handler has answered.

    处理函数计算时，别的客户端都得不到响应；计算放到线程里，就都得到。
    放到任务里，处理函数虽然返回了，别的客户端还是得不到。
    """
    paths = "/queue", "/prompt", "/history"
    began, answered = threading.Event(), list[str]()
    meanwhile: list[int] = []
    tasks: list[asyncio.Task[None]] = []

    def compute(seconds: float) -> None:
        answered.clear()
        began.set()
        end = time.perf_counter() + seconds
        while time.perf_counter() < end and len(answered) < len(paths):
            pass
        meanwhile.append(len(answered))

    async def in_the_handler(_: web.Request) -> web.Response:
        compute(0.5)
        return web.Response()

    async def in_a_task(_: web.Request) -> web.Response:
        async def work() -> None:
            await asyncio.sleep(0.1)  # the answer goes first
            compute(0.5)

        tasks.append(asyncio.create_task(work()))
        return web.Response()

    async def in_a_thread(_: web.Request) -> web.Response:
        await asyncio.to_thread(compute, 20)
        return web.Response()

    def ask_meanwhile(path: str) -> None:
        assert began.wait(10)
        with urllib.request.urlopen(f"http://{host}:{port}{path}", timeout=20) as response:
            assert response.status == 200
        answered.append(path)

    def add(server: PromptServer) -> None:
        server.routes.get("/in-the-handler")(in_the_handler)
        server.routes.get("/in-a-task")(in_a_task)
        server.routes.get("/in-a-thread")(in_a_thread)

    async with serving(worker=False, prepare=add) as (_, client, (host, port), *_):
        for path in ("/in-the-handler", "/in-a-task", "/in-a-thread"):
            began.clear()
            others = asyncio.gather(*(asyncio.to_thread(ask_meanwhile, other) for other in paths))
            await client.get(path)
            await others
            assert sorted(answered) == sorted(paths)
    assert meanwhile == [0, 0, 3]


async def test_the_worker_takes_the_lowest_number_and_runs_what_passed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An idle worker waits in `get`; it takes prompts by number and runs, one by one, valid outputs and their needs.

    Nodes name their class by the name it is registered under, not by its own.

    空闲的工作线程等在 `get` 里；它按编号取 prompt，一个接一个地执行通过检查的输出节点和它们需要的节点。
    节点写的是类登记时用的名字，不是类自己的名字。
    """  # noqa: E501
    runs: list[str] = []
    inside = threading.Lock()

    class Base(Node):
        INPUTS: ClassVar = {"name": nodes.TEXT}
        RETURN_TYPES = ("NAME",)

        def work(self, name: str, other: str = "") -> tuple[str]:
            assert inside.acquire(blocking=False)  # no other node is being run
            time.sleep(0.02)
            runs.append(f"{name} in {threading.current_thread().name}")
            inside.release()
            return (name,)

    class Final(Base):
        INPUTS: ClassVar = {"name": ("NAME", {}), "other": nodes.TEXT}  # the same twice would be cached
        OUTPUT_NODE = True

    for kind in (Base, Final):
        monkeypatch.setitem(nodes.NODE_CLASS_MAPPINGS, f"My{kind.__name__}", kind)

    def graph(name: str) -> dict[str, Any]:
        return {
            "bad": {"class_type": "MyFinal", "inputs": {}},
            "unneeded": {"class_type": "MyBase", "inputs": {"name": "unneeded"}},
            "good": {"class_type": "MyFinal", "inputs": {"name": ["needed", 0], "other": "good"}},
            "too": {"class_type": "MyFinal", "inputs": {"name": ["needed", 0], "other": "too"}},
            "needed": {"class_type": "MyBase", "inputs": {"name": name}},
        }

    async with serving(worker=False) as (server, client, *_):
        for number in (3, 1, 2):
            body = {"prompt": graph(f"prompt {number}"), "number": number}
            assert (await client.post("/prompt", json=body)).status == 200
        by_class = {"1": {"class_type": "Final", "inputs": {"name": "a"}}}
        assert (await client.post("/prompt", json={"prompt": by_class})).status == 400
        queue = server.prompt_queue
        worker = threading.Thread(target=main.prompt_worker, args=(queue, server), name="it", daemon=True)
        worker.start()
        async with asyncio.timeout(20):
            while len(queue.get_history()) < 3:  # noqa: ASYNC110 - the worker sets no event
                await asyncio.sleep(0.01)
        assert runs == [f"prompt {number} in it" for number in (1, 2, 3) for _ in range(3)]
        await asyncio.sleep(0.05)
        frame = sys._current_frames()[worker.ident or 0]
        waits = [each.f_code.co_name for each, _ in traceback.walk_stack(frame)]
        assert {"get", "wait", "prompt_worker"} <= set(waits)
        queue.set_flag("stop", True)
        await asyncio.to_thread(worker.join, 10)


async def test_after_the_worker_has_ended_prompts_are_accepted_and_not_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An exception that leaves `execute` ends the worker's thread; prompts get 200 after that, and none runs.

    从 `execute` 抛出的异常结束工作线程；此后提交的 prompt 照样得到 200，但都不执行。
    """
    ended: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda crash: ended.append(crash.exc_type.__name__))

    def fail(*_: Any) -> None:
        raise LookupError

    async with serving() as (server, client, _, worker, _):
        assert worker
        with monkeypatch.context() as patched:
            patched.setattr(PromptExecutor, "execute", fail)
            assert (await client.post("/prompt", json={"prompt": SMALL_PROMPT})).status == 200
            await asyncio.to_thread(worker.join, 10)
        assert (worker.is_alive(), ended) == (False, ["LookupError"])
        for _ in range(3):
            assert (await client.post("/prompt", json={"prompt": SMALL_PROMPT})).status == 200
        await asyncio.sleep(0.5)  # a worker looks every 0.2 s
        assert server.prompt_queue.get_history() == {}
        assert server.prompt_queue.get_tasks_remaining() == 4


async def test_the_answer_comes_before_anything_has_run() -> None:
    """Without a worker too `POST /prompt` answers 200 with an id and a number, and the prompt waits.

    没有工作线程，`POST /prompt` 也返回 200，带着 id 和编号；prompt 在排队。
    """
    async with serving(worker=False) as (_, client, *_):
        for number in range(2):
            answer = await client.post("/prompt", json={"prompt": example_prompt()})
            body = await answer.json()
            assert (answer.status, body["number"], body["node_errors"]) == (200, number, {})
        queue = await (await client.get("/queue")).json()
        history = await (await client.get("/history")).json()
    assert queue["queue_running"] == []
    assert [item[0] for item in queue["queue_pending"]] == [0, 1]
    assert queue["queue_pending"][1][1] == body["prompt_id"]
    assert history == {}


async def test_the_server_answers_while_a_prompt_runs() -> None:
    """While a prompt runs, `GET /queue` is answered and lists it; another client's prompt waits until it is done.

    prompt 正在执行时，`GET /queue` 照样有响应，并列出它；别的客户端的 prompt 要等它完成。
    """  # noqa: E501
    slow = example_prompt()
    slow["sample"]["inputs"]["steps"] = 10_000
    async with serving() as (_, client, *_):
        ws, other = await connect(client), await connect(client, "other")
        ids = []
        for prompt, name in ((slow, "me"), (example_prompt(), "other")):
            answer = await client.post("/prompt", json={"prompt": prompt, "client_id": name})
            ids.append((await answer.json())["prompt_id"])
        while (await ws.receive(timeout=20)).type != WSMsgType.BINARY:
            pass  # until the first shows a preview
        queue = await (await client.get("/queue")).json()
        await client.post("/interrupt")
        first = await messages_until_done(ws)
        second = await messages_until_done(other)
        await ws.close()
        await other.close()
    assert [item[1] for item in queue["queue_running"]] == ids[:1]
    assert [item[1] for item in queue["queue_pending"]] == ids[1:]
    assert {event["data"]["prompt_id"] for event in first if event["type"] != "status"} == {ids[0]}
    assert {event["data"]["prompt_id"] for event in second if event["type"] != "status"} == {ids[1]}
    (ended,) = (event["data"] for event in first if event["type"] == "execution_interrupted")
    (began,) = (event["data"] for event in second if event["type"] == "execution_start")
    assert ended["timestamp"] <= began["timestamp"]


async def test_one_prompt_from_the_post_to_the_picture(capsys: pytest.CaptureFixture[str]) -> None:
    """A client is kept under its name and greeted; start, nodes, progress and end come, then history and picture.

    服务器按名字记下客户端，发一条问候；客户端依次收到开始、每个节点、进度和结束，然后取历史记录和图片。
    """  # noqa: E501
    prompt = example_prompt()
    prompt["sample"]["inputs"]["steps"] = 2
    kept: list[list[str]] = []

    def look(json_data: Any) -> Any:
        kept.append(list(server.sockets))
        return json_data

    async with serving() as (server, client, *_):
        server.add_on_prompt_handler(look)
        await one_prompt.follow(client, prompt)
    assert kept == [["me"]]
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["/ws: status, 0 left", "POST /prompt -> 200 and an id"]
    events = [line.removeprefix("/ws: ") for line in lines[2:-2]]
    told = [event for event in events if not event.startswith("status")]
    assert told[:2] == ["execution_start", "execution_cached"]
    assert sorted(told[2:7]) == sorted(
        f"executing {node}" for node in ("load", "empty", "good", "bad", "sample")
    )
    assert told[6:] == [
        "executing sample",
        *["progress 1/2", "a preview, binary", "progress 2/2", "a preview, binary"],
        *["executing decode", "executing save", "executed save"],
        *["execution_success", "executing None"],
    ]
    assert [event for event in events if event.startswith("status")] == [
        *["status, 1 left", "status, 1 left", "status, 0 left"]
    ]
    assert events[:3] == [*["status, 1 left"] * 2, "execution_start"]
    assert events[-3:] == ["execution_success", "status, 0 left", "executing None"]
    assert lines[-2:] == ["GET /history/… -> 200 toy_00001_.png", "GET /view -> 200 image/png"]


def test_a_status_is_sent_when_a_prompt_is_queued_taken_and_done() -> None:
    """`put`, `get` and `task_done` each send one `status`, and the running prompt counts: 1, 1, 0.

    `put`、`get`、`task_done` 各发一条 `status`，正在执行的 prompt 也计入：1、1、0。
    """
    server = PromptServer(asyncio.new_event_loop())
    queue = PromptQueue(server)
    sent: list[tuple[str, int]] = []

    def noted(event: str, data: Any, *_: Any) -> None:
        sent.append((event, data["status"]["exec_info"]["queue_remaining"]))

    with patch.object(server, "send_sync", noted):
        queue.put((1, "a", {}, {}, []))
        assert sent == [("status", 1)]
        taken = queue.get()
        assert taken
        assert sent == [("status", 1)] * 2
        queue.task_done(taken[1], {}, None)
    assert sent == [("status", 1)] * 2 + [("status", 0)]
    server.loop.close()


@pytest.mark.document("the pages and mkdocs.yml")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reading_order_is_the_path_of_the_build(language: str) -> None:
    """The nine steps listed here are the pages that say their step, in that order; each region is on the map.

    这里列的九步，就是标着步数的那九页，顺序相同；提到的区域都在地图上。
    """
    order = section(language, "order")
    config = load_config(str(ROOT / "mkdocs.yml"))
    steps = [line for line in order.text.splitlines() if re.match(r"\d\. ", line)]
    first = [re.findall(r"\]\(([^)]+)\)", step)[0] for step in steps]
    pages = [posixpath.normpath(f"server/{link}") if link[0] != "#" else "server/index.md" for link in first]
    assert pages == config.extra["reading_path"]
    assert len(pages) == 9
    for file, _, region in (link.partition("#") for link in order.permalinks):
        assert source_maps()[file].region(region)


@pytest.mark.ours("the original notes, run by themselves")
@pytest.mark.statement("S8")
def test_the_notes_block_is_a_name_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Run alone, the block stops with NameError for `hello_world`, its function defined but never run.

    单独运行那一段，得到 NameError，缺的是 `hello_world`；函数定义好了，从没执行。
    """
    names = notes.run(notes.BLOCK)
    assert capsys.readouterr().out == "NameError: hello_world\n"
    assert "send_socket_catch_exception" in names


@pytest.mark.statement("S8")
async def test_the_server_starts_with_a_runner_and_sites(monkeypatch: pytest.MonkeyPatch) -> None:
    """`start_multi_address` makes an AppRunner, and a TCPSite for each address; `asyncio.run` is not called.

    `start_multi_address` 建一个 AppRunner，每个地址一个 TCPSite；没有调用 `asyncio.run`。
    """
    made: list[str] = []

    def noted(kind: Any) -> Any:
        def make(*args: Any, **more: Any) -> Any:
            made.append(kind.__name__)
            return kind(*args, **more)

        return make

    for kind in (web.AppRunner, web.TCPSite):
        monkeypatch.setattr(web, kind.__name__, noted(kind))
    monkeypatch.setattr(asyncio, "run", noted(asyncio.run))
    async with serving("--listen", "127.0.0.1,127.0.0.2", worker=False):
        assert made == ["AppRunner", "TCPSite", "TCPSite"]
    assert callers.callers("asyncio.run") == []  # nowhere in the file


@pytest.mark.ours("the original notes, run by themselves")
@pytest.mark.statement("S9")
def test_the_outline_is_a_syntax_error(capsys: pytest.CaptureFixture[str]) -> None:
    """The numbered outline does not compile.

    带编号的提纲过不了编译。
    """
    with pytest.raises(SyntaxError):
        compile(notes.OUTLINE, "notes", "exec")
    notes.run(notes.OUTLINE)
    assert capsys.readouterr().out == "SyntaxError in line 2\n"


@pytest.mark.ours("the snippets of this site")
@pytest.mark.statement("S9")
@pytest.mark.parametrize("folder", TOPICS)
def test_each_topic_of_the_outline_is_snippets_that_run(folder: str) -> None:
    """Each topic of the outline has become snippets, every one with the output it printed.

    提纲的每个题目都变成了可以运行的示例，每个都带有自己打印的输出。
    """
    snippets = [path for path in Project().files("*.py") if path.startswith(f"{folder}/")]
    assert snippets
    assert all(Project().output(path) for path in snippets)
