"""The command line: one module a command, listed in app.py.

Heavy modules are imported inside the functions that use them, so that `--help` is
quick.
"""

from rindoku.cli.app import main

__all__ = ["main"]
