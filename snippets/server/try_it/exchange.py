"""Show a request as it was sent, and the response as it came."""

import asyncio
import re
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from aiohttp import ClientResponse, ClientSession, ClientTimeout

from snippets.recreation.serving import serving

Headers = Sequence[tuple[str, str]]
OURS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


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


# --8<-- [start:exchange]
async def exchange(
    client: ClientSession,
    method: str,
    path: str,
    headers: Headers = (),
    body: str = "",
) -> dict[str, Any]:
    """Send a request; return it and its response as JSON values.

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
        skip_auto_headers=OURS,  # only Host and a body's length
        allow_redirects=False,
        timeout=ClientTimeout(total=10),
    ) as response:
        return await describe_response(response)


# --8<-- [end:exchange]
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


# --8<-- [start:send]
async def main() -> None:
    mine = [("Host", "127.0.0.1:8188"), ("If-None-Match", "*")]
    async with serving() as (_, client, *_):
        result = await exchange(client, "GET", "/", mine)
    print(result["status"], result["sent"], result["headers"][0])
    for words in (("G T", "/queue"), ("GET", "queue")):
        print(*words, "->", wrong_part(*words, []))


# --8<-- [end:send]
if __name__ == "__main__":
    asyncio.run(main())
