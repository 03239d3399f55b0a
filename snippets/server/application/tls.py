"""Show when TLS is on, and what it asks of clients."""

import ssl
from pathlib import Path

from snippets.server.application.settings import Settings, scratch

# For trying things out: a key and its certificate, in one file.
PAIR = Path(__file__).parents[3] / "tests/server/localhost.pem"


# --8<-- [start:tls]
def tls_context(settings: Settings) -> ssl.SSLContext | None:
    """Return what TLS needs; None unless both files are given.

    Raises:
        OSError: a file is missing, or key and certificate do not
            belong together.

    Source: ComfyUI v0.3.10, server.py 809–815.
    """
    if not (settings.tls_keyfile and settings.tls_certfile):
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(settings.tls_certfile, settings.tls_keyfile)
    return context


# --8<-- [end:tls]
# --8<-- [start:main]
def main() -> None:
    for files in (
        {"tls_certfile": PAIR},
        {"tls_certfile": PAIR, "tls_keyfile": PAIR},
    ):
        context = tls_context(scratch(**files))
        print(*files, "->", context and context.verify_mode.name)
    insisting = ssl.SSLContext(
        ssl.PROTOCOL_TLS_SERVER, verify_mode=ssl.CERT_REQUIRED
    )
    print("verify_mode=CERT_REQUIRED ->", insisting.verify_mode.name)


# --8<-- [end:main]
if __name__ == "__main__":
    main()
