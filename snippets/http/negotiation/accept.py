"""Show the weight that Accept gives each media type."""

from snippets.http.negotiation.weights import parse_weighted


# --8<-- [start:quality]
def quality(accept: str, offer: str) -> float:
    """Return the weight of the most specific range that fits.

    Args:
        accept: The value of Accept; empty means no preference.
        offer: What the server has, such as `text/html;level=1`.

    Returns:
        The weight from 0 (not acceptable) to 1.

    Raises:
        ValueError: Accept does not parse.

    Source: RFC 9110 §12.4.1, §12.4.2, §12.5.1
    """
    [(name, parameters, _)] = parse_weighted(offer.lower())
    matching = ["*/*", f"{name.partition('/')[0]}/*", name]
    ranges = parse_weighted(accept.lower())
    best = (0, 0, 0.0 if ranges else 1.0)
    for value, wanted, weight in ranges:
        if "/" not in value:
            raise ValueError(accept)
        if value in matching and wanted.items() <= parameters.items():
            fit = (matching.index(value), len(wanted), weight)
            best = max(best, fit)
    return best[-1]


# --8<-- [end:quality]
ACCEPT = "*/*;q=0.1, text/*;q=0, text/html;q=0.5, text/html;level=1"
OFFERS = (
    "text/html;level=1",
    "text/html;level=2",
    "text/plain",
    "image/png",
)


def main() -> None:
    # --8<-- [start:call]
    print("Accept:", ACCEPT)
    for offer in OFFERS:
        print(f"{offer:18}", quality(ACCEPT, offer))
    # --8<-- [end:call]


if __name__ == "__main__":
    main()
