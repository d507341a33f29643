"""`rindoku ask`."""

import json

import pytest

from rindoku.sample import SAMPLE_WEEK
from rindoku.settings import Settings
from tests.conftest import Rindoku, assert_fails

QUESTION = "ランダムに選ぶとどうなるか?"


def test_answers_and_prices_are_printed(
    rindoku: Rindoku, worked_already: Settings
) -> None:
    done = rindoku("ask", f"{SAMPLE_WEEK}/3", QUESTION)
    assert done.returncode == 0, done.stderr
    assert "Asking 1 paper for about $0.0" in done.stderr
    assert "“Learned routing matters" in done.stdout
    again = rindoku("ask", "2404.02258", QUESTION, "--json")
    assert "at no cost" in again.stderr
    [row] = json.loads(again.stdout)
    assert (row["paid"], row["title"].split(":")[0]) == (False, "Mixture-of-Depths")
    capped = rindoku("ask", f"{SAMPLE_WEEK}/4", "限界は?", "--max-usd", "0.0001")
    assert (capped.returncode, "higher --max-usd" in capped.stdout) == (4, True)


@pytest.mark.parametrize(
    ("where", "question", "code", "message"),
    [
        ("2023-W05", "何?", 1, "has no text of 2023-W05"),
        (f"{SAMPLE_WEEK}/77", "何?", 1, "has no text of"),
        ("nowhere", "何?", 2, "a paper of the archive"),
        (f"{SAMPLE_WEEK}/3", "  ", 2, "question is empty"),
        (f"{SAMPLE_WEEK}/3", "x" * 501, 2, "501 characters"),
    ],
)
def test_the_error_names_what_cannot_be_asked(
    rindoku: Rindoku,
    worked_already: Settings,
    where: str,
    question: str,
    code: int,
    message: str,
) -> None:
    assert_fails(rindoku("ask", where, question), code, message)
