"""Show which hosts count as this machine."""

import socket
from contextlib import suppress
from ipaddress import ip_address


def is_loopback(host: str | None) -> bool:
    """Tell whether a host is this machine; a name is looked up.

    Args:
        host: An address without brackets, or a name.

    Returns:
        What was found before the first foreign address ended the
        search, IPv4 first; False for a name that is not found.

    Raises:
        UnicodeError: The name cannot be looked up at all ("a..b").

    Source: ComfyUI v0.3.10, server.py, lines 85-108.
    """
    if host is None:
        return False
    with suppress(ValueError):
        return ip_address(host).is_loopback
    found = False
    for family in (socket.AF_INET, socket.AF_INET6):
        with suppress(socket.gaierror):
            for *_, address in socket.getaddrinfo(
                host, None, family, socket.SOCK_STREAM
            ):
                if not ip_address(address[0]).is_loopback:
                    return found
                found = True
    return found


def main() -> None:
    for host in ("localhost", "127.0.0.2", "::1", "0.0.0.0"):
        print(host, is_loopback(host))


if __name__ == "__main__":
    main()
