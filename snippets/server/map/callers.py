"""Show who calls a function of server.py, and who calls the caller."""

from snippets.server.map.top_level import load_regions


# --8<-- [start:callers]
def callers(name: str) -> list[str]:
    """Return the ids of the regions that call a function.

    Args:
        name: What is called, as the code says it: `self.send`.

    Source: ComfyUI v0.3.10, server.py
    """
    return [r["id"] for r in load_regions() if name in r["calls"]]


def climb(name: str, depth: int = 0) -> None:
    """Print a function's callers, their callers below each."""
    for caller in callers(name):
        print("  " * depth + caller)
        climb(caller.replace("PromptServer", "self"), depth + 1)


# --8<-- [end:callers]
def main() -> None:
    climb("send_socket_catch_exception")


if __name__ == "__main__":
    main()
