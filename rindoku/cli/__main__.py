"""`python -m rindoku.cli`, the same as `rindoku`."""

from rindoku.cli.app import main

main()
