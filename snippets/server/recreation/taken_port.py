"""Show what the server says when its port is taken already."""

import socket

from snippets.recreation.main import main as start


# --8<-- [start:taken]
def main() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        try:
            start(["--port", str(port)])
        except SystemExit as error:
            print(str(error).replace(f":{port}", ":8188"))


# --8<-- [end:taken]
if __name__ == "__main__":
    main()
