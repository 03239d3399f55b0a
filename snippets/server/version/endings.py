"""Show where pygit2 and the git command differ on one commit."""

import tempfile
from pathlib import Path

from pygit2.enums import DescribeStrategy

from snippets.git.describe.command import git
from snippets.git.describe.strategies import build


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        repo = build(Path(name))
        # --8<-- [start:compare]
        for digits in (7, 10):
            repo.config["core.abbrev"] = digits
            text = repo.describe(
                describe_strategy=DescribeStrategy.TAGS
            )
            output = git(Path(name), "describe", "--tags").stdout
            print(digits, repr(text), repr(output))
        # --8<-- [end:compare]


if __name__ == "__main__":
    main()
