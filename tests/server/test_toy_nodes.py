"""Proofs for the page server/toy-nodes."""

import asyncio
import json
import sys
import threading
import time
from copy import deepcopy
from typing import Any

import pytest
from PIL import Image

from snippets.recreation import model_management, nodes, utils
from snippets.recreation.execution import PromptExecutor, validate_inputs, validate_prompt
from snippets.recreation.nodes import NODE_CLASS_MAPPINGS
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import example_prompt, serving
from snippets.server.toy_nodes import (
    failing,
    node_order,
    own_node,
    refused,
)
from tests.real.plugin import COMFYUI

FAIL = {"class_type": "Fail", "inputs": {"message": "no memory"}}


def changed(node: str, **inputs: object) -> Any:
    """Return the toy prompt with some inputs of one node changed."""
    prompt = example_prompt()
    prompt[node]["inputs"] |= inputs
    return prompt


def problems(prompt: Any) -> dict[str, list[str]]:
    """Return the types of what is wrong, by node."""
    *_, node_errors = validate_prompt(prompt)
    return {node: [error["type"] for error in found["errors"]] for node, found in node_errors.items()}


async def sent(server: PromptServer) -> list[tuple[Any, Any, str | None]]:
    """Return the messages that wait to be sent."""
    await asyncio.sleep(0)  # let the event loop take what threads left
    return [server.messages.get_nowait() for _ in range(server.messages.qsize())]


@pytest.mark.ours("a toy node")
def test_every_step_is_reported_with_a_preview() -> None:
    """The sampler, the toy with the most inputs, ten, reports each step in order, with a 64×64 JPEG that shows more.

    采样节点是输入最多的玩具，有十个；它按顺序报告每一步，每步带一张 64×64 的 JPEG 预览，一张比一张画得多。
    """  # noqa: E501
    inputs = {name: len(node.INPUT_TYPES()["required"]) for name, node in NODE_CLASS_MAPPINGS.items()}
    assert len(inputs) == 8
    assert max(inputs, key=lambda name: inputs[name]) == "KSampler"
    assert inputs["KSampler"] == 10
    heard: list[tuple[int, int, Any]] = []
    utils.set_progress_bar_global_hook(lambda *report: heard.append(report))
    [picture] = NODE_CLASS_MAPPINGS["KSampler"]().work(steps=3, seed=5)
    assert [(value, total) for value, total, _ in heard] == [(1, 3), (2, 3), (3, 3)]
    assert {(preview[0], preview[1].size) for *_, preview in heard} == {("JPEG", (64, 64))}
    black = [{colour: count for count, colour in preview[1].getcolors()}[0, 0, 0] for *_, preview in heard]
    assert black == [64 * 63, 64 * 62, 64 * 61]
    assert isinstance(picture, Image.Image)


async def test_a_class_needs_three_attributes_and_the_method(monkeypatch: pytest.MonkeyPatch) -> None:
    """A class runs with `INPUT_TYPES`, `FUNCTION` and the method, not without one; without `RETURN_TYPES` its output cannot be used.

    Without `RETURN_TYPES` an output node runs, and a link in an input that is not declared works.

    With `OUTPUT_NODE` false, or without it, it is not an output node; a prompt of only such nodes is refused.

    类有 `INPUT_TYPES`、`FUNCTION` 和那个方法就能执行，缺一样都不行；缺 `RETURN_TYPES`，别的节点用不了它的输出。
    缺 `RETURN_TYPES` 的输出节点照样执行；没声明的输入连到它也行。
    `OUTPUT_NODE` 为假或者没有，就不是输出节点；只有这种节点的 prompt 会被拒绝。
    """  # noqa: E501

    class Bare:
        RETURN_TYPES = ("STRING",)
        FUNCTION = "double"

        @classmethod
        def INPUT_TYPES(cls) -> dict[str, Any]:
            return {"required": {"text": ("STRING", {})}}

        def double(self, text: str) -> tuple[str]:
            heard.append(text)
            return (text * 2,)

    class Shown:
        RETURN_TYPES, FUNCTION, OUTPUT_NODE = Bare.RETURN_TYPES, Bare.FUNCTION, True
        INPUT_TYPES, double = Bare.INPUT_TYPES, Bare.double  # its own: it lacks none

    heard: list[str] = []
    monkeypatch.setitem(NODE_CLASS_MAPPINGS, "Bare", Bare)
    monkeypatch.setitem(NODE_CLASS_MAPPINGS, "Shown", Shown)
    prompt = {
        "a": {"class_type": "Bare", "inputs": {"text": "x"}},
        "b": {"class_type": "Shown", "inputs": {"text": ["a", 0]}},
    }
    async with serving() as (server, client, *_):
        assert (await client.post("/prompt", json={"prompt": prompt})).status == 200
        async with asyncio.timeout(30):
            while not (history := server.prompt_queue.get_history()):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        [entry] = history.values()
        assert (entry["status"]["status_str"], heard) == ("success", ["x", "xx"])
        monkeypatch.setattr(Shown, "OUTPUT_NODE", False)
        for refused_prompt in (prompt, {"a": prompt["a"]}):
            response = await client.post("/prompt", json={"prompt": refused_prompt})
            assert (response.status, (await response.json())["error"]["type"]) == (400, "prompt_no_outputs")
        for name in ("Bare", "Shown"):
            described = await (await client.get(f"/object_info/{name}")).json()
            assert described[name]["output_node"] is False
        monkeypatch.setattr(Shown, "OUTPUT_NODE", True)
        described = await (await client.get("/object_info/Shown")).json()
        assert described["Shown"]["output_node"] is True
    for name in ("RETURN_TYPES", "FUNCTION", "INPUT_TYPES", "double"):
        heard.clear()
        async with serving(worker=False, publish=False) as (server, *_):
            server.last_prompt_id = "p"
            with monkeypatch.context() as patch:
                patch.delattr(Bare, name)
                valid, _, outputs, _ = validate_prompt(deepcopy(prompt))
                executor = PromptExecutor(server)
                if valid:
                    executor.execute(deepcopy(prompt), "p", {}, outputs)
        assert valid is (name in ("FUNCTION", "double"))
        assert not valid or executor.status_messages[-1][0] == "execution_error"
        assert heard == []
        alone = {"1": {"class_type": "Shown", "inputs": {"text": "y"}}}  # an output node
        async with serving(worker=False, publish=False) as (server, *_):
            server.last_prompt_id = "p"
            with monkeypatch.context() as patch:
                patch.delattr(Shown, name)
                valid, _, outputs, _ = validate_prompt(alone)
                executor = PromptExecutor(server)
                if valid:
                    executor.execute(alone, "p", {}, outputs)
        assert valid is (name != "INPUT_TYPES")
        end = "success" if name == "RETURN_TYPES" else "error"
        assert not valid or executor.status_messages[-1][0] == f"execution_{end}"
        assert heard == (["y"] if name == "RETURN_TYPES" else [])
    monkeypatch.setattr(Shown, "double", lambda self, text, undeclared: {"ui": {"given": [undeclared]}})
    prompt["b"]["inputs"] = {"text": "y", "undeclared": ["a", 0]}
    monkeypatch.delattr(Bare, "RETURN_TYPES")
    async with serving(worker=False, publish=False) as (server, *_):
        server.last_prompt_id = "p"
        assert validate_prompt(prompt)[0] is True
        (executor := PromptExecutor(server)).execute(prompt, "p", {}, ["b"])
    assert executor.status_messages[-1][0] == "execution_success"
    assert executor.history_result["outputs"] == {"b": {"given": ["xx"]}}


async def test_without_a_client_progress_goes_to_all_and_the_rest_to_nobody() -> None:
    """Where a prompt names no client, progress and previews go to all clients, and nothing else is sent.

    prompt 没写客户端时，进度和预览发给所有客户端，别的都不发。
    """
    prompt = changed("sample", steps=1)
    async with serving(worker=False, publish=False) as (server, *_):
        server.last_prompt_id = "p"  # as the worker does
        executor = PromptExecutor(server)
        executor.execute(prompt, "p", {}, ["save"])
        assert executor.status_messages[-1][0] == "execution_success"
        assert list(executor.history_result["outputs"]) == ["save"]
        assert [(event, sid) for event, _, sid in await sent(server)] == [("progress", None), (2, None)]
        utils.ProgressBar(2).update_absolute(1)  # a node without a picture
        assert [(event, sid) for event, _, sid in await sent(server)] == [("progress", None)]
        executor.execute({"1": FAIL}, "p", {}, ["1"])
        assert executor.status_messages[-1][0] == "execution_error"
        assert await sent(server) == []
        PromptExecutor(server).execute(prompt, "p", {"client_id": "me"}, ["save"])
        told = await sent(server)
        assert {sid for *_, sid in told} == {"me"}
        assert {"progress", 2, "executing", "executed"} < {event for event, *_ in told}


async def test_the_hook_raises_once_if_an_interrupt_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """After an interrupt the next report of a progress bar raises and sends nothing; the one after is sent.

    If a node makes the report, it ends there.

    要求中断以后，进度条的下一次报告抛异常，什么也不发；再下一次照发。
    如果报告的是节点，它到此为止。
    """
    steps: list[int] = []

    def report(self: Any, message: str) -> dict[str, Any]:
        for step in (1, 2, 3):
            steps.append(step)
            utils.ProgressBar(3).update_absolute(step)
            nodes.interrupt_processing()  # as a client's request does
        return {}

    async with serving(worker=False, publish=False) as (server, *_):
        server.last_prompt_id = "p"
        nodes.interrupt_processing()
        with pytest.raises(model_management.InterruptProcessingException):
            utils.ProgressBar(2).update_absolute(1)
        assert await sent(server) == []
        utils.ProgressBar(2).update_absolute(1)
        assert [event for event, *_ in await sent(server)] == ["progress"]
        monkeypatch.setattr(fail := NODE_CLASS_MAPPINGS["Fail"], fail.FUNCTION, report)
        executor = PromptExecutor(server)
        executor.execute({"1": FAIL}, "p", {}, ["1"])
        assert steps == [1, 2]
        assert executor.status_messages[-1][0] == "execution_interrupted"
        values = [data["value"] for event, data, _ in await sent(server) if event == "progress"]
        assert values == [1]


async def test_a_node_runs_once_and_after_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A node that two others need runs once, before both; no node runs twice.

    两个节点都要用的节点只跑一次，而且跑在它们前面；没有一个节点跑两次。
    """
    runs: list[str] = []

    def count(self: Any, ckpt_name: str) -> tuple[str, ...]:
        runs.append(ckpt_name)
        return "model", "clip", "vae"

    loader = NODE_CLASS_MAPPINGS["CheckpointLoaderSimple"]
    monkeypatch.setattr(loader, loader.FUNCTION, count)
    async with serving(worker=False, publish=False) as (server, *_):
        server.last_prompt_id = "p"
        prompt, client = changed("sample", steps=1), {"client_id": "me"}
        PromptExecutor(server).execute(prompt, "p", client, ["save"])
        order = [data["node"] for event, data, _ in await sent(server) if event == "executing"]
    assert runs == ["toy"]  # the value of its input
    assert order.count("load") == 1
    pairs = [
        (value[0], node)
        for node in prompt
        for value in prompt[node]["inputs"].values()
        if isinstance(value, list)
    ]
    assert len(pairs) == 9
    assert all(order.index(needed) < order.index(taker) for needed, taker in pairs)
    assert len(set(order)) == len(order) == len(prompt)

    def note(self: Any, **given: object) -> dict[str, object]:
        inputs.update(given)
        return {}

    inputs: dict[str, object] = {}
    saver = NODE_CLASS_MAPPINGS["SaveImage"]
    monkeypatch.setattr(saver, saver.FUNCTION, note)
    links = {"images": ["load", 2], "undeclared": ["load", 0], "second": ["load", 1]}
    links["beyond"] = ["load", 3]  # of three outputs
    async with serving(worker=False, publish=False) as (server, *_):
        server.last_prompt_id = "p"
        needy = {"load": prompt["load"], "save": {"class_type": "SaveImage", "inputs": links}}
        PromptExecutor(server).execute(needy, "p", {}, ["save"])
    assert inputs == {"images": "vae", "undeclared": "model", "second": "clip", "beyond": None}
    await node_order.main()
    printed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("executing ")]
    assert printed == ["executing load", "executing say"]


async def test_in_the_worker_a_nodes_function_may_call_asyncio_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The function of a node is called in the worker thread; no event loop runs there, so `asyncio.run` works, and `get_event_loop` raises.

    节点的函数在工作线程里调用；那里没有事件循环在运行，所以可以用 `asyncio.run`，`get_event_loop` 则抛异常。
    """  # noqa: E501
    found: list[object] = []

    def call(self: Any, message: str) -> dict[str, Any]:
        with pytest.raises(RuntimeError, match="no running event loop"):
            asyncio.get_running_loop()
        with pytest.raises(RuntimeError, match="There is no current event loop in thread"):
            asyncio.get_event_loop()
        found.extend((threading.current_thread(), asyncio.run(asyncio.sleep(0, message))))
        return {}

    monkeypatch.setattr(fail := NODE_CLASS_MAPPINGS["Fail"], fail.FUNCTION, call)
    async with serving() as (server, client, _, worker, _):
        prompt = {"1": {"class_type": "Fail", "inputs": {"message": "works"}}}
        assert (await client.post("/prompt", json={"prompt": prompt})).status == 200
        async with asyncio.timeout(10):
            while not server.prompt_queue.get_history():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert found == [worker, "works"]


async def test_a_check_of_a_node_waits_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    """`POST /prompt` calls `INPUT_TYPES` and `VALIDATE_INPUTS` (ours does not know it) in the event loop's thread, where `result()` runs out of time.

    `POST /prompt` 在事件循环的线程里调用 `INPUT_TYPES` 和 `VALIDATE_INPUTS`（我们的没有它）；在那里调用 `result()`，等到超时也没有结果。
    """  # noqa: E501
    waited = dict[str, object]()

    def wait(name: str) -> None:
        loop = PromptServer.instance.loop
        future = asyncio.run_coroutine_threadsafe(asyncio.sleep(0, "answer"), loop)
        try:
            waited[name] = future.result(0.2)
        except TimeoutError as error:
            waited[name] = type(error)

    class Waits:
        """A node whose checks and function ask the server's event loop."""

        RETURN_TYPES, OUTPUT_NODE, FUNCTION = (), True, "ask"

        @classmethod
        def INPUT_TYPES(cls) -> dict[str, Any]:
            if threading.current_thread() is threading.main_thread():  # the worker calls it too
                wait("INPUT_TYPES")
            return {"required": {"message": ("STRING", {})}}

        @classmethod
        def VALIDATE_INPUTS(cls, message: str) -> bool:
            wait("VALIDATE_INPUTS")
            return True

        def ask(self, message: str) -> dict[str, Any]:
            wait("ask")
            return {}

    monkeypatch.setitem(NODE_CLASS_MAPPINGS, "Waits", Waits)
    async with serving() as (server, client, *_):
        prompt = {"1": {"class_type": "Waits", "inputs": {"message": "works"}}}
        assert (await client.post("/prompt", json={"prompt": prompt})).status == 200
        async with asyncio.timeout(10):
            while not server.prompt_queue.get_history():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    checks = ["INPUT_TYPES", "VALIDATE_INPUTS"] if COMFYUI else ["INPUT_TYPES"]
    assert waited == dict.fromkeys(checks, TimeoutError) | {"ask": "answer"}


@pytest.mark.parametrize("silent", [True, False])
async def test_a_node_that_calls_sys_exit_ends_the_worker(
    silent: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`sys.exit()` in a node ends the worker thread without a traceback; later prompts are 200, none runs.

    Another BaseException that is no Exception ends it too, with a traceback.

    节点里调用 `sys.exit()`，工作线程就结束了，没有 traceback；此后的 prompt 都是 200，一个也不执行。
    别的不属于 Exception 的 BaseException 也让它结束，但有 traceback。
    """

    def leave(self: Any, message: str) -> None:
        if silent:
            sys.exit(message)
        raise BaseException(message)

    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)
    monkeypatch.setattr(fail := NODE_CLASS_MAPPINGS["Fail"], fail.FUNCTION, leave)
    async with serving() as (_, client, _, worker, _):
        assert worker
        assert (await client.post("/prompt", json={"prompt": {"1": FAIL}})).status == 200
        await asyncio.to_thread(worker.join, 10)
        assert not worker.is_alive()
        assert (await client.post("/prompt", json={"prompt": example_prompt()})).status == 200
        assert await (await client.get("/prompt")).json() == {"exec_info": {"queue_remaining": 2}}
        assert await (await client.get("/history")).json() == {}
    assert ("Traceback" in capsys.readouterr().err) is not silent


@pytest.mark.parametrize("mute_input", [False, True])
async def test_an_exception_without_a_text_ends_the_worker(
    mute_input: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If `__str__` of a node's exception, or of its input, raises, that error leaves `execute` and ends the worker.

    节点抛出的异常，或者出错的节点的输入，`__str__` 自己也抛异常，后者就从 `execute` 里抛出来，工作线程随之结束。
    """  # noqa: E501

    class Mute(Exception):
        def __str__(self) -> str:
            raise ValueError("no text")

    def fail(self: Any, message: str) -> None:
        raise RuntimeError("a text") if mute_input else Mute

    def load(self: Any, ckpt_name: str) -> tuple[Any, ...]:
        return Mute(), None, None

    loader = NODE_CLASS_MAPPINGS["CheckpointLoaderSimple"]
    monkeypatch.setattr(loader, loader.FUNCTION, load)
    monkeypatch.setattr(loader, "RETURN_TYPES", ("STRING", "CLIP", "VAE"))
    prompt: dict[str, Any] = {"1": FAIL}
    if mute_input:
        prompt["load"] = {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "toy"}}
        prompt["1"] = {"class_type": "Fail", "inputs": {"message": ["load", 0]}}
    ends = list[type[BaseException] | None]()
    monkeypatch.setattr(threading, "excepthook", lambda args: ends.append(args.exc_type))
    monkeypatch.setattr(node := NODE_CLASS_MAPPINGS["Fail"], node.FUNCTION, fail)
    async with serving() as (_, client, _, worker, _):
        assert worker
        assert (await client.post("/prompt", json={"prompt": prompt})).status == 200
        await asyncio.to_thread(worker.join, 10)
        assert not worker.is_alive()
        assert (await client.post("/prompt", json={"prompt": {"1": FAIL}})).status == 200
        assert await (await client.get("/history")).json() == {}
    assert ends == [ValueError]


async def test_a_failure_is_told_with_its_node(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`execution_error` tells the client type, words, traceback and node, its inputs, the nodes that ran and all nodes.

    `execution_error` 告诉客户端类型、原话、traceback 和节点，还有它的输入、执行完的节点、这个 prompt 的各个节点。
    """  # noqa: E501

    def read_nothing(self: Any, message: str) -> None:
        json.loads("")

    async with serving(worker=False, publish=False) as (server, *_):
        executor = PromptExecutor(server)
        executor.execute({"1": FAIL}, "p", {"client_id": "me"}, ["1"])
        [(received, sid)] = [(data, sid) for event, data, sid in await sent(server) if "error" in str(event)]
    event, data = executor.status_messages[-1]
    assert (received, sid) == (data, "me")
    assert event == "execution_error"
    assert (data["node_id"], data["node_type"], data["executed"]) == ("1", "Fail", [])
    assert (data["exception_type"], data["exception_message"]) == ("RuntimeError", "no memory")
    assert (data["current_inputs"], data["current_outputs"]) == ({"message": ["no memory"]}, ["1"])
    assert any("nodes.py" in line for line in data["traceback"])
    executor.execute({"1": FAIL, "2": FAIL}, "p", {}, ["1"])  # one that does not run is named too
    assert sorted(executor.status_messages[-1][1]["current_outputs"]) == ["1", "2"]
    load = {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "toy"}}
    needy = {"2": FAIL, "1": {**FAIL, "inputs": {"message": ["load", 0]}}, "load": load}
    executor.execute(needy, "p", {}, ["1"])  # one that has run, too
    data = executor.status_messages[-1][1]
    assert (data["executed"], sorted(data["current_outputs"])) == (["load"], ["1", "2", "load"])
    assert server.last_node_id is None
    monkeypatch.setattr(fail := NODE_CLASS_MAPPINGS["Fail"], fail.FUNCTION, read_nothing)
    for value, told in ((None, None), (3, 3), (0.5, 0.5), (True, True), ({"a": 1}, "{'a': 1}")):
        executor.execute({"1": {**FAIL, "inputs": {"message": value}}}, "p", {}, ["1"])
        assert executor.status_messages[-1][1]["exception_type"] == "json.decoder.JSONDecodeError"
        assert executor.status_messages[-1][1]["current_inputs"] == {"message": [told]}
    monkeypatch.undo()
    await failing.main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "execution_error"
    shown = dict(line.split(maxsplit=1) for line in lines[1:])
    assert (shown["node_type"], shown["exception_message"]) == ("Fail", "no memory left")
    assert (shown["executed"], shown["current_outputs"]) == ("[]", "['1']")
    assert shown["current_inputs"] == "{'message': ['no memory left']}"


async def test_taking_a_prompt_sends_a_status() -> None:
    """A `status` is sent as a prompt is put, as it is taken (the same count), and as it is done (one less).

    prompt 入队、取走、完成时各发一条 `status`；取走时总数不变，完成时少一个。
    """

    async def told() -> list[int]:
        messages = await sent(server)
        assert {event for event, *_ in messages} == {"status"}
        return [data["status"]["exec_info"]["queue_remaining"] for _, data, _ in messages]

    async with serving(worker=False, publish=False) as (server, *_):
        queue = server.prompt_queue
        queue.put((0, "p", {"1": FAIL}, {}, ["1"]))
        assert await told() == [1]
        taken = queue.get()
        assert await told() == [1]
        assert taken
        queue.task_done(taken[1], {}, None)
        assert await told() == [0]


async def test_the_lowest_number_runs_first() -> None:
    """An item has number, id, prompt, `extra_data` and outputs; the lowest number runs first, however late it came.

    一项是编号、id、prompt、`extra_data`、输出节点；在等的 prompt 里，编号最小的先跑，不管来得多晚。
    """  # noqa: E501
    graph = {"1": FAIL, "idle": {"class_type": "VAEDecode", "inputs": {}}}
    async with serving(worker=False) as (server, client, *_):
        body = {"prompt": graph, "client_id": "me", "number": 7, "extra_data": {"note": "x"}}
        answer = await (await client.post("/prompt", json=body)).json()
        [item] = server.prompt_queue.get_current_queue()[1]
        assert (await client.post("/prompt", json={"prompt": graph})).status == 200  # names no client
        assert [one[3] for one in server.prompt_queue.get_current_queue()[1] if one[0] != 7] == [{}]
    assert item == (7, answer["prompt_id"], graph, {"note": "x", "client_id": "me"}, ["1"])
    async with serving(publish=False) as (server, *_):
        queue = server.prompt_queue
        with queue.mutex:  # the worker takes none until all wait
            for number, name in ((0, "zero"), (1, "one"), (-1, "front")):
                queue.put((number, name, {"1": FAIL}, {}, ["1"]))
        while len(queue.get_history()) < 3:
            await asyncio.wait_for(server.messages.get(), 30)
    assert list(queue.get_history()) == ["front", "zero", "one"]


async def test_the_history_is_there_before_the_last_message() -> None:
    """When the last message of a prompt is sent, the history has the prompt, with the messages before it; without a client none is sent.

    prompt 的最后一条消息发出时，历史里已经有它了，连同之前的消息；没写客户端，就不发。
    """  # noqa: E501
    seen = []

    class Watching(PromptServer):
        def send_sync(self, event: Any, data: Any, sid: str | None = None) -> None:
            seen.append((event, "p" in self.prompt_queue.get_history()))
            super().send_sync(event, data, sid)

    async with serving(server_class=Watching, publish=False) as (server, *_):
        server.prompt_queue.put((0, "p", {"1": FAIL}, {"client_id": "me"}, ["1"]))
        async with asyncio.timeout(30):
            while True:
                event, data, sid = await server.messages.get()
                if event == "executing" and data["node"] is None:
                    break
        assert sid == "me"
        kept = server.prompt_queue.get_history()["p"]["status"]["messages"]
    assert [name for name, _ in kept] == ["execution_start", "execution_cached", "execution_error"]
    assert seen[-1] == ("executing", True)
    begin = ["status", "status", "execution_start", "execution_cached"]  # put, taken
    assert [event for event, _ in seen] == [*begin, "executing", "execution_error", "status", "executing"]
    assert [found for event, found in seen if event == "execution_start"] == [False]
    seen.clear()
    async with serving(server_class=Watching) as (server, *_):
        server.prompt_queue.put((0, "p", {"1": FAIL}, {}, ["1"]))
        async with asyncio.timeout(30):
            while server.prompt_queue.get_tasks_remaining():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert [event for event, _ in seen] == ["status"] * 3  # no last one


@pytest.mark.parametrize(
    ("prompt", "kind", "details"),
    [
        ({}, "prompt_no_outputs", ""),
        ({"1": {"class_type": "VAEDecode", "inputs": {}}}, "prompt_no_outputs", ""),
        ([], "prompt_no_outputs", ""),
        ("", "prompt_no_outputs", ""),
        ({"1": {}}, "invalid_prompt", "Node ID '#1'"),
        ({"id": "a", "nodes": [], "links": []}, "invalid_prompt", "Node ID '#id'"),  # the page's format
        ({"1": {"class_type": "Nope"}, "2": None}, "invalid_prompt", "Node ID '#1'"),
        ({"1": {"class_type": "VAEDecode"}, "2": {}}, "invalid_prompt", "Node ID '#2'"),
        ({"1": []}, "invalid_prompt", "Node ID '#1'"),
        ({"1": FAIL, "2": "text"}, "invalid_prompt", "Node ID '#2'"),
        ({"1": {"class_type": "Nope", "inputs": {}}}, "invalid_prompt", "Node ID '#1'"),
        ({"1": FAIL, "2": {"inputs": {}}}, "invalid_prompt", "Node ID '#2'"),
        ({"1": FAIL, "2": {"class_type": "Nope"}}, "invalid_prompt", "Node ID '#2'"),
        ({"1": {"class_type": "Fail", "inputs": {}}}, "prompt_outputs_failed_validation", None),
        ({"1": {"class_type": "Fail"}}, "prompt_outputs_failed_validation", None),
    ],
)
async def test_each_refusal_has_the_real_shape(
    prompt: object, kind: str, details: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """A prompt that cannot run is a 400; `error` has four fields; `node_errors` is empty unless an output was checked.

    跑不了的 prompt 得到 400，`error` 有四个字段；只有检查到输出节点时，`node_errors` 才不是空的。
    """  # noqa: E501
    async with serving(worker=False) as (_, client, *_):
        response = await client.post("/prompt", json={"prompt": prompt})
        said = await response.json()
    assert (response.status, said["error"]["type"]) == (400, kind)
    assert set(said) == {"error", "node_errors"}
    assert set(said["error"]) == {"type", "message", "details", "extra_info"}
    if details is None:
        assert list(said["node_errors"]) == ["1"]
    else:
        assert (said["node_errors"], said["error"]["details"]) == ([], details)
    refused.main()
    heads = [line for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    assert heads == [
        "prompt_no_outputs: Prompt has no outputs",
        "invalid_prompt: Cannot execute because node No does not exist.",
        "prompt_outputs_failed_validation: Prompt outputs failed validation",
    ]


@pytest.mark.parametrize(
    "prompt",
    [
        *(None, 5, 0, True, False, "text", json.dumps({"1": FAIL}), [{}], [FAIL]),  # text: encoded twice
        *({"1": 5}, {"1": 1.5}, {"1": True}, {"1": None}, {"1": FAIL, "2": 5}, {"1": FAIL, "2": None}),
        *({"1": {"class_type": []}}, {"1": FAIL, "2": {"class_type": {}}}),
        {"last_node_id": 9, "last_link_id": 9, "nodes": []},  # the page's format
        {"1": None, "2": {"class_type": "Nope"}},  # the first fault counts
    ],
)
async def test_a_prompt_that_is_no_object_is_a_500(prompt: object) -> None:
    """A prompt that is `null`, a number, `true`, text or a list of nodes, a node that is `null`, a number or `true`, a class that is a list or an object: the check itself fails: 500.

    An empty list or text, a node that is a list or text, and `null` as class or inputs: 400.

    prompt 是 `null`、数字、`true`、文字或装着节点的列表，节点是 `null`、数字或 `true`，类名是列表或对象，得到的不是拒绝：校验自己出错，500。
    空列表或空串，节点是列表或文字，类名或输入是 `null`：400。
    """  # noqa: E501
    with pytest.raises(TypeError):
        validate_prompt(prompt)
    async with serving(worker=False) as (_, client, *_):
        assert (await client.post("/prompt", json={"prompt": prompt})).status == 500
        refused: list[Any] = [
            [],
            "",
            {"1": []},
            {"1": "x"},
            {"1": {"class_type": None}},
            {"1": {**FAIL, "inputs": None}},
        ]
        for other in refused:
            assert (await client.post("/prompt", json={"prompt": other})).status == 400


async def test_one_good_output_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """With some outputs that can run the prompt is accepted; those run, no others, and the rest is named.

    只要有输出能跑，prompt 就收下，能跑的都跑，别的不跑；回答里说出其余的毛病。
    """
    monkeypatch.setitem(NODE_CLASS_MAPPINGS, "Shout", own_node.Shout)
    prompt: dict[str, Any] = {
        "good": {"class_type": "Shout", "inputs": {"text": "a"}},
        "bad": {"class_type": "Fail", "inputs": {}},
        "fine": {"class_type": "Shout", "inputs": {"text": "b"}},
        "wrong": {"class_type": "Shout", "inputs": {"text": ["none"]}},
    }
    async with serving() as (server, client, *_):
        response = await client.post("/prompt", json={"prompt": prompt})
        said = await response.json()
        async with asyncio.timeout(30):
            while not (history := server.prompt_queue.get_history()):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    entry = history[said["prompt_id"]]
    assert entry["status"]["status_str"] == "success"
    assert entry["outputs"] == {"good": {"text": ["A"]}, "fine": {"text": ["B"]}}
    assert response.status == 200
    told = {node: [error["type"] for error in found["errors"]] for node, found in said["node_errors"].items()}
    assert told == {"bad": ["required_input_missing"], "wrong": ["bad_linked_input"]}
    assert all(node in found["dependent_outputs"] for node, found in said["node_errors"].items())
    assert sorted(validate_prompt(prompt)[2]) == ["fine", "good"]
    circle = {"fine": FAIL, **changed("sample", latent_image=["sample", 0])}
    assert tuple(validate_prompt(circle)[1:]) == (None, ["fine"], {})


def test_the_check_follows_the_links_from_the_outputs() -> None:
    """A bad node is named if a declared input of an output needs it, however far up; of others only the class is checked.

    Behind a link of the wrong type nothing is named until the link is right, unless another link leads there.

    有毛病的节点，输出的声明过的输入用得着它才会指出来，隔得再远也会；别的节点只看类。
    类型不对的连接，改对之前，它后面的毛病都不指出来，除非另有连接通到那里。
    """  # noqa: E501
    bad = {"class_type": "VAEDecode", "inputs": {}}
    valid, error, *_ = validate_prompt({**example_prompt(), "unneeded": {"class_type": "Nope", "inputs": {}}})
    assert (valid, error and error["type"]) == (False, "invalid_prompt")
    assert validate_prompt({**example_prompt(), "unneeded": bad})[0] is True
    assert validate_prompt({**changed("save", undeclared=["unneeded", 0]), "unneeded": bad})[0] is True
    prompt = {**changed("sample", model=["load"]), "unneeded": bad}
    assert problems(prompt) == {"sample": ["bad_linked_input"]}
    needed = {"save": changed("save", images=["decode", 0])["save"], "decode": bad}
    assert problems(needed) == {"decode": ["required_input_missing"] * 2}
    mismatch = {**changed("save", filename_prefix=["unneeded", 0]), "unneeded": bad}
    assert problems(mismatch) == {"save": ["return_type_mismatch"]}
    mismatch["save"]["inputs"]["images"] = ["unneeded", 0]  # another link leads there
    found = {"save": ["return_type_mismatch"], "unneeded": ["required_input_missing"] * 2}
    assert problems(mismatch) == found
    mismatch["save"]["inputs"]["filename_prefix"] = "a"
    assert problems(mismatch) == {"unneeded": ["required_input_missing"] * 2}


async def test_a_slow_check_holds_up_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check asks a node for its inputs in the event loop, which can do nothing else until it has them.

    校验在事件循环里向节点要它的输入，拿到之前，事件循环什么别的也做不了。
    """
    ask = NODE_CLASS_MAPPINGS["Fail"].INPUT_TYPES
    turns, held_up = [0], list[bool]()

    def slow(cls: Any = None) -> Any:
        before = turns[0]
        time.sleep(0.1)
        held_up.append(turns[0] == before)
        return ask()

    async def turn() -> None:
        while True:
            turns[0] += 1
            await asyncio.sleep(0)

    monkeypatch.setattr(NODE_CLASS_MAPPINGS["Fail"], "INPUT_TYPES", classmethod(slow))
    async with serving(worker=False) as (_, client, *_):
        turning = asyncio.create_task(turn())
        assert (await client.post("/prompt", json={"prompt": {"1": FAIL}})).status == 200
        assert held_up
        assert all(held_up)
        held_up.clear()
        await asyncio.to_thread(slow)  # in a thread it would not
        assert held_up == [False]
        turning.cancel()


async def test_a_value_that_fits_is_converted_in_the_prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text that is a number becomes one in the prompt itself, and in the history; what is none is refused.

    So it is for INT and FLOAT. A fraction loses its part for an INT.
    A text is true for a BOOLEAN unless it is empty.

    能当数字用的文字，在 prompt 里就变成数字（INT 或 FLOAT），历史存的也是它；当不了的、越界的，都拒绝。
    INT 去掉小数部分；BOOLEAN 除了空串，什么文字都是真。
    """

    class Switch:
        RETURN_TYPES, FUNCTION, OUTPUT_NODE = (), "work", True

        @classmethod
        def INPUT_TYPES(cls) -> dict[str, Any]:
            return {"required": {"on": ("BOOLEAN", {}), "count": ("INT", {}), "part": ("FLOAT", {})}}

    monkeypatch.setitem(NODE_CLASS_MAPPINGS, "Switch", Switch)
    for given, kept_value in (("false", True), ("", False), ("0", True), (0, False), (None, False)):
        switch: Any = {"1": {"class_type": "Switch", "inputs": {"on": given, "count": 8.9, "part": "8.9"}}}
        assert validate_prompt(switch)[0] is True
        assert switch["1"]["inputs"] == {"on": kept_value, "count": 8, "part": 8.9}
        for wrong in ({"count": "8.9"}, {"part": "many"}):
            assert problems(
                {"1": {"class_type": "Switch", "inputs": {**switch["1"]["inputs"], **wrong}}}
            ) == {"1": ["invalid_input_type"]}
    prompt = changed("empty", width="8")
    assert validate_prompt(prompt)[0] is True
    assert prompt["empty"]["inputs"]["width"] == 8
    text: Any = {"1": {"class_type": "Fail", "inputs": {"message": 8}}, **changed("empty", width="8")}
    text["sample"]["inputs"]["steps"] = 1
    async with serving() as (server, client, *_):
        await client.post("/prompt", json={"prompt": text})
        async with asyncio.timeout(30):
            while not (history := server.prompt_queue.get_history()):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    [kept] = history.values()
    assert kept["prompt"][2]["1"]["inputs"] == {"message": "8"}
    assert kept["prompt"][2]["empty"]["inputs"]["width"] == 8
    misfits: dict[Any, str] = {
        "many": "invalid_input_type",
        0: "value_smaller_than_min",
        20_000: "value_bigger_than_max",
    }
    for value, kind in misfits.items():
        assert problems(changed("empty", width=value)) == {"empty": [kind]}
    _, limits = nodes.CANVAS["width"]
    for bound in ("min", "max"):
        assert problems(changed("empty", width=limits[bound])) == {}


async def test_a_circle_is_refused_without_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cycle is a RecursionError, noted and overwritten: 400, or 200 beside a good output; neither names it.

    If a long chain leads into it, and its input is checked after the cycle's, the chain's last node is named.

    循环依赖引出 RecursionError，记下来又被覆盖：得到 400，另有好的输出则是 200，哪个节点、什么原因都不说。
    如果有一长串节点连到循环上，而那个输入在循环之后才检查，写着的就是这一串的最后一个节点。
    """
    notes: list[list[Any]] = []

    class Notes(dict[str, Any]):
        def __setitem__(self, node: str, verdict: Any) -> None:
            if node == "sample":
                notes.append([error["extra_info"]["exception_type"] for error in verdict[1]])
            super().__setitem__(node, verdict)

    alone = changed("sample", latent_image=["sample", 0])
    both = changed("sample", latent_image=["again", 0])
    both["again"] = changed("sample", latent_image=["sample", 0])["sample"]
    validate_inputs(alone, "sample", Notes())
    assert len(notes) > 2
    assert notes == [["RecursionError"], *[[]] * (len(notes) - 1)]
    async with serving(worker=False) as (_, client, *_):
        for circle in (alone, both):
            response = await client.post("/prompt", json={"prompt": circle})
            said = await response.json()
            assert (response.status, said["node_errors"]) == (400, {})
            assert (said["error"]["type"], said["error"]["details"]) == (
                "prompt_outputs_failed_validation",
                "",
            )
            response = await client.post("/prompt", json={"prompt": {**circle, "runs": FAIL}})
            said = await response.json()
            assert (response.status, said["node_errors"]) == (200, {})
        del alone["sample"]["inputs"]["steps"]  # something else is wrong
        assert problems(alone) == {"sample": ["required_input_missing"]}
    both_inputs: Any = {"required": {name: ("IMAGE", {}) for name in "ab"}}
    join = {"RETURN_TYPES": ("IMAGE",), "INPUT_TYPES": classmethod(lambda _: both_inputs)}
    monkeypatch.setitem(NODE_CLASS_MAPPINGS, "Join", type("Join", (), join))
    named: list[tuple[str, str, str]] = []
    for circle, chain in ("ab", "ba"):  # ComfyUI checks inputs in the order of a set
        inputs: dict[str, Any] = {circle: ["join", 0], chain: ["100", 0]}
        prompt = changed("save", images=["join", 0])
        prompt["join"] = {"class_type": "Join", "inputs": inputs}
        for number in range(100):  # each node needs the one before it
            links = {name: [str(number), 0] for name in "ab"}
            prompt[str(number + 1)] = {"class_type": "Join", "inputs": links}
        prompt["0"] = {**prompt["decode"]}
        valid, _, _, node_errors = validate_prompt(prompt)
        assert not valid
        named += [
            (node, error["type"], error["extra_info"]["exception_type"])
            for node, found in node_errors.items()
            for error in found["errors"]
        ]
        inputs[circle] = ["100", 0]  # without the cycle nothing is wrong
        assert validate_prompt(prompt)[0] is True
    assert named == [("100", "exception_during_inner_validation", "RecursionError")]


def test_a_link_into_nowhere_is_an_exception_during_validation(monkeypatch: pytest.MonkeyPatch) -> None:
    """A link to no node: an exception during validation where the check begins; else during an inner one; undeclared: none.

    连接指向不存在的节点：校验从这个节点开始，报成校验时的异常；从别的节点走来，报成内层校验时的异常；没有声明的输入，不报。
    """  # noqa: E501
    assert problems(changed("save", images=["none", 0])) == {"save": ["exception_during_validation"]}
    inner = ["exception_during_inner_validation"]
    assert problems(changed("sample", latent_image=["none", 0])) == {"sample": inner}
    assert problems(changed("decode", samples=["none", 0])) == {"decode": inner}
    assert problems(changed("sample", undeclared=["none", 0])) == {}

    both = type("Both", (NODE_CLASS_MAPPINGS["SaveImage"],), {"RETURN_TYPES": ("IMAGE",)})
    monkeypatch.setitem(NODE_CLASS_MAPPINGS, "Both", both)
    for names in ("ab", "ba"):  # an output that another output needs, checked first or second
        links = {"a": ["none", 0], "b": ["a", 0]}
        ends = {
            name: {"class_type": "Both", "inputs": {"filename_prefix": "", "images": links[name]}}
            for name in names
        }
        outputs = set[str]()  # ComfyUI checks in the order of a set
        for name in names:
            outputs.add(name)
        first = next(iter(outputs if COMFYUI else names))
        assert problems(ends) == {"a": ["exception_during_validation"] if first == "a" else inner}
    *_, found = validate_prompt(changed("decode", samples=["none", 0]))
    [error] = found["decode"]["errors"]
    about = {name: error["extra_info"][name] for name in ("input_name", "input_config", "linked_node")}
    config = NODE_CLASS_MAPPINGS["SaveImage"].INPUT_TYPES()["required"]["images"]
    assert about == {"input_name": "images", "input_config": config, "linked_node": ["decode", 0]}


def test_a_link_of_the_wrong_type_is_told_of_the_taker(capsys: pytest.CaptureFixture[str]) -> None:
    """A link to an output of another type, or that is no pair, is told of the node that takes.

    连到别的类型的输出上，或者连接不是两项，毛病都记在接收的节点上。
    """
    assert problems(changed("sample", model=["load", 1])) == {"sample": ["return_type_mismatch"]}
    assert problems(changed("sample", model=["load"])) == {"sample": ["bad_linked_input"]}
    refused.main()
    wrong = [line.strip() for line in capsys.readouterr().out.splitlines() if line.startswith(" ")]
    assert sorted(wrong) == [
        "sample: bad_linked_input: Bad linked input, must be a length-2 list of [node_id, slot_index]",
        "sample: invalid_input_type: Failed to convert an input value to a INT value",
        "sample: return_type_mismatch: Return type mismatch between linked nodes",
        "sample: value_smaller_than_min: Value 0 smaller than min of 1",
        "save: required_input_missing: Required input is missing",
    ]
    *_, found = validate_prompt(changed("sample", model=["load", 1]))
    [error] = found["sample"]["errors"]
    assert error["details"] == "model, received_type(CLIP) mismatch input_type(MODEL)"


async def test_a_link_may_stand_where_no_type_is_converted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a MODEL is expected any value that is not a list passes the check and reaches the node as it is.

    A list must be a link that fits.

    该给 MODEL 的地方，只要不是列表，什么值都放行，节点收到的就是这个值；列表必须是合适的连接。
    """
    assert "MODEL" in NODE_CLASS_MAPPINGS["CheckpointLoaderSimple"].RETURN_TYPES
    values: list[Any] = ["a text", 5, 1.5, True, None, {}]
    given: list[Any] = []

    def note(self: Any, model: Any, **_: Any) -> tuple[Any]:
        given.append(model)
        raise TypeError("no model")

    monkeypatch.setattr(sampler := NODE_CLASS_MAPPINGS["KSampler"], sampler.FUNCTION, note)
    for value in values:
        prompt = changed("sample", model=value)
        assert validate_prompt(prompt)[0] is True
        async with serving(worker=False, publish=False) as (server, *_):
            server.last_prompt_id = "p"
            executor = PromptExecutor(server)
            executor.execute(prompt, "p", {}, ["save"])
        event, data = executor.status_messages[-1]
        assert (event, data["node_id"]) == ("execution_error", "sample")
    assert given == values
    for node, name in (("sample", "positive"), ("decode", "samples"), ("save", "images")):
        assert problems(changed(node, **{name: "a text"})) == {}
    lists: list[Any] = [[], ["load"], ["load", 0, 0]]
    for value in lists:
        assert problems(changed("sample", model=value)) == {"sample": ["bad_linked_input"]}
    assert problems(changed("sample", model=["load", 1])) == {"sample": ["return_type_mismatch"]}


async def test_an_own_node_is_run_and_shows_its_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An output node of one's own is checked and run; its `ui` goes to the client in `executed`, and into the history.

    A text that is not in a list is split into its characters.

    自己写的输出节点通过校验并执行；它的 `ui` 经 `executed` 发给客户端，也存进历史。
    没有放进列表的字符串拆成一个个字符。
    """  # noqa: E501
    monkeypatch.setitem(NODE_CLASS_MAPPINGS, "Shout", own_node.Shout)
    prompt = {"1": {"class_type": "Shout", "inputs": {"text": "done"}}}
    async with serving() as (server, client, *_):
        ws = await client.ws_connect("/ws?clientId=me")
        response = await client.post("/prompt", json={"prompt": prompt, "client_id": "me"})
        assert response.status == 200
        while (message := await ws.receive_json(timeout=10))["type"] != "executed":
            assert message
        assert message["data"]["output"] == {"text": ["DONE"]}
        async with asyncio.timeout(10):
            while not (history := server.prompt_queue.get_history()):
                await ws.receive()
    [kept] = history.values()
    assert kept["outputs"] == {"1": {"text": ["DONE"]}}
    async with serving(worker=False, publish=False) as (server, *_):
        with monkeypatch.context() as patch:
            patch.setattr(own_node.Shout, "shout", lambda self, text: {"ui": {"text": text.upper()}})
            executor = PromptExecutor(server)
            executor.execute(prompt, "p", {}, ["1"])
    assert executor.history_result["outputs"] == {"1": {"text": ["D", "O", "N", "E"]}}
    await own_node.main()
    assert capsys.readouterr().out == "{'1': {'text': ['DONE']}}\n"
