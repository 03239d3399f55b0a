"""A shim for Pillow's module of the same name."""

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
SIGNATURE = re.compile(
    rb"(?P<PNG>\x89PNG\r\n\x1a\n)|(?P<JPEG>\xff\xd8\xff)|(?P<WEBP>RIFF....WEBP)", re.DOTALL
)
FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
ONE = 1 << 22  # 1.0 in the fixed-point numbers with which Pillow resizes

Colour = int | str | tuple[int, ...]


class Resampling(IntEnum):
    """How to resample when resizing."""

    BILINEAR = 2


class Image:
    """An image, kept as one bytearray per band."""

    def __init__(self, mode: str, size: tuple[int, int], bands: Sequence[bytes | bytearray]) -> None:
        self.mode, self.size = mode, size
        self.bands = [bytearray(band) for band in bands]
        self.format: str | None = None
        self.info: dict[str, Any] = {}
        self.text: dict[str, str] = {}

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        raise cannot(f"do Image.Image.{name}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    @property
    def width(self) -> int:
        """The width in pixels."""
        return self.size[0]

    @property
    def height(self) -> int:
        """The height in pixels."""
        return self.size[1]

    def copy(self) -> "Image":
        """Return a copy."""
        return self.convert(self.mode)

    def convert(self, mode: str) -> "Image":
        """Return the image in another mode: grey to colour, with or without alpha."""
        colours, alpha = self.bands[: len(self.mode.rstrip("A"))], self.bands[-1]
        if not self.mode.endswith("A"):
            alpha = bytearray(b"\xff" * len(alpha))
        count = bands_of(mode) - mode.endswith("A")
        if count < len(colours):
            raise cannot("turn colours to grey")
        bands = colours * (count // len(colours)) + [alpha] * mode.endswith("A")
        image = Image(mode, self.size, bands)
        image.info = self.info.copy()
        return image

    def getchannel(self, channel: int | str) -> "Image":
        """Return one band, by number or by letter, as an image of mode L."""
        if isinstance(channel, str):
            if channel not in self.mode:
                raise ValueError(f'The image has no channel "{channel}"')
            channel = self.mode.index(channel)
        return Image("L", self.size, [self.bands[channel]])

    def putalpha(self, alpha: "Image | int") -> None:
        """Replace the alpha channel by an image of mode L, or by one value for all pixels."""
        image = new("L", self.size, alpha) if isinstance(alpha, int) else alpha
        if image.mode != "L":
            raise ValueError("illegal image mode")
        if image.size != self.size:
            raise ValueError("images do not match")
        colours = self.mode.rstrip("A")
        self.mode, self.bands = colours + "A", [*self.bands[: len(colours)], image.bands[0].copy()]

    def getpixel(self, xy: tuple[int, int]) -> int | tuple[int, ...]:
        """Return the colour of one pixel."""
        x, y = xy
        if not (0 <= x < self.width and 0 <= y < self.height):
            raise IndexError("image index out of range")
        pixel = tuple(band[y * self.width + x] for band in self.bands)
        return pixel if len(pixel) > 1 else pixel[0]

    def paste(self, im: Colour, box: tuple[int, int, int, int] | None = None) -> None:
        """Fill a rectangle, given by its left, upper, right and lower edge."""
        if isinstance(im, Image) or box is None:
            raise cannot("paste, save a colour into a box")
        left, upper, right, lower = box
        left, right = max(left, 0), min(right, self.width)
        for band, value in zip(self.bands, band_values(self.mode, im), strict=True):
            for y in range(max(upper, 0), min(lower, self.height)):
                band[y * self.width + left : y * self.width + right] = bytes([value]) * (right - left)

    def resize(self, size: tuple[int, int], resample: int = -1) -> "Image":
        """Return the image in another size, resampled bilinearly."""
        if min(size) <= 0:
            raise ValueError("height and width must be > 0")
        if size == self.size:
            return self.copy()
        if resample != Resampling.BILINEAR or self.mode.endswith("A"):
            raise cannot("resize, save with Resampling.BILINEAR and without alpha")
        width, bands = self.width, list[bytes]()
        for band in self.bands:
            rows = [band[start : start + width] for start in range(0, len(band), width)]
            columns = zip(*resample_rows(rows, size[0]), strict=True)
            bands.append(bytes(chain.from_iterable(zip(*resample_rows(columns, size[1]), strict=True))))
        return Image(self.mode, size, bands)

    def save(self, fp: Any, format: str | None = None, **options: Any) -> None:
        """Write the image to a path or into an open file.

        Raises:
            OSError: the format does not support the mode.
            ValueError: the image is empty, or the quality is out of range.
        """
        if isinstance(fp, str | os.PathLike):
            ending = Path(fp).suffix.lower()
            Path(fp).write_bytes(self.encoded(format or FORMATS.get(ending, ending), options))
        else:
            fp.write(self.encoded(format or "", options))

    def encoded(self, format: str, options: dict[str, Any]) -> bytes:
        """Return the image as the bytes of a file."""
        if (format := format.upper()) not in FORMATS.values():
            raise cannot(f"write the format {format!r}")
        if format == "JPEG" and self.mode.endswith("A"):
            raise OSError(f"cannot write mode {self.mode} as JPEG")
        if not all(self.size):
            raise ValueError("cannot write empty image")
        if format == "PNG":
            level, info = options.get("compress_level", -1), options.get("pnginfo")
            return PngImagePlugin.write(self.mode, self.size, self.bands, level, info)
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
    if mode not in PngImagePlugin.COLOUR_TYPES:
        raise cannot(f"make images of mode {mode}")
    return len(mode)


def band_values(mode: str, colour: Colour) -> Sequence[int]:
    """Return a colour's value in each band."""
    count = bands_of(mode)
    if isinstance(colour, str):
        code = COLOURS.get(colour, colour).removeprefix("#")
        if len(code) != 6 or count < 3:
            raise cannot(f"use the colour {colour!r} in mode {mode}")
        colour = tuple(bytes.fromhex(code))
    elif isinstance(colour, int):
        colour = (colour,) if count == 1 else tuple(colour.to_bytes(4, "little"))
    if count == 4 and len(colour) == 3:
        colour += (255,)
    if len(colour) < count:
        raise TypeError(f"colour {colour} has too few values for mode {mode}")
    return [min(max(value, 0), 255) for value in colour[:count]]


def new(mode: str, size: tuple[int, int], color: Colour = 0) -> Image:
    """Return an image of one colour."""
    if min(size) < 0:
        raise ValueError("Width and height must be >= 0")
    return Image(mode, size, [bytes([value]) * (size[0] * size[1]) for value in band_values(mode, color)])


def resample_rows(rows: Iterable[Sequence[int]], length: int) -> list[bytes]:
    """Return rows of another length: each new value is a weighted mean of the old ones around it."""
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
    """Read an image from a path or an open file.

    Raises:
        UnidentifiedImageError: it is not an image, or a damaged one.
    """
    if isinstance(fp, str | os.PathLike):
        fp = BytesIO(Path(fp).read_bytes())
    fp.seek(0)
    data, text = fp.read(), dict[str, str]()
    found = SIGNATURE.match(data)
    format = found.lastgroup if found else None
    try:
        if format == "PNG":
            mode, size, bands, text = PngImagePlugin.read(data)
        elif format:
            size, pixels = decode(data)
            bands = [pixels[number::4] for number in range(4)]
            mode = "RGB" if min(bands[3]) == 255 else "RGBA"
        else:
            raise ValueError("no known signature")
    except (OSError, ValueError, LookupError, struct.error, zlib.error) as error:
        raise UnidentifiedImageError(f"cannot identify image file {fp!r}") from error
    image = Image(mode, size, bands[: len(mode)])
    image.format, image.text, image.info = format, text, dict(text)
    return image


def encode(format: str, size: tuple[int, int], pixels: bytes, quality: int) -> bytes:
    """Let the browser encode RGBA pixels."""
    return bytes(call_browser("encodeImage", format, *size, pixels, quality / 100).to_bytes())


def decode(data: bytes) -> tuple[tuple[int, int], bytes]:
    """Let the browser decode an image; return its size and its pixels in RGBA."""
    image = call_browser("decodeImage", data)
    return (image.width, image.height), image.rgba.to_bytes()


def call_browser(name: str, *values: Any) -> Any:
    """Call a function of browser/worker.js and wait for its promise; other threads run meanwhile.

    Raises:
        OSError: the browser does not support it.
    """
    import worker
    from pyodide.ffi import JsException, can_run_sync, run_sync, to_js

    from playground.python.scheduler import pyodide_event_loop, scheduler

    if not can_run_sync():
        raise cannot("read or write JPEG and WebP in a browser without JSPI (JavaScript Promise Integration)")
    thread = scheduler.current
    try:
        with pyodide_event_loop():
            return run_sync(getattr(worker, name)(*map(to_js, values)))
    except JsException as error:
        raise OSError(str(error)) from error
    finally:
        scheduler.current = thread
