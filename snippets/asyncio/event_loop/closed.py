"""Show a session that outlives its event loop, and the repair."""

import asyncio

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer


async def make_session() -> ClientSession:
    return ClientSession()


async def ask(session: ClientSession) -> int:
    """Ask a server of our own; return the status."""
    async with (
        TestServer(web.Application()) as server,
        session.get(server.make_url("/")) as response,
    ):
        return response.status


# --8<-- [start:closed]
def two_runs() -> None:
    """Make the session in one run, use it in another."""
    session = asyncio.run(make_session())
    try:
        asyncio.run(ask(session))
    except RuntimeError as error:
        print(f"two runs: {type(error).__name__}: {error}")
    asyncio.run(session.close())  # it has no connection to close


async def one_run() -> None:
    """Make, use and close the session in the same run."""
    async with ClientSession() as session:
        print("one run:", await ask(session))


# --8<-- [end:closed]
def main() -> None:
    two_runs()
    asyncio.run(one_run())


if __name__ == "__main__":
    main()
