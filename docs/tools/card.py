"""Draw the picture that other sites show beside a link: server.py to scale, the page's own lines lit.

It has no words in the page's language; the title beside it has. So both languages share it, and the build
needs no font but the one that Pillow brings.
"""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tools import source_picture
from tools.source_map import source_maps

SIZE = (1200, 630)
LEFT, RIGHT, TOP, BOTTOM = 80, 1120, 270, 430
PAPER, INK, GREY, SEAL = "#fdfcf9", "#22262c", "#cfccc4", "#9c3326"


def address(path: str) -> str:
    """Return where the picture of a page stands; pages without lines of their own share one."""
    mine = path in source_picture.owners("en").values()
    return f"cards/{path.replace('/', '-') if mine else 'server.py'}.png"


def add(site: Path) -> None:
    """Put the pictures into the built site."""
    for path in {"index", *source_picture.owners("en").values()}:
        file = site / address(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(draw(path))


def draw(path: str) -> bytes:
    """Return the picture of a page as PNG; a page without lines of its own has the whole file lit."""
    file = source_picture.FILE
    lines = len(source_maps()[file].lines)
    runs = source_picture.runs(source_maps()[file], source_picture.owners("en"))
    mine = [run for run in runs if run.page == path]
    image = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(image)
    scale = (RIGHT - LEFT) / lines
    for run in runs:
        colour = SEAL if run in mine or not mine else GREY
        start = LEFT + scale * (run.start - 1)
        pen.rectangle((start, TOP, start + max(scale * (run.end - run.start + 1) - 2, 1), BOTTOM), colour)
    said = ", ".join(run.lines.replace("–", "-") for run in mine) or f"1-{lines}"
    pen.text((LEFT, 120), f"ComfyUI {file}", INK, ImageFont.load_default(72))
    pen.text((LEFT, 480), f"lines {said}"[:60], SEAL, ImageFont.load_default(44))
    image = image.quantize(16)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
