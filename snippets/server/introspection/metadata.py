"""Show what a model's file says about itself, or why it does not."""

import asyncio
import logging
import struct

from snippets.server.introspection.models import ask, served_files

# --8<-- [start:files]
LIMIT = 1024 * 1024  # bytes, as /view_metadata has it


def pack(header: bytes) -> bytes:
    """Return how a safetensors file begins that has this header."""
    return struct.pack("<Q", len(header)) + header


MADE = b'{"__metadata__": {"made": "by hand"}}'
FILES = {
    "good.safetensors": pack(MADE) + bytes(64),
    "silent.safetensors": pack(b"{}"),
    "long.safetensors": pack(MADE + b" " * LIMIT),
    "cut.safetensors": pack(MADE)[:-1],
    "tiny.safetensors": b"{}",
    "good.pt": pack(MADE),
}


# --8<-- [end:files]
# --8<-- [start:asked]
async def main() -> None:
    logging.disable()  # the tracebacks
    files = {f"models/clip/{name}": FILES[name] for name in FILES}
    async with served_files(files) as client:
        start = "/view_metadata/clip?filename="
        names = *FILES, "../../good.safetensors"
        print(*await ask(client, start, *names), sep="\n")


# --8<-- [end:asked]
if __name__ == "__main__":
    asyncio.run(main())
