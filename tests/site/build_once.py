"""Build the site once for all workers of a run: the first to come builds, the others wait."""

import os
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from tools.model import ROOT

MEASURED = ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")  # start the measuring of a process
UNSET = ("COMFYUI", *MEASURED)  # with COMFYUI docs/source refuses to build


def build_once(base: Path) -> Path:
    """Build both languages strictly into a folder of the run, unless this is done; return the site."""
    folder, outcome = base / "site", base / "site-built.txt"
    with FileLock(base / "site.lock"):
        if not outcome.exists():
            command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
            clean = {name: value for name, value in os.environ.items() if name not in UNSET}
            done = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, encoding="utf-8")
            outcome.write_text(f"{done.returncode}\n{done.stdout}{done.stderr}", "utf-8")
    code, _, output = outcome.read_text("utf-8").partition("\n")
    assert code == "0", f"mkdocs build --strict failed:\n{output}"
    return folder


if __name__ == "__main__":
    build_once(Path(sys.argv[1]))
