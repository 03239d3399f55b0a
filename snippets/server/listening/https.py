"""Show what four clients get from one port that serves TLS."""

import asyncio
import ssl
from pathlib import Path

from aiohttp import ClientError, ClientSession

from snippets.recreation.serving import serving

# For trying things out: a key and its certificate, in one file.
PAIR = Path(__file__).with_name("localhost.pem")


# --8<-- [start:visit]
async def visit(url: str, trust: ssl.SSLContext | bool = True) -> str:
    """Return the status, or the kind of failure."""
    async with ClientSession() as session:
        try:
            async with session.get(url, ssl=trust) as response:
                return f"{response.url.scheme} {response.status}"
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
# --8<-- [start:main]
async def main() -> None:
    flags = "--tls-keyfile", str(PAIR), "--tls-certfile", str(PAIR)
    async with serving(*flags, worker=False) as served:
        for client, got in (await visits(served.address[1])).items():
            print(f"{client:22}{got}")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
