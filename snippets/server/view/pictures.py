"""Show a picture's colours without its alpha, and the reverse."""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import web
from PIL import Image


# --8<-- [start:respond]
def respond(
    picture: Image.Image, name: str, kind: str, **options: int
) -> web.Response:
    """Return a picture as a response, encoded anew."""
    file = BytesIO()
    picture.save(file, format=kind, **options)
    return web.Response(
        body=file.getvalue(),
        content_type=f"image/{kind}",
        headers={"Content-Disposition": f'filename="{name}"'},
    )


# --8<-- [end:respond]
# --8<-- [start:channel]
def colours(path: Path) -> web.Response:
    """Return a picture without its alpha channel, as PNG."""
    with Image.open(path) as picture:
        return respond(picture.convert("RGB"), path.name, "png")


def alpha(path: Path) -> web.Response:
    """Return the alpha channel of a picture, on black, as PNG.

    Only mode RGBA counts as having one.
    Source: ComfyUI v0.3.10, server.py 441–458.
    """
    with Image.open(path) as picture:
        shown = Image.new("RGBA", picture.size)
        if picture.mode == "RGBA":
            shown.putalpha(picture.getchannel("A"))
        else:
            shown.putalpha(255)
        return respond(shown, path.name, "png")


# --8<-- [end:channel]
# --8<-- [start:modes]
def main() -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.png")
        for mode, colour in (("RGBA", (9, 8, 7, 50)), ("LA", (9, 50))):
            Image.new(mode, (1, 1), colour).save(path)
            for answer in (colours(path), alpha(path)):
                body: Any = answer.body
                with Image.open(BytesIO(body)) as seen:
                    print(mode, seen.mode, seen.getpixel((0, 0)))


# --8<-- [end:modes]
if __name__ == "__main__":
    main()
