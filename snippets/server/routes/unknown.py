"""Show who answers what no route is made for."""

import asyncio
import tempfile
from pathlib import Path

from snippets.recreation.serving import serving

# --8<-- [start:requests]
REQUESTS = {
    "no route": ("GET /nope", "POST /nope"),
    "not for this method": ("DELETE /queue", "GET /interrupt"),
    "a trailing slash": ("GET /queue/",),
    "two slashes in front": ("GET //nope",),
    "below /api and /internal": (
        "GET /api",
        "GET /api/",
        "GET /internal/nope",
        "GET /api/internal/logs",
    ),
}


# --8<-- [end:requests]
async def ask(address: tuple[str, int], line: str) -> str:
    """Send a line as it is; return status, type, methods allowed."""
    host, port = address
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(f"{line} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    writer.close()
    first, *lines = head.strip().split("\r\n")
    fields = dict(line.split(": ") for line in lines)
    kind = fields.get("Content-Type", "").partition(";")[0]
    return (
        f"{first.split()[1]} {kind} {fields.get('Allow', '')}".strip()
    )


# --8<-- [start:show]
async def show(web_root: str) -> None:
    """Print what each line gets."""
    flags = "--front-end-root", web_root
    async with serving(*flags, worker=False) as served:
        for title, lines in REQUESTS.items():
            print(f"{title}:")
            for line in lines:
                print(f"  {line:24}{await ask(served.address, line)}")


# --8<-- [end:show]
def main() -> None:
    with tempfile.TemporaryDirectory() as web_root:
        Path(web_root, "index.html").write_text("hello")
        asyncio.run(show(web_root))


if __name__ == "__main__":
    main()
