"""A shim for Pillow's module of the same name: PNG with 8 bits per band, and its text chunks."""

import struct
import zlib
from collections.abc import Callable, Iterator, Sequence

from . import cannot

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOUR_TYPES = {"L": 0, "RGB": 2, "LA": 4, "RGBA": 6}
# What each of PNG's five filters predicts for a byte, from the bytes to the left, above, and above left.
PREDICTORS: tuple[Callable[[int, int, int], int], ...] = (
    lambda left, up, corner: 0,
    lambda left, up, corner: left,
    lambda left, up, corner: up,
    lambda left, up, corner: (left + up) // 2,
    lambda left, up, corner: min((left, up, corner), key=lambda value: abs(left + up - corner - value)),
)


class PngInfo:
    """The text chunks of a PNG."""

    def __init__(self) -> None:
        self.chunks: list[tuple[bytes, bytes]] = []

    def add_text(self, key: str, value: str) -> None:
        """Add a text: as tEXt if it is Latin-1, else as iTXt."""
        name = key.encode("latin-1")
        try:
            self.chunks.append((b"tEXt", name + b"\0" + value.encode("latin-1")))
        except UnicodeEncodeError:
            self.chunks.append((b"iTXt", name + b"\0" * 5 + value.encode()))


def write(
    mode: str, size: tuple[int, int], bands: Sequence[bytes | bytearray], level: int, info: PngInfo | None
) -> bytes:
    """Return an image as a PNG file without filters."""
    count, length = len(bands), size[0] * len(bands)
    pixels = bytearray(length * size[1])
    for number, band in enumerate(bands):
        pixels[number::count] = band
    rows = b"".join(b"\0" + pixels[start : start + length] for start in range(0, len(pixels), length))
    header = struct.pack(">IIBBBBB", *size, 8, COLOUR_TYPES[mode], 0, 0, 0)
    texts = info.chunks if info else []
    parts = [(b"IHDR", header), *texts, (b"IDAT", zlib.compress(rows, level)), (b"IEND", b"")]
    return SIGNATURE + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )


def read(file: bytes) -> tuple[str, tuple[int, int], list[bytes], dict[str, str]]:
    """Return mode, size, bands and texts of a PNG file.

    Raises:
        NotImplementedError: only the real Pillow reads this kind.
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
    width, height, depth, colour_type, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    if depth != 8 or interlaced or colour_type not in COLOUR_TYPES.values():
        raise cannot("read a PNG of this kind")
    mode = next(mode for mode, number in COLOUR_TYPES.items() if number == colour_type)
    pixels = unfilter(zlib.decompress(data), width, height, len(mode))
    return mode, (width, height), [pixels[number :: len(mode)] for number in range(len(mode))], text


def chunks(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the chunks of a PNG file, each with its type."""
    start = len(SIGNATURE)
    while start < len(file):
        length, kind = struct.unpack_from(">I4s", file, start)
        yield kind, file[start + 8 : start + 8 + length]
        start += length + 12


def unfilter(rows: bytes, width: int, height: int, count: int) -> bytes:
    """Return the bytes of the pixels, given the filtered rows.

    Raises:
        ValueError, LookupError: there are too few rows, or there is no such filter.
    """
    length = width * count
    if len(rows) < height * (length + 1):
        raise ValueError("image file is truncated")
    pixels, above = bytearray(), bytes(count + length)
    for start in range(0, height * (length + 1), length + 1):
        row, predict = bytearray(count), PREDICTORS[rows[start]]  # begin with a blank pixel to the left
        for i, byte in enumerate(rows[start + 1 : start + 1 + length]):
            row.append((byte + predict(row[i], above[i + count], above[i])) % 256)
        pixels += row[count:]
        above = bytes(row)
    return bytes(pixels)
