"""Show how the binary messages that came later are laid out."""

import json
import struct

# --8<-- [start:layout]
TEXT, PICTURE_WITH_METADATA = 3, 4


def framed(*parts: bytes) -> bytes:
    """Join parts, with the length of the first before it."""
    return struct.pack(">I", len(parts[0])) + b"".join(parts)


def text_message(node: str, text: str) -> bytes:
    """Return event 3: text that a node shows while it works.

    Source: ComfyUI 2f35f4a0, server.py, lines 1469–1479
    """
    body = framed(node.encode(), text.encode())
    return struct.pack(">I", TEXT) + body


def picture_message(picture: bytes, **metadata: str) -> bytes:
    """Return event 4: a preview, after what is known about it.

    Source: ComfyUI 2f35f4a0, server.py, lines 1335–1370
    """
    body = framed(json.dumps(metadata).encode(), picture)
    return struct.pack(">I", PICTURE_WITH_METADATA) + body


# --8<-- [end:layout]
# --8<-- [start:call]
def main() -> None:
    picture = picture_message(b"\xff\xd8", node_id="7")
    for message in (text_message("节点", "50 %"), picture):
        print(message[:4].hex(" "), "event", message[3])
        print(message[4:8].hex(" "), "length", message[7])
        print(message[8:])


# --8<-- [end:call]
if __name__ == "__main__":
    main()
