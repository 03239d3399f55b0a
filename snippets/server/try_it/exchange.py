"""Show a request as it went out, and the answer as it came."""

import asyncio
from base64 import b64encode
from typing import Any

from aiohttp import ClientSession, ClientTimeout

from snippets.server.recreation.local import serving
from snippets.server.try_it.sendable import Headers, wrong_part

OURS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


# --8<-- [start:exchange]
async def exchange(
    client: ClientSession,
    method: str,
    path: str,
    headers: Headers = (),
    body: str = "",
) -> dict[str, Any]:
    """Send it; return what went out and what came, as JSON can.

    Raises:
        ValueError: it cannot be sent; its text names the part.
        aiohttp.ClientError, TimeoutError: no whole answer came.
    """
    if part := wrong_part(method, path, headers):
        raise ValueError(part)
    async with client.request(
        method,
        path,
        headers=headers,
        data=body.encode() or None,
        skip_auto_headers=OURS,  # so: Host, and a body's length
        allow_redirects=False,
        timeout=ClientTimeout(total=10),
    ) as answer:
        content = await answer.read()
        shown = {"text": content.decode(errors="replace")}
        if answer.content_type.startswith("image/"):
            shown = {"picture": b64encode(content).decode()}
        return {
            "status": f"{answer.status} {answer.reason}",
            "sent": list(answer.request_info.headers.items()),
            "headers": list(answer.headers.items()),
            **shown,
        }


# --8<-- [end:exchange]
async def main() -> None:
    mine = [("Host", "127.0.0.1:8188"), ("If-None-Match", "*")]
    async with serving() as client:
        came = await exchange(client, "GET", "/", mine)
        print(came["status"], came["sent"], came["headers"][0])


if __name__ == "__main__":
    asyncio.run(main())
