"""Check one page, or the whole project; an author's command.

python -m tools.check                             all static checks of the project
python -m tools.check aiohttp/middleware          all of one page: also run its snippets and proofs
python -m tools.check --write-outputs [PAGE …]    write what the snippets print into outputs.txt
python -m tools.check --confirm PAGE …            record that both languages say the same (all: --confirm all)
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator

from tools.checks import Problems, confirmed, outputs, pairs, static_checks
from tools.model import Project

IMPORTS = "tests/test_snippets.py"


def main() -> None:
    """Do what the command line says; end with 1 if something is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.check",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="such as aiohttp/middleware")
    parser.add_argument("--confirm", action="store_true", help="record that the pair of pages says the same")
    parser.add_argument("--write-outputs", action="store_true", help="rewrite the page's outputs.txt")
    options, project = parser.parse_args(), Project()
    if options.confirm:
        if not options.pages:
            parser.error("--confirm needs the pages that you read side by side, or `all`")
        sys.exit(confirm(project, options.pages))
    for page in options.pages:
        if not known(project, page):
            parser.error(f"there is neither docs/zh/{page}.md nor docs/en/{page}.md")
    scopes = options.pages or [None]
    if options.write_outputs:
        failures = [problem for page in scopes for problem in outputs.write(project, page)]
        print(*failures, sep="\n", end="\n" if failures else "")
        sys.exit(bool(failures))
    sys.exit(not all([check(project, page) for page in scopes]))


def known(project: Project, page: str) -> bool:
    """Return whether a page stands in one language at least."""
    return any(project.all_pages(page))


def confirm(project: Project, pages: list[str]) -> str | None:
    """Record pages as confirmed; return why not, if a pair still differs or is not there."""
    locked = {key.split("#")[0] for key in confirmed.read_lock(project)}
    for page in [None] if pages == ["all"] else pages:
        if page and page not in locked and not known(project, page):
            return f"there is no page {page}, and docs/pairs.lock has none"
        if found := list(pairs.problems(project, page)):
            return "\n".join([*found, "nothing recorded: a pair that differs cannot be confirmed"])
        confirmed.confirm(project, page)
        print(f"confirmed: {page or 'all pages'}")
    return None


def check(project: Project, page: str | None) -> bool:
    """Run the checks and print what each finds; return whether there was nothing."""
    checks: dict[str, Problems] = static_checks()
    if page:
        checks |= {"outputs": outputs.problems, "proofs run": run_proofs}
    start, count = time.perf_counter(), 0
    for name, problems in checks.items():
        found = list(problems(project, page))
        count += len(found)
        for problem in found:
            print(f"{name}: {problem}", end="\n\n")
    seconds = time.perf_counter() - start
    print(f"{page or 'all pages'}: {len(checks)} checks, {count} problems ({seconds:.0f} s)")
    return not count


def run_proofs(project: Project, only: str | None = None) -> Iterator[str]:
    """Run the proofs of a page, and import its snippets, which must do nothing."""
    proofs, imports = project.proof_file(only or ""), project.root / IMPORTS
    tests = [f"{IMPORTS}::test_importing_does_nothing[{path}]" for path in project.demonstrations(only)]
    tests = tests if imports.exists() else []
    tests += [proofs.relative_to(project.root).as_posix()] if proofs.exists() else []
    if not tests:
        return
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", "--tb=short", *tests]
    done = subprocess.run(command, cwd=project.root, capture_output=True, encoding="utf-8")
    if done.returncode:
        yield f"pytest ended with {done.returncode}\n{done.stdout}{done.stderr}".rstrip()


if __name__ == "__main__":
    main()
