"""Articles and the archive's record of them, after kills while they are written."""

import os
import shutil
from pathlib import Path

import pytest

from rindoku.keys import sha256_key
from rindoku.models import Outcome
from rindoku.publish import open_run, publish_week
from rindoku.run import Run
from rindoku.sample.content import AS_OF, SAMPLE_WEEK
from tests.kill_points import KILLED, count_points, die_at
from tests.queries import select_rows

# Points from one kill to the next, counted from the end of the work.
STEP, KILLS = 12, 6


def change_and_publish(home: str) -> None:
    """Work that is killed: the week's article changes and is published."""
    os.environ["RINDOKU_HOME"] = home
    run = Run("killed")
    with run.archive.write() as con:
        con.execute("UPDATE summaries SET tldr = '改訂済み'")
    publish_week(run, SAMPLE_WEEK)


@pytest.fixture(scope="module")
def points(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> int:
    copy = tmp_path_factory.mktemp("counted") / "home"
    shutil.copytree(sample_home, copy)
    return count_points(change_and_publish, str(copy))


def articles(home: Path) -> dict[str, str]:
    """The text of each form's file; unfinished ones do not count."""
    files = (home / "articles").glob(f"{SAMPLE_WEEK}.ja.*")
    return {p.suffix[1:]: p.read_text() for p in files if p.suffix != ".part"}


def recorded() -> set[str]:
    return {row["issue_id"] for row in select_rows("SELECT issue_id FROM issues")}


@pytest.mark.parametrize("nth", range(KILLS))
def test_the_next_run_writes_what_a_killed_one_did_not(
    home: Path, points: int, nth: int
) -> None:
    assert die_at(points - STEP * nth, change_and_publish, str(home)) == KILLED
    for form, text in articles(home).items():
        assert sha256_key(SAMPLE_WEEK, "ja", form, text) in recorded()
    [row] = select_rows("SELECT count(*) AS n FROM summaries WHERE tldr = '改訂済み'")
    is_changed = row["n"] > 0
    is_written = all("改訂済み" in text for text in articles(home).values())
    outcome = open_run(Run("next"), "weekly", SAMPLE_WEEK, AS_OF, "x")
    assert (outcome == Outcome.COMPLETE) == (is_changed == is_written)
    if outcome != Outcome.COMPLETE:
        publish_week(Run("next"), SAMPLE_WEEK)
        assert open_run(Run("last"), "weekly", SAMPLE_WEEK, AS_OF, "x") == "complete"
    assert not list((home / "articles").glob("*.part"))
    for form, text in articles(home).items():
        assert ("改訂済み" in text) == is_changed
        assert sha256_key(SAMPLE_WEEK, "ja", form, text) in recorded()


def test_an_article_that_was_removed_is_written_again(home: Path) -> None:
    (home / "articles" / f"{SAMPLE_WEEK}.ja.md").unlink()
    assert open_run(Run("a"), "weekly", SAMPLE_WEEK, AS_OF, "x") == Outcome.PARTIAL
    publish_week(Run("a"), SAMPLE_WEEK)
    assert open_run(Run("b"), "weekly", SAMPLE_WEEK, AS_OF, "x") == Outcome.COMPLETE
