"""Time a strict build of both languages with 0, 50 and 100 more pages each.

`python -m tools.measure.growth` works on a copy of the project.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.model import LANGUAGES, ROOT

MODEL = "asyncio/coroutines"


def build(copy: Path) -> float:
    """Build a copy of the project; return the seconds of CPU it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    subprocess.run(command, cwd=copy, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the seconds of CPU for each size."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name, "project")
        shutil.copytree(
            ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "node_modules", ".*_cache")
        )
        config = copy / "mkdocs.yml"
        for number in range(101):
            if number in (0, 50, 100):
                print(f"{number:3} pages more: {build(copy):.1f} s of CPU", flush=True)
            for language in LANGUAGES:
                text = (copy / f"docs/{language}/{MODEL}.md").read_text("utf-8")
                (copy / f"docs/{language}/asyncio/more-{number}.md").write_text(text, "utf-8")
            line = f"      - {MODEL}.md\n"
            added = f"{line}      - asyncio/more-{number}.md\n"
            config.write_text(config.read_text("utf-8").replace(line, added, 1), "utf-8")


if __name__ == "__main__":
    main()
