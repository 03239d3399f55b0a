"""Show git refuse a repository that belongs to someone else."""

import tempfile
from pathlib import Path

from snippets.git.describe.command import git
from snippets.git.describe.strategies import build

# --8<-- [start:owner]
FOREIGN = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}


def trust(folder: Path, home: Path) -> None:
    """Follow git's advice, in the settings of one home folder."""
    add = ("config", "--global", "--add", "safe.directory")
    git(folder, *add, str(folder), HOME=str(home))


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name).resolve()
        folder = home / "ComfyUI"
        build(folder)
        command = ("describe", "--tags")
        done = git(folder, *command, **FOREIGN)
        print(done.stderr.replace(str(home), "…"))
        trust(folder, home)
        settings = FOREIGN | {"HOME": str(home)}
        done = git(folder, *command, **settings)
        print("trusted:", done.stdout.strip())


# --8<-- [end:owner]
if __name__ == "__main__":
    main()
