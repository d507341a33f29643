"""`rindoku demo`: the real flow with the real clients, on the sample week, against the stand-in."""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from rindoku.cli.output import console
from rindoku.cli.running import How, report_week, run_flow
from rindoku.models import Outcome
from rindoku.sample.content import AS_OF, SAMPLE_WEEK
from rindoku.sample.standin import StandIn
from rindoku.settings import load_settings, variables


def run_demo(home: Path | None) -> int:
    """Runs it and prints the report, the files and what to do next; returns the exit code."""
    began = time.monotonic()
    out = console()
    home = (
        (home or Path(tempfile.mkdtemp(prefix="rindoku-demo-"))).expanduser().absolute()
    )
    out.print(
        f"rindoku demo: week {SAMPLE_WEEK} from the stand-in, into {home}",
        markup=False,
        highlight=False,
    )
    with StandIn() as standin:
        # The demo is the same everywhere: nothing of the user's own settings, keys or .env counts.
        os.environ.update(dict.fromkeys(variables().values(), ""))
        os.environ.update(standin.environment() | {"RINDOKU_HOME": str(home)})
        os.environ.setdefault("PREFECT_HOME", str(home / "prefect"))
        result = run_flow(SAMPLE_WEEK, "x", AS_OF, How())
        requests = len(standin.log)
    report_week(SAMPLE_WEEK, result["message"], as_json=False)
    articles = [
        home / "articles" / f"{SAMPLE_WEEK}.{load_settings().language}.{form}"
        for form in ("html", "md")
    ]
    out.print(
        f"\n{requests} requests over real sockets, {time.monotonic() - began:.0f} s in all. Written:"
    )
    for path in (*articles, home / "archive.duckdb"):
        out.print(f"  {path}", markup=False, highlight=False, soft_wrap=True)
    # Without an activated environment the bare name would not be found.
    bare = shutil.which("rindoku") or Path(sys.argv[0]).name != "rindoku"
    program = "rindoku" if bare else sys.argv[0]
    out.print("Next:")
    for command in (
        f"{program} show {SAMPLE_WEEK} --home {home}",
        f'{program} sql "FROM unverified_answers" --home {home}',
        f"{program} demo --home {home}    # again: finds everything done and does nothing",
        f"{program} doctor    # what your own keys and folders still need",
    ):
        out.print(f"  {command}", markup=False, highlight=False, soft_wrap=True)
    return Outcome(result["outcome"]).exit_code
