"""Show which checks a request comes to, and what it gets."""

import asyncio
import logging
from collections.abc import Iterator
from urllib.parse import urlsplit

from aiohttp import ClientSession

from snippets.recreation.server import is_loopback
from snippets.recreation.serving import serving

# --8<-- [start:requests]
REQUESTS = {
    "own": ("127.0.0.1:8188", "http://127.0.0.1:8188"),
    "localhost": ("127.0.0.1:8188", "http://localhost:8188"),
    "port": ("127.0.0.1:8188", "http://127.0.0.1:3000"),
    "foreign": ("127.0.0.1:8188", "https://evil.example"),
    "lan": ("192.168.0.5:8188", "https://evil.example"),
    "null": ("127.0.0.1:8188", "null"),
    "none": ("127.0.0.1:8188", None),
}


# --8<-- [end:requests]
# --8<-- [start:checks]
def checks(
    host: str, origin: str | None
) -> Iterator[tuple[str, bool, str]]:
    """Yield each check by name, its answer, what it looked at."""
    yield "headers", origin is not None, origin or "-"
    ours, theirs = urlsplit(f"//{host}"), urlsplit(str(origin))
    yield "loopback", is_loopback(ours.hostname), str(ours.hostname)
    left = ours.hostname if theirs.port is None else host
    right = theirs.hostname if ours.port is None else theirs.netloc
    yield "named", bool(left and right), theirs.hostname or "-"
    yield "differ", left != right, f"{left} {right}"


# --8<-- [end:checks]
# --8<-- [start:main]
async def follow(
    client: ClientSession, host: str, origin: str | None
) -> str:
    """Return the checks up to the first no, and the status."""
    steps = []
    for check, answer, seen in checks(host, origin):
        steps.append(f"{check} {'yes' if answer else 'no'} {seen}")
        if not answer:
            break
    headers = {"Host": host} | ({"Origin": origin} if origin else {})
    response = await client.get("/queue", headers=headers)
    return ", ".join([*steps, str(response.status)])


async def main() -> None:
    logging.disable()
    async with serving(worker=False) as served:
        for case, pair in REQUESTS.items():
            print(f"{case}: {await follow(served.client, *pair)}")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
