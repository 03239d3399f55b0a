"""Show which language an Accept-Language header finds by lookup."""

import re
from collections.abc import Iterator, Sequence

from snippets.http.negotiation.weights import parse_weighted

# --8<-- [start:parse]
LANGUAGE_RANGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*|\*")


def parse_languages(header: str) -> dict[str, float]:
    """Return the weight of each range; ValueError if one is broken."""
    members = parse_weighted(header)
    for value, parameters, _ in members:
        if parameters or not LANGUAGE_RANGE.fullmatch(value):
            raise ValueError(header)
    return {value: weight for value, _, weight in members}


# --8<-- [end:parse]
# --8<-- [start:lookup]
LAST_PART = re.compile(r"(-.)?-[^-]+$|^[^-]+$")


def shortened(wanted: str) -> Iterator[str]:
    """Yield a range, then again and again without its last part."""
    while wanted:
        yield wanted
        wanted = LAST_PART.sub("", wanted)


def lookup(header: str, tags: Sequence[str]) -> str | None:
    """Return the tag that the client wants most, or None."""
    try:
        ranges = parse_languages(header.lower())
    except ValueError:
        return None
    offers = {tag.lower(): tag for tag in tags}
    for wanted in sorted(ranges, key=ranges.__getitem__, reverse=True):
        for part in shortened(wanted) if ranges[wanted] else ():
            if part in offers and ranges.get(part, 1):
                return offers[part]
    return None


# --8<-- [end:lookup]
def main() -> None:
    # --8<-- [start:call]
    for wanted in ("zh-Hant-TW", "zh-x-abc"):
        print(*shortened(wanted))
    for header in (
        "zh-Hant-TW",
        "en-US, zh;q=0.5",
        "en-US, en;q=0",
        "fr",
    ):
        print(header, "->", lookup(header, ["en", "zh"]))
    # --8<-- [end:call]


if __name__ == "__main__":
    main()
