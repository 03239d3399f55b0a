"""Show what one POST leaves of a server that answers it with 200."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from snippets.server.hazards.whole import running
from snippets.server.prompt_queue.submit import GOOD


@contextmanager
def overhearing() -> Iterator[list[str]]:
    """Collect what ends threads; nothing is printed."""
    heard: list[str] = []
    kept = threading.excepthook
    threading.excepthook = lambda crash: heard.append(
        f"worker: {crash.exc_type.__name__}"
    )
    try:
        yield heard
    finally:
        threading.excepthook = kept


# --8<-- [start:outcome]
async def outcome(more: dict[str, Any], *clients: str) -> str:
    """Post a good prompt with more in it; say what that ends."""
    async with running() as whole:
        connect = whole.client.ws_connect
        # kept here, since a socket that is forgotten closes
        _open = [await connect(f"/ws?clientId={x}") for x in clients]
        with overhearing() as ended:
            body = {"prompt": GOOD, **more}
            answer = await whole.client.post("/prompt", json=body)
            whole.server.queue.set_flag("stop", True)
            await asyncio.to_thread(whole.worker.join)
        await whole.client.get("/prompt")  # meanwhile all is sent
        if whole.publishing.done():
            error = whole.publishing.exception()
            ended.append(f"publish_loop: {type(error).__name__}")
        return f"{answer.status}, ends {ended or 'nothing'}"


# --8<-- [end:outcome]
# --8<-- [start:main]
async def main() -> None:
    deep: list[Any] = []
    for _ in range(600):
        deep = [deep]
    print("harmless:", await outcome({"extra_data": {}}))
    print("client:", await outcome({"client_id": []}))
    print("number:", await outcome({"extra_data": 5}))
    print("brackets:", await outcome({"extra_data": {"a": deep}}))


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
