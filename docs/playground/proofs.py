"""Which proofs can run in a web page: those that no kind in `unsupported_proofs.yml` describes."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("unsupported_proofs.yml")


@cache
def kinds() -> list[dict[str, Any]]:
    """Return the kinds of proofs that cannot."""
    kinds: list[dict[str, Any]] = yaml.safe_load(FILE.read_text("utf-8"))
    return kinds


def can_run(name: str, text: str) -> bool:
    """Return whether a proof can.

    Args:
        name: as a page cites it.
        text: its source, and that of what it uses in its file.
    """
    return not any(
        name in kind.get("proofs", ())
        or any(re.search(rf"\b{word}", f"{name}\n{text}") for word in kind.get("words", ()))
        for kind in kinds()
    )
