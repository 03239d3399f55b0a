"""Show the server listening at two addresses, with one runner."""

import asyncio
import logging
import sys

from aiohttp import ClientSession, web

from snippets.server.application.settings import Settings, scratch
from snippets.server.application.tls import tls_context


# --8<-- [start:listen]
async def listen(
    app: web.Application, settings: Settings
) -> web.AppRunner:
    """Listen at every address; return the runner they share.

    Source: ComfyUI v0.3.10, server.py 806–833.
    """
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    context = tls_context(settings)
    for host in settings.listen.split(","):
        await web.TCPSite(
            runner, host, settings.port, ssl_context=context
        ).start()
        shown = f"[{host}]" if ":" in host else host
        scheme = "https" if context else "http"
        logging.info("%s://%s:%s", scheme, shown, settings.port)
    return runner


# --8<-- [end:listen]
async def main() -> None:
    level, stream = logging.INFO, sys.stdout
    logging.basicConfig(
        level=level, stream=stream, format="%(message)s"
    )
    settings = scratch(listen="127.0.0.1,127.0.0.1", port=0)
    runner = await listen(web.Application(), settings)
    async with ClientSession() as session:
        for site in runner.sites:
            print((await session.get(site.name)).status)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
