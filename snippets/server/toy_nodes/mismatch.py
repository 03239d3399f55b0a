"""Show a link to an output of the wrong type."""

from snippets.recreation.execution import validate_prompt
from snippets.recreation.serving import example_prompt


# --8<-- [start:mismatch]
def main() -> None:
    prompt = example_prompt()
    prompt["sample"]["inputs"]["model"] = ["load", 1]
    *_, node_errors = validate_prompt(prompt)
    for node_id, found in node_errors.items():
        for error in found["errors"]:
            print(f"{node_id}: {error['type']}: {error['details']}")


# --8<-- [end:mismatch]
if __name__ == "__main__":
    main()
