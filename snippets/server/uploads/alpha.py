"""Show a picture that takes its alpha channel from another."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo


# --8<-- [start:alpha]
def with_alpha(original: Path, mask: Any, path: Path) -> None:
    """Save a picture with the alpha channel of another.

    Args:
        original: gives colours and notes (a PNG's text).
        mask: a path or an open file; gives the alpha channel only.
        path: where to; its ending decides the format.

    Raises:
        OSError: one is no picture, or the format has no alpha.
        ValueError: the sizes differ, or there is no such format.

    Source: ComfyUI v0.3.10, server.py 363–375.
    """
    with Image.open(original) as picture:
        notes = PngInfo()
        for key, text in getattr(picture, "text", {}).items():
            notes.add_text(key, text)
        masked = picture.convert("RGBA")
    masked.putalpha(Image.open(mask).convert("RGBA").getchannel("A"))
    masked.save(path, compress_level=4, pnginfo=notes)


# --8<-- [end:alpha]
def main() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        original, mask = folder / "original.png", folder / "mask.png"
        notes = PngInfo()
        notes.add_text("workflow", "{}")
        picture = Image.new("RGB", (1, 1), (200, 100, 50))
        picture.save(original, pnginfo=notes)
        Image.new("RGBA", (1, 1), (1, 2, 3, 77)).save(mask)
        with_alpha(original, mask, folder / "masked.png")
        with Image.open(folder / "masked.png") as masked:
            print(masked.mode, masked.getpixel((0, 0)), masked.info)


if __name__ == "__main__":
    main()
