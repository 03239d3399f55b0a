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
    report({"load": prompt["load"]})
    report({"1": {"class_type": "No"}})
    del prompt["save"]["inputs"]["filename_prefix"]
    prompt["sample"]["inputs"] |= {
        "model": ["load", 1],  # the text encoder
        "latent_image": ["empty"],
        "seed": "many",
        "steps": 0,
    }
    report(prompt)


# --8<-- [end:refused]
if __name__ == "__main__":
    main()
