"""Show what is said of a file, going by its name."""

import mimetypes
from pathlib import Path

# --8<-- [start:headers]
FORCED = {".html", ".htm", ".js", ".css"}
OPAQUE = "application/octet-stream"


def file_headers(name: str) -> dict[str, str]:
    """Return what is said of a file by its name, never its content.

    Source: ComfyUI v0.3.10, server.py 460–476.
    """
    kind = mimetypes.guess_type(name)[0] or OPAQUE
    if Path(name).suffix.lower() in FORCED:
        kind = OPAQUE  # a browser saves it, and shows no page
    shown = f'filename="{name}"'
    return {"Content-Disposition": shown, "Content-Type": kind}


# --8<-- [end:headers]
def main() -> None:
    for name in ("p.html", "p.js", "p.html.gz", "p.svg"):
        print(f"{name:10}", file_headers(name)["Content-Type"])


if __name__ == "__main__":
    main()
