"""Serve until Ctrl-C: `python -m snippets.recreation --help`."""

import sys

from snippets.recreation.main import main

main(sys.argv[1:])
