"""Show a proxy that forwards all but what belongs to its own hop."""

import asyncio

from aiohttp import ClientSession, WSServerHandshakeError, web
from aiohttp.test_utils import TestServer
from yarl import URL

from snippets.aiohttp.websocket.handshake import listen

TARGET = web.AppKey("TARGET", URL)

# --8<-- [start:forward]
OWN_HOP = {"connection", "upgrade", "keep-alive", "te", "trailer"}


async def forward(request: web.Request) -> web.Response:
    """Ask the target the same, and pass its answer on."""
    headers = {
        name: value
        for name, value in request.headers.items()
        if name.lower() not in OWN_HOP
    }
    url = request.app[TARGET].joinpath(request.path[1:])
    async with (
        ClientSession() as session,
        session.get(url, headers=headers) as answer,
    ):
        print("  target:", (await answer.text()).splitlines()[0])
        return web.Response(status=answer.status)


# --8<-- [end:forward]
async def knock(url: URL) -> str:
    """Try to open a WebSocket; return the status of the answer."""
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
        print("direct:", await knock(url))
        async with TestServer(proxy) as between:
            url = between.make_url("/")
            print("through the proxy:", await knock(url))


if __name__ == "__main__":
    asyncio.run(main())
