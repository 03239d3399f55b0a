"""Show who answers what no route is made for."""

import asyncio
import tempfile
from pathlib import Path

from aiohttp import web

from snippets.server.application.listen import listen
from snippets.server.application.settings import Settings
from snippets.server.recreation.part import build

# --8<-- [start:requests]
REQUESTS = (
    "GET /queue",
    "GET /queue/",
    "GET /queue%2F",
    "GET /assets/../queue",
    "DELETE /queue",
    "GET /interrupt",
    "GET /nope",
    "POST /nope",
    "GET //nope",
    "GET /../nope",
    "GET /api",
    "GET /api/",
    "GET /internal/nope",
    "GET /api/internal/logs",
)


# --8<-- [end:requests]
async def ask(runner: web.AppRunner, line: str) -> str:
    """Send a line as it is; return status, type, methods allowed."""
    host, port = runner.addresses[0]
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


async def main() -> None:
    with tempfile.TemporaryDirectory() as root:
        settings = Settings.below(Path(root), port=0)
        (settings.web_root / "index.html").write_text("hello")
        runner = await listen(build(settings).app, settings)
        for line in REQUESTS:
            print(f"{line:24}{await ask(runner, line)}")
        await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
