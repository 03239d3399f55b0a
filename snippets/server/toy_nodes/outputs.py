"""Show a prompt of two outputs, one of which can run."""

import traceback
from typing import Any

from snippets.server.toy_nodes.inputs import Problem, problem
from snippets.server.toy_nodes.tree import problems_below

Verdict = tuple[Problem | None, list[str], Any]
NONE_CAN_RUN = "prompt_outputs_failed_validation"


# --8<-- [start:outputs]
def check(prompt: Any, output: str) -> dict[str, list[Problem]]:
    """Return what is wrong, even where looking for it fails."""
    try:
        return problems_below(prompt, output)
    except Exception as error:  # a link into nowhere, a circle …
        kind = "exception_during_validation"
        text = "Exception when validating node"
        trace = traceback.format_tb(error.__traceback__)
        name = type(error).__name__
        more = {"exception_type": name, "traceback": trace}
        return {output: [problem(kind, text, str(error), **more)]}


def check_outputs(prompt: Any, outputs: list[str]) -> Verdict:
    """Keep the outputs that can run; say what others lack."""
    good, details = [], []
    nodes: dict[str, Any] = {}
    for output in outputs:
        found = check(prompt, output)
        good += [] if found else [output]
        for node, problems in found.items():
            entry = {"errors": problems, "dependent_outputs": []}
            entry["class_type"] = prompt[node]["class_type"]
            nodes.setdefault(node, entry)
            nodes[node]["dependent_outputs"].append(output)
        for one in found.get(output, []):
            details.append(f"{one['message']}: {one['details']}")
    if good:
        return None, good, nodes
    text = "Prompt outputs failed validation"
    return problem(NONE_CAN_RUN, text, "\n".join(details)), [], nodes


# --8<-- [end:outputs]
def main() -> None:
    fail = {"class_type": "Fail", "inputs": {"message": "no"}}
    save = {"class_type": "SaveImage", "inputs": {"images": ["9", 0]}}
    error, good, nodes = check_outputs(
        {"1": fail, "2": save}, ["1", "2"]
    )
    print(error, good, list(nodes))


if __name__ == "__main__":
    main()
