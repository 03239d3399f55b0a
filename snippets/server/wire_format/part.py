"""Show which messages travel as text and which as bytes."""

import asyncio
from enum import IntEnum
from struct import pack
from typing import Any

from PIL import Image

from snippets.server.sending.part import Sockets, send_bytes, send_json
from snippets.server.wire_format.preview import encode_preview
from snippets.server.wire_format.received import connected


# --8<-- [start:format]
class BinaryEvent(IntEnum):
    """What a binary message is (server.py 36–38)."""

    PREVIEW = 1
    UNENCODED_PREVIEW = 2  # never travels: it becomes a PREVIEW


def encode_bytes(event: int, data: bytes | bytearray) -> bytes:
    """Put the event, four bytes, before the data.

    Raises:
        RuntimeError: the event is no number.
    """
    if not isinstance(event, int):
        raise RuntimeError(f"{event!r} is no number")
    return pack(">I", event) + data


async def send(
    sockets: Sockets, event: Any, data: Any, sid: str | None = None
) -> None:
    """Go by the event first, then by the kind of data."""
    if event == BinaryEvent.UNENCODED_PREVIEW:
        event, data = BinaryEvent.PREVIEW, encode_preview(data)
    if isinstance(data, bytes | bytearray):
        await send_bytes(sockets, encode_bytes(event, data), sid)
    else:
        await send_json(sockets, event, data, sid)


# --8<-- [end:format]
# --8<-- [start:four]
PREVIEW: Any = 2, ("PNG", Image.new("RGB", (8, 6)), None)
SENT: Any = ("progress", 5), (1, {"a": 5}), (9, b"hi"), PREVIEW


async def main() -> None:
    async with connected() as (ws, client):
        for message in SENT:
            await send({"a": ws}, *message)
            print(f"{(await client.receive()).data!r:.56}")


# --8<-- [end:four]
if __name__ == "__main__":
    asyncio.run(main())
