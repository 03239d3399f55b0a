"""Lets the proofs call releases after v0.3.10 as they call v0.3.10, where only the calling has changed."""

import asyncio
import importlib
import inspect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

ROOM = {"lru": 0, "ram": 2.0, "ram_inactive": 8.0}  # gigabytes; the worker finds its own numbers


def adapt_later(real: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what else is not the real modules'; nothing for v0.3.10."""
    execution, main = real["execution"], real["main"]
    if not inspect.iscoroutinefunction(execution.validate_prompt):
        return {"execution": {}, "main": {}}
    templates: Any = importlib.import_module("app.frontend_management").FrontendManager
    templates.legacy_templates_path = lambda: None  # from a package; the log would say that it is missing
    executor: Any = execution.PromptExecutor
    put = execution.PromptQueue.put

    def put_with_keys(self: Any, item: tuple[Any, ...]) -> None:
        """Add the sixth part, for keys, to an item of five."""
        put(self, (*item, {}) if len(item) == 5 else item)

    execution.PromptQueue.put = put_with_keys

    class PromptExecutor(executor):  # type: ignore[misc]
        """Takes the server alone, and runs also where an event loop runs."""

        def __init__(self, server: Any) -> None:
            super().__init__(server, execution.CacheType.RAM_PRESSURE, ROOM)

        def execute(self, *given: Any) -> None:
            in_thread(super().execute, *given)

    def validate_prompt(prompt: Any) -> Any:
        return in_thread(asyncio.run, execution.validate_prompt("an id", prompt, None))

    def validate_inputs(prompt: Any, item: str, validated: Any) -> Any:
        return in_thread(asyncio.run, execution.validate_inputs("an id", prompt, item, validated))

    def hijack_progress(server: Any) -> None:
        """Forget the progress of the proof before, which goes to that proof's server."""
        progress: Any = importlib.import_module("comfy_execution.progress")
        progress.global_progress_registry = None
        main.hijack_progress(server)

    functions = {"validate_prompt": validate_prompt, "validate_inputs": validate_inputs}
    return {
        "execution": {"PromptExecutor": PromptExecutor, **functions},
        "main": {"hijack_progress": hijack_progress},
    }


def in_thread(call: Callable[..., Any], *given: Any) -> Any:
    """Call in a thread, where `asyncio.run` finds no other event loop, and wait."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call, *given).result()
