"""Show what is said of prompts that cannot run."""

from typing import Any

from snippets.server.toy_nodes.inputs import problem
from snippets.server.toy_nodes.kinds import KINDS
from snippets.server.toy_nodes.outputs import Verdict, check_outputs

CANNOT = "Cannot execute because"


# --8<-- [start:validate]
def validate(prompt: Any) -> Verdict:
    """Check a prompt; one good output is enough for it to run.

    Returns:
        What is wrong with all of it, the outputs that can run, and
        what is wrong by node.

    Raises:
        TypeError: it cannot be read as nodes by their ids.

    Source: ComfyUI v0.3.10, execution.py 762–870.
    """
    outputs = []
    for node in prompt:
        if "class_type" not in prompt[node]:
            text = "a node is missing the class_type property."
        elif (kind := prompt[node]["class_type"]) not in KINDS:
            text = f"node {kind} does not exist."
        else:
            outputs += [] if KINDS[kind].outputs else [node]
            continue
        text, where = f"{CANNOT} {text}", f"Node ID '#{node}'"
        return problem("invalid_prompt", text, where), [], []
    if not outputs:
        text = "Prompt has no outputs"
        return problem("prompt_no_outputs", text), [], []
    return check_outputs(prompt, outputs)


# --8<-- [end:validate]
def main() -> None:
    prompts: list[Any] = [{}, {"1": {}}, {"1": {"class_type": "No"}}]
    for prompt in prompts:
        error, _, _ = validate(prompt)
        print(error and error["message"])


if __name__ == "__main__":
    main()
