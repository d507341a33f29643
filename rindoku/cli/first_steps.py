"""The first steps, as `--help`, `doctor`, the demo and the README tell them."""

import shutil
import sys
from pathlib import Path

# In their order: a command, and what it shows.
FIRST_STEPS = {
    "rindoku demo": "the sample week, without keys or network",
    "rindoku doctor": "what your own runs lack, and where to put it",
    "rindoku run last --max-usd 2": "the newest week; stops before it costs $2",
    "rindoku show last": "its papers, answers, costs and findings",
}


def next_steps(after: str, program: str = "rindoku") -> list[str]:
    """A line for each step that follows the command `after`; for all without one."""
    commands = list(FIRST_STEPS)
    begin = commands.index(after) + 1 if after else 0
    return [
        f"{program}{command.removeprefix('rindoku'):<22}  # {FIRST_STEPS[command]}"
        for command in commands[begin:]
    ]


def own_program() -> str:
    """How to call rindoku here: the bare name is not always found."""
    installed = shutil.which("rindoku") or Path(sys.argv[0]).name != "rindoku"
    return "rindoku" if installed else sys.argv[0]
