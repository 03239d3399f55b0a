"""Show which Cache-Control directives each side may send."""

# --8<-- [start:tables]
REQUEST = (
    "max-age",
    "max-stale",
    "min-fresh",
    "no-cache",
    "no-store",
    "no-transform",
    "only-if-cached",
)
RESPONSE = (
    "max-age",
    "must-revalidate",
    "must-understand",
    "no-cache",
    "no-store",
    "no-transform",
    "private",
    "proxy-revalidate",
    "public",
    "s-maxage",
)


# --8<-- [end:tables]
def section(name: str, table: tuple[str, ...], part: int) -> str:
    """Return where RFC 9111 defines a directive, or a dash.

    Args:
        name: The directive.
        table: The directives of one side, in the RFC's order.
        part: 1 for requests, 2 for responses.

    Returns:
        A section of the RFC, such as `5.2.2.9`, or `-`.

    Source: RFC 9111 §5.2.1, §5.2.2
    """
    if name not in table:
        return "-"
    return f"5.2.{part}.{table.index(name) + 1}"


def main() -> None:
    print("directive         request   response")
    # --8<-- [start:call]
    for name in sorted({*REQUEST, *RESPONSE}):
        request = section(name, REQUEST, 1)
        response = section(name, RESPONSE, 2)
        print(f"{name:18}{request:10}{response}")
    # --8<-- [end:call]


if __name__ == "__main__":
    main()
