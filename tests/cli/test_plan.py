"""`rindoku plan`."""

import json

from rindoku.sample import SAMPLE_WEEK, StandIn
from rindoku.settings import Settings
from tests.conftest import Rindoku


def test_papers_and_prices_are_printed(
    rindoku: Rindoku, standin: StandIn, read_already: Settings
) -> None:
    done = rindoku("plan", SAMPLE_WEEK)
    assert done.returncode == 0, done.stderr
    assert "10 papers" in done.stdout
    assert "--batch" in done.stdout
    found = json.loads(rindoku("plan", SAMPLE_WEEK, "--json").stdout)
    assert (len(found["papers"]), found["usd"] > found["batch_usd"] > 0) == (10, True)
    empty = rindoku("plan", "--home", "nothing-here")
    assert "Nothing to pay for" in empty.stdout
