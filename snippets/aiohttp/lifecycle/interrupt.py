"""Show which ways to run a server clean up after Ctrl-C."""

import asyncio
import signal

from aiohttp import web

Log = list[str]


def build_app(log: Log) -> web.Application:
    """Return an application that sends itself Ctrl-C (SIGINT)."""

    async def start(app: web.Application) -> None:
        log.append("startup")
        loop = asyncio.get_running_loop()
        loop.call_later(0.2, signal.raise_signal, signal.SIGINT)

    async def clean(app: web.Application) -> None:
        log.append("cleanup")

    app = web.Application()
    app.on_startup.append(start)
    app.on_cleanup.append(clean)
    return app


# --8<-- [start:serve]
async def serve(log: Log) -> None:
    """Serve for ever, and clean up when stopped."""
    runner = web.AppRunner(build_app(log), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


# --8<-- [end:serve]
def main() -> None:
    # --8<-- [start:ways]
    loop, log = asyncio.new_event_loop(), Log()
    task = loop.create_task(serve(log))
    try:
        loop.run_until_complete(task)
    except KeyboardInterrupt:
        print("run_until_complete:", *log)
    log = Log()
    try:
        asyncio.run(serve(log))
    except KeyboardInterrupt:
        print("asyncio.run:", *log)
    app = build_app(log := Log())
    web.run_app(app, host="127.0.0.1", port=0, print=None)
    print("web.run_app:", *log)
    # --8<-- [end:ways]
    task.cancel()
    loop.run_until_complete(asyncio.wait([task]))
    loop.close()


if __name__ == "__main__":
    main()
