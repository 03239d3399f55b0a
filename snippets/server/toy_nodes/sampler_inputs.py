"""Show what the largest toy node takes."""

from snippets.recreation.nodes import KSampler


# --8<-- [start:inputs]
def main() -> None:
    inputs = KSampler.INPUT_TYPES()["required"]
    for name, (kind, limits) in inputs.items():
        print(f"{name:14}{kind:14}", limits or "")


# --8<-- [end:inputs]
if __name__ == "__main__":
    main()
