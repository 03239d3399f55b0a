"""Show a picture that takes its alpha channel from another."""

from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from snippets.recreation.server import copy_alpha


# --8<-- [start:main]
def main() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        original, mask = folder / "original.png", folder / "mask.png"
        notes = PngInfo()
        notes.add_text("workflow", "{}")
        picture = Image.new("RGB", (1, 1), (200, 100, 50))
        picture.save(original, pnginfo=notes)
        Image.new("RGBA", (1, 1), (1, 2, 3, 77)).save(mask)
        copy_alpha(original, mask, folder / "masked.png")
        with Image.open(folder / "masked.png") as masked:
            print(masked.mode, masked.getpixel((0, 0)), masked.info)


# --8<-- [end:main]
if __name__ == "__main__":
    main()
