"""Show when TLS is on, and what it asks of clients."""

import ssl
from pathlib import Path

from snippets.recreation.cli_args import args
from snippets.recreation.server import tls_context

# For trying things out: a key and its certificate, in one file.
PAIR = Path(__file__).with_name("localhost.pem")


# --8<-- [start:main]
def main() -> None:
    args.tls_certfile = PAIR
    print("certificate:", tls_context())
    args.tls_keyfile = PAIR
    context = tls_context()
    assert context
    print("certificate and key:", context.verify_mode.name)
    insisting = ssl.SSLContext(
        ssl.PROTOCOL_TLS_SERVER, verify_mode=ssl.CERT_REQUIRED
    )
    print("verify_mode=CERT_REQUIRED:", insisting.verify_mode.name)


# --8<-- [end:main]
if __name__ == "__main__":
    main()
