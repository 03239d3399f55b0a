"""A stand-in for Pillow's module of the same name: PNG with 8 bits for each band, and its text."""

import struct
import zlib
from collections.abc import Callable, Iterator, Sequence

from . import cannot

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KINDS = {"L": 0, "RGB": 2, "LA": 4, "RGBA": 6}
# What the five filters expect of a byte: from the one to the left, the one above, and the one left of that.
EXPECTED: tuple[Callable[[int, int, int], int], ...] = (
    lambda left, up, corner: 0,
    lambda left, up, corner: left,
    lambda left, up, corner: up,
    lambda left, up, corner: (left + up) // 2,
    lambda left, up, corner: min((left, up, corner), key=lambda value: abs(left + up - corner - value)),
)


class PngInfo:
    """The text to be written into a PNG."""

    def __init__(self) -> None:
        self.chunks: list[tuple[bytes, bytes]] = []

    def add_text(self, key: str, value: str) -> None:
        """Add a text, as Latin-1 where that can hold it."""
        name = key.encode("latin-1")
        try:
            self.chunks.append((b"tEXt", name + b"\0" + value.encode("latin-1")))
        except UnicodeEncodeError:
            self.chunks.append((b"iTXt", name + b"\0" * 5 + value.encode()))


def write(
    mode: str, size: tuple[int, int], bands: Sequence[bytes | bytearray], level: int, notes: PngInfo | None
) -> bytes:
    """Return a picture as a PNG file, no row filtered."""
    count, length = len(bands), size[0] * len(bands)
    pixels = bytearray(length * size[1])
    for number, band in enumerate(bands):
        pixels[number::count] = band
    rows = b"".join(b"\0" + pixels[start : start + length] for start in range(0, len(pixels), length))
    header = struct.pack(">IIBBBBB", *size, 8, KINDS[mode], 0, 0, 0)
    texts = notes.chunks if notes else []
    parts = [(b"IHDR", header), *texts, (b"IDAT", zlib.compress(rows, level)), (b"IEND", b"")]
    return SIGNATURE + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )


def read(file: bytes) -> tuple[str, tuple[int, int], list[bytes], dict[str, str]]:
    """Return mode, size, bands and text of a PNG file.

    Raises:
        NotImplementedError: it is one of the kinds that are left to the real Pillow.
        ValueError, LookupError, struct.error, zlib.error: it is damaged.
    """
    header, data, text = b"", b"", dict[str, str]()
    for kind, body in chunks(file):
        if kind == b"IHDR":
            header = body
        elif kind == b"IDAT":
            data += body
        elif kind == b"tEXt":
            key, _, value = body.partition(b"\0")
            text[key.decode("latin-1")] = value.decode("latin-1")
        elif kind == b"iTXt" and body[body.index(0) + 1] == 0:  # else it is compressed
            key, _, _, value = body.replace(b"\0\0\0", b"\0", 1).split(b"\0", 3)
            text[key.decode("latin-1")] = value.decode()
        elif kind in (b"tRNS", b"zTXt", b"iTXt"):
            raise cannot(f"read the {kind.decode()} of a PNG")
    width, height, depth, colours, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    if depth != 8 or interlaced or colours not in KINDS.values():
        raise cannot("read a PNG of this kind")
    mode = next(mode for mode, kind in KINDS.items() if kind == colours)
    pixels = unfilter(zlib.decompress(data), width, height, len(mode))
    return mode, (width, height), [pixels[number :: len(mode)] for number in range(len(mode))], text


def chunks(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the parts of a PNG file, each with its kind."""
    start = len(SIGNATURE)
    while start < len(file):
        length, kind = struct.unpack_from(">I4s", file, start)
        yield kind, file[start + 8 : start + 8 + length]
        start += length + 12


def unfilter(rows: bytes, width: int, height: int, count: int) -> bytes:
    """Return the bytes of a picture's pixels, whose rows were filtered.

    Raises:
        ValueError, LookupError: there are too few rows, or there is no such filter.
    """
    length = width * count
    if len(rows) < height * (length + 1):
        raise ValueError("image file is truncated")
    pixels, above = bytearray(), bytes(count + length)
    for start in range(0, height * (length + 1), length + 1):
        row, expected = bytearray(count), EXPECTED[rows[start]]  # the row begins with a pixel left of it
        for i, byte in enumerate(rows[start + 1 : start + 1 + length]):
            row.append((byte + expected(row[i], above[i + count], above[i])) % 256)
        pixels += row[count:]
        above = bytes(row)
    return bytes(pixels)
