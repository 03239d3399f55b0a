"""Show how the beginning of a model's file is read."""

import struct
from pathlib import Path
from tempfile import TemporaryDirectory

from snippets.recreation.utils import safetensors_header

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


def main() -> None:
    with TemporaryDirectory() as name:
        path = Path(name, "a.safetensors")
        for kind in ("good", "long", "cut"):
            path.write_bytes(FILES[f"{kind}.safetensors"])
            print(f"{kind}: {safetensors_header(path, LIMIT)!r}")


# --8<-- [end:files]
if __name__ == "__main__":
    main()
