"""What the project promises, one module for each promise.

Each has `problems(project, only)`, which says what breaks the promise, where, and what to do: in the whole
project, or in `only` one page, such as `aiohttp/middleware`. `python -m tools.check` calls them all.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Protocol

from tools.model import Project


class Problems(Protocol):
    """The signature that all checks share."""

    def __call__(self, project: Project, only: str | None = None) -> Iterator[str]:
        """Say what is wrong, in the whole project or in one page."""


def all_checks() -> dict[str, Problems]:
    """Return every check by its module's name: a new module needs no entry."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    return {name: importlib.import_module(f"{__name__}.{name}").problems for name in names}


def static_checks() -> dict[str, Problems]:
    """Return the checks that run nothing of the project's."""
    return {name: check for name, check in all_checks().items() if name != "outputs"}
