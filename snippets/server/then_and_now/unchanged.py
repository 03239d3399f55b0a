"""Show what of server.py is word for word what it was."""

import json
import textwrap
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

THEN = Path(__file__).parents[1] / "maps/server.json"
NOW = Path(__file__).parent / "server.json"


# --8<-- [start:main]
def load(file: Path) -> tuple[list[str], list[dict[str, Any]]]:
    """Return the checksum of each line of server.py, and regions."""
    found = json.loads(file.read_text("utf-8"))
    return found["lines"].split(), found["regions"]


def standing(then: list[str], now: list[str]) -> int:
    """Count the lines that stand, in their order, as a diff does."""
    matcher = SequenceMatcher(None, then, now, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks())


def main() -> None:
    (then, regions), (now, _) = load(THEN), load(NOW)
    count = standing(then, now)
    print(f"{count} of {len(then)} lines: {count / len(then):.0%}")
    held = [
        region["id"].removeprefix("PromptServer.").replace(" ", "\xa0")
        for region in regions
        if " ".join(then[region["start"] - 1 : region["code_end"]])
        in " ".join(now)
    ]
    text = textwrap.fill(", ".join(held), 70).replace("\xa0", " ")
    print(f"{len(held)} regions:\n{text}")


# --8<-- [end:main]
if __name__ == "__main__":
    main()
