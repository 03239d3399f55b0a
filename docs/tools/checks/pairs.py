"""The Chinese and the English page of a pair are built alike, section by section."""

from collections.abc import Iterator

from tools.model import Page, Project, Section

SAME = ("level", "includes", "citations", "links", "permalinks", "figures", "code", "numbers")


def problems(project: Project, only: str | None = None) -> Iterator[str]:
    """Say where two pages of a pair part."""
    chinese, english = project.pages("zh", only), project.pages("en", only)
    for path in sorted(chinese.keys() ^ english.keys()):
        missing = "en" if path in chinese else "zh"
        yield f"docs/{missing}/{path}.md is missing: every page stands in both languages"
    for path in sorted(chinese.keys() & english.keys()):
        yield from differences(chinese[path], english[path])


def differences(zh: Page, en: Page) -> Iterator[str]:
    """Compare two pages: front matter, ids, then each section."""
    both = f"{zh.name} and {en.name}"
    for page in (zh, en):
        for section in page.sections:
            if section.id is None:
                yield f"{page.name}: the heading “{section.title}” needs an English id, {{ #like-this }}"
    if sorted(zh.meta) != sorted(en.meta):
        yield f"{both}: front matter has {sorted(zh.meta)} against {sorted(en.meta)}"
    if zh.meta.get("regions") != en.meta.get("regions"):
        yield f"{both}: the regions in the front matter differ"
    ids = [[section.id for section in page.sections] for page in (zh, en)]
    if ids[0] != ids[1]:
        yield f"{both}: headings {ids[0]} against {ids[1]}"
        return
    for one, other in zip(zh.sections, en.sections, strict=True):
        for difference in section_differences(one, other):
            yield f"{both}, #{one.id}: {difference}"


def section_differences(one: Section, other: Section) -> Iterator[str]:
    """Compare two sections."""
    for what in SAME:
        a, b = getattr(one, what), getattr(other, what)
        if a != b:
            yield f"{what} {a} against {b}"
