"""Draw the picture that other sites show beside a link: server.py to scale, the page's own lines lit.

It has the page's title and what the page says of itself. The font that Pillow brings has no Chinese: if
this machine has none either, Chinese pages share pictures without words; the title beside them has those.
"""

import re
from functools import cache
from io import BytesIO
from pathlib import Path

import yaml
from PIL import Image, ImageColor, ImageDraw, ImageFont

from tools import generated, shapes, source_picture
from tools.model import LANGUAGES, Page, Project
from tools.source_map import source_maps

SIZE = (1200, 630)
LEFT, RIGHT, TOP, BOTTOM = 80, 1120, 320, 440
PAPER, INK, GREY, SEAL = "#fdfcf9", "#22262c", "#cfccc4", "#9c3326"
SUBJECTS = ("#a3553a", "#4a6fa5", "#4f8a5b", "#a5842c", "#7b5ea7", "#6d7883")  # as in site.css
OVERVIEW = re.compile(r"```figure\n(kind: overview\n.*?)```", re.DOTALL)
STEPS = 5  # from the paper to an ink
# Of Linux, macOS and Windows.
CHINESE = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "PingFang.ttc",
    "msyh.ttc",
    "wqy-microhei.ttc",
)
SIMPLIFIED = re.compile(r"\b(SC|Hei|YaHei)\b")  # one of the faces in such a file
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
WORDS = {
    "zh": {
        "lines": "第 {} 行",
        "proofs": "{} 条证明",
        "about": "逐行读 ComfyUI 的 {}，每个说法背后都有测试",
        "tick": "勾",
    },
    "en": {
        "lines": "lines {}",
        "proofs": "{} proofs",
        "about": "ComfyUI {}, read line by line, with a test behind each claim",
        "tick": "tick",  # the font has no ✓
    },
}
CITED = re.compile(r"\]\[(tests\.[\w.]+)\]")


@cache
def chinese() -> tuple[str, int] | None:
    """Return a font of this machine that has Chinese letters, and which face of its file."""
    for name in CHINESE:
        for face in range(8):
            try:
                family, _ = ImageFont.truetype(name, 30, face).getname()
            except OSError:  # no such file, or no such face in it
                break
            if SIMPLIFIED.search(family or ""):
                return name, face
    return None


def font(size: int, language: str) -> Font:
    """Return the font of a language."""
    if language == "zh" and (found := chinese()):
        return ImageFont.truetype(found[0], size, found[1])
    return ImageFont.load_default(size)


def has_words(language: str) -> bool:
    """Say whether the pictures of a language can have words, and so each page its own."""
    return language == "en" or chinese() is not None


def address(path: str, language: str = "zh") -> str:
    """Return where the picture of a page stands; without words, pages that own no lines share one."""
    name = path.replace("/", "-")
    if has_words(language):
        return f"cards/{language}/{name}.png"
    return f"cards/{name if path in source_picture.owners('en').values() else 'server.py'}.png"


def add(site: Path) -> None:
    """Put the pictures into the built site."""
    for language in LANGUAGES:
        for page in Project().pages(language).values():
            file = site / address(page.path, language)
            file.parent.mkdir(parents=True, exist_ok=True)
            if not file.exists() or has_words(language):
                file.write_bytes(draw(page.path, page if has_words(language) else None))


def draw(path: str, page: Page | None = None) -> bytes:
    """Return the picture of a page as PNG; a page without lines of its own has the whole file lit.

    With a page: its title and its description, else the name of the file.
    """
    file = source_picture.FILE
    runs = source_picture.runs(source_maps()[file], source_picture.owners("en"))
    mine = [run for run in runs if run.page == path]
    image = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(image)
    draw_file(pen, runs, mine)
    language = page.language if page else "en"
    words = WORDS[language]
    lines = ", ".join(run.lines.replace("–", "-") for run in mine)
    title = page.title.replace("`", "") if page else f"ComfyUI {file}"
    pen.text((LEFT, 70 if language == "en" else 50), title, INK, fitting(title, language))
    if page:
        proofs = generated.counts()["proofs"] if path == "index" else len(set(CITED.findall(page.source)))
        said = [words["lines"].format(lines)[:40]] * bool(lines) + [words["proofs"].format(proofs)] * bool(
            proofs
        )
        text = str(page.meta["description"]).replace("✓", words["tick"])
        small = font(30, language)
        about = "\n".join(in_lines(text, language)[:3])
        pen.multiline_text((LEFT, 170), about, INK, small, spacing=6 if language == "en" else 2)
        pen.text((LEFT, 550), words["about"].format(file), INK, small)
    else:
        said = [words["lines"].format(lines or f"1-{len(source_maps()[file].lines)}")[:60]]
    pen.text((LEFT, 465), " - ".join(said), SEAL, font(44, language))
    out = BytesIO()
    image.quantize(palette=palette(), dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()


def in_lines(text: str, language: str) -> list[str]:
    """Break a description into lines."""
    wide = (RIGHT - LEFT) * shapes.SIZE / 30
    return shapes.fill(text, wide if language == "zh" else wide * 1.12)  # its letters are narrower


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


def fitting(title: str, language: str = "en") -> Font:
    """Return the largest font in which a title fits in a line."""
    fonts = (font(size, language) for size in range(72, 20, -4))
    return next(one for one in fonts if one.getlength(title) <= RIGHT - LEFT)
