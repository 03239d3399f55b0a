"""Show the weight that Accept gives each media type."""

from snippets.http.negotiation.weights import parse_weighted


# --8<-- [start:quality]
def quality(accept: str, offer: str) -> float:
    """Return the weight of the most specific range that fits."""
    name, parameters, _ = parse_weighted(offer.lower())[0]
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
