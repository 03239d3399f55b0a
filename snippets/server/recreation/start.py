"""Show what the server says when somebody is there already."""

import asyncio
import logging
import socket
import tempfile
from pathlib import Path

from snippets.server.application.listen import listen
from snippets.server.application.settings import Settings
from snippets.server.recreation.options import read_settings
from snippets.server.recreation.part import build
from snippets.server.recreation.reasons import why
from snippets.server.toy_nodes.worker import start_worker


# --8<-- [start:serve]
async def serve(settings: Settings) -> None:
    """Serve until a message cannot be sent, or Ctrl-C.

    Raises:
        SystemExit: nobody can listen there, or with that key.

    Source: ComfyUI v0.3.10, main.py 210–214 and 235–300.
    """
    server = build(settings)
    start_worker(server)
    try:
        await listen(server.app, settings)
    except OSError as error:
        where = f"{settings.listen}:{settings.port}"
        raise SystemExit(
            f"cannot serve {where}: {why(error)}"
        ) from None
    await server.publish_loop()


def start(words: list[str]) -> None:
    """Serve with these flags; new folders are gone afterwards."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with tempfile.TemporaryDirectory() as root:
        try:
            asyncio.run(serve(read_settings(Path(root), words)))
        except KeyboardInterrupt:
            logging.info("stopped")


# --8<-- [end:serve]
def main() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        try:
            start(["--port", str(port)])
        except SystemExit as error:
            print(str(error).replace(f":{port}", ":8188"))


if __name__ == "__main__":
    main()
