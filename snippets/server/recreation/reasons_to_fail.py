"""Show why a server could not start, in the system's words."""

import errno
import socket
import ssl

from snippets.recreation.main import describe_error


# --8<-- [start:reasons]
def main() -> None:
    errors = (
        OSError(errno.EADDRINUSE, "while attempting to bind"),
        socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
        ssl.SSLError(9, "PEM lib"),
    )
    for error in errors:
        print(type(error).__name__, describe_error(error), sep=": ")


# --8<-- [end:reasons]
if __name__ == "__main__":
    main()
