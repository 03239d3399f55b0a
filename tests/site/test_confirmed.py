"""No section changes in one language unnoticed: `pairs.lock` holds what was last read side by side."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tools.model import LANGUAGES, Project

from tests.site.small import break_file

LOCK = Path("tests/site/pairs.lock")
CONFIRM = "read both, make them agree, then run `pytest --confirm-pairs tests/site/test_confirmed.py`"


def digests(project: Project) -> dict[str, list[str]]:
    """Map each section to a short hash of its text in each language."""
    result: dict[str, list[str]] = {}
    for language in LANGUAGES:
        for path, page in project.pages(language).items():
            front = [("front-matter", str(sorted(page.meta.items())))]
            for key, text in front + [(str(s.id), s.title + s.text) for s in page.sections]:
                digest = hashlib.sha256(text.encode()).hexdigest()[:12]
                result.setdefault(f"{path}#{key}", []).append(digest)
    return result


def read_lock(project: Project) -> dict[str, list[str]]:
    """Read the hashes that were confirmed."""
    lines = (project.root / LOCK).read_text("utf-8").splitlines() if (project.root / LOCK).exists() else []
    return {key: values for key, *values in map(str.split, lines)}


def write_lock(project: Project) -> None:
    """Confirm every section as it stands."""
    lines = [" ".join([key, *values]) for key, values in sorted(digests(project).items())]
    (project.root / LOCK).parent.mkdir(parents=True, exist_ok=True)
    (project.root / LOCK).write_text("\n".join(lines) + "\n", "utf-8")


def problems(project: Project) -> Iterator[str]:
    """Say which sections are not as they were confirmed, and in which language they changed."""
    now, confirmed = digests(project), read_lock(project)
    for key in sorted(now.keys() | confirmed.keys()):
        if key not in now:
            yield f"{LOCK}: {key} is gone: {CONFIRM}"
        elif key not in confirmed:
            yield f"{key} is new: {CONFIRM}"
        elif now[key] != confirmed[key]:
            pairs = zip(LANGUAGES, now[key], confirmed[key], strict=False)
            changed = [language for language, a, b in pairs if a != b]
            path, section = key.split("#")
            files = " and ".join(f"docs/{language}/{path}.md" for language in changed)
            yield f"{files}, #{section}: changed since the two languages were last compared: {CONFIRM}"


def test_both_languages_were_read_together(pytestconfig: pytest.Config) -> None:
    """Every section is as it was when somebody last compared the two languages."""
    if pytestconfig.getoption("--confirm-pairs"):
        write_lock(Project())
    assert not (found := list(problems(Project()))), "\n".join(found)


GUARDS = {
    "heading": ("docs/en/demo/echo.md", "Traps {", "Tricks {", "docs/en/demo/echo.md, #traps"),
    "sentence": ("docs/zh/demo/echo.md", "没有变", "变了", "docs/zh/demo/echo.md, #today"),
    "description": ("docs/en/demo/echo.md", "An echo.", "No echo.", "docs/en/demo/echo.md, #front-matter"),
    "new section": ("docs/en/demo/echo.md", "## Today", "## New { #new }\n\n## Today", "#new is new"),
    "lost section": ("tests/site/pairs.lock", "demo/echo#echo", "demo/echo#gone", "#gone is gone"),
}


@pytest.mark.parametrize(("file", "old", "new", "message"), GUARDS.values(), ids=GUARDS)
def test_refuses(file: str, old: str, new: str, message: str, tiny: Project) -> None:
    """A change in one language alone is named."""
    write_lock(tiny)
    assert list(problems(tiny)) == []
    break_file(tiny, file, old, new)
    assert message in "\n".join(problems(tiny))
