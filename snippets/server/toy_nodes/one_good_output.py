"""Show a prompt of two outputs, one of which can run."""

from snippets.recreation.execution import validate_prompt


# --8<-- [start:outputs]
def main() -> None:
    fail = {"class_type": "Fail", "inputs": {"message": "no"}}
    save = {"class_type": "SaveImage", "inputs": {"images": ["9", 0]}}
    valid, _, good, bad = validate_prompt({"1": fail, "2": save})
    print(f"valid: {valid}, runs: {good}, problems: {list(bad)}")


# --8<-- [end:outputs]
if __name__ == "__main__":
    main()
