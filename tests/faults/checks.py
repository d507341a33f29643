"""What must hold of every cell, whatever its outcome."""

import re
from collections import Counter

from rindoku.archive.rows import Connection, fetch_rows
from rindoku.archive.run_log import spent_usd
from rindoku.models import Outcome
from rindoku.sample import StandIn
from tests.faults.matrix import NAMES, Cell
from tests.faults.weeks import Worked

LETTERS = {Outcome.COMPLETE: "C", Outcome.PARTIAL: "P", Outcome.FAILED: "F"}
_CALLS = "/v1/messages"
_TRACES = ("Traceback", 'File "', "This is a bug")


def check_first(con: Connection, cell: Cell, worked: Worked) -> list[str]:
    """What is wrong with the run that met the fault."""
    wrong = []
    letter = LETTERS.get(worked.outcome, str(worked.outcome))
    if letter != cell.expected.upper():
        wrong.append(f"{worked.outcome} instead of {cell.expected}")
    wrong += _check_told(con, cell, worked)
    if worked.outcome == Outcome.PARTIAL:
        explained = _count(
            con, "week_entries WHERE week = '2024-W14' AND generation_id IS NOT NULL"
        )
        if explained < 3 - cell.most_harmed:
            wrong.append(f"only {explained} papers are published")
    return wrong


def _check_told(con: Connection, cell: Cell, worked: Worked) -> list[str]:
    wrong = []
    message = worked.message
    found = fetch_rows(con, "SELECT message FROM findings WHERE run_id <> 'earlier'")
    told = " ".join([message, *(row["message"] for row in found)])
    if any(trace in message for trace in _TRACES):
        wrong.append("the message has a traceback, or calls it a bug")
    if worked.outcome != Outcome.COMPLETE:
        if not re.search(NAMES[cell.service], told):
            wrong.append("the message does not name the service")
        if not re.search(cell.reason, told):
            wrong.append("the message does not tell the reason")
    for failure in fetch_rows(
        con, "FROM run_failures WHERE run_id = $run_id", run_id=worked.run_id
    ):
        if failure["traceback"] or failure["error"] == "Unexpected":
            wrong.append(f"unexpected: {failure['message']}")
        if not failure["remedy"]:
            wrong.append(f"no remedy: {failure['message']}")
    return wrong


def check_healed(con: Connection, cell: Cell, worked: Worked) -> list[str]:
    """What is wrong with the run after the fault."""
    wrong = []
    if cell.heals and worked.outcome != Outcome.COMPLETE:
        wrong.append(f"the next run is {worked.outcome}")
    # A paper of which arXiv has no such text has a lesser one for good.
    if cell.heals and cell.fault != "404" and (lesser := _lesser_texts(con)):
        wrong.append(f"lesser texts: {lesser}")
    return wrong


def _lesser_texts(con: Connection) -> list[str]:
    """Papers whose text is not that of an undisturbed week."""
    rows = fetch_rows(
        con, "SELECT paper_id, grounding FROM bound_entries WHERE week = '2024-W14'"
    )
    return [
        f"{row['paper_id']} {row['grounding']}"
        for row in rows
        if row["grounding"] != "full text" and str(row["paper_id"]).startswith("arxiv")
    ]


class Paid:
    """The messages that the stand-in's model was paid for, in calls and batches."""

    def __init__(self, standin: StandIn) -> None:
        self.asked: Counter[str] = Counter()
        standin.model.edit_message = self._count

    def _count(
        self, message: dict[str, object], request: dict[str, object]
    ) -> dict[str, object]:
        self.asked[repr(request.get("messages"))] += 1
        return message


def check_money(con: Connection, standin: StandIn, paid: Paid) -> list[str]:
    """What is wrong with what was bought."""
    wrong = []
    answered = [e for e in standin.log if e.target.endswith(_CALLS) and e.answered]
    twice = [key for key, n in Counter(e.key for e in answered).items() if n > 1]
    if twice:
        wrong.append(f"{len(twice)} calls were answered twice")
    saved = _count(con, "model_calls WHERE status = 'answered' AND batch_key IS NULL")
    earlier = _count(
        con, "model_calls WHERE run_id = 'earlier' AND status = 'answered'"
    )
    if saved - earlier != len(answered):
        wrong.append(f"{len(answered)} calls answered, {saved - earlier} saved")
    # A paid reply that did not arrive whole is listed as lost, with its price.
    lost = _count(con, "model_calls WHERE error = 'ReplyLost' AND estimated_usd > 0")
    again = sum(n - 1 for n in paid.asked.values())
    if again > lost:
        wrong.append(f"{again} replies were paid again, {lost} are listed as lost")
    more = fetch_rows(
        con,
        "SELECT generation_id FROM model_calls WHERE status = 'answered' "
        "GROUP BY ALL HAVING count(*) > 1",
    )
    if more:
        wrong.append(f"{len(more)} generations have two answers")
    wrong += _check_x(con, standin)
    return wrong


def _check_x(con: Connection, standin: StandIn) -> list[str]:
    read = sum("/2/" in e.target and e.answered for e in standin.log)
    booked = _count(con, "x_reads")
    return [] if read == booked else [f"X was read {read} times, {booked} are booked"]


def check_ceiling(con: Connection, worked: Worked, max_usd: float) -> list[str]:
    """What is wrong with a run under a ceiling."""
    spent = spent_usd(con, worked.run_id)
    return [f"{spent:.3f} of {max_usd} spent"] if spent > max_usd else []


def _count(con: Connection, source: str) -> int:
    [row] = fetch_rows(con, f"SELECT count(*) AS n FROM {source}")
    return int(row["n"])
