"""What the entries of digests said when weeks were listed."""

from pathlib import Path

import pytest

from rindoku.archive import Archive
from rindoku.archive.listings import find_listing, save_listing
from rindoku.archive.rows import Connection, fetch_rows
from rindoku.digests import DEFAULT, find_digest
from rindoku.errors import BadInput, NotFound
from rindoku.lists import list_week, observe_week
from rindoku.models import Outcome
from rindoku.publish import render_article, report_week
from rindoku.run import Run
from rindoku.sample import AS_OF, SAMPLE_WEEK
from rindoku.settings import Settings
from tests.builders import DAIR_AI
from tests.queries import count_rows, sample_article

FIVE = r"""
[five]
account = "five_papers"
series = "Five Papers"
heading = '\bfive\s+papers\b'
entries = 10
title = { ja = "{series}の週" }
"""
CHANGED = r"""
[dair_ai]
account = "renamed"
series = "Other Papers"
heading = '\bother\s+papers\b'
entries = 12
title = { ja = "{series}", en = "{series}" }
"""


def write_entry(home: Path, text: str) -> None:
    home.mkdir(exist_ok=True)
    (home / "digests.toml").write_text(text, encoding="utf-8")


def make_older(home: Path, digest: str) -> Archive:
    """The sample's archive as of the schema before listings, with a digest's week."""
    archive = Archive(home)
    with archive.write() as con:
        con.execute("DROP VIEW current_listings")
        con.execute("DROP TABLE listings")
        con.execute("DELETE FROM schema_migrations WHERE version >= 10")
        for table in ("weeks", "sightings", "run_starts", "issues"):
            con.execute(f"UPDATE {table} SET digest = $digest", {"digest": digest})
    older = archive.writer_path.read_bytes()
    archive.path.write_bytes(older)
    return Archive(home, digest=digest)


def expected_entries(con: Connection) -> int:
    return report_week(con, SAMPLE_WEEK, "ja").expected


def test_a_changed_entry_changes_no_week_that_was_listed(home: Path) -> None:
    before = sample_article(Archive(home)), sample_article(Archive(home), "html")
    write_entry(home, CHANGED)
    assert find_digest(DEFAULT, home).entries == 12
    assert before == (
        sample_article(Archive(home)),
        sample_article(Archive(home), "html"),
    )
    with Archive(home).read() as con:
        assert report_week(con, SAMPLE_WEEK, "ja").outcome == Outcome.COMPLETE
        assert "renamed" not in render_article(con, SAMPLE_WEEK, "md", "en")


def test_a_week_that_is_listed_again_takes_todays_entry(settings: Settings) -> None:
    def list_again(entries: int) -> list[str]:
        text = CHANGED.replace("entries = 12", f"entries = {entries}")
        pattern = DAIR_AI.heading.pattern
        text = text.replace(r"\bother\s+papers\b", pattern)
        twin = f'series = "Other Papers"\ntwin = "{DAIR_AI.twin}"'
        write_entry(settings.home_path, text.replace('series = "Other Papers"', twin))
        run = Run(f"{entries} entries")
        payloads = observe_week(run, SAMPLE_WEEK, "twin", AS_OF)
        list_week(run, SAMPLE_WEEK, payloads, AS_OF)
        with run.archive.read_latest() as con:
            report = report_week(con, SAMPLE_WEEK, "ja")
        return [f.message for f in report.findings if f.severity == "error"]

    assert list_again(12) == [f"{SAMPLE_WEEK} in twin lacks rank 11, 12 of 12."]
    assert list_again(11) == [f"{SAMPLE_WEEK} in twin lacks rank 11 of 11."]
    assert list_again(10) == []
    assert count_rows("sightings") == 1
    assert list_again(10) == []
    assert count_rows("listings") == 3


def test_the_same_entry_is_kept_once(home: Path) -> None:
    archive = Archive(home)
    with archive.write() as con:
        before = fetch_rows(con, "FROM listings ORDER BY ALL")
        save_listing(con, SAMPLE_WEEK, DAIR_AI.listing, "again")
        assert fetch_rows(con, "FROM listings ORDER BY ALL") == before
        assert find_listing(con, SAMPLE_WEEK) == DAIR_AI.listing


def test_an_older_archive_keeps_what_its_own_entries_say_at_its_upgrade(
    home: Path,
) -> None:
    archive = make_older(home, "five")
    write_entry(home, FIVE)
    article = sample_article(archive)
    assert article.startswith("# Five Papersの週")
    assert "[@five_papers](https://x.com/five_papers)" in article
    write_entry(home, FIVE.replace("five_papers", "renamed").replace("10", "12"))
    assert sample_article(archive) == article
    with archive.read() as con:
        assert expected_entries(con) == 10
    (home / "digests.toml").unlink()
    assert sample_article(archive) == article


def test_an_older_archive_of_dair_ai_says_what_it_said(home: Path) -> None:
    before = sample_article(Archive(home))
    archive = make_older(home, DEFAULT)
    assert sample_article(archive) == before
    with archive.read() as con:
        assert expected_entries(con) == 10


def test_an_entry_that_was_gone_at_the_upgrade_is_asked_for(home: Path) -> None:
    archive = make_older(home, "five")
    with archive.read() as con:
        report = report_week(con, SAMPLE_WEEK, "ja")
        assert (report.outcome, report.expected) == (Outcome.COMPLETE, 0)
        with pytest.raises(NotFound, match="name and the account") as caught:
            render_article(con, SAMPLE_WEEK, "md", "ja")
    assert "rindoku entries" in caught.value.remedy


def test_an_invalid_entry_is_named_before_an_upgrade_changes_anything(
    home: Path,
) -> None:
    archive = make_older(home, "five")
    before = archive.path.read_bytes()
    write_entry(home, FIVE.replace('"five_papers"', '"@five"'))
    with pytest.raises(BadInput, match="account of the digest 'five'"), archive.read():
        pass
    assert archive.path.read_bytes() == before
    write_entry(home, FIVE)
    assert "five_papers" in sample_article(archive)
