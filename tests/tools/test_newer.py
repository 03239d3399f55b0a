"""What newer libraries change is said: their versions, what fails with them, and which templates differ."""

import sys
from pathlib import Path

import pytest

from tools import newer

FAILING = "print('passed\\n=== short test summary info ===\\nFAILED test_x'); raise SystemExit(1)"


@pytest.fixture
def libraries(tmp_path: Path) -> Path:
    """Make an environment with one library, that of the site's theme, and this Python."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").symlink_to(sys.executable)
    libraries = tmp_path / "lib/python3/site-packages"
    (libraries / newer.TEMPLATES).mkdir(parents=True)
    return libraries


def set_version(libraries: Path, version: str) -> None:
    """Give the library a version."""
    folder = libraries / "mkdocs_material.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Name: mkdocs-material\nVersion: {version}\n", "utf-8")


def test_says_what_a_newer_library_changes(libraries: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its version, the tests that fail, and that Material has left out the templates that ours replace."""
    set_version(libraries, "99.0")
    (libraries / "failing.py").write_text(FAILING, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(libraries))
    monkeypatch.setattr(newer, "STEPS", {"Good": ["this"], "Bad": ["failing"]})
    npm = {"pyodide": {"wanted": "1", "latest": "2"}, "minisearch": {"wanted": "3", "latest": "3"}}
    report = "\n".join(newer.report(libraries, npm))
    here = newer.versions(sys.path)["mkdocs-material"]
    assert f"| --- |\n| mkdocs-material | {here} | 99.0 |\n| pyodide | 1 | 2 |\n\n" in report
    assert "## Good\n\nNothing changes.\n" in report
    assert "## Bad\n\n```text\nFAILED test_x\n```\n" in report
    assert "```diff\n--- partials/toc.html\n+++ partials/toc.html\n@@ " in report


def test_runs_nothing_where_nothing_is_newer(libraries: Path) -> None:
    """The table is empty then, and it is all there is."""
    set_version(libraries, newer.versions(sys.path)["mkdocs-material"])
    assert list(newer.report(libraries, {}))[-1] == "| --- | --- | --- |"


def test_shows_a_changed_template(tmp_path: Path) -> None:
    """Of one that ours replaces; one that is the same, or that ours does not replace, is not shown."""
    for folder, text in {"ours": "ours", "old": "a\nb\n", "new": "a\nc\n"}.items():
        for name in ("x.html", "same.html", *(["other.html"] if folder != "ours" else [])):
            (tmp_path / folder).mkdir(exist_ok=True)
            (tmp_path / folder / name).write_text("same" if name == "same.html" else text, "utf-8")
    shown = list(newer.changed_templates(tmp_path / "old", tmp_path / "new", tmp_path / "ours"))
    assert shown[:3] == ["```diff", "--- x.html", "+++ x.html"]
    assert shown[4:] == [" a", "-b", "+c", "```"]
