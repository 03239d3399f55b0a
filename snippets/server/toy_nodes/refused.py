"""Show what is said of prompts that cannot run."""

from typing import Any

from snippets.recreation.execution import validate_prompt


# --8<-- [start:refused]
def main() -> None:
    prompts: list[Any] = [{}, {"1": {}}, {"1": {"class_type": "No"}}]
    for prompt in prompts:
        _, error, *_ = validate_prompt(prompt)
        print(error and error["message"])


# --8<-- [end:refused]
if __name__ == "__main__":
    main()
