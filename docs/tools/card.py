"""Draw the picture that other sites show beside a link: server.py to scale, the page's own lines lit.

An English page's has its title and what it says of itself. The font that Pillow brings has no Chinese, so
Chinese pages share pictures without words; the title beside the picture has them.
"""

import re
import textwrap
from functools import cache
from io import BytesIO
from pathlib import Path

import yaml
from PIL import Image, ImageColor, ImageDraw, ImageFont

from tools import generated, source_picture
from tools.model import Page, Project
from tools.source_map import source_maps

SIZE = (1200, 630)
LEFT, RIGHT, TOP, BOTTOM = 80, 1120, 320, 440
PAPER, INK, GREY, SEAL = "#fdfcf9", "#22262c", "#cfccc4", "#9c3326"
SUBJECTS = ("#a3553a", "#4a6fa5", "#4f8a5b", "#a5842c", "#7b5ea7", "#6d7883")  # as in site.css
OVERVIEW = re.compile(r"```figure\n(kind: overview\n.*?)```", re.DOTALL)
STEPS = 5  # from the paper to an ink
CITED = re.compile(r"\]\[(tests\.[\w.]+)\]")


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
    runs = source_picture.runs(source_maps()[file], source_picture.owners("en"))
    mine = [run for run in runs if run.page == path]
    image = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(image)
    draw_file(pen, runs, mine)
    lines = ", ".join(run.lines.replace("–", "-") for run in mine)
    title = page.title.replace("`", "") if page else f"ComfyUI {file}"
    pen.text((LEFT, 70), title, INK, fitting(title))
    if page:
        proofs = generated.counts()["proofs"] if path == "index" else len(set(CITED.findall(page.source)))
        said = [f"lines {lines}"[:40]] * bool(lines) + [f"{proofs} proofs"] * bool(proofs)
        text = str(page.meta["description"]).replace("✓", "tick")  # the font has none
        font = ImageFont.load_default(30)
        pen.multiline_text((LEFT, 170), "\n".join(textwrap.wrap(text, 68)[:3]), INK, font, spacing=6)
        pen.text((LEFT, 550), f"ComfyUI {file}, read line by line, with a test behind each claim", INK, font)
    else:
        said = [f"lines {lines or f'1-{len(source_maps()[file].lines)}'}"[:60]]
    pen.text((LEFT, 465), " - ".join(said), SEAL, ImageFont.load_default(44))
    out = BytesIO()
    image.quantize(palette=palette(), dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()


def draw_file(
    pen: ImageDraw.ImageDraw, runs: list[source_picture.Run], mine: list[source_picture.Run]
) -> None:
    """Draw the file from left to right: the page's own runs in red, or all by subject, as home does."""
    subject = subjects()
    scale = (RIGHT - LEFT) / runs[-1].end

    def colour(run: source_picture.Run) -> str:
        if not mine:
            return SUBJECTS[subject[run.page]]
        return SEAL if run in mine else GREY

    for run in runs:
        start = LEFT + scale * (run.start - 1)
        end = start + max(scale * (run.end - run.start + 1) - 2, 1)
        pen.rectangle((start, TOP, end, BOTTOM), colour(run))


@cache
def subjects() -> dict[str, int]:
    """Return the subject of each page that owns lines, by the figure on home."""
    found = OVERVIEW.search(Project().pages("en")["index"].source)
    assert found
    groups = yaml.safe_load(found[1])["subjects"].values()
    return {page: number for number, pages in enumerate(groups) for page in pages}


@cache
def palette() -> Image.Image:
    """Return the colours, and what lies between each of them and the paper at the edges of letters."""
    paper = ImageColor.getrgb(PAPER)
    inks = [ImageColor.getrgb(colour) for colour in (INK, GREY, SEAL, *SUBJECTS)]
    mixed = [
        round((part * step + ground * (STEPS - step)) / STEPS)
        for ink in inks
        for step in range(1, STEPS + 1)
        for part, ground in zip(ink, paper, strict=True)
    ]
    image = Image.new("P", (1, 1))
    image.putpalette([*paper, *mixed])
    return image


def fitting(title: str) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return the largest font in which a title fits in a line."""
    fonts = map(ImageFont.load_default, range(72, 20, -4))
    return next(font for font in fonts if font.getlength(title) <= RIGHT - LEFT)
