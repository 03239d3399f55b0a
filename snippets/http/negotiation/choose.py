"""Show what a server picks, also for a header that is broken."""

from collections.abc import Sequence

from snippets.http.negotiation.accept import quality


# --8<-- [start:choose]
def choose(accept: str, offers: Sequence[str]) -> str | None:
    """Return the offer that the client wants most, or None."""
    try:
        weights = {offer: quality(accept, offer) for offer in offers}
    except ValueError:
        return offers[0]
    best = max(offers, key=weights.__getitem__)
    return best if weights[best] else None


# --8<-- [end:choose]
def main() -> None:
    # --8<-- [start:call]
    for header in (
        "",
        "text/html, application/xhtml+xml",
        "text/*",
        "image/png",
        "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
    ):
        print(header or "(none)")
        print("  ->", choose(header, ["text/plain", "text/html"]))
    # --8<-- [end:call]


if __name__ == "__main__":
    main()
