"""Show the toy nodes, under the names of real ones."""

from snippets.recreation.nodes import NODE_CLASS_MAPPINGS, KSampler


# --8<-- [start:classes]
def main() -> None:
    for name, node in NODE_CLASS_MAPPINGS.items():
        kind = ["(an output)"] if node.OUTPUT_NODE else []
        print(f"{name:23}", *node.RETURN_TYPES, *kind)
    print("\nKSampler takes:")
    inputs = KSampler.INPUT_TYPES()["required"]
    for name, (type_, limits) in inputs.items():
        print(f"{name:14}{type_:14}", limits or "")


# --8<-- [end:classes]
if __name__ == "__main__":
    main()
