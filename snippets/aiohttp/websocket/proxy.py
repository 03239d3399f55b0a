"""Show a proxy that forwards all but hop-by-hop headers."""

import asyncio

from aiohttp import ClientSession, WSServerHandshakeError, web
from aiohttp.test_utils import TestServer
from yarl import URL

from snippets.aiohttp.websocket.handshake import listen

TARGET = web.AppKey("TARGET", URL)

# --8<-- [start:forward]
HOP_BY_HOP = {"connection", "upgrade", "keep-alive", "te", "trailer"}


async def forward(request: web.Request) -> web.Response:
    """Send the target the same request, and pass its status on."""
    headers = {
        name: value
        for name, value in request.headers.items()
        if name.lower() not in HOP_BY_HOP
    }
    url = request.app[TARGET].joinpath(request.path[1:])
    async with (
        ClientSession() as session,
        session.get(url, headers=headers) as response,
    ):
        print("  target:", (await response.text()).splitlines()[0])
        return web.Response(status=response.status)


# --8<-- [end:forward]
async def handshake(url: URL) -> str:
    """Try to open a WebSocket; return the response's status."""
    async with ClientSession() as session:
        try:
            await session.ws_connect(url)
        except WSServerHandshakeError as error:
            return f"{error.status}"
    return "101"


async def main() -> None:
    target, proxy = web.Application(), web.Application()
    target.router.add_get("/", listen)
    proxy.router.add_get("/", forward)
    async with TestServer(target) as server:
        url = proxy[TARGET] = server.make_url("/")
        # --8<-- [start:main]
        print("direct:", await handshake(url))
        async with TestServer(proxy) as proxy_server:
            url = proxy_server.make_url("/")
            print("through the proxy:", await handshake(url))
        # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
