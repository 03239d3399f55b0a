"""The Python code is linted, formatted and typed."""

import subprocess
import sys
from collections.abc import Iterator

from tools.model import Project, snake_case

COMMANDS = (
    ("ruff", "check", "--quiet"),
    ("ruff", "format", "--check", "--quiet"),
    ("mypy", "--no-error-summary"),
)


def problems(project: Project, only: str | None = None) -> Iterator[str]:
    """Say what the tools have to say, which names file and line."""
    paths = [project.root / "snippets" / snake_case(only), project.proof_file(only)] if only else []
    files = [path.relative_to(project.root).as_posix() for path in paths if path.exists()]
    if only and not files:
        return
    for command in COMMANDS:
        done = subprocess.run(
            [sys.executable, "-m", *command, *files], cwd=project.root, capture_output=True, encoding="utf-8"
        )
        if done.returncode:
            yield f"{' '.join([*command, *files])}\n{done.stdout}{done.stderr}".rstrip()
