"""The command line: its commands, and how errors are shown."""

import json
import sys

import typer

from rindoku.cli.ask import ask
from rindoku.cli.audit import audit
from rindoku.cli.correct import correct
from rindoku.cli.costs import costs
from rindoku.cli.demo import demo
from rindoku.cli.diff import diff
from rindoku.cli.doctor import doctor
from rindoku.cli.entries import entries
from rindoku.cli.forget import forget
from rindoku.cli.plan import plan
from rindoku.cli.rebind import rebind
from rindoku.cli.render import render
from rindoku.cli.resolve import resolve
from rindoku.cli.run import run
from rindoku.cli.sample import serve
from rindoku.cli.show import show
from rindoku.cli.sql import sql
from rindoku.cli.text import text
from rindoku.errors import RindokuError

# One module a command, in the order of `rindoku --help`.
COMMANDS = (
    demo,
    run,
    rebind,
    ask,
    correct,
    show,
    plan,
    costs,
    audit,
    render,
    sql,
    entries,
    diff,
    resolve,
    text,
    forget,
    doctor,
)

app = typer.Typer(
    name="rindoku",
    help="Reads the papers of the week and explains them, in Japanese or English, with "
    "evidence.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 complete, 1 failed, 2 wrong usage, 3 nothing published yet, "
    "4 partial.",
)
for _command in COMMANDS:
    app.command()(_command)

sample_app = typer.Typer(
    no_args_is_help=True, help="The sample week's stand-in for X, arXiv and the model."
)
sample_app.command("serve")(serve)
app.add_typer(sample_app, name="sample")


def main() -> None:
    """Entry point: turns a RindokuError into a message and an exit code."""
    try:
        app()
    except RindokuError as error:
        if "--json" in sys.argv:
            value = {"error": error.message, "remedy": error.remedy}
            sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
        sys.stderr.write(f"rindoku: {error.message}\n")
        if error.remedy:
            sys.stderr.write(f"  {error.remedy}\n")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(1)
