"""Show a folder that reports the version of the one around it."""

import tempfile
from pathlib import Path

import pygit2
from pygit2.enums import DescribeStrategy, RepositoryOpenFlag

from snippets.git.describe.command import git
from snippets.git.describe.repositories import (
    commit,
    light_tag,
    new_repository,
)
from snippets.recreation.server import get_comfyui_version

TAGS = DescribeStrategy.TAGS
NO_SEARCH = RepositoryOpenFlag.NO_SEARCH
NAME = "dotfiles-42"


def unpack_inside(home: Path) -> Path:
    """Return a folder without history in one that has some."""
    repo = new_repository(home)
    commit(repo, NAME)
    light_tag(repo, NAME)
    comfyui = home / "ComfyUI"
    comfyui.mkdir()
    return comfyui


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        comfyui = unpack_inside(Path(name))
        # --8<-- [start:ask]
        command = ("describe", "--tags")
        repo = pygit2.Repository(comfyui)
        print("pygit2:", repo.describe(describe_strategy=TAGS))
        done = git(comfyui, *command)
        print("git:", done.stdout.strip())
        try:
            pygit2.Repository(comfyui, NO_SEARCH)
        except pygit2.GitError as error:
            print("pygit2, NO_SEARCH:", str(error).replace(name, "…"))
        stop = {"GIT_CEILING_DIRECTORIES": name}
        done = git(comfyui, *command, **stop)
        print("git, ceiling:", done.stderr.strip())
        print("get_comfyui_version:", get_comfyui_version(comfyui))
        # --8<-- [end:ask]


if __name__ == "__main__":
    main()
