"""Show a client that reads the binary messages of today."""

import json
from struct import pack, unpack_from


# --8<-- [start:newer]
def counted(data: bytes) -> tuple[str, bytes]:
    """Split what begins with its own length, four bytes."""
    (length,) = unpack_from(">I", data)
    return data[4 : 4 + length].decode(), data[4 + length :]


def describe(frame: bytes) -> str:
    """Say what a frame holds; an event not known is no error.

    Source: ComfyUI 2f35f4a0, protocol.py 2–6, server.py 1302–1370
    and 1469–1479.
    """
    # --8<-- [start:gap]
    (event,) = unpack_from(">I", frame)
    rest = frame[4:]
    match event:
        case 1:
            (kind,) = unpack_from(">I", rest)
            return f"preview, type {kind}, {len(rest) - 4} bytes"
        case 3:
            node, text = counted(rest)
            return f"node {node} says {text.decode()}"
        case 4:
            about, picture = counted(rest)
            kind = json.loads(about)["image_type"]
            return f"preview, {kind}, {len(picture)} bytes"
    return f"event {event}, skipped"
    # --8<-- [end:gap]


# --8<-- [end:newer]
# --8<-- [start:main]
def main() -> None:
    about = json.dumps({"image_type": "image/png"}).encode()
    for frame in (
        pack(">II", 1, 1) + bytes(99),
        pack(">II", 3, 2) + "12½ done".encode(),
        pack(">II", 4, len(about)) + about + bytes(99),
        pack(">I", 7) + b"?",
    ):
        print(describe(frame))


# --8<-- [end:main]
if __name__ == "__main__":
    main()
