"""Show how a node describes itself to the front end."""

from snippets.recreation.server import node_info


# --8<-- [start:described]
def main() -> None:
    for key, value in node_info("VAEDecode").items():
        print(f"{key:15}{value!r}")


# --8<-- [end:described]
if __name__ == "__main__":
    main()
