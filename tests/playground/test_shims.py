"""The shims give Pillow's pixels and Pillow's errors, and refuse by name what they do not implement."""

import random
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import chain
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import PIL.Image
import PIL.ImageOps
import PIL.PngImagePlugin
import pytest

import playground.shims.PIL.ImageOps  # imports the others
import playground.shims.pygit2.enums as enums
from playground.shims import pygit2
from tools.model import ROOT

BANDS = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4}
BILINEAR = PIL.Image.Resampling.BILINEAR


ours: Any = playground.shims.PIL  # its relative imports let it stand beside the real Pillow
Both = tuple[Any, PIL.Image.Image]


def random_bytes(number: int) -> bytes:
    """Return bytes that are the same in each run."""
    return random.Random(number).randbytes(number)


def random_images(mode: str, size: tuple[int, int] = (7, 5)) -> Both:
    """Return an image of random pixels, twice: ours and Pillow's."""
    theirs = PIL.Image.frombytes(mode, size, random_bytes(size[0] * size[1] * BANDS[mode]))
    theirs.save(file := BytesIO(), "PNG")
    return ours.Image.open(file), theirs


def pixels(picture: Any) -> tuple[str, tuple[int, int], bytes]:
    """Return mode, size and pixels of an image of ours."""
    return picture.mode, picture.size, bytes(chain.from_iterable(zip(*picture.bands, strict=True)))


def pillow_pixels(picture: PIL.Image.Image) -> tuple[str, tuple[int, int], bytes]:
    """Return the same of an image of Pillow's."""
    return picture.mode, picture.size, picture.tobytes()


def png(
    depth: int = 8, colours: int = 2, interlaced: int = 0, *, rows: bytes = b"", more: bytes = b""
) -> bytes:
    """Return a PNG file of 7x5 pixels with these filtered rows, whether they fit or not."""
    header = struct.pack(">IIBBBBB", 7, 5, depth, colours, 0, 0, interlaced)
    parts = [(b"IHDR", header), (more, b"a\0b"), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
        if kind
    )


COLOURS = [
    *[("L", 0), ("L", 7), ("L", 300), ("L", (7,)), ("LA", 0), ("LA", (9, 50)), ("RGB", 0), ("RGB", 7)],
    *[("RGB", (300, -4, 2)), ("RGB", (1, 2, 3, 4)), ("RGB", "red"), ("RGB", "green"), ("RGB", "#0a141e")],
    *[("RGBA", 0), ("RGBA", (1, 2, 3)), ("RGBA", (1, 2, 3, 4)), ("RGBA", "blue"), ("RGBA", 0x01020304)],
]


@pytest.mark.parametrize(("mode", "colour"), COLOURS)
def test_colours(mode: str, colour: Any) -> None:
    """A new picture, and a rectangle painted into another, have Pillow's colour."""
    mine, theirs = ours.Image.new(mode, (3, 2), colour), PIL.Image.new(mode, (3, 2), colour)
    assert pixels(mine) == pillow_pixels(theirs)
    assert mine.getpixel((2, 1)) == theirs.getpixel((2, 1))
    mine, theirs = random_images(mode)
    mine.paste(colour, (1, 2, 4, 4))
    theirs.paste(colour, (1, 2, 4, 4))
    assert pixels(mine) == pillow_pixels(theirs)


@pytest.mark.parametrize(
    "box", [(0, 0, 7, 2), (-2, -1, 3, 2), (4, 2, 5, 9), (3, 3, 3, 5), (5, 4, 99, 99), (8, 1, 9, 2)]
)
def test_paste(box: Any) -> None:
    """A rectangle is cut at the edges of the picture."""
    mine, theirs = random_images("RGB")
    mine.paste((1, 2, 3), box)
    theirs.paste((1, 2, 3), box)
    assert pixels(mine) == pillow_pixels(theirs)


@pytest.mark.parametrize(
    ("mode", "other"),
    [(mode, other) for mode in BANDS for other in BANDS if mode == other or not (mode > "M" > other)],
)
def test_convert(mode: str, other: str) -> None:
    """Every conversion that is no loss of colour gives Pillow's pixels, and another picture."""
    mine, theirs = random_images(mode)
    copy = mine.convert(other)
    assert pixels(copy) == pillow_pixels(theirs.convert(other))
    copy.paste(0, (0, 0, 7, 5))
    assert pixels(mine) == pillow_pixels(theirs)


@pytest.mark.parametrize("mode", BANDS)
def test_alpha(mode: str) -> None:
    """Channels come out, and another alpha channel goes in."""
    mine, theirs = random_images(mode)
    for channel in (*mode, 0, len(mode) - 1):
        assert pixels(mine.getchannel(channel)) == pillow_pixels(theirs.getchannel(channel))
    alpha, their_alpha = random_images("L")
    mine.putalpha(alpha)
    theirs.putalpha(their_alpha)
    alpha.paste(0, (0, 0, 7, 5))
    assert pixels(mine) == pillow_pixels(theirs)
    mine.putalpha(77)
    theirs.putalpha(77)
    assert pixels(mine) == pillow_pixels(theirs)


@pytest.mark.parametrize("size", [(64, 48), (32, 24), (16, 12), (9, 31), (128, 96), (64, 5), (7, 48), (1, 1)])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_resize(mode: str, size: tuple[int, int]) -> None:
    """Smaller or larger, each pixel is Pillow's."""
    mine, theirs = random_images(mode, (64, 48))
    assert pixels(mine.resize(size, BILINEAR)) == pillow_pixels(theirs.resize(size, BILINEAR))


@pytest.mark.parametrize("size", [(64, 48), (64, 1), (1, 64), (3, 3)])
@pytest.mark.parametrize("into", [(16, 16), (128, 128), (20, 5), (10, 10), (0, 0), (64, 48)])
def test_contain(size: tuple[int, int], into: tuple[int, int]) -> None:
    """What is fitted into a size has Pillow's size and pixels, even if it has none."""
    mine, theirs = random_images("RGB", size)
    expected = PIL.ImageOps.contain(theirs, into, BILINEAR)
    assert pixels(ours.ImageOps.contain(mine, into, BILINEAR)) == pillow_pixels(expected)


@pytest.mark.parametrize("level", [None, 0, 9])
@pytest.mark.parametrize("mode", BANDS)
def test_png(tmp_path: Path, mode: str, level: int | None) -> None:
    """Pillow reads our PNG, from a file or a path, and we read Pillow's, with its text."""
    mine, theirs = random_images(mode, (30, 20))
    options: dict[str, Any] = {} if level is None else {"compress_level": level}
    for module, picture, other in ((ours, mine, PIL), (PIL, theirs, ours)):
        notes = module.PngImagePlugin.PngInfo()
        notes.add_text("workflow", "{}")
        notes.add_text("ÿ", "café")
        notes.add_text("other", "提示词")
        picture.save(tmp_path / "a.png", pnginfo=notes, **options)
        picture.save(file := BytesIO(b"before"), "png", **options)
        with other.Image.open(tmp_path / "a.png") as found:
            assert found.info == found.text == {"workflow": "{}", "ÿ": "café", "other": "提示词"}
            assert found.convert("RGBA").info == found.info
            assert (found.format, found.width, found.height) == ("PNG", 30, 20)
            assert (pixels if other is ours else pillow_pixels)(found) == pixels(mine)
        with other.Image.open(file) as found:
            assert found.info == {}
            assert (pixels if other is ours else pillow_pixels)(found) == pixels(mine)


def test_compress_level() -> None:
    """A PNG is compressed as much as is wanted."""
    sizes = []
    for options in ({"compress_level": 0}, {"compress_level": 1}, {}):
        ours.Image.open(BytesIO(WHOLE)).resize((90, 90), BILINEAR).save(file := BytesIO(), "PNG", **options)
        sizes.append(len(file.getvalue()))
    assert sizes[0] > 90 * 90 * 3 > sizes[1] > sizes[2]


def test_a_large_png() -> None:
    """Pixels that Pillow wrote in several parts come together."""
    mine, theirs = random_images("RGB", (200, 150))
    theirs.save(file := BytesIO(), "PNG")
    assert file.getvalue().count(b"IDAT") > 1
    assert pixels(mine) == pillow_pixels(theirs)


@pytest.mark.parametrize("mode", BANDS)
@pytest.mark.parametrize("filters", [*[[kind] * 5 for kind in range(5)], [4, 3, 2, 1, 0], [0, 4, 1, 3, 2]])
def test_filters(mode: str, filters: list[int]) -> None:
    """Rows that were filtered come out as with Pillow; any bytes will do for such rows."""
    length = 7 * BANDS[mode]
    rows = random_bytes(length * 5)
    rows = b"".join(bytes([kind]) + rows[i * length :][:length] for i, kind in enumerate(filters))
    file = png(8, ours.PngImagePlugin.COLOUR_TYPES[mode], rows=rows)
    assert pixels(ours.Image.open(BytesIO(file))) == pillow_pixels(PIL.Image.open(BytesIO(file)))


WHOLE = png(rows=bytes(22 * 5))
# Each is done with our modules and with Pillow's.
WRONG: dict[str, Callable[[Any], object]] = {
    "two elements for RGB": lambda pil: pil.Image.new("RGB", (1, 1), (1, 2)),
    "a negative size": lambda pil: pil.Image.new("RGB", (-1, 1)),
    "outside": lambda pil: pil.Image.new("RGB", (1, 1)).getpixel((0, 1)),
    "no such channel": lambda pil: pil.Image.new("RGB", (1, 1)).getchannel("A"),
    "alpha of another size": lambda pil: pil.Image.new("RGB", (1, 1)).putalpha(pil.Image.new("L", (2, 1))),
    "alpha of another mode": lambda pil: pil.Image.new("RGB", (1, 1)).putalpha(pil.Image.new("RGB", (1, 1))),
    "a box of two": lambda pil: pil.Image.new("RGB", (1, 1)).paste((1, 2, 3), (0, 0)),
    "to nothing": lambda pil: pil.Image.new("RGB", (4, 4)).resize((0, 1), 2),
    "into less than nothing": lambda pil: pil.ImageOps.contain(pil.Image.new("RGB", (4, 4)), (-1, -1), 2),
    "bytes for a picture": lambda pil: pil.ImageOps.contain(98, (99, 99), 2),
    "no pixels as PNG": lambda pil: pil.Image.new("RGB", (16, 0)).save(BytesIO(), "PNG"),
    "no pixels as JPEG": lambda pil: pil.Image.new("RGB", (16, 0)).save(BytesIO(), "JPEG"),
    "RGBA as JPEG": lambda pil: pil.Image.new("RGBA", (1, 1)).save(BytesIO(), "jpeg"),
    "LA as JPEG": lambda pil: pil.Image.new("LA", (1, 1)).save(BytesIO(), "JPEG"),
    "too good a WebP": lambda pil: pil.Image.new("L", (1, 1)).save(BytesIO(), "webp", quality=999),
    "an empty file": lambda pil: pil.Image.open(BytesIO()),
    "a text": lambda pil: pil.Image.open(BytesIO(b"hello")),
    "only the start of a PNG": lambda pil: pil.Image.open(BytesIO(WHOLE[:8])),
    "no file": lambda pil: pil.Image.open(ROOT / "none.png"),
    "a folder": lambda pil: pil.Image.open(ROOT),
}


@pytest.mark.parametrize("what", WRONG)
def test_errors(what: str) -> None:
    """What is wrong with Pillow is wrong with us, by an error of the same name."""
    kinds = [type(error_of(WRONG[what], module)).__name__ for module in (ours, PIL)]
    assert kinds[0] == kinds[1] != "NoneType"


def error_of(call: Callable[[Any], object], module: Any) -> Exception | None:
    """Return what a call raises."""
    try:
        call(module)
    except Exception as error:
        return error
    return None


@pytest.mark.parametrize(
    "file", [WHOLE[:30], WHOLE[:-26], png(rows=bytes(30)), png(rows=bytes(105)), png(rows=bytes([5] * 110))]
)
def test_damaged_png(file: bytes) -> None:
    """A damaged PNG is an OSError, which Pillow raises when it needs the pixels."""
    with pytest.raises(OSError, match=r"."):
        PIL.Image.open(BytesIO(file)).load()
    with pytest.raises(ours.UnidentifiedImageError, match="cannot identify image file"):
        ours.Image.open(BytesIO(file))


CANNOT: dict[str, Callable[[], object]] = {
    "mode P": lambda: ours.Image.new("P", (1, 1)),
    "a rare colour": lambda: ours.Image.new("RGB", (1, 1), "papayawhip"),
    "colours to grey": lambda: random_images("RGB")[0].convert("L"),
    "bicubic": lambda: random_images("RGB")[0].resize((2, 2)),
    "with alpha": lambda: random_images("RGBA")[0].resize((2, 2), BILINEAR),
    "another picture": lambda: random_images("L")[0].paste(random_images("L")[0]),
    "a method": lambda: random_images("L")[0].rotate(90),
    "a function": lambda: ours.Image.merge("L", ()),
    "GIF": lambda: random_images("L")[0].save(BytesIO(), "GIF"),
    "BMP by its ending": lambda: random_images("L")[0].save("a.bmp"),
    "16 bits": lambda: ours.Image.open(BytesIO(png(16))),
    "a palette": lambda: ours.Image.open(BytesIO(png(8, 3))),
    "interlaced": lambda: ours.Image.open(BytesIO(png(8, 2, 1))),
    "one transparent colour": lambda: ours.Image.open(BytesIO(png(more=b"tRNS"))),
    "compressed text": lambda: ours.Image.open(BytesIO(png(more=b"zTXt"))),
}


@pytest.mark.parametrize("what", CANNOT)
def test_cannot(what: str) -> None:
    """What only Pillow can do is refused, and by its name."""
    with pytest.raises(NotImplementedError, match="this page's shim for Pillow cannot"):
        CANNOT[what]()


@pytest.fixture
def codec_calls(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Let Pillow do what the browser does; return the calls."""
    calls = list[Any]()

    def encode(format: str, size: tuple[int, int], pixels: bytes, quality: int) -> bytes:
        calls.append((format, quality))
        picture = PIL.Image.frombytes("RGBA", size, pixels)
        lossless = {"lossless": True} if format == "WEBP" else {}
        picture.convert("RGB" if format == "JPEG" else "RGBA").save(file := BytesIO(), format, **lossless)
        return file.getvalue()

    def decode(data: bytes) -> tuple[tuple[int, int], bytes]:
        calls.append(data[:3])
        with PIL.Image.open(BytesIO(data)) as picture:
            return picture.size, picture.convert("RGBA").tobytes()

    monkeypatch.setattr(ours.Image, "encode", encode)
    monkeypatch.setattr(ours.Image, "decode", decode)
    return calls


@pytest.mark.parametrize(("mode", "after"), [("L", "RGB"), ("LA", "RGBA"), ("RGB", "RGB"), ("RGBA", "RGBA")])
def test_webp(codec_calls: list[Any], tmp_path: Path, mode: str, after: str) -> None:
    """A WebP is the browser's; it has alpha if any pixel needs it."""
    mine = ours.Image.new(mode, (5, 4), tuple(range(9, 9 + BANDS[mode])))
    mine.save(tmp_path / "a.webp")
    found = ours.Image.open(tmp_path / "a.webp")
    assert (found.format, pixels(found)) == ("WEBP", pixels(mine.convert(after)))
    assert codec_calls == [("WEBP", 80), b"RIF"]


@pytest.mark.parametrize(("options", "quality"), [({}, 75), ({"quality": 30}, 30), ({"quality": 999}, 100)])
def test_jpeg(codec_calls: list[Any], options: dict[str, int], quality: int) -> None:
    """A JPEG is the browser's, in the quality that is wanted."""
    ours.Image.new("RGB", (5, 4), "red").save(file := BytesIO(), "JPEG", **options)
    found = ours.Image.open(file)
    assert (found.format, found.mode, found.size) == ("JPEG", "RGB", (5, 4))
    assert found.getpixel((2, 2)) == pytest.approx((255, 0, 0), abs=3)
    assert codec_calls == [("JPEG", quality), b"\xff\xd8\xff"]


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Replace the modules that exist only in a browser; return the one that worker.js registers."""
    scheduler = SimpleNamespace(current=1)
    view = SimpleNamespace(to_bytes=lambda: b"bytes")
    worker = SimpleNamespace(encodeImage=lambda *values: view, scheduler=scheduler, hidden=False)
    worker.decodeImage = lambda data: SimpleNamespace(width=3, height=2, rgba=view)

    @contextmanager
    def pyodide_event_loop() -> Iterator[None]:
        worker.hidden = True
        yield
        worker.hidden = False

    def run_sync(promise: Any) -> Any:
        assert worker.hidden  # the program's own loop
        scheduler.current = 2  # another thread ran meanwhile
        if isinstance(promise, Exception):
            raise promise
        return promise

    worker.ffi = SimpleNamespace(
        can_run_sync=lambda: True, run_sync=run_sync, to_js=lambda value: value, JsException=RuntimeError
    )
    modules = {
        "worker": worker,
        "pyodide": SimpleNamespace(ffi=worker.ffi),
        "pyodide.ffi": worker.ffi,
        "playground.python.scheduler": SimpleNamespace(
            scheduler=scheduler, pyodide_event_loop=pyodide_event_loop
        ),
    }
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    return worker


def test_the_browser_is_asked(worker: SimpleNamespace) -> None:
    """The browser's promise is awaited, and then this thread is the current one again."""
    assert ours.Image.encode("JPEG", (1, 1), b"rgba", 80) == b"bytes"
    assert ours.Image.decode(b"file") == ((3, 2), b"bytes")
    assert worker.scheduler.current == 1


def test_the_browser_cannot(worker: SimpleNamespace) -> None:
    """What the browser refuses is an OSError or not an image; without JSPI its promise cannot be awaited."""
    worker.encodeImage = worker.decodeImage = lambda *_: RuntimeError("no such codec")
    with pytest.raises(OSError, match="no such codec"):
        ours.Image.new("RGB", (1, 1)).save(BytesIO(), "WEBP")
    with pytest.raises(ours.UnidentifiedImageError):
        ours.Image.open(BytesIO(b"\xff\xd8\xff"))
    assert worker.scheduler.current == 1
    worker.ffi.can_run_sync = lambda: False
    with pytest.raises(NotImplementedError, match="without JSPI"):
        ours.Image.new("RGB", (1, 1)).save(BytesIO(), "JPEG")


def enter(name: Any) -> None:
    """Use a name in a `with`."""
    with name:
        pass


@pytest.mark.parametrize("use", [lambda name: name(), lambda name: name.TAGS, enter, list])
def test_pygit2(use: Callable[[Any], object]) -> None:
    """Any name can be imported; using one is refused, by an error that pygit2's users catch."""
    for name in (pygit2.Repository, pygit2.init_repository, enums.DescribeStrategy):
        with pytest.raises(NotImplementedError, match=r"^pygit2 has no build for the browser$") as error:
            use(name)
        assert isinstance(error.value, pygit2.GitError)


def test_pygit2_at_import() -> None:
    """A signature, which snippets make as they are imported, can be made; a module has no odd attributes."""
    assert pygit2.Signature("Ada", "ada@example.org", 1735215529).name == "Ada"
    assert not hasattr(pygit2, "__wrapped__")
