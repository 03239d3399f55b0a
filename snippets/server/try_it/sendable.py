"""Show which requests cannot be sent, and what is wrong with them."""

import re
from collections.abc import Sequence

Headers = Sequence[tuple[str, str]]


# --8<-- [start:wrong]
TOKEN = re.compile(r"[-!#$%&'*+.^_`|~0-9A-Za-z]+")  # RFC 9110, 5.6.2
VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")


def wrong_part(method: str, path: str, headers: Headers) -> str | None:
    """Name the part of a request that cannot be sent, if one is."""
    if not TOKEN.fullmatch(method):
        return "method"
    if not re.match(r"/(?!/)", path):
        return "path"
    for name, value in headers:
        if not (TOKEN.fullmatch(name) and VALUE.fullmatch(value)):
            return "headers"
    return None


# --8<-- [end:wrong]
def main() -> None:
    for method, path, name in (
        ("GET", "/queue", "X-Mine"),
        ("G T", "/queue", "X-Mine"),
        ("GET", "queue", "X-Mine"),
        ("GET", "//evil.example", "X-Mine"),
        ("GET", "/queue", "X Mine"),
    ):
        print(
            method, path, name, wrong_part(method, path, [(name, "")])
        )


if __name__ == "__main__":
    main()
