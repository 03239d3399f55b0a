"""Show how a prompt is checked: from an output, up its links."""

from typing import Any

from snippets.server.toy_nodes.inputs import (
    CONVERT,
    Problem,
    problem,
    value_problem,
)
from snippets.server.toy_nodes.kinds import KINDS
from snippets.server.toy_nodes.links import link_problem


# --8<-- [start:below]
def problems_below(prompt: Any, node: str) -> dict[str, list[Problem]]:
    """Return what is wrong with a node and all it needs, by node.

    A value that fits is converted in its place.
    Source: ComfyUI v0.3.10, execution.py 535–754.
    """
    own: list[Problem] = []
    found = {node: own}
    given = prompt[node]["inputs"]
    expected = KINDS[prompt[node]["class_type"]].inputs
    for name, (kind, limits) in expected.items():
        wrong: Problem | None
        if name not in given:
            kind, text = (
                "required_input_missing",
                "Required input is missing",
            )
            wrong = problem(kind, text, name, input_name=name)
        elif isinstance(given[name], list):
            wrong = link_problem(prompt, name, given[name], kind)
            if not wrong:
                found |= problems_below(prompt, given[name][0])
        else:
            wrong = value_problem(name, given[name], kind, limits)
            if not wrong and kind in CONVERT:
                given[name] = CONVERT[kind](given[name])
        own += [wrong] if wrong else []
    return {name: some for name, some in found.items() if some}


# --8<-- [end:below]
def main() -> None:
    save = {"images": ["decode", 0]}
    prompt = {
        "save": {"class_type": "SaveImage", "inputs": save},
        "decode": {"class_type": "VAEDecode", "inputs": {}},
    }
    for node, found in problems_below(prompt, "save").items():
        print(node, [one["details"] for one in found])


if __name__ == "__main__":
    main()
