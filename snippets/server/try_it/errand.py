"""Show what is told of errands that succeed, and that cannot."""

import asyncio
from typing import Any

from snippets.server.recreation.local import serving
from snippets.server.try_it.exchange import exchange
from snippets.server.try_it.guest import Guest

Said = dict[str, Any]


# --8<-- [start:obey]
async def obey(
    guest: Guest, ways: list[list[str]], do: str, **words: Any
) -> Said:
    """Run one errand; tell what came of it, or why nothing did.

    Args:
        guest: does it.
        ways: where the server notes what a request reaches.
        do: "send" a request, or a method of the guest.
        words: what that takes.
    """
    came: Said = {}
    ways.clear()
    try:
        if do == "send":
            came = await exchange(guest.client, **words)
        else:
            await getattr(guest, do)(**words)
    except Exception as error:  # whatever was asked: go on
        why = str(error) or type(error).__name__
        return {"kind": "failed", "do": do, "why": why}
    way = ways[0] if ways else []
    return {"kind": "done", "do": do, "way": way, **came}


# --8<-- [end:obey]
async def main() -> None:
    words: Any = {"method": "GET", "path": "queue", "headers": ()}
    async with serving() as client:
        guest = Guest(client, print)
        print(await obey(guest, [], "send", **words))
        print(await obey(guest, [], "open", name="me"))
        await guest.close()


if __name__ == "__main__":
    asyncio.run(main())
