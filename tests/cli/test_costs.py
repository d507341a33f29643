"""`rindoku costs`."""

import json
from pathlib import Path

from rindoku.sample import SAMPLE_WEEK
from tests.conftest import Rindoku


def test_costs_are_listed_with_their_sum(rindoku: Rindoku, home: Path) -> None:
    rows = json.loads(rindoku("costs", SAMPLE_WEEK, "--json").stdout)
    assert {r["kind"] for r in rows} == {"explain", "repair", "x"}
    total = sum(r["cost_usd"] for r in rows)
    shown = rindoku("costs").stdout
    assert f"${total:.4f}" in shown
