"""Show a certificate renewed while the server goes on serving."""

import asyncio
import ssl

from aiohttp import web

from snippets.recreation.cli_args import set_args
from snippets.recreation.server import tls_context
from snippets.server.listening.https import PAIR

RENEWED = PAIR.with_name("renewed.pem")


# --8<-- [start:name]
async def name(port: int) -> str:
    """Return the name in the certificate that a new client gets."""
    context = ssl.create_default_context(cafile=PAIR)
    context.load_verify_locations(RENEWED)
    _, writer = await asyncio.open_connection(
        "127.0.0.1", port, ssl=context
    )
    subject = writer.get_extra_info("peercert")["subject"]
    writer.close()
    await writer.wait_closed()
    return str(dict(part for (part,) in subject)["commonName"])


# --8<-- [end:name]
# --8<-- [start:renew]
async def main() -> None:
    pair = str(PAIR)
    set_args(["--tls-keyfile", pair, "--tls-certfile", pair])
    context = tls_context()
    assert context
    runner = web.AppRunner(web.Application())
    await runner.setup()
    await web.TCPSite(
        runner, "127.0.0.1", 0, ssl_context=context
    ).start()
    port = runner.addresses[0][1]
    print(await name(port))
    new = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    new.load_cert_chain(RENEWED)  # raises if they do not fit
    context.load_cert_chain(RENEWED)
    print(await name(port))
    await runner.cleanup()


# --8<-- [end:renew]
if __name__ == "__main__":
    asyncio.run(main())
