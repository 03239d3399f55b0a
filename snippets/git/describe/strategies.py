"""Show which tags each strategy looks at."""

import tempfile
from pathlib import Path

import pygit2
from pygit2.enums import DescribeStrategy

from snippets.git.describe.repositories import (
    annotated_tag,
    commit,
    light_tag,
    new_repository,
)


# --8<-- [start:build]
def build(folder: Path) -> pygit2.Repository:
    """Return four commits, tagged the way ComfyUI's are."""
    repo = new_repository(folder)
    commit(repo, "an early release")
    annotated_tag(repo, "v0.0.2")
    commit(repo, "work")
    commit(repo, "a later release")
    light_tag(repo, "v0.3.10")
    commit(repo, "more work")
    return repo


# --8<-- [end:build]
def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        repo = build(Path(folder))
        # --8<-- [start:describe]
        for strategy in DescribeStrategy:
            name = repo.describe(describe_strategy=strategy)
            print(f"{strategy.name:8}{name}")
        # --8<-- [end:describe]


if __name__ == "__main__":
    main()
