"""A later ComfyUI is called as v0.3.10 is; tried on an executor made up here."""

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from tests.real.later import ROOM, adapt_later


class Queue:
    """Takes any item."""

    def __init__(self) -> None:
        self.items: list[Any] = []

    def put(self, item: Any) -> None:
        """Note the item."""
        self.items.append(item)


class Executor:
    """Notes what it is made with."""

    def __init__(self, *given: Any) -> None:
        self.given = given

    def execute(self, *given: Any) -> None:
        """Note what is to run."""
        self.given += given


async def validate(*given: Any) -> Any:
    """Return what was given."""
    return given


@pytest.fixture
def progress(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the module in which the progress of a prompt is kept."""
    module = SimpleNamespace(global_progress_registry="of the proof before")
    monkeypatch.setitem(sys.modules, "comfy_execution.progress", module)
    monkeypatch.setitem(
        sys.modules, "app.frontend_management", SimpleNamespace(FrontendManager=type("F", (), {}))
    )
    return module


def made(**more: Any) -> dict[str, Any]:
    """Return the two real modules, made up."""
    queue = type("PromptQueue", (Queue,), {})
    functions = {"validate_prompt": validate, "validate_inputs": validate}
    cache = SimpleNamespace(RAM_PRESSURE="by memory")
    execution = SimpleNamespace(
        PromptQueue=queue, PromptExecutor=Executor, CacheType=cache, **{**functions, **more}
    )
    return {"execution": execution, "main": SimpleNamespace(hijack_progress=lambda server: None)}


async def test_what_it_asks_for_beyond_v0_3_10_is_given(progress: Any) -> None:
    """Id, choice of outputs, cache and sixth part are added, and each coroutine is run to its end."""
    real = made()
    adapters = adapt_later(real)
    execution = adapters["execution"]
    assert execution["validate_prompt"]({}) == ("an id", {}, None)
    assert execution["validate_inputs"]({}, "1", {}) == ("an id", {}, "1", {})
    executor = execution["PromptExecutor"]("server")
    executor.execute({}, "p")
    assert executor.given == ("server", "by memory", ROOM, {}, "p")
    queue = real["execution"].PromptQueue()
    queue.put((1, "p", {}, {}, []))
    queue.put((1, "p", {}, {}, [], {"key": "x"}))
    assert queue.items == [(1, "p", {}, {}, [], {}), (1, "p", {}, {}, [], {"key": "x"})]
    adapters["main"]["hijack_progress"]("server")
    assert progress.global_progress_registry is None


def test_v0_3_10_stays_as_it_is() -> None:
    """Where the check is no coroutine nothing is adapted."""
    real = made(validate_prompt=lambda prompt: prompt)
    assert adapt_later(real) == {"execution": {}, "main": {}}
    assert real["execution"].PromptQueue.put is Queue.put
