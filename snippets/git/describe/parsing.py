"""Show a description parsed, and which format allows it."""

import re
import tempfile
from pathlib import Path
from typing import NamedTuple

from pygit2.enums import DescribeStrategy

from snippets.git.describe.repositories import light_tag
from snippets.git.describe.strategies import build

TAGS = DescribeStrategy.TAGS


# --8<-- [start:parse]
class Description(NamedTuple):
    """The three parts of a description in the long format."""

    tag: str
    distance: int
    short_hash: str


def parse(text: str) -> Description:
    """Parse a description in the long format.

    Source: git-describe(1), section “Examples”.
    """
    match = re.fullmatch(r"(.+)-(\d+)-g([0-9a-f]+)", text)
    if match is None:
        raise ValueError(f"no long description: {text}")
    return Description(match[1], int(match[2]), match[3])


# --8<-- [end:parse]
# --8<-- [start:main]
def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        repo = build(Path(folder))
        light_tag(repo, "v1-2-gc0ffee")
        for long in (False, True):
            text = repo.describe(
                describe_strategy=TAGS, always_use_long_format=long
            )
            print(text, parse(text), sep="\n  ")


# --8<-- [end:main]
if __name__ == "__main__":
    main()
