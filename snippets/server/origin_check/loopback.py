"""Show which hosts count as this machine."""

from snippets.recreation.server import is_loopback


# --8<-- [start:main]
def main() -> None:
    for host in ("localhost", "127.0.0.2", "::1", "0.0.0.0"):
        print(host, is_loopback(host))


# --8<-- [end:main]
if __name__ == "__main__":
    main()
