"""The names of pygit2's enums, which can be imported but not used."""

from . import __getattr__ as __getattr__
