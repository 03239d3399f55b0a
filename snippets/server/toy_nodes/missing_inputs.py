"""Show how a prompt is checked: from each output, up its links."""

from snippets.recreation.execution import (
    Verdict,
    validate_inputs,
    validate_prompt,
)


# --8<-- [start:below]
def check_save() -> None:
    save = {"images": ["decode", 0]}
    prompt = {
        "save": {"class_type": "SaveImage", "inputs": save},
        "decode": {"class_type": "VAEDecode", "inputs": {}},
    }
    validated: dict[str, Verdict] = {}
    validate_inputs(prompt, "save", validated)
    for node_id, (valid, errors, _) in validated.items():
        print(node_id, valid, [error["details"] for error in errors])


# --8<-- [end:below]
# --8<-- [start:outputs]
def check_two_outputs() -> None:
    fail = {"class_type": "Fail", "inputs": {"message": "no"}}
    save = {"class_type": "SaveImage", "inputs": {"images": ["9", 0]}}
    _, error, outputs, bad = validate_prompt({"1": fail, "2": save})
    print(error, outputs, list(bad))


def main() -> None:
    check_save()
    check_two_outputs()


# --8<-- [end:outputs]
if __name__ == "__main__":
    main()
