"""Show how a server computes its reply to a handshake's key."""

import base64
import hashlib

# --8<-- [start:accept]
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def accept(key: str) -> str:
    """Return the Sec-WebSocket-Accept for a key.

    Args:
        key: the client's Sec-WebSocket-Key: 16 bytes in base64.

    Returns:
        20 bytes of SHA-1 in base64 (RFC 6455, section 4.2.2).
    """
    digest = hashlib.sha1(key.encode() + GUID).digest()
    return base64.b64encode(digest).decode()


# --8<-- [end:accept]
def main() -> None:
    # --8<-- [start:main]
    print(accept("dGhlIHNhbXBsZSBub25jZQ=="))
    # --8<-- [end:main]


if __name__ == "__main__":
    main()
