"""Show how the beginning of a model's file is read."""

import struct
from pathlib import Path
from tempfile import TemporaryDirectory

# --8<-- [start:header]
LIMIT = 1024 * 1024


def read_header(path: Path) -> bytes | None:
    """Return the header of a safetensors file.

    Its length stands before it: eight bytes, the lowest first.

    Returns:
        None if it would be longer than LIMIT, which is in bytes.

    Raises:
        struct.error: the file has not even eight bytes.

    Source: ComfyUI v0.3.10, comfy/utils.py 669–675.
    """
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        return None if length > LIMIT else file.read(length)


# --8<-- [end:header]
# --8<-- [start:files]
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
def main() -> None:
    with TemporaryDirectory() as name:
        path = Path(name, "a.safetensors")
        for kind in ("good", "long", "cut"):
            path.write_bytes(FILES[f"{kind}.safetensors"])
            print(f"{kind}: {read_header(path)!r}")


if __name__ == "__main__":
    main()
