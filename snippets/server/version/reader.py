"""Show a version reader as its two sources are taken away."""

import os
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

from snippets.git.describe.strategies import build
from snippets.server.version.sources import ask_git, ask_pygit2


# --8<-- [start:read]
def read_version(folder: Path) -> str:
    """Return the description of the commit that is checked out.

    Args:
        folder: the top of a checkout; no folder above is searched.

    Returns:
        For example v0.3.10-1-g2d9fb54; "unknown" if nobody can say.

    Source: the order is that of ComfyUI v0.3.10, server.py 46–59.
    """
    return ask_pygit2(folder) or ask_git(folder) or "unknown"


# --8<-- [end:read]
def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build(folder)
        # --8<-- [start:taken]
        no_pygit2 = patch.dict(sys.modules, {"pygit2": None})
        no_git = patch.dict(os.environ, {"PATH": ""})
        print("both:     ", read_version(folder))
        with no_pygit2:
            print("no pygit2:", read_version(folder))
        with no_git:
            print("no git:   ", read_version(folder))
        with no_pygit2, no_git:
            print("neither:  ", read_version(folder))
        # --8<-- [end:taken]


if __name__ == "__main__":
    main()
