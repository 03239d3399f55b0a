"""Every snippet prints its `.out` and nothing else: the one check that runs something."""

import difflib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.checks.snippets import too_old
from tools.model import Project

SECONDS = 20


class SnippetError(Exception):
    """A snippet failed, wrote to standard error or took too long."""


def problems(project: Project, only: str | None = None) -> Iterator[str]:
    """Say which outputs are not what their snippets print, and which have lost their snippet."""
    yield from orphans(project, only)
    yield from filter(None, in_parallel(output_problem, project, only))


def write(project: Project, only: str | None = None) -> list[str]:
    """Run the snippets and write what they print; return what kept one from running."""
    return [problem for problem in in_parallel(write_output, project, only) if problem]


def in_parallel(
    work: Callable[[Project, str], str | None], project: Project, only: str | None
) -> Iterator[str | None]:
    """Do something with every snippet, as many at once as there are processors."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(lambda path: work(project, path), project.demonstrations(only))


def output_problem(project: Project, path: str) -> str | None:
    """Say what is wrong with a snippet's `.out`, if anything is."""
    if too_old(project, path):
        return None
    rewrite = (
        f"run `python -m tools.check --write-outputs {page_of(project, path)}`, and read what it wrote "
        "before you commit"
    )
    try:
        printed = run(project, path)
    except SnippetError as error:
        return str(error)
    out = project.snippet(path).with_suffix(".out")
    if not out.exists():
        return f"snippets/{path} has no .out beside it: {rewrite}"
    if (shown := out.read_bytes().decode()) != printed:
        lines = difflib.unified_diff(
            shown.splitlines(), printed.splitlines(), "the .out", "printed", lineterm=""
        )
        return f"snippets/{path} prints something else than its .out: {rewrite}\n" + "\n".join(lines)
    return None


def write_output(project: Project, path: str) -> str | None:
    """Write what a snippet prints; say what kept it from running, or that this Python is too old for it."""
    try:
        printed = None if (old := too_old(project, path)) else run(project, path)
    except SnippetError as error:
        return str(error)
    if printed is None:
        return old
    project.snippet(path).with_suffix(".out").write_bytes(printed.encode())
    return None


def run(project: Project, path: str) -> str:
    """Run a snippet in a process of its own; return what it printed.

    Raises:
        SnippetError: it failed, wrote to standard error or took too long.
    """
    name = module_name(path)
    try:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", name],
            cwd=project.root,
            env={**os.environ, "PYTHONUTF8": "1"},
            capture_output=True,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise SnippetError(f"snippets/{path} ran for {SECONDS} s: make `python -m {name}` end") from None
    if done.returncode or done.stderr:
        raise SnippetError(
            f"snippets/{path} must end with 0 and write nothing to standard error; "
            f"`python -W error -m {name}` ended with {done.returncode} and wrote:\n{done.stderr.decode()}"
        )
    return done.stdout.decode()


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
