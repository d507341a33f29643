"""A reading of X that is killed: what was saved is never bought again."""

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from rindoku.archive.payloads import find_urls, get_payload
from rindoku.lists.x import own_ids
from rindoku.run import Run
from rindoku.sample import StandIn
from tests.conftest import environment_of, set_environment
from tests.kill_points import KILLED, count_points, die_at
from tests.lists.killed_reading import POSTS_A_PAGE, observe
from tests.queries import select_rows

SEEDS = range(4)


def saved() -> list[str]:
    """Ids of all answers of X that are saved."""
    with Run("counts").archive.read_latest() as con:
        return list(find_urls(con, "x"))


def bought() -> Counter[int]:
    """How often each post was paid for in an answer with the week's posts."""
    reads = select_rows("SELECT payload_id FROM x_reads")
    with Run("counts").archive.read_latest() as con:
        payloads = [get_payload(con, row["payload_id"]) for row in reads]
    return Counter(
        post
        for payload in payloads
        if "/users/by/" not in payload.url and "query=conversation" not in payload.url
        for post in own_ids(payload)
    )


@pytest.mark.parametrize("watch", POSTS_A_PAGE)
def test_what_a_killed_reading_saved_is_not_bought_again(
    watch: str,
    standin: StandIn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def use_home(name: str) -> str:
        environment = environment_of(standin, tmp_path / name)
        environment["RINDOKU_WATCH"] = watch
        set_environment(monkeypatch, environment)
        return json.dumps(environment)

    points = count_points(observe, use_home("counted"))
    whole = bought()
    assert max(whole.values()) == 1
    for seed in SEEDS:
        chance, environment = random.Random(seed), use_home(str(seed))
        for _ in range(chance.choice((1, 2, 3))):
            point = chance.randint(1, points)
            assert die_at(point, observe, environment) in {KILLED, 0}
        for _ in range(2):
            observe(environment)
            assert bought() == whole, seed
        booked = select_rows("SELECT payload_id FROM x_reads")
        assert {row["payload_id"] for row in booked} == set(saved()), seed
        [mark] = select_rows("SELECT max(post_id) AS newest FROM high_water_marks")
        assert int(mark["newest"]) >= max(whole), seed
