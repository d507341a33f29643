"""`rindoku demo`: the real flow on the sample week, against the stand-in."""

import os
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer


def demo(
    home: Annotated[
        Path | None,
        typer.Option(
            help="Home folder for the demo; a new temporary one if not given.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Run the weekly flow on the sample week, on this machine. No keys, no network."""
    from rindoku.cli.flow_runner import Spending, report_run, run_weekly
    from rindoku.cli.output import console
    from rindoku.models import Outcome
    from rindoku.sample import AS_OF, SAMPLE_WEEK, StandIn

    began = time.monotonic()
    out = console()
    home = home or Path(tempfile.mkdtemp(prefix="rindoku-demo-"))
    home = home.expanduser().absolute()
    out.print(
        f"rindoku demo: week {SAMPLE_WEEK} from the stand-in, into {home}",
        markup=False,
        highlight=False,
    )
    with StandIn() as standin:
        set_environment(standin.environment(), home)
        result = run_weekly(SAMPLE_WEEK, "x", AS_OF, Spending())
        requests = len(standin.log)
    report_run(SAMPLE_WEEK, result["message"], as_json=False)
    seconds = time.monotonic() - began
    out.print(f"\n{requests} requests over real sockets, {seconds:.0f} s. Written:")
    _print_lines(_written(home, SAMPLE_WEEK))
    out.print("Next:")
    _print_lines(_next_commands(home, SAMPLE_WEEK))
    raise typer.Exit(Outcome(result["outcome"]).exit_code)


def set_environment(standin: dict[str, str], home: Path) -> None:
    """Replaces the user's settings, except for the language."""
    from rindoku.settings import variables

    language = os.environ.get("RINDOKU_LANGUAGE", "")
    os.environ.update(dict.fromkeys(variables().values(), ""))
    own = {"RINDOKU_HOME": str(home), "RINDOKU_LANGUAGE": language}
    os.environ.update(standin | own)
    os.environ.setdefault("PREFECT_HOME", str(home / "prefect"))


def _written(home: Path, week: str) -> list[str]:
    from rindoku.archive import Archive
    from rindoku.publish import FORMS, article_path
    from rindoku.settings import load_settings

    settings = load_settings()
    articles = [
        article_path(home, settings.digest, week, settings.language, form)
        for form in sorted(FORMS)
    ]
    return [str(path) for path in (*articles, Archive(home).path)]


def _next_commands(home: Path, week: str) -> list[str]:
    from rindoku.cli.first_steps import next_steps, own_program

    program = own_program()
    return [
        f"{program} show {week} --home {home}",
        f'{program} sql "FROM unverified_answers" --home {home}',
        f"{program} demo --home {home}  # again: everything is done already",
        *next_steps("rindoku demo", program),
    ]


def _print_lines(lines: list[str]) -> None:
    from rindoku.cli.output import console

    for line in lines:
        console().print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
