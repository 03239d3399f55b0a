"""Every snippet prints its `.out` and nothing else: the one check that runs something."""

import difflib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, groupby
from pathlib import Path

from tools.checks.snippets import too_old
from tools.model import Project

SECONDS = 20


class SnippetError(Exception):
    """A snippet failed, wrote to standard error or took too long."""


def problems(project: Project, only: str | None = None) -> Iterator[str]:
    """Say which outputs are not what their snippets print, and which have lost their snippet."""
    yield from orphans(project, only)
    for path, printed in printed_by(project, only).items():
        yield from output_problems(project, path, printed)


def write(project: Project, only: str | None = None) -> list[str]:
    """Run the snippets and write what they print; return what kept one from running."""
    printed = printed_by(project, only)
    for path, output in printed.items():
        if isinstance(output, str):
            project.snippet(path).with_suffix(".out").write_bytes(output.encode())
    left_out = (too_old(project, path) for path in project.demonstrations(only))
    return [str(error) for error in printed.values() if not isinstance(error, str)] + [
        *filter(None, left_out)
    ]


def printed_by(project: Project, only: str | None = None) -> dict[str, str | SnippetError]:
    """Run all snippets that this Python can run, as many folders at once as there are processors."""
    paths = [path for path in project.demonstrations(only) if not too_old(project, path)]
    folders = [list(group) for _, group in groupby(paths, os.path.dirname)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(chain.from_iterable(pool.map(lambda folder: run(project, folder).items(), folders)))


def output_problems(project: Project, path: str, printed: str | SnippetError) -> Iterator[str]:
    """Say what is wrong with a snippet's `.out`, if anything is."""
    rewrite = (
        f"run `python -m tools.check --write-outputs {page_of(project, path)}`, and read what it wrote "
        "before you commit"
    )
    out = project.snippet(path).with_suffix(".out")
    if isinstance(printed, SnippetError):
        yield str(printed)
    elif not out.exists():
        yield f"snippets/{path} has no .out beside it: {rewrite}"
    elif (shown := out.read_bytes().decode()) != printed:
        lines = difflib.unified_diff(
            shown.splitlines(), printed.splitlines(), "the .out", "printed", lineterm=""
        )
        yield f"snippets/{path} prints something else than its .out: {rewrite}\n" + "\n".join(lines)


def run(project: Project, paths: Sequence[str]) -> dict[str, str | SnippetError]:
    """Run snippets, each in a process of its own; return what each printed, or why it is no output."""
    names = [module_name(path) for path in paths]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tools.programs", str(SECONDS), *names],
        cwd=project.root,
        env={**os.environ, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        check=True,
    )
    return {path: outcome(path, *one) for path, one in zip(paths, json.loads(done.stdout), strict=True)}


def outcome(path: str, code: int, output: str, errors: str) -> str | SnippetError:
    """Return what a snippet printed, unless it failed, wrote to standard error or took too long."""
    command = f"python -W error -m {module_name(path)}"
    if code == -signal.SIGALRM:
        return SnippetError(f"snippets/{path} ran for {SECONDS} s: make `{command}` end")
    if code or errors:
        return SnippetError(
            f"snippets/{path} must end with 0 and write nothing to standard error; "
            f"`{command}` ended with {code} and wrote:\n{errors}"
        )
    return output


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
