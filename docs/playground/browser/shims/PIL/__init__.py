"""A stand-in for Pillow in a browser's page, since no registry has a build of Pillow for Pyodide's Python.

It does as much as the snippets ask for, and says so when asked for more. PNG is read and written here,
exact to the pixel; JPEG and WebP are left to the browser, by `pictures.js`.
"""


class UnidentifiedImageError(OSError):
    """What was opened is no picture."""


def cannot(what: str) -> NotImplementedError:
    """Return the error for what only the real Pillow can do."""
    return NotImplementedError(f"this page's stand-in for Pillow cannot {what}")
