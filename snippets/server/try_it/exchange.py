"""Show a request as it was sent, and the response as it came."""

import asyncio
from base64 import b64encode
from typing import Any

from aiohttp import ClientResponse, ClientSession, ClientTimeout

from snippets.recreation.serving import serving
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
    """Send a request; return it and its response as JSON can.

    Raises:
        ValueError: it cannot be sent; its text names the part.
        aiohttp.ClientError, TimeoutError: no whole response came.
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
    ) as response:
        return await describe_response(response)


# --8<-- [end:exchange]
# --8<-- [start:describe]
async def describe_response(response: ClientResponse) -> dict[str, Any]:
    """Return a response, and the headers of its request."""
    content = await response.read()
    shown = {"text": content.decode(errors="replace")}
    if response.content_type.startswith("image/"):
        shown = {"picture": b64encode(content).decode()}
    return {
        "status": f"{response.status} {response.reason}",
        "sent": list(response.request_info.headers.items()),
        "headers": list(response.headers.items()),
        **shown,
    }


# --8<-- [end:describe]
async def main() -> None:
    mine = [("Host", "127.0.0.1:8188"), ("If-None-Match", "*")]
    async with serving() as (_, client, *_):
        received = await exchange(client, "GET", "/", mine)
        print(
            received["status"], received["sent"], received["headers"][0]
        )


if __name__ == "__main__":
    asyncio.run(main())
