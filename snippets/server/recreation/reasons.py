"""Show why a server could not start, in the system's words."""

import errno
import os
import socket
import ssl


# --8<-- [start:why]
def why(error: OSError) -> str:
    """Return the reason in the system's own words."""
    number = error.errno or 0
    known = number > 0 and not isinstance(error, ssl.SSLError)
    return os.strerror(number) if known else str(error.strerror)


# --8<-- [end:why]
def main() -> None:
    errors = (
        OSError(errno.EADDRINUSE, "while attempting to bind"),
        socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
        ssl.SSLError(9, "PEM lib"),
    )
    for error in errors:
        print(type(error).__name__, why(error), sep=": ")


if __name__ == "__main__":
    main()
