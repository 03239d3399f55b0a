"""The page contract, as far as a machine can read it."""

import re
from collections.abc import Iterator

from tools.checks.includes import shown_lines
from tools.model import GLOSSARY_ROW, HAN, LANGUAGES, Page, Project, printed_by

# The shape that a page has, in its front matter, and the sections that it cannot do without.
SHAPES = {"mechanism": ("own-code",), "tour": ("own-code",), "reference": ()}
OLD_SHAPE = ("traps", "today", "exercise")  # of pages that have not chosen


def problems(project: Project, only: str | None = None) -> Iterator[str]:
    """Say which part of the contract a page breaks."""
    for page in project.all_pages(only):
        yield from front_matter_problems(page)
        if page.teaches:
            yield from teaching_problems(project, page)
    yield from region_problems(project, only)
    yield from glossary_problems(project, only)


def front_matter_problems(page: Page) -> Iterator[str]:
    """Check what every page needs: a description, and one heading of level 1."""
    if page.source.startswith("---\n") and not page.meta:
        yield f"{page.name}: the front matter is no YAML (a colon and a blank inside a text?)"
    if not 0 < len(page.meta.get("description", "")) <= 160:
        yield f"{page.name}: the front matter needs a description of at most 160 characters"
    if [section.level == 1 for section in page.sections] != [True] + [False] * (len(page.sections) - 1):
        yield f"{page.name}: needs one heading of level 1, and it comes first"
    if any(re.search(r"^ *\|\s*\|", section.prose, re.MULTILINE) for section in page.sections):
        yield f"{page.name}: the first column of a table has no name; a screen reader reads it out"


def teaching_problems(project: Project, page: Page) -> Iterator[str]:
    """Check what a page that teaches needs besides."""
    words = " ".join(map(str, page.meta.get("keywords", [])))
    if not HAN.search(words) or not any(c.isascii() and c.isalpha() for c in words):
        yield f"{page.name}: the front matter needs keywords in both languages"
    sections = {section.id: section for section in page.sections}
    shape = page.meta.get("shape")
    if shape not in (None, *SHAPES):
        yield f"{page.name}: the front matter's shape is one of {', '.join(SHAPES)}"
    for name in SHAPES.get(shape, ()) if shape else OLD_SHAPE:
        if name not in sections:
            yield f"{page.name}: needs a section {{ #{name} }}"
    if shape:
        yield from call_problems(project, page)
    if exercise := sections.get("exercise"):
        before, folded, answer = exercise.text.partition("\n??? ")
        if not folded or "--8<--" not in answer or "--8<--" in before:
            yield f"{page.name}: the exercise needs its answer, a snippet, in one folded block (???)"
    if not any(section.permalinks for section in page.sections):
        yield f"{page.name}: needs a link to the place in server.py"
    if not any(section.citations for section in page.sections):
        yield f"{page.name}: needs a ✓"


def call_problems(project: Project, page: Page) -> Iterator[str]:
    """Refuse an output whose call does not stand above it."""
    shown = set[str]()
    for include in (include for section in page.sections for include in section.includes):
        path, _, name = include.partition(":")
        if path.endswith(".py") and any("print(" in line for line in shown_lines(project, path, name)):
            shown.add(path)
        elif (snippet := printed_by(path, name)) and snippet not in shown:
            yield f"{page.name}: shows {include} without the call that printed it: include it above"


def region_problems(project: Project, only: str | None = None) -> Iterator[str]:
    """Say which regions of the source two pages own."""
    owners: dict[str, str] = {}
    for path, page in project.pages("zh").items():
        for region in page.meta.get("regions", []):
            if region in owners and only in (None, path, owners[region]):
                yield f"docs/zh/{path}.md: the region {region} is owned by {owners[region]} and by {path}"
            owners[region] = path


def glossary_problems(project: Project, only: str | None = None) -> Iterator[str]:
    """Say which term of the glossary does not stand on the page that its row links to."""
    for language in LANGUAGES:
        pages = project.pages(language)
        rows = GLOSSARY_ROW.findall(pages["glossary"].source) if "glossary" in pages else []
        for term, link, _ in rows:
            path = link.partition(".md")[0]
            if only in (None, "glossary", path) and term.lower() not in pages[path].source.lower():
                yield f"docs/{language}/glossary.md: “{term}” leads to {path}, which does not use the term"
