"""Show the formats of a description, on a tag and after it."""

import tempfile
from functools import partial
from pathlib import Path

from pygit2.enums import DescribeStrategy

from snippets.git.describe.strategies import build

TAGS = DescribeStrategy.TAGS


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        repo = build(Path(folder))
        # --8<-- [start:formats]
        for where in ("HEAD~1", "HEAD"):
            name = partial(repo.describe, where, describe_strategy=TAGS)
            print(where)
            print("  plain:", name())
            print("  short:", name(abbreviated_size=0))
            print("  long: ", name(always_use_long_format=True))
        # --8<-- [end:formats]


if __name__ == "__main__":
    main()
