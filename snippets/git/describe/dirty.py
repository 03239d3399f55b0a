"""Show which changes add the dirty suffix to a description."""

import tempfile
from pathlib import Path

import pygit2
from pygit2.enums import DescribeStrategy

from snippets.git.describe.strategies import build


# --8<-- [start:describe]
def describe(
    repo: pygit2.Repository, committish: str | None = None
) -> str:
    """Describe the working tree, or a commit if one is named."""
    return repo.describe(
        committish,
        describe_strategy=DescribeStrategy.TAGS,
        dirty_suffix="-dirty",
    )


# --8<-- [end:describe]
def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        repo = build(folder)
        # --8<-- [start:changes]
        print("clean tree:", describe(repo))
        for file in ("new.txt", "notes.txt"):
            folder.joinpath(file).write_text(file)
            print(f"{file} written:", describe(repo))
        print("HEAD by name:", describe(repo, "HEAD"))
        # --8<-- [end:changes]


if __name__ == "__main__":
    main()
