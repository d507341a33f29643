"""The command line: which commands there are, and how errors reach their user."""

import json
import sys

import typer

from rindoku.cli import look_commands, work_commands
from rindoku.errors import RindokuError

app = typer.Typer(
    name="rindoku",
    help="Reads the papers of the week and writes, in Japanese or English, what they say and where they say it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 complete, 1 failed, 2 wrong usage, 3 nothing published yet, 4 partial.",
)
sample_app = typer.Typer(
    no_args_is_help=True, help="The sample week's stand-in for X, arXiv and the model."
)

for _command in (
    work_commands.demo,
    work_commands.run,
    work_commands.rebind,
    work_commands.ask,
    work_commands.correct,
    look_commands.show,
    look_commands.plan,
    look_commands.costs,
    look_commands.audit,
    look_commands.render,
    look_commands.sql,
    look_commands.entries,
    look_commands.diff,
    look_commands.resolve,
    look_commands.text,
    work_commands.forget,
    look_commands.doctor,
):
    app.command()(_command)
sample_app.command("serve")(work_commands.sample_serve)
app.add_typer(sample_app, name="sample")


def main() -> None:
    """Entry point: errors made on purpose become one clear message and their exit code."""
    try:
        app()
    except RindokuError as error:
        if "--json" in sys.argv:
            sys.stdout.write(
                json.dumps(
                    {"error": error.message, "remedy": error.remedy}, ensure_ascii=False
                )
                + "\n"
            )
        sys.stderr.write(f"rindoku: {error.message}\n")
        if error.remedy:
            sys.stderr.write(f"  {error.remedy}\n")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(1)
