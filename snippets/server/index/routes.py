"""Show the routes of server.py, all of them inside __init__."""

from snippets.server.index.top_level import lines_of, parts_of


# --8<-- [start:routes]
def main() -> None:
    for region in parts_of("PromptServer.__init__"):
        if region["kind"] == "route":
            print(lines_of(region), region["id"])


# --8<-- [end:routes]
if __name__ == "__main__":
    main()
