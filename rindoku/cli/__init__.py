"""The command line. Everything heavy is imported where it is used: `--help` answers at once."""

from rindoku.cli.app import main

__all__ = ["main"]
