"""Show what two sources say before and after there is a tag."""

import os
import subprocess
import tempfile
from pathlib import Path

from snippets.git.describe.repositories import (
    commit,
    light_tag,
    new_repository,
)


# --8<-- [start:pygit2]
def ask_pygit2(folder: Path) -> str | None:
    """Let pygit2 describe a checkout; None if it cannot."""
    try:
        import pygit2
        from pygit2.enums import DescribeStrategy, RepositoryOpenFlag

        repo = pygit2.Repository(folder, RepositoryOpenFlag.NO_SEARCH)
        return repo.describe(describe_strategy=DescribeStrategy.TAGS)
    except ImportError:  # first: the next line needs `pygit2`
        return None
    except (pygit2.GitError, KeyError):
        return None


# --8<-- [end:pygit2]
# --8<-- [start:git]
def ask_git(folder: Path) -> str | None:
    """Let the git command describe a checkout; None if it cannot."""
    ceiling = str(folder.resolve().parent)
    environment = os.environ | {"GIT_CEILING_DIRECTORIES": ceiling}
    environment.pop("GIT_DIR", None)
    try:
        output = subprocess.check_output(
            ["git", "describe", "--tags", "--abbrev=7"],
            cwd=folder,
            env=environment,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return output.strip()


# --8<-- [end:git]
# --8<-- [start:read]
def read_version(folder: Path) -> str:
    """Return the description of the commit that is checked out.

    Args:
        folder: the top of a checkout; no folder above is searched.

    Returns:
        For example v0.3.10-1-g2d9fb54; "unknown" if nobody can say.

    Source: the order is that of ComfyUI v0.3.10, server.py 46–59.
    """
    return ask_pygit2(folder) or ask_git(folder) or "unknown"


# --8<-- [end:read]
# --8<-- [start:main]
def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("folder:", ask_pygit2(folder), ask_git(folder))
        repo = new_repository(folder)
        commit(repo, "first")
        print("no tag:", ask_pygit2(folder), ask_git(folder))
        light_tag(repo, "v0.3.10")
        commit(repo, "second")
        print("tagged:", ask_pygit2(folder), ask_git(folder))


# --8<-- [end:main]
if __name__ == "__main__":
    main()
