"""No section changes in one language unnoticed: `docs/pairs.lock` holds what was last read side by side."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from tools.model import LANGUAGES, Project

LOCK = Path("docs/pairs.lock")


def problems(project: Project, only: str | None = None) -> Iterator[str]:
    """Say of each page which sections are not as they were confirmed, and in which language they changed."""
    now, confirmed = digests(project), read_lock(project)
    found: dict[tuple[str, str, str], list[str]] = {}
    for key in sorted(now.keys() | confirmed.keys()):
        path, _, section = key.partition("#")
        if only in (None, path) and now.get(key) != confirmed.get(key):
            where, what = change(path, now.get(key), confirmed.get(key))
            found.setdefault((path, where, what), []).append(f"#{section}")
    for (path, where, what), sections in found.items():
        confirm = f"read both, make them agree, then run `python -m tools.check --confirm {path}`"
        yield f"{where}, {' '.join(sections)}: {what}: {confirm}"


def change(path: str, now: list[str] | None, confirmed: list[str] | None) -> tuple[str, str]:
    """Return where a section has changed, and how."""
    if not now:
        return f"{LOCK}: {path}", "gone"
    if not confirmed:
        return path, "new"
    pairs = zip(LANGUAGES, now, confirmed, strict=False)
    files = " and ".join(f"docs/{language}/{path}.md" for language, a, b in pairs if a != b)
    return files, "changed since the two languages were last compared"


def digests(project: Project) -> dict[str, list[str]]:
    """Map each section to a short hash of its text in each language."""
    result: dict[str, list[str]] = {}
    for page in project.all_pages():
        front = [("front-matter", str(sorted(page.meta.items())))]
        for key, text in front + [(str(s.id), s.title + s.text) for s in page.sections]:
            digest = hashlib.sha256(text.encode()).hexdigest()[:12]
            result.setdefault(f"{page.path}#{key}", []).append(digest)
    return result


def read_lock(project: Project) -> dict[str, list[str]]:
    """Read the hashes that were confirmed."""
    lines = (project.root / LOCK).read_text("utf-8").splitlines() if (project.root / LOCK).exists() else []
    return {key: values for key, *values in map(str.split, lines)}


def confirm(project: Project, only: str | None = None) -> None:
    """Record each section of one page, or of all, as it stands; of a page that is gone nothing stays."""
    now, confirmed = digests(project), read_lock(project)
    kept = {key: values for key, values in confirmed.items() if only not in (None, key.split("#")[0])}
    new = {key: values for key, values in now.items() if only in (None, key.split("#")[0])}
    lines = [" ".join([key, *values]) for key, values in sorted((kept | new).items())]
    (project.root / LOCK).write_text("\n".join(lines) + "\n", "utf-8")
