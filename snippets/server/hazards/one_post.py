"""Show what one POST leaves of a server that answers it with 200."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from snippets.recreation.serving import SMALL_PROMPT, serving


@contextmanager
def ended_threads() -> Iterator[list[str]]:
    """Collect what ends threads; nothing is printed."""
    ended: list[str] = []
    kept = threading.excepthook
    threading.excepthook = lambda crash: ended.append(
        f"worker: {crash.exc_type.__name__}"
    )
    try:
        yield ended
    finally:
        threading.excepthook = kept


# --8<-- [start:outcome]
async def outcome(more: dict[str, Any], *clients: str) -> str:
    """Post a good prompt with more in it; say what that ends."""
    async with serving() as (server, client, _, worker, publishing):
        assert worker
        assert publishing
        # kept here, since a connection without a name is closed
        _open = [
            await client.ws_connect(f"/ws?clientId={x}")
            for x in clients
        ]
        with ended_threads() as ended:
            body = {"prompt": SMALL_PROMPT, **more}
            response = await client.post("/prompt", json=body)
            server.prompt_queue.set_flag("stop", True)
            await asyncio.to_thread(worker.join)
        await client.get("/prompt")  # meanwhile all is sent
        if publishing.done():
            error = publishing.exception()
            ended.append(f"publish_loop: {type(error).__name__}")
        return f"{response.status}, ends {ended or 'nothing'}"


# --8<-- [end:outcome]
# --8<-- [start:main]
NODE = {"class_type": "Fail", "inputs": {"message": ""}}
PROMPTS = {
    "no inputs": {"1": NODE, "2": {"class_type": "Fail"}},
    "no node": {
        "1": {
            "class_type": "Fail",
            "inputs": {"message": "", "more": ["2", 0]},
        }
    },
}


async def main() -> None:
    deep: list[Any] = []
    for _ in range(600):
        deep = [deep]
    print("harmless:", await outcome({"extra_data": {}}))
    print("client:", await outcome({"client_id": []}))
    print("number:", await outcome({"extra_data": 5}))
    print("brackets:", await outcome({"extra_data": {"a": deep}}))
    for name, prompt in PROMPTS.items():
        print(f"{name}:", await outcome({"prompt": prompt}))


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
