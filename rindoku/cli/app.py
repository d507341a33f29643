"""The command line: its commands, and how errors are shown."""

import json
import os
import sys
from contextlib import suppress
from typing import Annotated, NoReturn, TextIO, cast

import typer

from rindoku import __version__
from rindoku.cli.ask import ask
from rindoku.cli.audit import audit
from rindoku.cli.correct import correct
from rindoku.cli.costs import costs
from rindoku.cli.demo import demo
from rindoku.cli.diff import diff
from rindoku.cli.doctor import doctor
from rindoku.cli.entries import entries
from rindoku.cli.first_steps import next_steps
from rindoku.cli.forget import forget
from rindoku.cli.plan import plan
from rindoku.cli.rebind import rebind
from rindoku.cli.render import render
from rindoku.cli.resolve import resolve
from rindoku.cli.restore import restore
from rindoku.cli.run import run
from rindoku.cli.sample import serve
from rindoku.cli.show import show
from rindoku.cli.sql import sql
from rindoku.cli.terminal import Terminal, escape_controls
from rindoku.cli.text import text
from rindoku.errors import RindokuError, Unexpected, known_error

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
    restore,
    doctor,
)

_EXIT_CODES = (
    "Exit codes: 0 complete, 1 failed, 2 wrong usage, 3 nothing published yet, "
    "4 partial; 130 and 143 when interrupted."
)

_DEBUG = "--debug"

app = typer.Typer(
    name="rindoku",
    help="Reads the papers of the week and explains them, in Japanese or English, with "
    "evidence.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="\n\n".join(("First steps:", *next_steps(after=""), _EXIT_CODES)),
)
for _command in COMMANDS:
    app.command()(_command)

sample_app = typer.Typer(
    no_args_is_help=True, help="The sample week's stand-in for X, arXiv and the model."
)
sample_app.command("serve")(serve)
app.add_typer(sample_app, name="sample")


def _print_version(is_wanted: bool) -> None:  # noqa: FBT001 - Typer calls it
    if is_wanted:
        sys.stdout.write(f"rindoku {__version__}\n")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help="Show the version and exit.",
        ),
    ] = False,
    debug: Annotated[
        bool, typer.Option(_DEBUG, help="Show the traceback of an unexpected error.")
    ] = False,
) -> None:
    """The options without a command; the text of `--help` is the app's."""


def main() -> None:
    """Entry point: turns a RindokuError into a message and an exit code."""
    _keep_loopback_from_proxies()
    if sys.stdout.isatty():
        sys.stdout = cast("TextIO", Terminal(sys.stdout))
    try:
        app()
    except BrokenPipeError:
        sys.exit(1)
    except Exception as error:
        known = known_error(error)
        if known is not error and _DEBUG in sys.argv[:2]:
            raise
        if known is not error and isinstance(known, Unexpected):
            known = Unexpected(
                known.message,
                f"Please report this bug with what `rindoku {_DEBUG} ...` shows.",
            )
        _report(known)


def _report(error: RindokuError) -> NoReturn:
    """Shows what is wrong and what to do, and exits."""
    message, remedy = _for_people(error.message), _for_people(error.remedy)
    if "--json" in sys.argv:
        value = {"error": message, "remedy": remedy}
        sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stderr.write(f"rindoku: {message}\n")
    if remedy:
        sys.stderr.write(f"  {remedy}\n")
    sys.exit(error.exit_code)


def _keep_loopback_from_proxies() -> None:
    """A proxy cannot reach this machine's stand-in and Prefect's server."""
    for name in ("NO_PROXY", "no_proxy"):
        hosts = [host for host in os.environ.get(name, "").split(",") if host.strip()]
        loopback = ("127.0.0.1", "localhost", "::1")
        os.environ[name] = ",".join(dict.fromkeys([*hosts, *loopback]))


def _for_people(text: str) -> str:
    """A message without secrets and without what would control the terminal."""
    from rindoku.settings import load_settings

    # When the settings themselves are wrong, their error does not name secrets.
    with suppress(RindokuError):
        text = load_settings().hide_secrets(text)
    return escape_controls(text)
