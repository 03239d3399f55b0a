"""Show a client that understands old and new binary messages."""

import json
import struct
from typing import Any

from snippets.server.then_and_now.binary import (
    picture_message,
    text_message,
)


# --8<-- [start:read]
def read(message: bytes) -> tuple[str, Any, bytes]:
    """Take a binary message of the server's apart.

    Returns:
        "picture" or "text"; the picture's type (`image/png`), its
        metadata, or the text's node; then the content.

    Raises:
        ValueError: The message is cut off or of an unknown kind.

    Source: ComfyUI 2f35f4a0, protocol.py and server.py
    """
    # --8<-- [start:gap]
    if len(message) < 8:
        raise ValueError("shorter than its header")
    event, number = struct.unpack_from(">II", message)
    if event == 1:
        kind = {1: "image/jpeg", 2: "image/png"}.get(number)
        return "picture", kind, message[8:]
    if event not in (3, 4):
        raise ValueError(f"unknown event {event}")
    if len(message) < 8 + number:
        raise ValueError("shorter than it says")
    head, content = message[8 : 8 + number], message[8 + number :]
    if event == 3:
        return "text", head.decode(), content
    return "picture", json.loads(head), content
    # --8<-- [end:gap]


# --8<-- [end:read]
# --8<-- [start:call]
def main() -> None:
    print(read(struct.pack(">II", 1, 2) + b"..."))
    print(read(text_message("7", "50 %")))
    print(read(picture_message(b"...", node_id="7")))
    for wrong in (b"\0" * 7, b"\0" * 8, b"\0\0\0\3\0\0\0\1"):
        try:
            read(wrong)
        except ValueError:
            print("refused:", wrong)


# --8<-- [end:call]
if __name__ == "__main__":
    main()
