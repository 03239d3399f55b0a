"""Show how a node is checked: its inputs, and all that it needs."""

from snippets.recreation.execution import Verdict, validate_inputs


# --8<-- [start:below]
def main() -> None:
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
if __name__ == "__main__":
    main()
