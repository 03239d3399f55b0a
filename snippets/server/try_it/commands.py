"""Show the results of commands, of one that fails too."""

import asyncio
from typing import Any

from snippets.recreation.serving import serving
from snippets.server.try_it.exchange import exchange
from snippets.server.try_it.websocket_client import WebSocketClient

Message = dict[str, Any]


# --8<-- [start:run]
async def run_command(
    websocket: WebSocketClient,
    traces: list[list[str]],
    do: str,
    **words: Any,
) -> Message:
    """Run one command; return its result, or why it failed.

    Args:
        websocket: the connection, with its client.
        traces: where the server notes what a request reaches.
        do: "send" a request, or a method of `websocket`.
        words: what that takes.
    """
    result: Message = {}
    traces.clear()
    try:
        if do == "send":
            result = await exchange(websocket.client, **words)
        else:
            await getattr(websocket, do)(**words)
    except Exception as error:  # the next command still runs
        why = str(error) or type(error).__name__
        return {"kind": "failed", "do": do, "why": why}
    way = traces[0] if traces else []
    return {"kind": "done", "do": do, "way": way, **result}


# --8<-- [end:run]
# --8<-- [start:call]
async def main() -> None:
    words: Any = {"method": "GET", "path": "queue", "headers": ()}
    async with serving() as (_, client, *_):
        websocket = WebSocketClient(client, print)
        print(await run_command(websocket, [], "send", **words))
        print(await run_command(websocket, [], "open", name="me"))
        await websocket.close()


# --8<-- [end:call]
if __name__ == "__main__":
    asyncio.run(main())
