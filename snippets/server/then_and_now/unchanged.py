"""Show what of server.py is word for word what it was."""

import json
import textwrap
from collections import Counter
from pathlib import Path

CHANGES = Path(__file__).parent / "changes.json"


# --8<-- [start:main]
def main() -> None:
    regions = json.loads(CHANGES.read_text("utf-8"))["regions"]
    print(dict(Counter(region["state"] for region in regions)))
    held = [r["region"] for r in regions if r["state"] == "moved"]
    names = [name.removeprefix("PromptServer.") for name in held]
    text = ", ".join(name.replace(" ", "\xa0") for name in names)
    print(textwrap.fill(text, 70).replace("\xa0", " "))


# --8<-- [end:main]
if __name__ == "__main__":
    main()
