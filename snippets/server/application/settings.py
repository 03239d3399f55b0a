"""Show what can be set before the server starts, and to what."""

import tempfile
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from snippets.server.application.folders import Folders


# --8<-- [start:settings]
@dataclass(frozen=True)
class Settings:
    """What `python -m snippets.server` takes from its flags.

    Source: ComfyUI v0.3.10, comfy/cli_args.py 36–50.
    """

    web_root: Path
    folders: Folders
    models: Path
    listen: str = "127.0.0.1"  # several, separated by commas
    port: int = 8188
    cors_origin: str | None = None
    max_upload_size: float = 100  # MB of 2**20 bytes; 0: no limit
    tls_keyfile: Path | None = None
    tls_certfile: Path | None = None

    @classmethod
    def below(cls, root: Path, **changes: Any) -> "Settings":
        """Put every folder below one, made where it is missing."""
        for name in ("web", "models"):
            (root / name).mkdir(exist_ok=True)
        folders = Folders.below(root)
        values = {"web_root": root / "web", "models": root / "models"}
        return cls(folders=folders, **{**values, **changes})


# --8<-- [end:settings]
def scratch(**changes: Any) -> Settings:
    """Return settings for a trial; their folders are gone again."""
    with tempfile.TemporaryDirectory() as root:
        return Settings.below(Path(root), **changes)


def main() -> None:
    settings = scratch(port=0)
    for field in fields(settings)[3:]:
        print(f"{field.name:16}", getattr(settings, field.name))


if __name__ == "__main__":
    main()
