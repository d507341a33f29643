"""What is killed: a run of weeks, as the flow works them, and its courier.

Both processes are forked, so that a run costs no imports. They note in a journal what
they were promised: rows when their transaction is committed, calls before they are
sent, and replies once they are kept.
"""

import fcntl
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any, ClassVar, NoReturn
from unittest import mock

from rindoku.archive import rows
from rindoku.archive.connection import _SPARE
from rindoku.errors import NothingPublishedYet, RindokuError, Transient
from rindoku.flows import pipeline
from rindoku.flows.run_end import recorded_end
from rindoku.llm import courier, courier_process, sweep_inbox
from rindoku.llm.client import create_message
from rindoku.llm.inbox import Inbox
from rindoku.models import Outcome
from rindoku.publish import close_run, open_run, record_failures
from rindoku.run import Run
from rindoku.tasks.executor import PlainExecutor, Results
from rindoku.tasks.policy import LONGEST_WAIT_S
from tests.kill_points import KillPoints, Kind, WatchedConnection
from tests.simulator.journal import arguments_key, note
from tests.simulator.warm import environment

# What the work would import late, or prepare anew, is there before the fork.
PRELOADED = (
    "anthropic.types.messages",
    "arxiv",
    "platformdirs",
    "pyarrow.dataset",
    "pytz",
    "requests",
    "rindoku.languages.ja.rules",
    "rindoku.lists.observe_x",
    "rindoku.papers.arxiv_query",
    "rindoku.sample",
    "rindoku.web.transport",
    "tests.simulator.work",
    "trafilatura",
)
_INSERT = rows._insert  # noqa: SLF001 - the one place that all rows pass
# A courier that lingers does so until the next run is under way.
_LINGERS_S = 0.8
# No work takes as long: what hangs is ended, and fails its schedule.
_LONGEST_S = 300


@dataclass(frozen=True)
class Plan:
    """One run, its kill, and where it notes what happens."""

    run_id: str
    environment: dict[str, str]
    journal: str
    weeks: list[str]
    source: str
    as_of: str
    batch: bool
    second_reader: bool
    max_usd: float | None
    is_patient: bool
    # Columns by table that tell its rows apart.
    keys: dict[str, list[str]]
    takes: str = "run"
    lingers: bool = False
    # The boundary of the courier at which somebody is killed.
    courier_point: int | None = None
    courier_kind: Kind | None = None


def work(text: str) -> None:
    """Works the weeks of a plan; killed in a process of its own."""
    plan = Plan(**json.loads(text))
    # What is killed together is one group of processes.
    os.setpgid(0, 0)
    signal.alarm(_LONGEST_S)
    points = KillPoints.current
    points.end = partial(_end_in_run, plan)
    points.committed = lambda con: _note_commit(plan, con)
    nothing = SimpleNamespace(sleep=lambda _seconds: None)
    popen = SimpleNamespace(
        Popen=lambda *_command, **_options: ForkedCourier(plan), PIPE=None
    )
    with ExitStack() as patches:
        patches.enter_context(mock.patch.dict("os.environ", plan.environment))
        for name, value in (
            ("rindoku.llm.courier.subprocess", popen),
            ("rindoku.archive.rows._insert", _noted(_INSERT)),
            ("rindoku.publish.article._environment", environment),
            ("rindoku.tasks.progress.time", nothing),
            ("rindoku.lists.x._FULL_ARCHIVE_S", 0),
        ):
            patches.enter_context(mock.patch(name, value))
        note(plan.journal, "started", run_id=plan.run_id, max_usd=plan.max_usd)
        for week in plan.weeks:
            _work_week(plan, week)


def _work_week(plan: Plan, week: str) -> None:
    run_id = f"{plan.run_id} {week}"
    run = Run(run_id, plan.max_usd, plan.second_reader)
    as_of = datetime.fromisoformat(plan.as_of)
    outcome, message = Outcome.COMPLETE, "nothing was done"
    try:
        known = open_run(run, "weekly", week, as_of, plan.source)
        sweep_inbox(run)
        if known != Outcome.COMPLETE:
            with recorded_end(run, week):
                outcome, message = _work(run, plan, week, as_of)
        close_run(run, outcome, message)
    except RindokuError as error:
        outcome, message = Outcome.FAILED, f"{type(error).__name__}: {error}"
    note(
        plan.journal,
        "ended",
        run_id=run_id,
        week=week,
        outcome=outcome,
        message=message,
    )


def _work(run: Run, plan: Plan, week: str, as_of: datetime) -> tuple[Outcome, str]:
    """As the flow does."""
    executor = PatientExecutor() if plan.is_patient else PlainExecutor()
    try:
        outcome, failures = pipeline.work_week(
            run, week, plan.source, as_of, executor, batch=plan.batch
        )
    except NothingPublishedYet as error:
        return Outcome.NOTHING_YET, str(error)
    for failure in failures:
        if failure.traceback:
            note(plan.journal, "unexpected", traceback=failure.traceback)
    return outcome, record_failures(run, week, failures)


class PatientExecutor(PlainExecutor):
    """Tries again as the tasks' policy does, without the waits."""

    def call(self, task: Any, *args: Any, **kwargs: Any) -> Any:
        """Calls the task's function, again after errors that may pass."""
        for _ in range(task.retries):
            try:
                return task.fn(*args, **kwargs)
            except Transient as error:
                if (error.retry_after or 0.0) > LONGEST_WAIT_S:
                    raise
        return task.fn(*args, **kwargs)

    def map(self, task: Any, calls: Mapping[str, tuple[Any, ...]]) -> Results[Any]:
        """Calls the task's function for each call."""
        patient = SimpleNamespace(
            name=task.name, fn=lambda *args: self.call(task, *args)
        )
        return super().map(patient, calls)  # type: ignore[arg-type]


def _noted(insert: Any) -> Any:
    """The function that adds rows, which remembers them for the commit."""

    def noted(con: WatchedConnection, table: str, added: list[rows.Columns]) -> None:
        insert(con, table, added)
        con.pending += [(table, row) for row in added]

    return noted


def _note_commit(plan: Plan, con: WatchedConnection) -> None:
    """Notes the keys of the rows that a commit has acknowledged."""
    keys: dict[str, list[list[str]]] = {}
    for table, row in con.pending:
        columns = [c for c in plan.keys[table] if isinstance(row.get(c), (str, int))]
        values = [str(row[column]) for column in columns]
        keys.setdefault(f"{table} {' '.join(columns)}", []).append(values)
    con.pending.clear()
    if keys:
        note(plan.journal, "committed", keys=keys)


def _end_in_run(plan: Plan, place: str, half_done: Callable[[], object]) -> None:
    note(plan.journal, "killed", where="run", place=place, takes=plan.takes)
    if plan.takes == "courier":
        if ForkedCourier.pids:
            os.kill(ForkedCourier.pids[-1], signal.SIGKILL)
        return
    half_done()
    if plan.takes == "all":
        os.killpg(0, signal.SIGKILL)
    else:
        os.kill(os.getpid(), signal.SIGKILL)


class ForkedCourier:
    """In place of the process that the run starts: forked from it, killed like it."""

    # Those of this run, the newest last.
    pids: ClassVar[list[int]] = []

    def __init__(self, plan: Plan) -> None:
        jobs, to_courier = os.pipe()
        from_courier, answers = os.pipe()
        # A fork must not end the database's threads, which it does not have.
        kept = list(_SPARE)
        run = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            _be_courier(plan, run, jobs, answers, kept)
        self.pids.append(self.pid)
        os.close(jobs)
        os.close(answers)
        self.stdin: IO[str] = os.fdopen(to_courier, "w", encoding="utf-8")
        self.stdout: IO[str] = os.fdopen(from_courier, encoding="utf-8")
        self._code: int | None = None

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""
        if self._code is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            self._code = os.waitstatus_to_exitcode(status) if ended else None
        return self._code

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


def _be_courier(
    plan: Plan, run: int, jobs: int, answers: int, _kept: list[Any]
) -> NoReturn:
    """In the forked process: the courier, until the run closes its pipe."""
    code = 1
    try:
        signal.alarm(_LONGEST_S)
        is_under_way = os.open(f"{plan.journal}.courier", os.O_RDWR | os.O_CREAT)
        fcntl.flock(is_under_way, fcntl.LOCK_SH)
        kept = sorted((jobs, answers, is_under_way))
        for low, high in zip([2, *kept], [*kept, 1024], strict=True):
            os.closerange(low + 1, high)
        sys.stdin = os.fdopen(jobs, encoding="utf-8")
        sys.stdout = os.fdopen(answers, "w", encoding="utf-8")
        points = KillPoints.current
        points.count, points.last = 0, plan.courier_point
        points.kind = plan.courier_kind
        points.end = partial(_end_in_courier, plan, run)
        with (
            mock.patch.object(courier_process, "_RUN", run),
            mock.patch.object(courier_process, "send", _noted_send(plan)),
            mock.patch.object(courier_process, "submit", _noted_submit(plan)),
            mock.patch.object(courier_process, "create_message", _noted_call(plan)),
        ):
            courier_process.main()
        code = 0
    finally:
        if code:
            traceback.print_exc()
        os._exit(code)


def _end_in_courier(
    plan: Plan, run: int, place: str, half_done: Callable[[], object]
) -> None:
    note(plan.journal, "killed", where="courier", place=place, takes=plan.takes)
    if plan.takes != "run":
        half_done()
        if plan.takes == "all":
            os.killpg(0, signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)
    with suppress(ProcessLookupError):
        os.kill(run, signal.SIGKILL)
    while os.getppid() == run:
        time.sleep(0.001)
    if plan.lingers:
        time.sleep(_LINGERS_S)


def _noted_call(plan: Plan) -> Any:
    def noted(
        service: Any, arguments: dict[str, Any], generation_id: str, call_id: str
    ) -> Any:
        note(
            plan.journal,
            "sending",
            call_id=call_id,
            generation_id=generation_id,
            requests={arguments_key(arguments): generation_id},
        )
        return create_message(service, arguments, generation_id, call_id)

    return noted


def _noted_send(plan: Plan) -> Any:
    send = courier_process.send

    def noted(job: courier.Job) -> None:
        send(job)
        if Inbox(Path(job.home)).find_reply(job.key) is not None:
            note(plan.journal, "kept", generation_id=job.key)

    return noted


def _noted_submit(plan: Plan) -> Any:
    submit = courier_process.submit

    def noted(job: courier.Job) -> None:
        requests = Inbox(Path(job.home)).find_requests(job.key) or []
        by_key = {
            arguments_key(request["params"]): request["custom_id"].replace("-", ":", 1)
            for request in requests
        }
        note(plan.journal, "submitting", batch_key=job.key, requests=by_key)
        submit(job)

    return noted
