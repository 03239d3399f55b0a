"""Show what four clients get from one port that serves TLS."""

import asyncio
import ssl

from aiohttp import ClientError, ClientSession, web

from snippets.server.application.listen import listen
from snippets.server.application.settings import scratch
from snippets.server.application.tls import PAIR


# --8<-- [start:visit]
async def visit(url: str, trust: ssl.SSLContext | bool = True) -> str:
    """Return the status, or the kind of failure."""
    async with ClientSession() as session:
        try:
            async with session.get(url, ssl=trust) as answer:
                return f"{answer.url.scheme} {answer.status}"
        except ClientError as error:
            return type(error).__name__


async def visits(port: int) -> dict[str, str]:
    """Return what each kind of client gets."""
    knowing = ssl.create_default_context(cafile=PAIR)
    host = f"127.0.0.1:{port}"
    return {
        "knows the certificate": await visit(
            f"https://{host}", knowing
        ),
        "checks nothing": await visit(f"https://{host}", False),
        "checks as usual": await visit(f"https://{host}"),
        "without TLS": await visit(f"http://{host}"),
    }


# --8<-- [end:visit]
async def main() -> None:
    settings = scratch(port=0, tls_keyfile=PAIR, tls_certfile=PAIR)
    runner = await listen(web.Application(), settings)
    for client, got in (await visits(runner.addresses[0][1])).items():
        print(f"{client:22}{got}")
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
