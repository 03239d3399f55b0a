"""Exercises: each begins red, asks for what its page asks, and stands before its answer."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from playground import build, exercises
from tools.checks.outputs import SECONDS
from tools.model import LANGUAGES, ROOT, Project

EXERCISES = exercises.paths()
AT_LEAST = 20  # in each language
IMPORT_AND_RUN = """import exercise, runpy, sys
for stream in (sys.stdout, sys.stderr):
    print("imported", file=stream, flush=True)
runpy.run_path("exercise.py", run_name="__main__")
"""


def shown(language: str) -> list[str]:
    """Return the exercises of a language, as its pages include them."""
    found = []
    for page in Project().pages(language).values():
        for section in page.sections:
            if section.id == "exercise":
                parts = [include.partition(":") for include in section.includes if ".py" in include]
                blocks = [path for path, _, part in parts if exercises.block(path, part, language)]
                found += blocks[:1]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_gap_is_asked_for(language: str) -> None:
    """Every gap is one page's exercise, and there are at least twenty."""
    assert sorted(shown(language)) == EXERCISES
    assert len(EXERCISES) >= AT_LEAST


@pytest.mark.parametrize("path", EXERCISES)
def test_an_exercise_is_red_until_it_is_written(path: str, tmp_path: Path) -> None:
    """The snippet with its gap can be imported, ends, and does not print what its answer prints."""
    file = tmp_path / "exercise.py"
    file.write_text(exercises.without_gap(exercises.section(path, None)), "utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", IMPORT_AND_RUN],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
    )
    importing, _, running = done.stdout.partition("imported\n")
    assert importing == done.stderr.partition("imported\n")[0] == ""
    assert "imported" in done.stderr, done.stderr
    assert running != Project().output(path)


@pytest.mark.parametrize("path", EXERCISES)
def test_the_gap_is_the_only_difference(path: str) -> None:
    """One line is `...`; with the answer in its place, the file is the snippet again."""
    whole = build.content(Project().snippet(path)).decode().splitlines()
    gapped = exercises.without_gap(exercises.section(path, None)).splitlines()
    (line,) = (number for number, text in enumerate(gapped) if text.strip() == "...")
    rest = len(gapped) - line - 1
    assert [*gapped[:line], *whole[line : len(whole) - rest], *gapped[line + 1 :]] == whole


def test_a_block_shows_the_part_around_the_gap() -> None:
    """Without markers, with the signature, and without the answer; other parts and other files give none."""
    path = "aiohttp/middleware/timing.py"
    mark, *code, end, empty = exercises.block(path, "timing", "en")
    assert re.fullmatch(r'```\{ \.python title="[^"]+" data-exercise="exercises/.*" \}', mark)
    assert code[0] == "@web.middleware"
    assert code[-1] == "    ..."
    assert "--8<--" not in "".join(code)
    assert "finally" not in "".join(code)
    assert (end, empty) == ("```", "")
    assert exercises.block(path, "main", "en") == []
    assert exercises.block("aiohttp/middleware/order.py", None, "en") == []


def test_what_cannot_run_has_no_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """A snippet that no browser can run is no exercise, since nothing could check it."""
    path = EXERCISES[0]
    part = next(name for name in re.findall(r"start:(\w+)", exercises.section(path, None)))
    assert exercises.block(path, part, "en")
    monkeypatch.setattr(build, "reasons", lambda: {path: {"en": "no"}})
    assert exercises.block(path, part, "en") == []
    assert path not in exercises.paths()
