"""A shim for Pillow's module of the same name."""

from . import Image


def contain(image: Image.Image, size: tuple[int, int], method: int = -1) -> Image.Image:
    """Return the image as large as fits into a size, with the same aspect ratio."""
    width, height = image.size
    if width * size[1] > height * size[0]:
        size = size[0], round(height / width * size[0])
    elif width * size[1] < height * size[0]:
        size = round(width / height * size[1]), size[1]
    return image.resize(size, method) if all(size) else Image.new(image.mode, size)
