"""A stand-in for pygit2 in a browser's page, since pygit2 has no build for WebAssembly.

Much of the re-creation of the server imports it, and only to tell its version. Any name can be imported, and
using one says why it cannot work.
"""

from typing import NoReturn


class GitError(NotImplementedError):
    """Any error of pygit2's, as its callers catch it; here it is always this one."""


class Missing:
    """A name that can be imported, and not used."""

    def _fail(self, *args: object, **options: object) -> NoReturn:
        raise GitError("pygit2 has no build for the browser")

    __getattr__ = __call__ = __enter__ = __exit__ = __iter__ = _fail


class Signature:
    """Who signs a commit: a plain value, which snippets make as they are imported."""

    def __init__(self, name: str, email: str, time: int = -1, offset: int = 0) -> None:
        self.name, self.email, self.time, self.offset = name, email, time, offset


def __getattr__(name: str) -> Missing:
    if name.startswith("__"):
        raise AttributeError(name)
    return Missing()
