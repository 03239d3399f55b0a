"""Show what is said when the server is started wrongly."""

import contextlib
import sys
from pathlib import Path

from snippets.server.application.folders import Folders
from snippets.server.application.settings import Settings
from snippets.server.recreation.command import build_parser

WEB = Path(__file__).parent / "web"


# --8<-- [start:settings]
def read_settings(root: Path, words: list[str]) -> Settings:
    """Return what the flags say; folders that they leave out are new.

    Raises:
        SystemExit: a flag is wrong, or one of two that go together
            is missing.
    """
    parser = build_parser()
    given = parser.parse_args(words)
    if (given.tls_keyfile is None) != (given.tls_certfile is None):
        parser.error("--tls-keyfile and --tls-certfile go together")
    ours = Folders.below(given.temp_directory or root)
    return Settings(
        web_root=given.front_end_root or WEB,
        folders=Folders(
            given.input_directory or ours.input,
            given.output_directory or ours.output,
            ours.temp,
        ),
        models=root,
        listen=given.listen,
        port=given.port,
        cors_origin=given.enable_cors_header,
        max_upload_size=given.max_upload_size,
        tls_keyfile=given.tls_keyfile,
        tls_certfile=given.tls_certfile,
    )


# --8<-- [end:settings]
def main() -> None:
    for words in (["--port", "99999"], ["--tls-keyfile", "key.pem"]):
        with (
            contextlib.redirect_stderr(sys.stdout),
            contextlib.suppress(SystemExit),
        ):
            read_settings(Path(), words)


if __name__ == "__main__":
    main()
