"""Draw the picture that other sites show beside a link: server.py to scale, the page's own lines lit.

Above it stand the title, on the colour of the page's subject, and what the page says of itself. The font
that Pillow brings has no Chinese: if this machine has none either, Chinese pages share pictures without
words; the title beside them has those.
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
LEFT, RIGHT = 64, 1136
BAND, TOP, BOTTOM = 232, 500, 572  # where the title's ground ends, and the file begins and ends
PAPER, INK = "#fdfcf9", "#22262c"
SUBJECTS = ("#a3553a", "#4a6fa5", "#4f8a5b", "#a5842c", "#7b5ea7", "#6d7883")  # as in site.css
OVERVIEW = re.compile(r"```figure\n(kind: overview\n.*?)```", re.DOTALL)
STEPS = 5  # from the paper to an ink
PALE = 2  # of them: lines of other pages
TEXT, HOOK = 36, 56
TOPICS = {"asyncio": 1, "aiohttp": 4, "http": 2, "git": 3}  # colours of pages that own no lines
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
    ground = colour(path)
    image = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, SIZE[0], BAND), ground)
    draw_file(pen, runs, mine)
    language = page.language if page else "en"
    words = WORDS[language]
    title = page.title.replace("`", "") if page else f"ComfyUI {file}"
    face, broken = fitting(title, language)
    pen.multiline_text((LEFT, BAND / 2), "\n".join(broken), PAPER, face, anchor="lm", spacing=14)
    lines = ", ".join(run.lines.replace("–", "-") for run in mine)
    if page:
        proofs = generated.counts()["proofs"] if path == "index" else len(set(CITED.findall(page.source)))
        said = [words["lines"].format(lines)[:40]] * bool(lines) + [words["proofs"].format(proofs)] * bool(
            proofs
        )
        text = face_of(page)
        about = "\n".join(in_lines(description(page), text))
        pen.multiline_text((LEFT, BAND + 36), about, INK, text, spacing=10 if language == "en" else 2)
        pen.text((LEFT, 602), words["about"].format(file), INK, font(24, language), anchor="lm")
    else:
        said = [words["lines"].format(lines or f"1-{len(source_maps()[file].lines)}")[:60]]
    pen.text((LEFT, TOP - 34), " · ".join(said), ground, font(30, language), anchor="lm")
    out = BytesIO()
    image.quantize(palette=palette(), dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()


def description(page: Page) -> str:
    """Return what a page says of itself: its hook, if it has one."""
    text = str(page.meta.get("hook", page.meta["description"]))
    blank = "" if page.language == "zh" else " "
    return re.sub(" ?✓ ?", blank + WORDS[page.language]["tick"] + blank, text)


def face_of(page: Page) -> Font:
    """Return the face of what a page says of itself: a hook is larger."""
    return font(HOOK if "hook" in page.meta else TEXT, page.language)


def in_lines(text: str, face: Font) -> list[str]:
    """Break a text into lines that fit, about as long as each other."""
    return shapes.wrap(text, RIGHT - LEFT, face.getlength)


def colour(path: str) -> str:
    """Return the colour of a page: that of its subject, else of its topic, else ink."""
    number = subjects().get(path, TOPICS.get(path.partition("/")[0]))
    return INK if number is None else SUBJECTS[number]


def draw_file(
    pen: ImageDraw.ImageDraw, runs: list[source_picture.Run], mine: list[source_picture.Run]
) -> None:
    """Draw the file from left to right in the colours that home has; pale what is another page's."""
    scale = SIZE[0] / runs[-1].end
    for run in runs:
        start = scale * (run.start - 1)
        end = start + max(scale * (run.end - run.start + 1) - 2, 1)
        pale = mine and run not in mine
        pen.rectangle((start, TOP, end, BOTTOM), mixed(colour(run.page), PALE if pale else STEPS))


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
    between = [mixed(ink, step) for ink in (INK, *SUBJECTS) for step in range(1, STEPS + 1)]
    image = Image.new("P", (1, 1))
    image.putpalette([part for one in (ImageColor.getrgb(PAPER), *between) for part in one])
    return image


def mixed(ink: str, step: int) -> tuple[int, ...]:
    """Return what lies so many steps from the paper to an ink."""
    pairs = zip(ImageColor.getrgb(ink), ImageColor.getrgb(PAPER), strict=True)
    return tuple(round((part * step + ground * (STEPS - step)) / STEPS) for part, ground in pairs)


def fitting(title: str, language: str = "en") -> tuple[Font, list[str]]:
    """Return the largest font in which a title fits into two lines, and these."""
    fonts = (font(size, language) for size in range(72, 20, -4))
    both = ((one, in_lines(title, one)) for one in fonts)
    return next((one, lines) for one, lines in both if len(lines) <= 2 and fits(lines, one))


def fits(lines: list[str], face: Font) -> bool:
    """Say whether lines stay inside; a long word may not."""
    return max(map(face.getlength, lines)) <= RIGHT - LEFT
