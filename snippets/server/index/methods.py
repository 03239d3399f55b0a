"""Show what stands in PromptServer after its long __init__."""

from snippets.server.index.top_level import lines_of, parts_of


# --8<-- [start:methods]
def main() -> None:
    for region in parts_of("PromptServer"):
        if region["kind"] == "method":
            name = region["id"].removeprefix("PromptServer.")
            awaited = "async" if region["async"] else "     "
            print(lines_of(region), awaited, name)


# --8<-- [end:methods]
if __name__ == "__main__":
    main()
