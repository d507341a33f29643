"""How failures are told: once for each cause, with the papers it concerns."""

from rindoku.archive.failures import WeekPlace
from rindoku.errors import Failure
from rindoku.publish import describe_failures

PLACES = [
    WeekPlace(1, "One", ["e1", "arxiv:1", "d1", "g1"]),
    WeekPlace(2, "Two", ["e2", "arxiv:2", "d2", "g2"]),
    WeekPlace(3, "Three", ["e3", "arxiv:3", "d3"]),
]


def failure(subject: str, error: str, message: str, remedy: str = "") -> Failure:
    return Failure("explain", subject, error, message, remedy)


def test_a_cause_is_told_once_with_its_papers() -> None:
    down = "api.example returned 503."
    failures = [
        failure("d1", "SourceUnavailable", down),
        failure("g2", "SourceUnavailable", down),
        failure("e3", "NoText", "It has no text.", "Open it."),
    ]
    assert describe_failures(failures, PLACES).splitlines() == [
        "Papers 1, 2: api.example returned 503.",
        "3. Three: It has no text. Open it.",
    ]


def test_a_ceiling_is_one_cause_whatever_each_call_costs() -> None:
    failures = [
        failure(d, "CeilingReached", f"It may cost ${n}.", "Raise --max-usd.")
        for n, d in enumerate(("d1", "d2", "d3"), 1)
    ]
    assert describe_failures(failures, PLACES) == (
        "Papers 1, 2, 3: It may cost $1. Raise --max-usd."
    )


def test_a_failure_of_the_week_names_no_paper() -> None:
    failures = [failure("2024-W14", "AccessDenied", "X refuses the token.")]
    assert describe_failures(failures, PLACES) == "X refuses the token."
    assert describe_failures([], PLACES) == ""
