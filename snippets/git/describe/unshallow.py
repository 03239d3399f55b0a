"""Show what gives a shallow clone its version back."""

import tempfile
from pathlib import Path

import pygit2
from pygit2.enums import DescribeStrategy

from snippets.git.describe.command import git
from snippets.git.describe.strategies import build


def version(folder: Path) -> str:
    """Describe HEAD, or say why that fails."""
    repo = pygit2.Repository(folder)
    try:
        return repo.describe(describe_strategy=DescribeStrategy.TAGS)
    except pygit2.GitError as error:
        return str(error).strip('"').partition(" '")[0]  # no hash


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        source, clone = Path(name, "source"), Path(name, "clone")
        build(source)
        address = source.as_uri()
        # --8<-- [start:remedies]
        git(source, "clone", "--depth=1", address, clone.as_posix())
        print("clone --depth=1:", version(clone))
        for options in (["--tags"], ["--unshallow", "--tags"]):
            git(clone, "fetch", *options)
            print(f"fetch {' '.join(options)}:", version(clone))
        again = git(clone, "fetch", "--unshallow", "--tags")
        print("once more:", again.stderr, end="")
        # --8<-- [end:remedies]


if __name__ == "__main__":
    main()
