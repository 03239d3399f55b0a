"""Show the errors of five repositories that have no version."""

import tempfile
from pathlib import Path
from textwrap import fill, indent

import pygit2
from pygit2.enums import DescribeStrategy, ResetMode

from snippets.git.describe.repositories import (
    commit,
    light_tag,
    new_repository,
)

DEFAULT, TAGS = DescribeStrategy.DEFAULT, DescribeStrategy.TAGS


# --8<-- [start:attempt]
def attempt(folder: Path, strategy: DescribeStrategy) -> str:
    """Return the description, or the error with its types."""
    try:
        repo = pygit2.Repository(folder)
        return repo.describe(describe_strategy=strategy)
    except (pygit2.GitError, KeyError) as error:
        caught = [
            kind.__name__
            for kind in (pygit2.GitError, KeyError)
            if isinstance(error, kind)
        ]
        message = str(error).replace(str(folder), "…")
        return f"{' and '.join(caught)}: {message}"


# --8<-- [end:attempt]
# --8<-- [start:main]
def show(title: str, text: str) -> None:
    print(title)
    print(indent(fill(text), "  "))


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        show("no repository", attempt(folder, TAGS))
        repo = new_repository(folder)
        show("no commit", attempt(folder, TAGS))
        first = commit(repo, "first")
        show("no tag", attempt(folder, TAGS))
        commit(repo, "second")
        light_tag(repo, "v1")
        show("a lightweight tag, TAGS", attempt(folder, TAGS))
        show("a lightweight tag, DEFAULT", attempt(folder, DEFAULT))
        repo.reset(first, ResetMode.HARD)
        show("a tag on a later commit", attempt(folder, TAGS))


# --8<-- [end:main]
if __name__ == "__main__":
    main()
