"""Show one application that listens in two places."""

import asyncio

from aiohttp import ClientSession, web


async def echo(request: web.Request) -> web.Response:
    return web.Response(text=request.path)


def build_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/{name}", echo)
    return app


# --8<-- [start:main]
async def main() -> None:
    runner = web.AppRunner(build_app())
    await runner.setup()
    first = web.TCPSite(runner, "127.0.0.1", port=0)
    second = web.TCPSite(runner, "127.0.0.1", port=0)
    async with ClientSession() as session:
        for site in (first, second):
            await site.start()
            print("port above 0:", site.port > 0)
            response = await session.get(f"{site.name}/hello")
            print(await response.text())
    await first.stop()
    print("addresses left:", len(runner.addresses))
    await runner.cleanup()


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
