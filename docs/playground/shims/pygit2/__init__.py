"""A shim for pygit2 in a web page, since pygit2 has no build for WebAssembly.

Much of the re-creation of server.py imports it, only to find its version. Any name can be imported; using one
raises an error that says why.
"""

from typing import NoReturn


class GitError(NotImplementedError):
    """The exception that callers of pygit2 catch, raised here by every use."""


class Missing:
    """A name that can be imported but not used."""

    def _fail(self, *args: object, **options: object) -> NoReturn:
        raise GitError("pygit2 has no build for the browser")

    __getattr__ = __call__ = __enter__ = __exit__ = __iter__ = _fail


class Signature:
    """The author of a commit: a plain value, which snippets create when they are imported."""

    def __init__(self, name: str, email: str, time: int = -1, offset: int = 0) -> None:
        self.name, self.email, self.time, self.offset = name, email, time, offset


def __getattr__(name: str) -> Missing:
    if name.startswith("__"):
        raise AttributeError(name)
    return Missing()
