"""Show headers with which a stranger's file does no harm."""

from urllib.parse import quote

# --8<-- [start:headers]
SAFE = {
    "Content-Type": "application/octet-stream",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}


def harmless_headers(name: str) -> dict[str, str]:
    """Return headers for a file that anybody may have written.

    Whatever the name holds, the header stays one parameter of one
    line; see RFC 6266, section 4.3, and RFC 8187.
    """
    # --8<-- [start:gap]
    text = quote(name, safe="", errors="replace")
    shown = f"attachment; filename*=UTF-8''{text}"
    return {**SAFE, "Content-Disposition": shown}
    # --8<-- [end:gap]


# --8<-- [end:headers]
# --8<-- [start:main]
def main() -> None:
    for name in ("p.svg", 'a/"b\n.png', "图.png"):
        headers = harmless_headers(name)
        safe = headers.items() >= SAFE.items()
        print(safe, headers["Content-Disposition"])


# --8<-- [end:main]
if __name__ == "__main__":
    main()
