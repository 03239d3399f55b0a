"""Show a client of a guarded server, without and with its token."""

import asyncio
from urllib.request import Request, urlopen

from aiohttp import ClientSession, WSServerHandshakeError, web
from aiohttp.test_utils import TestServer
from yarl import URL

from snippets.http.authorization.guard import build_app

HEADERS = {"Authorization": "Bearer wr1te"}


async def listen(request: web.Request) -> web.WebSocketResponse:
    ws = web.WebSocketResponse()
    await ws.prepare(request)
    await ws.close()
    return ws


# --8<-- [start:use]
async def use(url: URL, headers: dict[str, str]) -> None:
    """Post, then open a WebSocket; say what the server answers."""
    async with ClientSession(headers=headers) as session:
        async with session.post(url / "queue") as response:
            print("POST /queue ->", response.status, end=" ")
            print(response.headers.get("WWW-Authenticate", "-"))
        try:
            async with session.ws_connect(url / "ws"):
                print("GET /ws -> 101")
        except WSServerHandshakeError as error:
            print("GET /ws ->", error.status)


def post(url: str, headers: dict[str, str]) -> int:
    """Do the same with the standard library."""
    request = Request(url, data=b"{}", headers=headers)
    with urlopen(request) as response:
        status: int = response.status
        return status


# --8<-- [end:use]
async def main() -> None:
    app = build_app()
    app.router.add_get("/ws", listen)
    async with TestServer(app) as server:
        url = server.make_url("/")
        # --8<-- [start:call]
        await use(url, {})
        await use(url, HEADERS)
        sent = await asyncio.to_thread(post, f"{url}queue", HEADERS)
        print("urllib: POST /queue ->", sent)
        # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
