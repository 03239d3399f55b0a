"""Every snippet prints what outputs.txt says and nothing else: the one check that runs something."""

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
from tools.model import OUTPUTS, Project

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
    results = run_all(project, only)
    failures = {path: reason for path, result in results.items() if (reason := failure(path, result))}
    for folder, paths in groupby(results, os.path.dirname):
        printed = project.outputs(folder)
        printed |= {path: results[path].output for path in paths if path not in failures}
        there = [path for path in project.demonstrations(folder) if path in printed]
        text = "".join(section(path, printed[path]) for path in there)
        (project.snippet(folder) / OUTPUTS).write_bytes(text.encode())
    not_run = [reason for path in project.demonstrations(only) if (reason := too_old(project, path))]
    return [*not_run, *failures.values()]


def section(path: str, output: str) -> str:
    """Return the section of outputs.txt that a page includes by the snippet's name."""
    name = Path(path).stem
    return f"--8<-- [start:{name}]\n{output}--8<-- [end:{name}]\n"


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
    if not result.output.endswith("\n"):
        return f"snippets/{path} must print something, and end it with a new line, for a page to show it"
    return None


def difference(project: Project, path: str, output: str) -> str | None:
    """Say how the output that a page shows differs from what the snippet printed, if it does."""
    rewrite = (
        f"run `python -m tools.check --write-outputs {page_of(project, path)}`, and read what it wrote "
        "before you commit"
    )
    shown = project.output(path)
    if shown is None:
        return f"snippets/{path} has no section in {OUTPUTS} beside it: {rewrite}"
    if shown != output:
        lines = difflib.unified_diff(shown.splitlines(), output.splitlines(), OUTPUTS, "printed", lineterm="")
        return f"snippets/{path} prints something else than {OUTPUTS} says: {rewrite}\n" + "\n".join(lines)
    return None


def module_name(path: str) -> str:
    """Return the name under which `python -m` runs a file of `snippets/`."""
    return ".".join(Path("snippets", path).with_suffix("").parts)


def page_of(project: Project, path: str) -> str:
    """Return the page in whose folder a snippet stands; nothing, that is all pages, if there is none."""
    return next((page for page in project.pages("zh") if path in project.files("*.py", page)), "")


def orphans(project: Project, only: str | None = None) -> Iterator[str]:
    """Say which outputs have lost their snippet, and what else stands beside them."""
    for file in project.files(OUTPUTS, only):
        known = project.outputs(file.rpartition("/")[0])
        for path in known:
            if not project.snippet(path).exists():
                yield f"snippets/{file} has a section of {path}, which is gone: delete that, or restore this"
        if project.snippet(file).read_bytes().decode() != "".join(starmap(section, known.items())):
            yield f"snippets/{file} holds more than one section for each output: delete what nobody printed"
