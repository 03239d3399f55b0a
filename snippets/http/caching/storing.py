"""Show which answers a shared cache, such as a proxy, may store."""

from snippets.http.caching.parsing import parse

ANSWERS = (
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
def may_store(answer: str, *, authorized: bool) -> bool:
    """Say whether a shared cache may store a GET's 200.

    Args:
        answer: The answer's Cache-Control.
        authorized: Whether the request had `Authorization`.

    Returns:
        True if RFC 9111 allows it.

    Source: RFC 9111 §3, §3.5
    """
    told = parse(answer)
    if "no-store" in told or "private" in told:
        return False
    return not authorized or bool(EVEN_AUTHORIZED & told.keys())


# --8<-- [end:may_store]
def main() -> None:
    print("Cache-Control    anyone's  with Authorization")
    for answer in ANSWERS:
        words = [
            "store" if may_store(answer, authorized=flag) else "-"
            for flag in (False, True)
        ]
        print(f"{answer or '(none)':17}{words[0]:10}{words[1]}")


if __name__ == "__main__":
    main()
