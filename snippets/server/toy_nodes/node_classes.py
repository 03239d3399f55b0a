"""Show the toy nodes, under the names of real ones."""

from snippets.recreation.nodes import NODE_CLASS_MAPPINGS


# --8<-- [start:classes]
def main() -> None:
    for name, node in NODE_CLASS_MAPPINGS.items():
        kind = ["(an output node)"] if node.OUTPUT_NODE else []
        print(f"{name:23}", *node.RETURN_TYPES, *kind)


# --8<-- [end:classes]
if __name__ == "__main__":
    main()
