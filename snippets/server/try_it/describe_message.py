"""Show a WebSocket's messages in a form that JSON can hold."""

from base64 import b64encode
from struct import unpack
from typing import Any

from aiohttp import WSMessage, WSMsgType


# --8<-- [start:describe]
def describe(message: WSMessage) -> dict[str, Any]:
    """Say what came: a text, a picture, or the answer to a ping."""
    if message.type is WSMsgType.TEXT:
        return {"kind": "text", "text": message.data}
    if message.type is WSMsgType.BINARY:
        event, kind = unpack(">II", message.data[:8])
        data = b64encode(message.data[8:]).decode()
        numbers = {"event": event, "type": kind}
        return {"kind": "picture", **numbers, "data": data}
    return {"kind": "read"}  # that is, what was said before the ping


# --8<-- [end:describe]
def main() -> None:
    for kind, data in (
        (WSMsgType.TEXT, '{"type": "status"}'),
        (WSMsgType.BINARY, b"\0\0\0\1\0\0\0\2\x89PNG"),
        (WSMsgType.PONG, b""),
    ):
        print(describe(WSMessage(kind, data, None)))


if __name__ == "__main__":
    main()
