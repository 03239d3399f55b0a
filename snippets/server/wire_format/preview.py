"""Show what becomes of a preview: its label, format and size."""

from io import BytesIO
from struct import pack

from PIL import Image, ImageOps

# --8<-- [start:preview]
Preview = tuple[str, Image.Image, int | None]  # format, picture, size


def encode_preview(preview: Preview) -> bytes:
    """Return four bytes of type, then the picture as a file.

    Args:
        preview: the format by Pillow's name, the picture, and how
            many pixels its longer side is to have; None leaves it
            as large as it is.

    Returns:
        Type 2 for PNG and 1 for any other format, then the file.

    Raises:
        OSError: the format cannot hold such a picture.
        ValueError: one side comes to nothing.

    Source: ComfyUI v0.3.10, server.py 747–769.
    """
    kind, picture, size = preview
    if size is not None:
        picture = ImageOps.contain(
            picture, (size, size), Image.Resampling.BILINEAR
        )
    file = BytesIO(pack(">I", 2 if kind == "PNG" else 1))
    file.seek(4)
    picture.save(file, format=kind, quality=95, compress_level=1)
    return file.getvalue()


# --8<-- [end:preview]
def main() -> None:
    # --8<-- [start:sizes]
    picture = Image.new("RGB", (64, 48), "red")
    for kind in ("JPEG", "PNG", "png", "WEBP"):
        data = encode_preview((kind, picture, None))
        found = Image.open(BytesIO(data[4:]))
        print(f"{kind}: type {data[3]}, found {found.format}")
    for size in (None, 16, 128):
        data = encode_preview(("JPEG", picture, size))
        found = Image.open(BytesIO(data[4:]))
        print(f"{size}: {found.width}x{found.height}")
    # --8<-- [end:sizes]


if __name__ == "__main__":
    main()
