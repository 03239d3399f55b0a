"""Show what a limit means when a form is read part by part."""

import asyncio
from collections.abc import AsyncIterator

from aiohttp import BodyPartReader, FormData, web
from aiohttp.test_utils import TestClient, TestServer

LIMIT = 10


# --8<-- [start:parts]
async def parts(request: web.Request) -> AsyncIterator[BodyPartReader]:
    """Yield the parts of a multipart form."""
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)  # no form in a form
        yield part


# --8<-- [end:parts]
# --8<-- [start:unlimited]
async def whole(request: web.Request) -> web.Response:
    """Read each part whole."""
    sizes = [len(await part.read()) async for part in parts(request)]
    return web.Response(text=f"{sum(sizes)} bytes")


async def chunks(request: web.Request) -> web.Response:
    """Read each part in pieces, and only count them."""
    size = 0
    async for part in parts(request):
        while chunk := await part.read_chunk():
            size += len(chunk)
    return web.Response(text=f"{size} bytes")


# --8<-- [end:unlimited]
# --8<-- [start:counted]
async def counted(request: web.Request) -> web.Response:
    """Read each part in pieces, and stop above the limit."""
    size = 0
    async for part in parts(request):
        while chunk := await part.read_chunk():
            size += len(chunk)
            if size > LIMIT:
                raise web.HTTPRequestEntityTooLarge(LIMIT, size)
    return web.Response(text=f"{size} bytes")


# --8<-- [end:counted]
def build_app() -> web.Application:
    app = web.Application(client_max_size=LIMIT)
    for handler in (whole, chunks, counted):
        app.router.add_post(f"/{handler.__name__}", handler)
    return app


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:main]
        for path in ("/whole", "/chunks", "/counted"):
            for sizes in ([6], [6, 6], [12]):
                form = FormData()
                for size in sizes:
                    form.add_field("f", bytes(size), filename="f")
                response = await client.post(path, data=form)
                text = await response.text()
                print(f"{path:9}{sizes!s:7}{response.status} {text}")
        # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
