"""The console's session tells the page what the page cannot see."""

import asyncio
import json
import logging
from typing import Any

from snippets.recreation.serving import SMALL_PROMPT
from snippets.server.try_it.session import run_session


async def test_the_end_of_the_process_is_told() -> None:
    """What ends the publishing, and with it the real process, is told with its error."""
    logging.disable()
    commands, told = asyncio.Queue[dict[str, Any]](), asyncio.Queue[dict[str, Any]]()
    session = asyncio.create_task(run_session(commands.get, told.put_nowait))
    body = json.dumps({"prompt": SMALL_PROMPT, "client_id": []})
    commands.put_nowait({"do": "send", "method": "POST", "path": "/prompt", "headers": [], "body": body})
    said = [await asyncio.wait_for(told.get(), 20) for _ in range(3)]
    by_kind = {one["kind"]: one for one in said}
    assert by_kind["done"]["status"] == "200 OK"
    assert by_kind["ended"]["why"].startswith("TypeError(")
    commands.put_nowait({})
    await asyncio.wait_for(session, 20)
    assert told.empty()
