"""Show which stored copies a request's directives allow."""

from snippets.http.caching.freshness import parse

COPIES = (0, 600), (1800, 7200), (7200, 9000), (1800, 600)
REQUESTS = (
    "",
    "max-age=3600",
    "max-age=3600, max-stale",
    "max-age=0",
    "no-cache",
    "no-store",
)


# --8<-- [start:reusable]
def reusable(age: int, lifetime: int, request: str) -> bool:
    """Say whether a copy may be used without asking the server."""
    directives = parse(request)
    if "no-cache" in directives:
        return False
    if age > int(directives.get("max-age", age)):
        return False
    if "max-stale" in directives:
        return age - lifetime <= int(directives["max-stale"] or age)
    return age < lifetime


# --8<-- [end:reusable]
def main() -> None:
    heads = [f"{age}/{lifetime}" for age, lifetime in COPIES]
    print(f"{'age/lifetime':23}", *(f"{head:>10}" for head in heads))
    # --8<-- [start:call]
    for request in REQUESTS:
        print(f"{request or '(none)':23}", end="")
        for age, lifetime in COPIES:
            use = reusable(age, lifetime, request)
            print(f"{'use' if use else 'ask':>11}", end="")
        print()
    # --8<-- [end:call]


if __name__ == "__main__":
    main()
