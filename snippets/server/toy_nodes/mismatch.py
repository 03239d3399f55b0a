"""Show a link to an output of the wrong type."""

import json

from snippets.server.recreation.talk import PROMPT
from snippets.server.toy_nodes.validation import validate


# --8<-- [start:mismatch]
def main() -> None:
    prompt = json.loads(PROMPT.read_text("utf-8"))
    prompt["sample"]["inputs"]["model"] = ["load", 1]
    _, _, nodes = validate(prompt)
    for node, problems in nodes.items():
        for one in problems["errors"]:
            print(f"{node}: {one['type']}: {one['details']}")


# --8<-- [end:mismatch]
if __name__ == "__main__":
    main()
