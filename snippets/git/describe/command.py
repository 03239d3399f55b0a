"""Show what the command says of a commit with a lightweight tag."""

import os
import subprocess
import tempfile
from pathlib import Path

from snippets.git.describe.repositories import (
    commit,
    light_tag,
    new_repository,
)


# --8<-- [start:git]
def git(
    folder: Path, *args: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run git in a folder, without settings of user or system.

    Source: git(1), section “Environment Variables”.
    """
    clean = {"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run(
        ["git", *args],
        cwd=folder,
        env=clean | environment,
        capture_output=True,
        encoding="utf-8",
    )


# --8<-- [end:git]
def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        repo = new_repository(folder)
        commit(repo, "first")
        light_tag(repo, "v0.3.10")
        # --8<-- [start:ask]
        for option in ("--always", "--tags"):
            print(git(folder, "describe", option).stdout, end="")
        print(git(folder, "describe").stderr, end="")
        # --8<-- [end:ask]


if __name__ == "__main__":
    main()
