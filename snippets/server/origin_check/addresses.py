"""Show that the order of a name's addresses decides."""

import socket
from ipaddress import ip_address
from unittest.mock import patch

from snippets.recreation.server import is_loopback

VERSIONS = {socket.AF_INET: 4, socket.AF_INET6: 6}


def counts(*addresses: str) -> bool:
    """Ask `is_loopback` about a name that has these addresses."""

    def look_up(
        host: str, port: None, family: socket.AddressFamily, kind: int
    ) -> list[tuple[object, ...]]:
        return [
            (family, kind, 0, "", (address, 0))
            for address in addresses
            if ip_address(address).version == VERSIONS[family]
        ]

    with patch("socket.getaddrinfo", look_up):
        return is_loopback("name.example")


# --8<-- [start:main]
def main() -> None:
    pair = "127.0.0.1", "8.8.8.8"
    print(counts(*pair))
    print(counts(*reversed(pair)))


# --8<-- [end:main]
if __name__ == "__main__":
    main()
