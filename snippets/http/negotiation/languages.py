"""Show which languages an Accept-Language header lets through."""

import re

from snippets.http.negotiation.weights import parse_weighted

# --8<-- [start:weight]
LANGUAGE_RANGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*|\*")


def parse_languages(header: str) -> dict[str, float]:
    """Return the weight of each range; ValueError if one is broken."""
    members = parse_weighted(header)
    for value, parameters, _ in members:
        if parameters or not LANGUAGE_RANGE.fullmatch(value):
            raise ValueError(header)
    return {value: weight for value, _, weight in members}


def matches(wanted: str, tag: str) -> bool:
    """Say whether a range lets a tag through: basic filtering."""
    longer = f"{tag}-".lower().startswith(f"{wanted}-".lower())
    return longer or wanted == "*"


def language_weight(header: str, tag: str) -> float:
    """Return the weight of the longest range that fits, or 0."""
    ranges = parse_languages(header) or {"*": 1.0}
    fits = [(len(r), ranges[r]) for r in ranges if matches(r, tag)]
    return max(fits)[1] if fits else 0.0


# --8<-- [end:weight]
def main() -> None:
    # --8<-- [start:call]
    header = "en-US, en;q=0.5"
    print(parse_languages(header))
    for tag in ("en-US", "en-GB", "en", "zh-CN"):
        print(tag, language_weight(header, tag))
    # --8<-- [end:call]


if __name__ == "__main__":
    main()
