"""Show what becomes of a picture for each value of preview."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from PIL import Image

from snippets.server.view.pictures import respond


# --8<-- [start:preview]
def preview(path: Path, query: Mapping[str, str]) -> web.Response:
    """Return a picture as WebP or JPEG: `preview=jpeg;80`.

    Raises:
        OSError: it is no picture.
        ValueError: Pillow cannot write it so.

    Source: ComfyUI v0.3.10, server.py 406–427.
    """
    wanted = query["preview"].split(";")
    kind, channel = wanted[0], query.get("channel", "")
    if kind not in ("webp", "jpeg") or "a" in channel:
        kind = "webp"
    quality = int(wanted[-1]) if wanted[-1].isdigit() else 90
    with Image.open(path) as picture:
        plain = kind == "jpeg" or channel == "rgb"
        shown = picture.convert("RGB") if plain else picture
        return respond(shown, path.name, kind, quality=quality)


# --8<-- [end:preview]
def attempt(path: Path, value: str, channel: str) -> str:
    """Return the type of the preview, or what was raised."""
    try:
        answer = preview(path, {"preview": value, "channel": channel})
    except ValueError as error:
        return type(error).__name__
    return answer.content_type


def main() -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.png")
        Image.new("RGBA", (60, 40)).save(path)
        for value, channel in (
            ("jpeg;80", ""),
            ("png", ""),
            ("jpeg;80", "alpha"),
            ("jpeg;999", ""),
            ("webp;999", ""),
            ("jpeg;²", ""),
        ):
            shown = attempt(path, value, channel)
            print(f"{value:9} {channel:6} {shown}")


if __name__ == "__main__":
    main()
