"""Show a session with the server, one command at a time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from snippets.recreation.serving import example_prompt, serving
from snippets.server.try_it.commands import Message, run_command
from snippets.server.try_it.faulty_pack import installed
from snippets.server.try_it.tracing import trace
from snippets.server.try_it.websocket_client import WebSocketClient


# --8<-- [start:session]
async def run_session(
    receive: Callable[[], Awaitable[Message]],
    tell: Callable[[Message], None],
    *flags: str,
) -> None:
    """Run the server, and each command until {} comes.

    Args:
        receive: waits for a command, such as {"do": "close"}.
        tell: takes each result, and what the WebSocket brings.
        flags: of the server; without `--port` a free port.
    """
    traces: list[list[str]] = []

    def ended(publishing: asyncio.Task[None]) -> None:
        if not publishing.cancelled():  # main.run would end with it
            tell({"kind": "ended", "why": repr(publishing.exception())})

    with installed():
        async with serving(
            *flags, prepare=lambda server: trace(server.app, traces)
        ) as served:
            assert served.publishing
            served.publishing.add_done_callback(ended)
            host = "{}:{}".format(*served.address)
            prompt = example_prompt()
            tell({"kind": "ready", "host": host, "prompt": prompt})
            websocket = WebSocketClient(served.client, tell)
            while command := await receive():
                tell(await run_command(websocket, traces, **command))


# --8<-- [end:session]
# --8<-- [start:commands]
async def main() -> None:
    logging.disable()
    commands = asyncio.Queue[Message]()
    path = {"method": "POST", "path": "/none"}
    for command in ({"do": "send", **path}, {"do": "close"}, {}):
        commands.put_nowait(command)

    def tell(message: Message) -> None:
        kind, status = message["kind"], message.get("status")
        print(kind, status, message.get("way"))

    await run_session(commands.get, tell)


# --8<-- [end:commands]
if __name__ == "__main__":
    asyncio.run(main())
