"""Proofs for the page server/toy-nodes."""

import asyncio
import json
from typing import Any

import pytest
from PIL import Image

from snippets.recreation import utils
from snippets.recreation.execution import PromptExecutor, validate_prompt
from snippets.recreation.nodes import NODE_CLASS_MAPPINGS
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import example_prompt, serving

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


def test_every_step_is_reported_with_a_preview() -> None:
    """The sampler reports each of its steps in order, each with a JPEG preview that shows more than the last.

    采样节点按顺序报告每一步，每步带一张 JPEG 预览，一张比一张画得多。
    """
    heard: list[tuple[int, int, Any]] = []
    utils.set_progress_bar_global_hook(lambda *report: heard.append(report))
    [picture] = NODE_CLASS_MAPPINGS["KSampler"]().work(steps=3, seed=5)
    assert [(value, total) for value, total, _ in heard] == [(1, 3), (2, 3), (3, 3)]
    assert {preview[0] for *_, preview in heard} == {"JPEG"}
    painted = [preview[1].getcolors()[0][0] for *_, preview in heard]
    assert len(set(painted)) == 3
    assert isinstance(picture, Image.Image)


async def test_without_a_client_progress_goes_to_all_and_the_rest_to_nobody() -> None:
    """Where a prompt names no client, progress and previews go to all clients, and nothing else is sent.

    提示词没写客户端时，进度和预览发给所有客户端，别的都不发。
    """
    async with serving(worker=False, publish=False) as (server, *_):
        executor = PromptExecutor(server)
        executor.execute(changed("sample", steps=1), "p", {}, ["save"])
        assert executor.status_messages[-1][0] == "execution_success"
        assert list(executor.history_result["outputs"]) == ["save"]
        assert [(event, sid) for event, _, sid in await sent(server)] == [("progress", None), (2, None)]
        utils.ProgressBar(2).update_absolute(1)  # a node without a picture
        assert [(event, sid) for event, _, sid in await sent(server)] == [("progress", None)]


async def test_a_node_runs_once_and_after_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A node that two others need runs once, before both.

    两个节点都要用的节点只跑一次，而且跑在它们前面。
    """
    runs: list[str] = []

    def count(self: Any, ckpt_name: str) -> tuple[str, ...]:
        runs.append(ckpt_name)
        return "model", "clip", "vae"

    loader = NODE_CLASS_MAPPINGS["CheckpointLoaderSimple"]
    monkeypatch.setattr(loader, loader.FUNCTION, count)
    async with serving(worker=False, publish=False) as (server, *_):
        prompt, client = changed("sample", steps=1), {"client_id": "me"}
        PromptExecutor(server).execute(prompt, "p", client, ["save"])
        order = [data["node"] for event, data, _ in await sent(server) if event == "executing"]
    assert len(runs) == order.count("load") == 1
    assert order.index("load") < order.index("good") < order.index("sample") < order.index("decode")
    assert len(set(order)) == len(order) == len(prompt)


async def test_a_failure_is_told_with_its_node(monkeypatch: pytest.MonkeyPatch) -> None:
    """`execution_error` names node, type, words and the nodes that had run, and carries the traceback.

    `execution_error` 说出节点、类型、原话、已经跑完的节点，还带着 traceback。
    """

    def read_nothing(self: Any, message: str) -> None:
        json.loads("")

    async with serving(worker=False) as (server, *_):
        executor = PromptExecutor(server)
        executor.execute({"1": FAIL}, "p", {"client_id": "me"}, ["1"])
    event, data = executor.status_messages[-1]
    assert event == "execution_error"
    assert (data["node_id"], data["node_type"], data["executed"]) == ("1", "Fail", [])
    assert (data["exception_type"], data["exception_message"]) == ("RuntimeError", "no memory")
    assert any("nodes.py" in line for line in data["traceback"])
    assert server.last_node_id is None
    monkeypatch.setattr(fail := NODE_CLASS_MAPPINGS["Fail"], fail.FUNCTION, read_nothing)
    executor.execute({"1": FAIL}, "p", {}, ["1"])
    assert executor.status_messages[-1][1]["exception_type"] == "json.decoder.JSONDecodeError"


async def test_the_lowest_number_runs_first() -> None:
    """Of prompts that wait, the lowest number runs first, however late it came.

    在等的提示词里，号码最小的先跑，不管来得多晚。
    """
    async with serving(publish=False) as (server, *_):
        queue = server.prompt_queue
        with queue.mutex:  # the worker takes none until all wait
            for number, name in ((0, "zero"), (1, "one"), (-1, "front")):
                queue.put((number, name, {"1": FAIL}, {}, ["1"]))
        while len(queue.get_history()) < 3:
            await asyncio.wait_for(server.messages.get(), 30)
    assert list(queue.get_history()) == ["front", "zero", "one"]


async def test_the_history_is_there_before_the_last_message() -> None:
    """When the last message of a prompt is sent, the history has the prompt.

    提示词的最后一条消息发出时，历史里已经有它了。
    """
    seen = []

    class Watching(PromptServer):
        def send_sync(self, event: Any, data: Any, sid: str | None = None) -> None:
            seen.append((event, "p" in self.prompt_queue.get_history()))
            super().send_sync(event, data, sid)

    async with serving(server_class=Watching, publish=False) as (server, *_):
        server.prompt_queue.put((0, "p", {"1": FAIL}, {"client_id": "me"}, ["1"]))
        async with asyncio.timeout(30):
            while True:
                event, data, _ = await server.messages.get()
                if event == "executing" and data["node"] is None:
                    break
    assert seen[-1] == ("executing", True)
    assert [found for event, found in seen if event == "execution_start"] == [False]


@pytest.mark.parametrize(
    ("prompt", "kind"),
    [
        ({}, "prompt_no_outputs"),
        ({"1": {}}, "invalid_prompt"),
        ({"1": {"class_type": "Nope", "inputs": {}}}, "invalid_prompt"),
        ({"1": {"class_type": "Fail", "inputs": {}}}, "prompt_outputs_failed_validation"),
        ({"1": {"class_type": "Fail"}}, "prompt_outputs_failed_validation"),
    ],
)
async def test_each_refusal_has_the_real_shape(prompt: object, kind: str) -> None:
    """A prompt that cannot run is a 400 with `error` and `node_errors`, and `error` has its four fields.

    跑不了的提示词得到 400，带着 `error` 和 `node_errors`，`error` 有那四个字段。
    """
    async with serving(worker=False) as (_, client, *_):
        response = await client.post("/prompt", json={"prompt": prompt})
        said = await response.json()
    assert (response.status, said["error"]["type"]) == (400, kind)
    assert set(said) == {"error", "node_errors"}
    assert set(said["error"]) == {"type", "message", "details", "extra_info"}


@pytest.mark.parametrize("prompt", [None, 5, "text", [{}], {"1": 5}])
async def test_a_prompt_that_is_no_object_is_a_500(prompt: object) -> None:
    """A number in place of the prompt or of a node is not refused: the check itself fails, with 500.

    提示词或者节点的位置上写了个数，得到的不是拒绝：校验自己出错，500。
    """
    async with serving(worker=False) as (_, client, *_):
        assert (await client.post("/prompt", json={"prompt": prompt})).status == 500


async def test_one_good_output_is_enough() -> None:
    """With one output that can run the prompt is accepted; only that output runs, and the rest is named.

    只要有一个输出能跑，提示词就收下，只跑这一个；回答里说出其余的毛病。
    """
    prompt = {"good": FAIL, "bad": {"class_type": "Fail", "inputs": {}}}
    async with serving(worker=False) as (_, client, *_):
        response = await client.post("/prompt", json={"prompt": prompt})
        said = await response.json()
    assert response.status == 200
    assert list(said["node_errors"]) == ["bad"]
    assert said["node_errors"]["bad"]["dependent_outputs"] == ["bad"]
    assert validate_prompt(prompt)[2] == ["good"]


def test_a_value_that_fits_is_converted_in_the_prompt() -> None:
    """Text that is a number becomes one in the prompt itself; what is none, or out of bounds, is refused.

    能当数字用的文字，在提示词里就变成数字；当不了的、越界的，都拒绝。
    """
    prompt = changed("empty", width="8")
    assert validate_prompt(prompt)[0] is True
    assert prompt["empty"]["inputs"]["width"] == 8
    assert problems(changed("empty", width="many")) == {"empty": ["invalid_input_type"]}
    assert problems(changed("empty", width=0)) == {"empty": ["value_smaller_than_min"]}
    assert problems(changed("empty", width=99999)) == {"empty": ["value_bigger_than_max"]}


async def test_a_circle_is_refused_without_a_reason() -> None:
    """A node that needs itself, or two that need each other: a 400 that names no node and no reason.

    要用到自己的节点、互相要用的两个节点：得到 400，既不说是哪个节点，也不说原因。
    """
    alone = changed("sample", latent_image=["sample", 0])
    both = changed("sample", latent_image=["again", 0])
    both["again"] = changed("sample", latent_image=["sample", 0])["sample"]
    async with serving(worker=False) as (_, client, *_):
        for circle in (alone, both):
            response = await client.post("/prompt", json={"prompt": circle})
            said = await response.json()
            assert (response.status, said["node_errors"]) == (400, {})
            assert (said["error"]["type"], said["error"]["details"]) == (
                "prompt_outputs_failed_validation",
                "",
            )


def test_a_link_into_nowhere_is_an_exception_during_validation() -> None:
    """A link to a node that is not there: an exception during validation, at an output; else during an inner one.

    连接指向不存在的节点：在输出节点上，报成校验时的异常；在别的节点上，报成内层校验时的异常。
    """  # noqa: E501
    assert problems(changed("save", images=["none", 0])) == {"save": ["exception_during_validation"]}
    inner = ["exception_during_inner_validation"]
    assert problems(changed("sample", latent_image=["none", 0])) == {"sample": inner}


def test_a_link_of_the_wrong_type_is_told_of_the_taker() -> None:
    """A link to an output of another type, or that is no pair, is told of the node that takes.

    连到别的类型的输出上，或者连接不是两项，毛病都记在接收的节点上。
    """
    assert problems(changed("sample", model=["load", 1])) == {"sample": ["return_type_mismatch"]}
    assert problems(changed("sample", model=["load"])) == {"sample": ["bad_linked_input"]}


def test_a_link_may_stand_where_no_type_is_converted() -> None:
    """A bare value where a link is expected passes the check: only texts and numbers are looked at.

    该写连接的地方写了个普通值，校验照样放行：它只看文字和数字。
    """
    assert "MODEL" in NODE_CLASS_MAPPINGS["CheckpointLoaderSimple"].RETURN_TYPES
    assert validate_prompt(changed("sample", model="a text"))[0] is True
