"""Show which names were forced to download, then and a year later."""

import mimetypes

from snippets.recreation.server import OPAQUE, file_headers

# --8<-- [start:today]
TYPES = mimetypes.MimeTypes()
TYPES.add_type("application/javascript; charset=utf-8", ".js")
FORCED_TYPES = {
    "text/html",
    "text/html-sandboxed",
    "application/xhtml+xml",
    "text/javascript",
    "text/css",
}


def forced_later(name: str) -> bool:
    """Say whether a file is sent as if its type were unknown.

    Source: ComfyUI v0.8.0 (2026-01-07), server.py 198 and 561–565.
    """
    return TYPES.guess_type(name)[0] in FORCED_TYPES


# --8<-- [end:today]
# --8<-- [start:main]
def main() -> None:
    print("name       v0.3.10   v0.8.0")
    for name in ("p.html", "p.html.gz", "p.js", "p.svg"):
        then = file_headers(name)["Content-Type"] == OPAQUE
        words = [
            "forced" if yes else "-"
            for yes in (then, forced_later(name))
        ]
        print(f"{name:10} {words[0]:9} {words[1]}")


# --8<-- [end:main]
if __name__ == "__main__":
    main()
