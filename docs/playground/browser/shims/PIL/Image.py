"""A stand-in for Pillow's module of the same name."""

import operator
import os
import re
import struct
import zlib
from collections.abc import Iterable, Sequence
from enum import IntEnum
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any, NoReturn, Self

from . import PngImagePlugin, UnidentifiedImageError, cannot

COLOURS = dict(black="000000", white="ffffff", red="ff0000", green="008000", blue="0000ff", yellow="ffff00")
START = re.compile(rb"(?P<PNG>\x89PNG\r\n\x1a\n)|(?P<JPEG>\xff\xd8\xff)|(?P<WEBP>RIFF....WEBP)", re.DOTALL)
FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
ONE = 1 << 22  # how finely Pillow reckons when it resizes

Colour = int | str | tuple[int, ...]


class Resampling(IntEnum):
    """How to resize."""

    BILINEAR = 2


class Image:
    """A picture, kept as one row of bytes for each band."""

    def __init__(self, mode: str, size: tuple[int, int], bands: Sequence[bytes | bytearray]) -> None:
        self.mode, self.size = mode, size
        self.bands = [bytearray(band) for band in bands]
        self.format: str | None = None
        self.info: dict[str, Any] = {}
        self.text: dict[str, str] = {}

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        raise cannot(f"do .{name} to a picture")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    @property
    def width(self) -> int:
        """How many pixels lie beside each other."""
        return self.size[0]

    @property
    def height(self) -> int:
        """How many pixels lie above each other."""
        return self.size[1]

    def copy(self) -> "Image":
        """Return another picture that looks the same."""
        return self.convert(self.mode)

    def convert(self, mode: str) -> "Image":
        """Return the picture in another mode: grey becomes colour, and alpha comes or goes."""
        colours, alpha = self.bands[: len(self.mode.rstrip("A"))], self.bands[-1]
        if not self.mode.endswith("A"):
            alpha = bytearray(b"\xff" * len(alpha))
        count = bands_of(mode) - mode.endswith("A")
        if count < len(colours):
            raise cannot("turn colours to grey")
        bands = colours * (count // len(colours)) + [alpha] * mode.endswith("A")
        picture = Image(mode, self.size, bands)
        picture.info = self.info.copy()
        return picture

    def getchannel(self, channel: int | str) -> "Image":
        """Return one band, by number or by letter, as a picture of its own."""
        if isinstance(channel, str):
            if channel not in self.mode:
                raise ValueError(f'The image has no channel "{channel}"')
            channel = self.mode.index(channel)
        return Image("L", self.size, [self.bands[channel]])

    def putalpha(self, alpha: "Image | int") -> None:
        """Take another alpha channel: a picture of mode L, or one value for all pixels."""
        picture = new("L", self.size, alpha) if isinstance(alpha, int) else alpha
        if picture.mode != "L":
            raise ValueError("illegal image mode")
        if picture.size != self.size:
            raise ValueError("images do not match")
        colours = self.mode.rstrip("A")
        self.mode, self.bands = colours + "A", [*self.bands[: len(colours)], picture.bands[0].copy()]

    def getpixel(self, xy: tuple[int, int]) -> int | tuple[int, ...]:
        """Return the colour of one pixel."""
        x, y = xy
        if not (0 <= x < self.width and 0 <= y < self.height):
            raise IndexError("image index out of range")
        pixel = tuple(band[y * self.width + x] for band in self.bands)
        return pixel if len(pixel) > 1 else pixel[0]

    def paste(self, im: Colour, box: tuple[int, int, int, int] | None = None) -> None:
        """Paint a rectangle, given by its left, upper, right and lower edge."""
        if isinstance(im, Image) or box is None:
            raise cannot("paste, save a colour into a box")
        left, upper, right, lower = box
        left, right = max(left, 0), min(right, self.width)
        for band, value in zip(self.bands, ink(self.mode, im), strict=True):
            for y in range(max(upper, 0), min(lower, self.height)):
                band[y * self.width + left : y * self.width + right] = bytes([value]) * (right - left)

    def resize(self, size: tuple[int, int], resample: int = -1) -> "Image":
        """Return the picture in another size, bilinear."""
        if min(size) <= 0:
            raise ValueError("height and width must be > 0")
        if size == self.size:
            return self.copy()
        if resample != Resampling.BILINEAR or self.mode.endswith("A"):
            raise cannot("resize, save with Resampling.BILINEAR and without alpha")
        width, bands = self.width, list[bytes]()
        for band in self.bands:
            rows = [band[start : start + width] for start in range(0, len(band), width)]
            columns = zip(*blend(rows, size[0]), strict=True)
            bands.append(bytes(chain.from_iterable(zip(*blend(columns, size[1]), strict=True))))
        return Image(self.mode, size, bands)

    def save(self, fp: Any, format: str | None = None, **options: Any) -> None:
        """Write the picture to a path or into an open file.

        Raises:
            OSError: the format cannot hold it.
            ValueError: it has no pixels, or the quality is none.
        """
        if isinstance(fp, str | os.PathLike):
            ending = Path(fp).suffix.lower()
            Path(fp).write_bytes(self.encoded(format or FORMATS.get(ending, ending), options))
        else:
            fp.write(self.encoded(format or "", options))

    def encoded(self, format: str, options: dict[str, Any]) -> bytes:
        """Return the picture as a file."""
        if (format := format.upper()) not in FORMATS.values():
            raise cannot(f"write the format {format!r}")
        if format == "JPEG" and self.mode.endswith("A"):
            raise OSError(f"cannot write mode {self.mode} as JPEG")
        if not all(self.size):
            raise ValueError("cannot write empty image")
        if format == "PNG":
            level, notes = options.get("compress_level", -1), options.get("pnginfo")
            return PngImagePlugin.write(self.mode, self.size, self.bands, level, notes)
        quality = options.get("quality", 75 if format == "JPEG" else 80)
        if format == "WEBP" and not 0 <= quality <= 100:
            raise ValueError("invalid configuration")
        pixels = chain.from_iterable(zip(*self.convert("RGBA").bands, strict=True))
        return encode(format, self.size, bytes(pixels), min(max(quality, 0), 100))


def __getattr__(name: str) -> NoReturn:
    if name.startswith("__"):
        raise AttributeError(name)
    raise cannot(f"do Image.{name}")


def bands_of(mode: str) -> int:
    """Return how many bands a mode has."""
    if mode not in PngImagePlugin.KINDS:
        raise cannot(f"make pictures of mode {mode}")
    return len(mode)


def ink(mode: str, colour: Colour) -> Sequence[int]:
    """Return what a colour is in each band."""
    count = bands_of(mode)
    if isinstance(colour, str):
        code = COLOURS.get(colour, colour).removeprefix("#")
        if len(code) != 6 or count < 3:
            raise cannot(f"paint {mode} with {colour!r}")
        colour = tuple(bytes.fromhex(code))
    elif isinstance(colour, int):
        colour = (colour,) if count == 1 else tuple(colour.to_bytes(4, "little"))
    if count == 4 and len(colour) == 3:
        colour += (255,)
    if len(colour) < count:
        raise TypeError(f"{colour} is no colour of mode {mode}")
    return [min(max(value, 0), 255) for value in colour[:count]]


def new(mode: str, size: tuple[int, int], color: Colour = 0) -> Image:
    """Return a picture of one colour."""
    if min(size) < 0:
        raise ValueError("Width and height must be >= 0")
    return Image(mode, size, [bytes([value]) * (size[0] * size[1]) for value in ink(mode, color)])


def blend(rows: Iterable[Sequence[int]], length: int) -> list[bytes]:
    """Return rows of another length: a new value is the mean of the old ones about it, weighted."""
    rows = list(rows)
    scale = len(rows[0]) / length
    reach = max(scale, 1.0)
    weights = []
    for place in (scale * (number + 0.5) for number in range(length)):
        first, last = max(int(place - reach + 0.5), 0), min(int(place + reach + 0.5), len(rows[0]))
        shares = [max(1 - abs(old + 0.5 - place) / reach, 0.0) for old in range(first, last)]
        weights.append((first, [round(share / sum(shares) * ONE) for share in shares]))
    sums = ([sum(map(operator.mul, shares, row[first:])) for first, shares in weights] for row in rows)
    return [bytes(min((value + ONE // 2) // ONE, 255) for value in row) for row in sums]


def open(fp: Any) -> Image:
    """Read a picture from a path or an open file, at once.

    Raises:
        UnidentifiedImageError: it is none, or a damaged one.
    """
    if isinstance(fp, str | os.PathLike):
        fp = BytesIO(Path(fp).read_bytes())
    fp.seek(0)
    data, text = fp.read(), dict[str, str]()
    found = START.match(data)
    format = found.lastgroup if found else None
    try:
        if format == "PNG":
            mode, size, bands, text = PngImagePlugin.read(data)
        elif format:
            size, pixels = decode(data)
            bands = [pixels[number::4] for number in range(4)]
            mode = "RGB" if min(bands[3]) == 255 else "RGBA"
        else:
            raise ValueError("it begins like none")
    except (OSError, ValueError, LookupError, struct.error, zlib.error) as error:
        raise UnidentifiedImageError(f"cannot identify image file {fp!r}") from error
    picture = Image(mode, size, bands[: len(mode)])
    picture.format, picture.text, picture.info = format, text, dict(text)
    return picture


def encode(format: str, size: tuple[int, int], pixels: bytes, quality: int) -> bytes:
    """Let the browser write a picture; its pixels are in RGBA."""
    return bytes(ask("encode", format, *size, pixels, quality / 100).to_bytes())


def decode(data: bytes) -> tuple[tuple[int, int], bytes]:
    """Let the browser read a picture; return its size and its pixels in RGBA."""
    picture = ask("decode", data)
    return (picture.width, picture.height), picture.rgba.to_bytes()


def ask(name: str, *values: Any) -> Any:
    """Call a function of the page's and wait for what it promises; meanwhile other threads have their turns.

    Raises:
        OSError: the browser cannot do it.
    """
    import page
    from pyodide.ffi import JsException, can_run_sync, run_sync, to_js
    from turns import asyncio_of_the_page, turn

    if not can_run_sync():
        raise cannot("read or write JPEG and WebP in a browser without JSPI (JavaScript Promise Integration)")
    me = turn.current
    try:
        with asyncio_of_the_page():
            return run_sync(getattr(page, name)(*map(to_js, values)))
    except JsException as error:
        raise OSError(str(error)) from error
    finally:
        turn.current = me
