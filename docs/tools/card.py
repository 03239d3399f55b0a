"""Draw the picture that other sites show beside a link: server.py to scale, the page's own lines lit.

An English page's has its title and what it says of itself. The font that Pillow brings has no Chinese, so
Chinese pages share pictures without words; the title beside the picture has them.
"""

import textwrap
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tools import source_picture
from tools.model import Page, Project
from tools.source_map import source_maps

SIZE = (1200, 630)
LEFT, RIGHT, TOP, BOTTOM = 80, 1120, 320, 440
PAPER, INK, GREY, SEAL = "#fdfcf9", "#22262c", "#cfccc4", "#9c3326"


def address(path: str, language: str = "zh") -> str:
    """Return where the picture of a page stands; Chinese pages without lines of their own share one."""
    if language == "en":
        return f"cards/en/{path.replace('/', '-')}.png"
    mine = path in source_picture.owners("en").values()
    return f"cards/{path.replace('/', '-') if mine else 'server.py'}.png"


def add(site: Path) -> None:
    """Put the pictures into the built site."""
    (site / "cards/en").mkdir(parents=True, exist_ok=True)
    for path in {"index", *source_picture.owners("en").values()}:
        (site / address(path)).write_bytes(draw(path))
    for page in Project().pages("en").values():
        (site / address(page.path, "en")).write_bytes(draw(page.path, page))


def draw(path: str, page: Page | None = None) -> bytes:
    """Return the picture of a page as PNG; a page without lines of its own has the whole file lit.

    With an English page: its title and its description, else the name of the file.
    """
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
    title = page.title.replace("`", "") if page else f"ComfyUI {file}"
    pen.text((LEFT, 70), title, INK, fitting(title))
    if page:
        font = ImageFont.load_default(30)
        text = "\n".join(textwrap.wrap(str(page.meta["description"]), 68)[:3])
        pen.multiline_text((LEFT, 170), text, INK, font, spacing=6)
    if mine or not page:
        pen.text((LEFT, 465), f"lines {said}"[:60], SEAL, ImageFont.load_default(44))
    if page:
        pen.text((LEFT, 550), f"ComfyUI {file}, read line by line, with a test behind each claim", INK, font)
    image = image.quantize(16, Image.Quantize.FASTOCTREE)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def fitting(title: str) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return the largest font in which a title fits in a line."""
    fonts = map(ImageFont.load_default, range(72, 20, -4))
    return next(font for font in fonts if font.getlength(title) <= RIGHT - LEFT)
