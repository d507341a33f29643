"""What failed in a run, recorded and told: once for each cause, with the papers."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rindoku.archive.failures import WeekPlace, find_places, save_failures
from rindoku.errors import Failure
from rindoku.run import Run
from rindoku.settings import Settings

# Errors whose cause is the same for all papers, whatever the details of each.
_SAME_CAUSE = {"CeilingReached", "OutOfCredit", "AccessDenied"}


def record_failures(run: Run, week: str, failures: Sequence[Failure]) -> str:
    """Saves what failed in a week's run, without secrets; returns it in sentences."""
    hidden = [_without_secrets(failure, run.settings) for failure in failures]
    with run.archive.write() as con:
        save_failures(con, run.run_id, hidden)
        places = find_places(con, week)
    return describe_failures(hidden, places)


def describe_failures(failures: Iterable[Failure], places: Sequence[WeekPlace]) -> str:
    """The causes of failures, a line each, with the papers that they concern."""
    causes: dict[tuple[str, str], list[Failure]] = {}
    for failure in failures:
        same = failure.error in _SAME_CAUSE
        key = (failure.error, "" if same else failure.message)
        causes.setdefault(key, []).append(failure)
    return "\n".join(_describe(group, places) for group in causes.values())


def _describe(group: Sequence[Failure], places: Sequence[WeekPlace]) -> str:
    first = group[0]
    concerned = [
        place
        for place in places
        if any(failure.subject in place.ids for failure in group)
    ]
    if len(concerned) == 1:
        where = f"{concerned[0].rank}. {concerned[0].title}: "
    elif concerned:
        ranks = ", ".join(str(place.rank) for place in concerned)
        where = f"Papers {ranks}: "
    else:
        where = ""
    return f"{where}{first.message} {first.remedy}".strip()


def _without_secrets(failure: Failure, settings: Settings) -> Failure:
    return replace(
        failure,
        message=settings.hide_secrets(failure.message),
        remedy=settings.hide_secrets(failure.remedy),
        traceback=settings.hide_secrets(failure.traceback),
    )
