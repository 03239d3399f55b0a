"""Proofs for the page server/toy-nodes."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from snippets.server.application.part import PromptServer
from snippets.server.application.settings import Settings
from snippets.server.recreation.local import serving
from snippets.server.recreation.talk import PROMPT
from snippets.server.toy_nodes.demo import build_demo, told
from snippets.server.toy_nodes.kinds import KINDS
from snippets.server.toy_nodes.node_run import NodeRun
from snippets.server.toy_nodes.nodes import sample
from snippets.server.toy_nodes.run import Run
from snippets.server.toy_nodes.validation import validate
from snippets.server.toy_nodes.worker import run_prompt, start_worker

TOY = json.loads(PROMPT.read_text("utf-8"))
FAIL = {"class_type": "Fail", "inputs": {"message": "no memory"}}


def changed(node: str, **inputs: object) -> Any:
    """Return the toy prompt with some inputs of one node changed."""
    prompt = json.loads(json.dumps(TOY))
    prompt[node]["inputs"] |= inputs
    return prompt


def problems(prompt: Any) -> dict[str, list[str]]:
    """Return the types of what is wrong, by node."""
    return {node: [one["type"] for one in found["errors"]] for node, found in validate(prompt)[2].items()}


def test_every_step_is_reported_with_a_preview() -> None:
    """The sampler reports each of its steps in order, each with a JPEG preview that shows more than the last.

    采样节点按顺序报告每一步，每步带一张 JPEG 预览，一张比一张画得多。
    """
    heard: list[Any] = []

    class Listener:
        def report(self, *report: Any) -> None:
            heard.append(report)

    [picture] = sample(Listener(), steps=3, seed=5)
    assert [(value, total) for value, total, _ in heard] == [(1, 3), (2, 3), (3, 3)]
    assert {preview[0] for *_, preview in heard} == {"JPEG"}
    painted = [preview[1].getcolors()[0][0] for *_, preview in heard]
    assert len(set(painted)) == 3
    assert isinstance(picture, Image.Image)


async def test_without_a_client_progress_goes_to_all_and_the_rest_to_nobody(tmp_path: Path) -> None:
    """Where a prompt names no client, progress and previews go to all clients, and nothing else is sent.

    提示词没写客户端时，进度和预览发给所有客户端，别的都不发。
    """
    server = PromptServer(Settings.below(tmp_path))
    run = Run(server, (0, "p", changed("sample", steps=1), {}, ["save"]))
    run.run()
    assert run.messages[-1][0] == "execution_success"
    assert list(run.shown) == ["save"]
    assert [(event, sid) for event, _, sid in await told(server)] == [("progress", None), (2, None)]


async def test_a_node_runs_once_and_after_what_it_needs() -> None:
    """A node that two others need runs once, before both.

    两个节点都要用的节点只跑一次，而且跑在它们前面。
    """
    server = build_demo()
    server.client_id = "me"
    run = NodeRun(server, "p", changed("sample", steps=1))
    run.node("decode")
    order = [data["node"] for event, data, _ in await told(server) if event == "executing"]
    assert order.count("load") == 1
    assert order.index("load") < order.index("good") < order.index("sample") < order.index("decode")
    assert list(run.results) == order


async def test_a_failure_is_told_with_its_node() -> None:
    """`execution_error` names node, type, words and the nodes that had run, and carries the traceback.

    `execution_error` 说出节点、类型、原话、已经跑完的节点，还带着 traceback。
    """
    server = build_demo()
    run = Run(server, (0, "p", {"1": FAIL}, {"client_id": "me"}, ["1"]))
    run.run()
    event, data = run.messages[-1]
    assert event == "execution_error"
    assert (data["node_id"], data["node_type"], data["executed"]) == ("1", "Fail", [])
    assert (data["exception_type"], data["exception_message"]) == ("RuntimeError", "no memory")
    assert any("nodes.py" in line for line in data["traceback"])
    assert server.last_node_id is None


async def test_the_lowest_number_runs_first() -> None:
    """Of prompts that wait, the lowest number runs first, however late it came.

    在等的提示词里，号码最小的先跑，不管来得多晚。
    """
    server = build_demo()
    for number, name in ((0, "zero"), (1, "one"), (-1, "front")):
        server.queue.put((number, name, {"1": FAIL}, {}, ["1"]))
    worker = start_worker(server)
    while len(server.history) < 3:
        await asyncio.wait_for(server.messages.get(), 30)
    server.queue.set_flag("stop", True)
    await asyncio.to_thread(worker.join)
    assert list(server.history) == ["front", "zero", "one"]


async def test_the_history_is_there_before_the_last_message() -> None:
    """When the last message of a prompt is sent, the history has the prompt.

    提示词的最后一条消息发出时，历史里已经有它了。
    """
    server = build_demo()
    server.queue.put((0, "p", {"1": FAIL}, {"client_id": "me"}, ["1"]))
    item = server.queue.take()
    assert item
    seen = []
    send = server.send_sync

    def watch(event: Any, data: Any, sid: str | None = None) -> None:
        seen.append((event, "p" in server.history))
        send(event, data, sid)

    server.send_sync = watch  # type: ignore[method-assign]
    run_prompt(server, item)
    assert seen[-1] == ("executing", True)
    assert seen[0] == ("execution_start", False)


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
    async with serving() as client:
        answer = await client.post("/prompt", json={"prompt": prompt})
        said = await answer.json()
    assert (answer.status, said["error"]["type"]) == (400, kind)
    assert set(said) == {"error", "node_errors"}
    assert set(said["error"]) == {"type", "message", "details", "extra_info"}


@pytest.mark.parametrize("prompt", [None, 5, "text", [{}], {"1": 5}])
async def test_a_prompt_that_is_no_object_is_a_500(prompt: object) -> None:
    """A number in place of the prompt or of a node is not refused: the check itself fails, with 500.

    提示词或者节点的位置上写了个数，得到的不是拒绝：校验自己出错，500。
    """
    async with serving() as client:
        assert (await client.post("/prompt", json={"prompt": prompt})).status == 500


async def test_one_good_output_is_enough() -> None:
    """With one output that can run the prompt is accepted; only that output runs, and the rest is named.

    只要有一个输出能跑，提示词就收下，只跑这一个；回答里说出其余的毛病。
    """
    prompt = {"good": FAIL, "bad": {"class_type": "Fail", "inputs": {}}}
    async with serving() as client:
        answer = await client.post("/prompt", json={"prompt": prompt})
        said = await answer.json()
    assert answer.status == 200
    assert list(said["node_errors"]) == ["bad"]
    assert said["node_errors"]["bad"]["dependent_outputs"] == ["bad"]
    assert validate(prompt)[1] == ["good"]


def test_a_value_that_fits_is_converted_in_the_prompt() -> None:
    """Text that is a number becomes one in the prompt itself; what is none, or out of bounds, is refused.

    能当数字用的文字，在提示词里就变成数字；当不了的、越界的，都拒绝。
    """
    prompt = changed("empty", width="8")
    assert validate(prompt)[0] is None
    assert prompt["empty"]["inputs"]["width"] == 8
    assert problems(changed("empty", width="many")) == {"empty": ["invalid_input_type"]}
    assert problems(changed("empty", width=0)) == {"empty": ["value_smaller_than_min"]}
    assert problems(changed("empty", width=99999)) == {"empty": ["value_bigger_than_max"]}


def test_a_circle_is_an_exception_during_validation() -> None:
    """A node that needs itself, two that need each other, a link into nowhere: exceptions during validation.

    要用到自己的节点、互相要用的两个节点、指向不存在节点的连接，都报成校验时的异常。
    """
    alone = changed("sample", latent_image=["sample", 0])
    both = changed("sample", latent_image=["again", 0])
    both["again"] = changed("sample")["sample"]
    both["again"]["inputs"]["latent_image"] = ["sample", 0]
    for circle in (alone, both):
        error, good, nodes = validate(circle)
        assert error
        assert good == []
        [one] = nodes["save"]["errors"]
        assert one["type"] == "exception_during_validation"
        assert one["extra_info"]["exception_type"] == "RecursionError"
    assert problems(changed("save", images=["none", 0])) == {"save": ["exception_during_validation"]}


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
    assert "MODEL" in KINDS["CheckpointLoaderSimple"].outputs
    assert validate(changed("sample", model="a text"))[0] is None
