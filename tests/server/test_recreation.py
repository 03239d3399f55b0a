"""Proofs for the page server/recreation."""

import asyncio
import errno
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar, NoReturn
from unittest.mock import Mock

import aiohttp
import pytest
from aiohttp import web
from PIL import Image
from playwright.async_api import Browser

from snippets.recreation import folder_paths, main
from snippets.recreation.cli_args import Args, args, build_parser
from snippets.recreation.execution import PromptExecutor, validate_prompt
from snippets.recreation.nodes import NODE_CLASS_MAPPINGS, Inputs, Node
from snippets.recreation.server import get_comfyui_version
from snippets.recreation.serving import example_prompt, flags_set, serving
from snippets.server.recreation import own_test
from snippets.server.recreation.interrupt import interrupt
from snippets.server.recreation.watch import watch
from tests.client import connect
from tests.real.plugin import COMFYUI
from tools.model import ROOT
from tools.source_map import source_maps

TOY = example_prompt()
COMMAND = [sys.executable, "-m", "snippets.recreation"]


def spoken(*flags: str) -> tuple[int, list[str]]:
    """Start the server wrongly; return the status and the lines it wrote."""
    done = subprocess.run([*COMMAND, *flags], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60)
    return done.returncode, (done.stdout + done.stderr).splitlines()


@contextmanager
def started(*flags: str) -> Iterator[str]:
    """Start the server as a reader does; yield its address, then press Ctrl-C."""
    server = subprocess.Popen(
        [*COMMAND, "--port", str(free_port()), *flags], cwd=ROOT, stderr=subprocess.PIPE, encoding="utf-8"
    )
    assert server.stderr
    try:
        yield server.stderr.readline().strip()
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(30) == 0
        assert server.stderr.read().splitlines()[-1] == "stopped"
        server.stderr.close()


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@pytest.mark.ours("the command of the re-creation, in a process of its own")
async def test_one_command_starts_it_and_ctrl_c_ends_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """`python -m snippets.recreation` says where it listens and answers there; Ctrl-C ends it with status 0, and cuts a WebSocket off, and a request whose body has not come.

    `python -m snippets.recreation` 打印监听的地址，并在那里响应；按 Ctrl-C 结束，状态是 0，开着的 WebSocket 直接断开，请求体没有来的请求也一样。
    """  # noqa: E501
    async with aiohttp.ClientSession() as client:
        with started() as address:
            assert address.startswith("http://127.0.0.1:")
            async with client.get(f"{address}/prompt") as answer:
                assert await answer.json() == {"exec_info": {"queue_remaining": 0}}
            ws = await client.ws_connect(f"{address}/ws")
            assert (await ws.receive_json(timeout=10))["type"] == "status"
            reader, writer = await asyncio.open_connection(*address.removeprefix("http://").split(":"))
            post = b"POST /prompt HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n"
            writer.write(post)
            await reader.readuntil(b"100 Continue\r\n\r\n")  # it is being handled
        await ws.receive(timeout=10)
        assert ws.close_code == 1006
        assert await reader.read() == b""
        writer.close()

    def pressed(_: Path) -> NoReturn:
        raise KeyboardInterrupt

    # here too, because a signal can end the measuring of a process's coverage
    monkeypatch.setattr(main, "start_comfyui", pressed)
    with flags_set([]), caplog.at_level(logging.INFO):
        main.main([])
    assert caplog.messages[-1] == "stopped"


async def test_its_front_page_talks_to_it(chromium: Browser, tmp_path: Path) -> None:
    """Its front page shows the WebSocket's messages and the newest preview; its button queues the toy prompt.

    它的首页显示 WebSocket 的消息和最新的预览；按一下按钮，就提交玩具 prompt。
    """
    async with serving(root=tmp_path) as served:
        page = await chromium.new_page()
        await page.add_init_script("""
            window.previews = []
            const make = URL.createObjectURL
            URL.createObjectURL = blob => previews[previews.push(make(blob)) - 1]
        """)
        host, port = served.address
        await page.goto(f"http://{host}:{port}/")
        log = page.locator("pre")
        await log.get_by_text('"sid"').wait_for()
        await page.get_by_role("button").click()
        await log.get_by_text("execution_success").wait_for()
        await page.locator("img[src^=blob]").wait_for()
        said = await log.inner_text()
        shown = await page.locator("img").get_attribute("src")
        previews = await page.evaluate("previews")
        await page.close()
    assert len(previews) == TOY["sample"]["inputs"]["steps"] > 1
    assert shown == previews[-1]
    assert [word in said for word in ("execution_start", "progress", "binary", "executed")] == [True] * 4
    assert list((tmp_path / "output").glob("toy_*.png"))


@pytest.mark.ours("the command of the re-creation, in a process of its own")
@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        (["--prot", "80"], "unrecognized arguments: --prot 80"),
        (["--port", "65536"], "65536 is no port"),
        (["--port", "-1"], "-1 is no port"),
        (["--max-upload-size", "much"], "invalid megabytes value: 'much'"),
        (["--max-upload-size", "inf"], "inf is no size"),
        (["--max-upload-size", "nan"], "nan is no size"),
        (["--max-upload-size", "1e308"], "1e308 is no size"),
        (["--input-directory", "/no/such"], "/no/such is no folder"),
        (["--tls-keyfile", "key.pem"], "--tls-keyfile and --tls-certfile go together"),
        (["--tls-certfile", "cert.pem"], "--tls-keyfile and --tls-certfile go together"),
        (["--tls-keyfile", "no.pem", "--tls-certfile", "no.pem"], "No such file or directory"),
        (["--tls-keyfile", "README.md", "--tls-certfile", "README.md"], "PEM"),
        (["--listen", "no.such.invalid"], "cannot serve no.such.invalid:"),
        (["--listen", "no..name"], "cannot serve no..name:"),
        (["--temp-directory", "FOLDER"], "File exists: "),
    ],
)
def test_started_wrongly_it_says_why_in_one_line(flags: list[str], reason: str, tmp_path: Path) -> None:
    """A bad flag, folder, key or host, a file in the way, or half of TLS: one line, and the status is not 0.

    参数写错、目录不在、目录的位置上是文件、TLS 只给一半、密钥不对、主机名不对：都只说一行，退出状态不是 0。
    """
    (tmp_path / "temp").touch()  # where the folder should be
    flags = [flag.replace("FOLDER", str(tmp_path)) for flag in flags]
    status, lines = spoken("--port", str(free_port()), *flags)
    assert status != 0
    assert len(lines) == 1
    assert reason in lines[0]


@pytest.mark.ours("the command of the re-creation, in a process of its own")
def test_a_port_that_is_taken_is_named() -> None:
    """Where the port is taken, one line names it, and the status is not 0.

    端口已被占用，它就用一行说出是哪个端口，退出状态不是 0。
    """
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, lines = spoken("--port", str(port))
    assert status == 1
    assert lines == [f"cannot serve 127.0.0.1:{port}: {os.strerror(errno.EADDRINUSE)}"]
    reasons = {
        OSError(errno.EPERM, "error while attempting to bind"): os.strerror(errno.EPERM),
        socket.gaierror(errno.ENOEXEC, "no such name"): "no such name",  # its numbers are not the system's
        OSError("no address"): "no address",
    }
    assert [main.describe_error(error) for error in reasons] == [*reasons.values()]


@pytest.mark.ours("the re-creation's own table of routes")
async def test_its_routes_are_those_of_the_map() -> None:
    """Its table holds exactly the 22 routes of the source map.

    它的路由表里，正好是源码地图上的 22 条。
    """
    async with serving(worker=False) as (server, *_):
        ours = {(route.method, route.path) for route in server.routes if isinstance(route, web.RouteDef)}
    regions = source_maps()["server.py"].regions.values()
    theirs = {tuple(region.id.split(" ")) for region in regions if region.kind == "route"}
    assert len(theirs) == 22
    assert ours == theirs


async def test_a_client_hears_its_prompt_from_start_to_end() -> None:
    """After three `status`, on opening, put and taken, a client receives start, each node, progress, previews, the end.

    If the server is not idle, more than three.

    三次 `status`：刚连上、入队、取走（服务器不空闲，就不止三次）；然后客户端收到自己那个 prompt 的全程：开始、每个节点、进度、每步一张预览、结束。
    """  # noqa: E501
    async with serving(worker=False) as (server, client, *_), client.ws_connect("/ws?clientId=me") as ws:
        assert (await ws.receive_json(timeout=10))["data"]["sid"] == "me"
        for happens, argument in ((queue, (client, TOY)), (asyncio.to_thread, (server.prompt_queue.get,))):
            await happens(*argument)
            server.send_sync("news", {})
            events = [await ws.receive_json(timeout=10) for _ in range(2)]
            assert [event["type"] for event in events] == ["status", "news"]
    async with serving() as (_, client, *_):
        busy = deepcopy(TOY)
        busy["sample"]["inputs"]["steps"] = 100
        await queue(client, busy)
        received = await watch(client, {"1": {"class_type": "Fail", "inputs": {"message": ""}}})
        assert received[: received.index("execution_start ")].count("status ") > 3
    async with serving() as (_, client, *_):
        received = await watch(client, TOY)
    assert received[:6] == [
        *["status "] * 3,
        "execution_start ",
        "execution_cached ",
        "executing load",
    ]
    steps = TOY["sample"]["inputs"]["steps"]
    assert received.index("executing sample") < received.index("progress sample")
    assert received.count("progress sample") == received.count("binary 1, picture type 1") == steps
    first = received.index("executing sample") + 1
    assert received[first : first + 2 * steps] == ["progress sample", "binary 1, picture type 1"] * steps
    assert [line for line in received if line.startswith(("executed", "execution_success"))] == [
        "executed save",
        "execution_success ",
    ]
    nodes = [line.removeprefix("executing ") for line in received if line.startswith("executing ")]
    assert sorted(nodes) == sorted([*TOY, ""])
    assert received[-1] == "executing "


async def finished(client: aiohttp.ClientSession, prompt_id: str) -> dict[str, Any]:
    """Wait for a prompt; return its entry in the history."""
    for _ in range(1000):
        history = await (await client.get(f"/history/{prompt_id}")).json()
        if history:
            entry: dict[str, Any] = history[prompt_id]
            return entry
        await asyncio.sleep(0.01)
    raise TimeoutError(prompt_id)


async def queue(client: aiohttp.ClientSession, prompt: object, **more: object) -> dict[str, Any]:
    """Queue a prompt; return the answer."""
    answer = await client.post("/prompt", json={"prompt": prompt, **more})
    said: dict[str, Any] = await answer.json()
    return said


async def test_the_picture_comes_out_of_history_and_view() -> None:
    """As the example clients do: the history of each prompt names the file it saved, and `/view` brings that file.

    照示例客户端的做法：每个 prompt 的历史里有它存下的文件名，`/view` 拿得到这个文件。
    """  # noqa: E501
    other = deepcopy(TOY)
    other["sample"]["inputs"]["seed"] += 1
    names, pictures = [], []
    async with serving() as (_, client, *_):
        for prompt in (TOY, other):
            entry = await finished(client, (await queue(client, prompt))["prompt_id"])
            assert list(entry["outputs"]) == ["save"]  # of the nodes only this one showed something
            [place] = entry["outputs"]["save"]["images"]
            assert {*place} == {"filename", "subfolder", "type"}
            assert entry["status"]["status_str"] == "success"
            names.append(place["filename"])
            pictures.append(await (await client.get("/view", params=place)).read())
        output = Path(folder_paths.get_output_directory())
        assert pictures == [(output / name).read_bytes() for name in names]
    assert pictures[0] != pictures[1]
    assert [Image.open(BytesIO(picture)).size for picture in pictures] == [(64, 64)] * 2


async def test_pictures_come_over_the_websocket_too() -> None:
    """`SaveImageWebsocket` sends its picture as a binary message while it runs: event 1, type 2, then PNG.

    `SaveImageWebsocket` 执行时，把图片当二进制消息发出：事件 1、类型 2，后面是 PNG。
    """
    node = {"class_type": "SaveImageWebsocket", "inputs": {"images": ["decode", 0]}}
    prompt = {**{name: node for name, node in TOY.items() if name != "save"}, "send": node}
    async with serving() as (_, client, *_):
        received = await watch(client, prompt)
    assert received.count("binary 1, picture type 2") == 1
    assert "executed send" not in received
    running: str | None = ""
    pictures: list[bytes] = []
    async with serving() as (_, client, *_):  # another, which has no result to use again
        ws = await connect(client)
        await client.post("/prompt", json={"prompt": prompt, "client_id": "me"})
        while running is not None:
            message = await ws.receive(timeout=20)
            if message.type is aiohttp.WSMsgType.BINARY:
                pictures += [message.data[8:]] if running == "send" else []
            elif (event := json.loads(message.data))["type"] == "executing":
                running = event["data"]["node"]
    [picture] = (Image.open(BytesIO(sent)) for sent in pictures)
    assert (picture.format, picture.size) == ("PNG", (64, 64))


@pytest.mark.parametrize("kind", [RuntimeError, KeyError, type("Own", (Exception,), {})])
async def test_a_node_that_fails_ends_its_prompt_only(
    kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The toy that fails is reported as an error, with its text and place; the next prompt runs.

    会失败的玩具节点报成一条错误，带着错误文字和位置；下一个 prompt 照样执行。
    """

    def raise_it(self: Any, message: str) -> NoReturn:
        raise kind(message)

    monkeypatch.setattr(toy := NODE_CLASS_MAPPINGS["Fail"], toy.FUNCTION, raise_it)
    fail = {node: {"class_type": "Fail", "inputs": {"message": "no memory"}} for node in "12"}
    async with serving() as (_, client, *_):
        first, second = [(await queue(client, prompt))["prompt_id"] for prompt in (fail, TOY)]
        entry = await finished(client, first)
        after = await finished(client, second)
    *before, (event, data) = entry["status"]["messages"]
    assert [name for name, _ in before] == ["execution_start", "execution_cached"]  # one node was run
    assert (event, data["exception_message"]) == ("execution_error", str(kind("no memory")))
    assert (data["node_type"], data["exception_type"].rpartition(".")[2]) == ("Fail", kind.__name__)
    assert data["node_id"] in ("1", "2")
    assert (entry["status"]["status_str"], after["status"]["status_str"]) == ("error", "success")


async def test_an_interrupt_is_received_by_the_prompts_client() -> None:
    """An interrupt ends the running prompt; its client receives the message, or all if the prompt names none.

    The message names the node that was running, and those that had run.

    中断让正在执行的 prompt 停止；收到消息的是提交它的客户端，没写客户端就是所有客户端。
    消息里写着当时在跑的节点和已经跑完的节点。
    """
    prompt = json.loads(json.dumps(TOY))
    prompt["sample"]["inputs"]["steps"] = 2000
    async with serving() as (_, client, *_):
        assert await interrupt(client, prompt, client_id="me") == {"me": True, "other": False}
        assert await interrupt(client, prompt) == {"me": True, "other": True}
        history = await (await client.get("/history")).json()
    assert [entry["status"]["completed"] for entry in history.values()] == [False, False]
    *before, (event, told) = next(iter(history.values()))["status"]["messages"]
    assert [name for name, _ in before] == ["execution_start", "execution_cached"]  # no error as well
    assert (event, told["node_id"], told["node_type"]) == ("execution_interrupted", "sample", "KSampler")
    assert sorted(told["executed"]) == ["bad", "empty", "good", "load"]


class Adds(Node):
    """A node that adds one."""

    INPUTS: ClassVar[Inputs] = {"value": ("INT", {})}
    RETURN_TYPES = ("INT",)

    def work(self, value: int) -> tuple[int]:
        """Return one more."""
        return (value + 1,)


class Takes(Node):
    """An output node that notes what it is given."""

    INPUTS: ClassVar[Inputs] = {"value": ("INT", {})}
    OUTPUT_NODE = True
    taken: ClassVar[list[object]] = []

    def work(self, value: object) -> dict[str, object]:
        """Note the value."""
        self.taken.append(value)
        return {}


class Asked(Node):
    """A node that checks its inputs itself, counts as changed each time, and leaves the work to another."""

    INPUTS: ClassVar[Inputs] = {"low": ("INT", {}), "high": ("INT", {})}
    RETURN_TYPES = ("INT",)
    asked: ClassVar[set[str]] = set()

    @classmethod
    def VALIDATE_INPUTS(cls, low: int, high: int) -> bool | str:
        """Say what is wrong with the two together."""
        cls.asked.add("VALIDATE_INPUTS")
        return low < high or "not below"

    @classmethod
    def IS_CHANGED(cls, low: int, high: int) -> float:
        """Return what equals nothing, not even itself."""
        cls.asked.add("IS_CHANGED")
        return float("nan")

    def work(self, low: int, high: int) -> dict[str, object]:
        """Return a link into a small graph, and the graph."""
        return {"result": (["in", 0],), "expand": {"in": {"class_type": "Adds", "inputs": {"value": high}}}}


async def test_what_a_node_may_ask_for_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """`VALIDATE_INPUTS`, `IS_CHANGED` and the subgraph a node returns count on the real one, not on ours.

    `VALIDATE_INPUTS`、`IS_CHANGED` 和节点返回的子图，ComfyUI 都处理，我们的都不处理。
    """
    for node in (Adds, Takes, Asked):
        monkeypatch.setitem(NODE_CLASS_MAPPINGS, node.__name__, node)
    alone: dict[str, Any] = {"take": {"class_type": "Takes", "inputs": {"value": 5}}}
    prompt: dict[str, Any] = {
        "ask": {"class_type": "Asked", "inputs": {"low": 1, "high": 2}},
        "take": {"class_type": "Takes", "inputs": {"value": ["ask", 0]}},
    }
    taken = []
    Asked.asked.clear()
    async with serving(worker=False, publish=False) as (server, *_):
        server.last_prompt_id = "p"
        for run in (prompt, alone):
            Takes.taken.clear()
            executor = PromptExecutor(server)
            for _ in range(2):
                executor.execute(deepcopy(run), "p", {}, ["take"])  # the real one writes into it
                assert executor.success
            taken.append([*Takes.taken])
    assert taken == ([[3, 3], [5]] if COMFYUI else [[["in", 0]] * 2, [5, 5]])
    prompt["ask"]["inputs"] = {"low": 2, "high": 1}
    good, _, _, found = validate_prompt(prompt)
    assert good is not bool(COMFYUI)
    assert Asked.asked == ({"VALIDATE_INPUTS", "IS_CHANGED"} if COMFYUI else set())
    errors = found["ask"]["errors"] if COMFYUI else []
    assert {error["type"] for error in errors} == ({"custom_validation_failed"} if COMFYUI else set())
    about = {error["extra_info"]["input_name"]: error["details"] for error in errors}
    assert about == ({"low": "low - not below", "high": "high - not below"} if COMFYUI else {})


class Wants(Node):
    """An output node with an optional and a hidden input, a choice, and a whole list of values."""

    OUTPUT_NODE = True
    INPUT_IS_LIST = True
    given: ClassVar[list[dict[str, Any]]] = []

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        """Return one input of each kind."""
        return {
            "required": {"choice": (["a", "b"], {})},
            "optional": {"more": ("INT", {})},
            "hidden": {"me": "UNIQUE_ID"},
        }

    def work(self, **given: Any) -> dict[str, object]:
        """Note what it is given."""
        self.given.append(given)
        return {}


class Lazy(Takes):
    """An output node that does not ask for its input."""

    INPUTS: ClassVar[Inputs] = {"value": ("INT", {"lazy": True})}

    def check_lazy_status(self, value: object) -> list[str]:
        """Return the names of the inputs that it needs: none."""
        return []


async def test_what_a_node_may_be_given_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Optional, hidden and lazy inputs, lists of values and choices count on the real one, not on ours.

    可选输入、隐藏输入、惰性输入、成批的值、从列表里选的值，ComfyUI 都处理，我们的都不处理。
    """
    for node in (Adds, Wants, Lazy):
        monkeypatch.setitem(NODE_CLASS_MAPPINGS, node.__name__, node)
    for notes in (Wants.given, Takes.taken):
        notes.clear()
    lazy: dict[str, Any] = {"add": {"class_type": "Adds", "inputs": {"value": 1}}}
    lazy["lazy"] = {"class_type": "Lazy", "inputs": {"value": ["add", 0]}}
    prompt: dict[str, Any] = {"w": {"class_type": "Wants", "inputs": {"choice": "b", "more": 5}}}
    async with serving(worker=False, publish=False) as (server, *_):
        server.last_prompt_id = "p"
        executor = PromptExecutor(server)
        for run, output in ((prompt, "w"), (lazy, "lazy")):
            executor.execute(deepcopy(run), "p", {}, [output])
            assert executor.success
    assert Takes.taken == [None if COMFYUI else 2]
    assert Wants.given == [{"choice": ["b"], "more": [5], "me": ["w"]} if COMFYUI else {"choice": "b"}]
    assert validate_prompt(prompt)[0]
    prompt["w"]["inputs"]["choice"] = "c"
    assert validate_prompt(prompt)[0] is not bool(COMFYUI)


async def test_only_the_real_one_empties_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an earlier run left in the temporary folder is gone once the real one has started; ours keeps it.

    上一次留在临时目录里的东西，ComfyUI 一启动就删除；我们的留着。
    """
    (tmp_path / "temp").mkdir()
    (tmp_path / "temp/kept.txt").touch()
    flags = ["--temp-directory", os.fspath(tmp_path)]
    if COMFYUI:
        real: Any = main
        for name in ("threading", "hijack_progress"):  # it needs no worker
            monkeypatch.setattr(real, name, Mock())
        with flags_set(flags):
            real.start_comfyui(asyncio.get_running_loop())
    else:
        async with serving(*flags, worker=False):
            pass
    assert (tmp_path / "temp").is_dir()
    assert (tmp_path / "temp/kept.txt").exists() is not bool(COMFYUI)


@pytest.mark.ours("the real one keeps what nodes returned")
async def test_a_second_run_runs_everything_again() -> None:
    """Unlike the real one it caches no node: the same prompt again runs every node again.

    和 ComfyUI 不同，它不缓存节点：同一个 prompt 再提交一次，每个节点都再执行一遍。
    """
    async with serving() as (_, client, *_):
        runs = [await watch(client, TOY) for _ in range(2)]
        history = await (await client.get("/history")).json()
    told = [dict(entry["status"]["messages"])["execution_cached"]["nodes"] for entry in history.values()]
    assert told == [[], []]
    assert [sum(line.startswith("executing ") for line in run) for run in runs] == [8, 8]


async def test_internal_routes_answer_without_a_twin() -> None:
    """`/internal` has five routes, its log is empty, none is below `/api`; ours lacks those of users and models.

    `/internal` 有五条路由，日志是空的，`/api` 下面没有它们；用户和模型的路由，我们的没有。
    """  # noqa: E501
    async with serving() as (server, client, *_):
        (internal,) = (r for r in server.app.router.resources() if r.canonical == "/internal")
        assert len([route for route in internal if route.method != "HEAD"]) == 5
        paths = [resource.canonical for resource in server.app.router.resources()]
        for prefix in ("/users", "/userdata", "/settings", "/experiment/models"):
            assert any(path.startswith(prefix) for path in paths) is bool(COMFYUI)
        assert await (await client.get("/internal/logs")).json() == ""
        assert (await (await client.get("/internal/logs/raw")).json())["entries"] == []
        assert (await client.get("/internal/files")).status == 400
        assert "checkpoints" in await (await client.get("/internal/folder_paths")).json()
        subscribe: list[tuple[Any, int]] = [
            ({"clientId": "me", "enabled": True}, 200),
            ({}, 500),
            ({"clientId": [], "enabled": True}, 500),
        ]
        for wish, status in subscribe:
            assert (await client.patch("/internal/logs/subscribe", json=wish)).status == status
        assert (await client.get("/api/internal/logs")).status == 404


async def test_each_flag_reaches_its_place(tmp_path: Path) -> None:
    """The folders, the origin and the limit given on the command line are those that the server uses.

    命令行给的目录、来源和上限，就是服务器用的那些。
    """
    for name in ("web", "in", "out", "temp"):
        (tmp_path / name).mkdir()
    (tmp_path / "web/index.html").write_text("mine")
    (tmp_path / "out/o.txt").write_text("out")
    (tmp_path / "in/i.txt").write_text("in")
    names = {"--front-end-root": "web", "--input-directory": "in", "--output-directory": "out"}
    flags = [word for flag, name in names.items() for word in (flag, os.fspath(tmp_path / name))]
    flags += ["--temp-directory", os.fspath(tmp_path / "temp"), "--max-upload-size", "0.001"]
    async with serving(*flags, "--enable-cors-header", "https://app.example") as (_, client, *_):
        assert (tmp_path / "temp/temp").is_dir()
        (tmp_path / "temp/temp/t.txt").write_text("temp")
        answer = await client.get("/")
        assert await answer.text() == "mine"
        assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example"
        for name, kind in (("o.txt", "output"), ("i.txt", "input"), ("t.txt", "temp")):
            answer = await client.get("/view", params={"filename": name, "type": kind})
            assert answer.status == 200, name
        assert (await client.post("/prompt", data=b"x" * 1000)).status == 500  # read, and no JSON
        for path in ("/prompt", "/queue", "/history", "/free"):
            assert (await client.post(path, data=b"x" * 1100)).status == 413
        assert (await client.patch("/internal/logs/subscribe", data=b"x" * 1100)).status == 413
        assert (await client.post("/upload/image", data={"note": "x" * 1000})).status == 400  # read
        form = aiohttp.FormData()
        form.add_field("image", b"x" * 1100, filename="a.png")
        assert (await client.post("/upload/image", data=form)).status == 413
        form = aiohttp.FormData({"original_ref": "{}"})
        form.add_field("image", b"x" * 1100, filename="a.png")
        assert (await client.post("/upload/mask", data=form)).status == 413
    with flags_set(["--max-upload-size", "0"]):  # which means: no limit
        assert args.max_upload_size == 0


def test_nine_flags_have_these_defaults() -> None:
    """Without flags it listens on 127.0.0.1:8188, without CORS, TLS, folders; only the tenth, the front end's, differs.

    不写参数，就监听 127.0.0.1:8188，没有 CORS、TLS 和目录；只有第十个不同，即前端的目录。
    """  # noqa: E501
    with flags_set([]):
        assert (args.listen, args.port, args.enable_cors_header) == ("127.0.0.1", 8188, None)
        assert args.max_upload_size == 100
        others = ("tls_keyfile", "tls_certfile", "input_directory", "output_directory", "temp_directory")
        assert [getattr(args, name) for name in others] == [None] * 5
    with flags_set(["--listen", "--enable-cors-header"]):
        assert (args.listen, args.enable_cors_header) == ("0.0.0.0,::", "*")
    tenth = sys.modules["comfy.cli_args"].parser.parse_args([]) if COMFYUI else Args()
    assert (tenth.front_end_root is None) == bool(COMFYUI)
    parser = sys.modules["comfy.cli_args"].parser if COMFYUI else build_parser()
    known = {word for action in parser._actions for word in action.option_strings}
    names = {f"--{name.replace('_', '-')}" for name in vars(Args())}
    assert (len(names), names - known) == (10, set())


@pytest.mark.ours("how the re-creation is started in a test")
async def test_the_flags_hold_for_the_whole_process() -> None:
    """Flags given to `serving` hold for the whole process until its block ends, and then none does.

    Two servers have two ports; at the end of its block each is closed, even if the block raises.

    给 `serving` 的参数在代码块结束之前对整个进程有效，之后就不再有效。
    两个服务器有两个端口；代码块结束，服务器就关闭，抛出异常也一样。
    """
    async with serving("--max-upload-size", "1", worker=False) as outer:
        assert await asyncio.to_thread(lambda: args.max_upload_size) == 1
        async with serving("--max-upload-size", "2", worker=False) as inner:
            assert args.max_upload_size == 2
            assert outer.address != inner.address
        assert args.max_upload_size == 100  # those of the outer block are lost
        assert (await outer.client.get("/prompt")).status == 200
    assert args.max_upload_size == 100
    with pytest.raises(LookupError):
        async with serving(worker=False) as failed:
            raise LookupError
    for served in (outer, inner, failed):
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*served.address)


@pytest.mark.ours("how the re-creation is started in a test")
async def test_a_synchronous_program_gets_an_answer_only_in_a_thread() -> None:
    """A program that blocks, called in the block of `serving`, gets no answer; in a thread it does.

    在 `serving` 的代码块里直接调用会阻塞的程序，它得不到响应；放到线程里调用，就得到。
    """
    async with serving(worker=False) as (_, _, (host, port), *_):
        ask = partial(urllib.request.urlopen, f"http://{host}:{port}/queue")
        with pytest.raises(TimeoutError):
            ask(timeout=0.5)
        with await asyncio.to_thread(ask, timeout=20) as response:
            assert response.status == 200


@pytest.mark.ours("how the re-creation is started in a test")
def test_a_test_of_ones_own_runs_in_any_folder(tmp_path: Path) -> None:
    """The page's test passes in a folder of its own, where pytest has no settings; a wrong expectation fails.

    What is installed brings pytest, and puts the folder of the clone on the path.

    页面上的测试放在自己的目录里，没有 pytest 的设置也能通过；期望写错了就失败。
    安装时带上 pytest，并把克隆的目录放进搜索路径。
    """
    required = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    assert "-e ." in required  # puts the clone on the path of its Python
    assert (
        "."
        in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"][
            "dev-mode-dirs"
        ]
    )
    assert any(line.startswith("pytest==") for line in required)
    text = Path(own_test.__file__).read_text("utf-8")
    path = {**os.environ, "PYTHONPATH": os.fspath(ROOT)}
    for expected, outcome in (("1", "1 passed"), ("2", "1 failed")):
        (tmp_path / "test_mine.py").write_text(text.replace("== 1", f"== {expected}"), "utf-8")
        command = [sys.executable, "-m", "pytest", "test_mine.py"]
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60, env=path
        )
        assert done.stdout.splitlines()[-1].strip("= ").startswith(outcome)


@pytest.mark.ours("what the re-creation leaves out")
async def test_it_has_no_memory_and_keeps_its_temporary_folder(tmp_path: Path) -> None:
    """Memory is 0, the device `cpu`, torch without version, `last_prompt_id` None; what is in `temp` stays.

    内存是 0，设备是 `cpu`，没有 torch 的版本，`last_prompt_id` 是 None；`temp` 里的东西留着。
    """
    (tmp_path / "temp").mkdir()
    (tmp_path / "temp/kept.txt").touch()
    async with serving(root=tmp_path) as (server, client, _, worker, _):
        assert server.last_prompt_id is None
        assert not {"address", "port"} & vars(server).keys()
        stats = await (await client.get("/system_stats")).json()
        [device] = stats["devices"]
        assert device["name"] == device["type"] == "cpu"
        memory = {name: size for name, size in device.items() if "vram" in name}
        assert set(memory.values()) == {0}
        assert len(memory) == 4
        assert stats["system"]["pytorch_version"] == ""
        assert stats["system"]["comfyui_version"] == get_comfyui_version()
        assert [stats["system"][name] for name in ("ram_total", "ram_free")] == [0, 0]
        server.prompt_queue.set_flag("stop", True)
        assert worker
        await asyncio.to_thread(worker.join, 30)
        assert not worker.is_alive()
    assert (tmp_path / "temp/kept.txt").exists()


@pytest.mark.ours("what the re-creation simplifies")
async def test_its_nodes_previews_and_order_are_simpler(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight nodes, one size of picture, no tooltips; outputs are checked as the prompt has them, and run from the last.

    八种节点，图一样大，没有提示文字；输出按 prompt 里的次序校验，从最后一个开始执行。
    """  # noqa: E501
    async with serving() as (server, client, *_):
        described = await (await client.get("/object_info")).json()
        assert len(described) == 8
        for about in described.values():
            assert len(about) == 11
            assert not {"output_tooltips", "deprecated", "experimental"} & about.keys()
            assert list(about["input"]) == ["required"]
            assert "tooltip" not in json.dumps(about)
        sizes: list[tuple[int, int]] = []
        for width, text in ((64, "a cat"), (2048, "a dog")):
            prompt = deepcopy(TOY)
            prompt["empty"]["inputs"] |= {"width": width, "height": 2 * width, "batch_size": 2}
            prompt["good"]["inputs"]["text"] = text
            await run_to_the_end(client, prompt)
            response = await client.get(f"/view?filename=toy_0000{len(sizes) + 1}_.png")
            sizes.append(Image.open(BytesIO(await response.read())).size)
        assert sizes == [(64, 64)] * 2
        runner = await server.start_multi_address([("127.0.0.1", 0)])
        assert isinstance(runner, web.AppRunner)
        await runner.cleanup()
    for node in (Adds, Takes):
        monkeypatch.setitem(NODE_CLASS_MAPPINGS, node.__name__, node)
    Takes.taken.clear()
    names = ["9", "2", "b", "5", "a", "1"]
    many: dict[str, Any] = {
        name: {"class_type": "Takes", "inputs": {"value": place}} for place, name in enumerate(names)
    }
    for name in names[::2]:  # one of a node of its own
        many[f"add {name}"] = {"class_type": "Adds", "inputs": many[name]["inputs"]}
        many[name] = {"class_type": "Takes", "inputs": {"value": [f"add {name}", 0]}}
    assert validate_prompt(many)[2] == names
    async with serving() as (_, client, *_):
        await run_to_the_end(client, many)
    assert Takes.taken == [5, 5, 3, 3, 1, 1]  # those at 0, 2 and 4 are one more


async def run_to_the_end(client: aiohttp.ClientSession, prompt: dict[str, Any]) -> None:
    """Queue a prompt, and return when it has run."""
    async with client.ws_connect("/ws?clientId=me") as ws, asyncio.timeout(20):
        response = await client.post("/prompt", json={"prompt": prompt, "client_id": "me"})
        assert response.status == 200
        async for message in ws:
            if message.type == aiohttp.WSMsgType.TEXT:
                event = message.json()
                if event["type"] == "executing" and event["data"]["node"] is None:
                    return
