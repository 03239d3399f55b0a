"""Show what a shallow clone knows of its version."""

import tempfile
from pathlib import Path

import pygit2
from pygit2.enums import DescribeStrategy

from snippets.git.describe.command import git
from snippets.git.describe.strategies import build

TAGS = DescribeStrategy.TAGS


def clone(source: Path, *options: str) -> pygit2.Repository:
    """Clone the newest commit of a repository only."""
    target = tempfile.mkdtemp(dir=source)
    address = source.as_uri()
    git(source, "clone", "--depth=1", *options, address, target)
    return pygit2.Repository(target)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        build(Path(name))
        # --8<-- [start:clones]
        shallow = clone(Path(name))
        try:
            shallow.describe(describe_strategy=TAGS)
        except pygit2.GitError as error:
            print("shallow:      ", error)
        fallback = shallow.describe(
            describe_strategy=TAGS, show_commit_oid_as_fallback=True
        )
        print("with fallback:", fallback)
        release = clone(Path(name), "--branch=v0.3.10")
        version = release.describe(describe_strategy=TAGS)
        print("cloned by tag:", version)
        # --8<-- [end:clones]


if __name__ == "__main__":
    main()
