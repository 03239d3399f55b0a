"""Show what is said of prompts that cannot run."""

from typing import Any

from snippets.recreation.execution import validate_prompt
from snippets.recreation.serving import example_prompt


# --8<-- [start:refused]
def report(prompt: Any) -> None:
    """Check a prompt that cannot run; print what is said of it."""
    _, error, _, node_errors = validate_prompt(prompt)
    assert error
    print(f"{error['type']}: {error['message']}")
    for node_id, found in dict(node_errors).items():
        for wrong in found["errors"]:
            print(f"  {node_id}: {wrong['type']}: {wrong['message']}")


def main() -> None:
    prompt = example_prompt()
    report({"load": prompt["load"]})  # no output node
    report({"1": {"class_type": "No"}})  # an unknown class
    del prompt["save"]["inputs"]["filename_prefix"]  # 1: missing
    prompt["sample"]["inputs"] |= {
        "model": ["load", 1],  # 2: the text encoder
        "latent_image": ["empty"],  # 3: a link has two items
        "seed": "many",  # 4: not a number
        "steps": 0,  # 5: below the minimum
    }
    report(prompt)


# --8<-- [end:refused]
if __name__ == "__main__":
    main()
