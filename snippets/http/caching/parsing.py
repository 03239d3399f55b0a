"""Show what a cache reads in a Cache-Control field, typos included."""

import re

from snippets.http.caching.directives import RESPONSE

FIELDS = (
    "public, max-age=60",
    'Max-Age="60"',
    "max-age=60, max-age=3600",
    'private="Set-Cookie, Age"',
    "no_cache",
    "no cache",
)


# --8<-- [start:parse]
DIRECTIVE = re.compile(r'([\w-]+)(?:=(?:"([^"]*)"|([^\s,]+)))?')


def parse(field: str) -> dict[str, str]:
    """Parse a Cache-Control field; of equal names the first counts.

    Args:
        field: The field value.

    Returns:
        The directives in lower case, each with its argument or "".

    Source: RFC 9111 §5.2, §4.2.1
    """
    found: dict[str, str] = {}
    for name, quoted, token in DIRECTIVE.findall(field):
        found.setdefault(name.lower(), quoted or token)
    return found


# --8<-- [end:parse]
def main() -> None:
    # --8<-- [start:call]
    for field in FIELDS:
        print(f"{field:26}", end="")
        for name, argument in parse(field).items():
            known = "" if name in RESPONSE else " (unknown)"
            print(f"  {name} {argument}".rstrip() + known, end="")
        print()
    # --8<-- [end:call]


if __name__ == "__main__":
    main()
