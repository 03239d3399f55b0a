"""Serve the re-creation of server.py until Ctrl-C."""

import sys

from snippets.server.recreation.start import start

start(sys.argv[1:])
