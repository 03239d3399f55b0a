"""Every snippet prints its `.out` and nothing else: the one check that runs something."""

import difflib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, groupby, starmap
from pathlib import Path
from typing import NamedTuple

from tools.checks.snippets import too_old
from tools.model import Project

SECONDS = 20


class Result(NamedTuple):
    """What came of running a snippet."""

    code: int
    output: str
    errors: str


def problems(project: Project, only: str | None = None) -> Iterator[str]:
    """Say which outputs are not what their snippets print, and which have lost their snippet."""
    yield from orphans(project, only)
    for path, result in run_all(project, only).items():
        if problem := failure(path, result) or difference(project, path, result.output):
            yield problem


def write(project: Project, only: str | None = None) -> list[str]:
    """Run the snippets and write what they print; return what kept one from running."""
    reasons = [reason for path in project.demonstrations(only) if (reason := too_old(project, path))]
    for path, result in run_all(project, only).items():
        if reason := failure(path, result):
            reasons.append(reason)
        else:
            project.snippet(path).with_suffix(".out").write_bytes(result.output.encode())
    return reasons


def run_all(project: Project, only: str | None = None) -> dict[str, Result]:
    """Run all snippets that this Python can run, as many folders at once as there are processors."""
    paths = [path for path in project.demonstrations(only) if not too_old(project, path)]
    folders = [list(group) for _, group in groupby(paths, os.path.dirname)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(chain.from_iterable(pool.map(lambda folder: run(project, folder).items(), folders)))


def run(project: Project, paths: Sequence[str]) -> dict[str, Result]:
    """Run snippets, each in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tools.programs", str(SECONDS), *map(module_name, paths)],
        cwd=project.root,
        env={**os.environ, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        check=True,
    )
    return dict(zip(paths, starmap(Result, json.loads(done.stdout)), strict=True))


def failure(path: str, result: Result) -> str | None:
    """Say whether a snippet failed, wrote to standard error or took too long."""
    command = f"python -W error -m {module_name(path)}"
    if result.code == -signal.SIGALRM:
        return f"snippets/{path} ran for {SECONDS} s: make `{command}` end"
    if result.code or result.errors:
        return (
            f"snippets/{path} must end with 0 and write nothing to standard error; "
            f"`{command}` ended with {result.code} and wrote:\n{result.errors}"
        )
    return None


def difference(project: Project, path: str, output: str) -> str | None:
    """Say how a snippet's `.out` differs from what it printed, if it does."""
    rewrite = (
        f"run `python -m tools.check --write-outputs {page_of(project, path)}`, and read what it wrote "
        "before you commit"
    )
    out = project.snippet(path).with_suffix(".out")
    if not out.exists():
        return f"snippets/{path} has no .out beside it: {rewrite}"
    if (shown := out.read_bytes().decode()) != output:
        lines = difflib.unified_diff(
            shown.splitlines(), output.splitlines(), "the .out", "printed", lineterm=""
        )
        return f"snippets/{path} prints something else than its .out: {rewrite}\n" + "\n".join(lines)
    return None


def module_name(path: str) -> str:
    """Return the name under which `python -m` runs a file of `snippets/`."""
    return ".".join(Path("snippets", path).with_suffix("").parts)


def page_of(project: Project, path: str) -> str:
    """Return the page in whose folder a snippet stands; nothing, that is all pages, if there is none."""
    return next((page for page in project.pages("zh") if path in project.files("*.py", page)), "")


def orphans(project: Project, only: str | None = None) -> list[str]:
    """Say which outputs have lost their snippet."""
    return [
        f"snippets/{out} has no snippet beside it: delete it, or restore the .py"
        for out in project.files("*.out", only)
        if not project.snippet(out).with_suffix(".py").exists()
    ]
