"""The names of pygit2's enums: to be imported, and not used."""

from . import __getattr__ as __getattr__
