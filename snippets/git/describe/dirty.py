"""Show which changes add the dirty suffix to a description."""

import tempfile
from functools import partial
from pathlib import Path

from pygit2.enums import DescribeStrategy

from snippets.git.describe.strategies import build

TAGS = DescribeStrategy.TAGS


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        repo = build(folder)
        # --8<-- [start:dirty]
        describe = partial(
            repo.describe, describe_strategy=TAGS, dirty_suffix="-dirty"
        )
        print("clean tree:", describe())
        for file in ("new.txt", "notes.txt"):
            folder.joinpath(file).write_text(file)
            print(f"{file} written:", describe())
        # --8<-- [end:dirty]


if __name__ == "__main__":
    main()
