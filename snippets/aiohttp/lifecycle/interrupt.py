"""Show which ways to run a server clean up after Ctrl-C."""

# --8<-- [start:imports]
import asyncio

# --8<-- [end:imports]
import signal

# --8<-- [start:web]
from aiohttp import web

# --8<-- [end:web]


# --8<-- [start:build_app]
def build_app(log: list[str]) -> web.Application:
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


# --8<-- [end:build_app]
# --8<-- [start:serve]
async def serve(app: web.Application, port: int) -> None:
    """Serve for ever, and clean up when stopped."""
    runner = web.AppRunner(app)
    try:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await asyncio.Event().wait()  # for ever
    finally:
        await runner.cleanup()


# --8<-- [end:serve]
def main() -> None:
    # --8<-- [start:ways]
    loop, log = asyncio.new_event_loop(), list[str]()
    task = loop.create_task(serve(build_app(log), 0))
    try:
        loop.run_until_complete(task)
    except KeyboardInterrupt:
        print("run_until_complete:", *log)
    log = []
    try:
        asyncio.run(serve(build_app(log), 0))
    except KeyboardInterrupt:
        print("asyncio.run:", *log)
    app = build_app(log := [])
    web.run_app(app, host="127.0.0.1", port=0, print=None)
    print("web.run_app:", *log)
    # --8<-- [end:ways]
    task.cancel()
    loop.run_until_complete(asyncio.wait([task]))
    loop.close()


if __name__ == "__main__":
    main()
