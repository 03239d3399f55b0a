"""Show which responses a shared cache, such as a proxy, may store."""

from snippets.http.caching.freshness import parse

CONTROLS = (
    "",
    "max-age=60",
    "must-understand",
    "no-cache",
    "no-transform",
    "proxy-revalidate",
    "public",
    "s-maxage=60",
    "must-revalidate",
    "private",
    "no-store",
)
EVEN_AUTHORIZED = {"must-revalidate", "public", "s-maxage"}


# --8<-- [start:may_store]
def may_store(control: str, *, authorized: bool) -> bool:
    """Say whether a shared cache may store a GET's 200."""
    directives = parse(control)
    if "no-store" in directives or "private" in directives:
        return False
    return not authorized or bool(EVEN_AUTHORIZED & directives.keys())


# --8<-- [end:may_store]
def main() -> None:
    print("Cache-Control     without    with Authorization")
    # --8<-- [start:call]
    for control in CONTROLS:
        words = [
            "store" if may_store(control, authorized=flag) else "-"
            for flag in (False, True)
        ]
        print(f"{control or '(none)':18}{words[0]:11}{words[1]}")
    # --8<-- [end:call]


if __name__ == "__main__":
    main()
