"""Show git refuse a repository that belongs to someone else."""

import tempfile
from pathlib import Path

from snippets.git.describe.command import git
from snippets.git.describe.strategies import build

# --8<-- [start:foreign]
FOREIGN = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
# --8<-- [end:foreign]


# --8<-- [start:trust]
def trust(folder: Path, home: Path) -> None:
    """Follow git's advice, in the settings of one home folder."""
    add = ("config", "--global", "--add", "safe.directory")
    git(folder, *add, str(folder), HOME=str(home))


# --8<-- [end:trust]
def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name).resolve()
        folder = home / "ComfyUI"
        build(folder)
        # --8<-- [start:ask]
        command = ("describe", "--tags")
        done = git(folder, *command, **FOREIGN)
        print(done.stderr.replace(str(home), "…"))
        trust(folder, home)
        settings = FOREIGN | {"HOME": str(home)}
        done = git(folder, *command, **settings)
        print("trusted:", done.stdout.strip())
        # --8<-- [end:ask]


if __name__ == "__main__":
    main()
