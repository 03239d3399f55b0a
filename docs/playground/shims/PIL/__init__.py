"""A shim for Pillow in a web page, since no registry has a build of Pillow for Pyodide's Python.

It implements what the snippets use, and raises `NotImplementedError` for the rest. PNG is read and written
here, exact to the pixel; JPEG and WebP by the browser (browser/image_codec.js).
"""


class UnidentifiedImageError(OSError):
    """The file is not an image."""


def cannot(what: str) -> NotImplementedError:
    """Return the exception for what only the real Pillow can do."""
    return NotImplementedError(f"this page's shim for Pillow cannot {what}")
