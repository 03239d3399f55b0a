"""Show which responses a shared cache, such as a proxy, may store."""

from snippets.http.caching.parsing import parse

CONTROLS = (
    "",
    "max-age=60",
    "no-cache",
    "public",
    "s-maxage=60",
    "must-revalidate",
    "private",
    "no-store",
)
EVEN_AUTHORIZED = {"must-revalidate", "public", "s-maxage"}


# --8<-- [start:may_store]
def may_store(control: str, *, authorized: bool) -> bool:
    """Say whether a shared cache may store a GET's 200.

    Args:
        control: The response's Cache-Control.
        authorized: Whether the request had `Authorization`.

    Returns:
        True if RFC 9111 allows it.

    Source: RFC 9111 §3, §3.5
    """
    directives = parse(control)
    if "no-store" in directives or "private" in directives:
        return False
    return not authorized or bool(EVEN_AUTHORIZED & directives.keys())


# --8<-- [end:may_store]
def main() -> None:
    print("Cache-Control    anyone's  with Authorization")
    # --8<-- [start:call]
    for control in CONTROLS:
        words = [
            "store" if may_store(control, authorized=flag) else "-"
            for flag in (False, True)
        ]
        print(f"{control or '(none)':17}{words[0]:10}{words[1]}")
    # --8<-- [end:call]


if __name__ == "__main__":
    main()
