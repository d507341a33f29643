"""`rindoku restore`, and what reads texts that are gone."""

import json
from pathlib import Path

import pytest

from rindoku.archive import Archive
from rindoku.archive.rows import fetch_rows
from rindoku.explain import explain_document
from rindoku.papers import read_again
from rindoku.run import Run
from rindoku.sample.content import SAMPLE_WEEK
from rindoku.sample.faults import Fault
from rindoku.sample.standin import StandIn
from rindoku.settings import Settings
from tests.conftest import (
    Rindoku,
    assert_fails,
    environment_of,
    set_environment,
)
from tests.queries import count_rows
from tests.sample.entries import short_week
from tests.steps import explain_and_save, read_week, work_week

WITHOUT_TEXT = "documents ANTI JOIN raw.document_texts USING (document_id)"


@pytest.fixture
def only_published(worked_already: Settings) -> Archive:
    """The published copy of the sample week, as a backup of it alone leaves it."""
    archive = Archive(worked_already.home_path)
    archive.writer_path.unlink()
    archive.private_path.unlink()
    return archive


def check_of(rindoku: Rindoku, name: str) -> dict[str, str]:
    done = rindoku("doctor", "--offline", "--json")
    checks: dict[str, dict[str, str]] = {c["name"]: c for c in json.loads(done.stdout)}
    return checks[name]


def test_a_published_copy_alone_is_read_and_never_replaced(
    only_published: Archive, rindoku: Rindoku
) -> None:
    before = only_published.path.read_bytes()
    for command in (
        ["show", SAMPLE_WEEK],
        ["sql", "FROM week_entries"],
        ["costs"],
        ["diff", SAMPLE_WEEK],
        ["plan", SAMPLE_WEEK],
    ):
        done = rindoku(*command)
        assert done.returncode == 0, (command, done.stderr)
    for command in (["run", SAMPLE_WEEK, "--source", "x"], ["entries", SAMPLE_WEEK]):
        assert_fails(rindoku(*command), 1, "is a published copy without the file")
    assert check_of(rindoku, "files")["state"] == "fail"
    assert "rindoku restore" in check_of(rindoku, "files")["remedy"]
    assert only_published.path.read_bytes() == before


def test_an_adopted_copy_is_written_and_its_texts_are_read_again(
    only_published: Archive, rindoku: Rindoku, standin: StandIn
) -> None:
    done = rindoku("restore")
    assert done.returncode == 0, done.stderr
    assert "was adopted" in done.stdout
    assert "the texts of 10 papers" in done.stdout
    assert "the texts of 10 papers" in check_of(rindoku, "files")["found"]
    asked = rindoku("text", "2404.02258", "--json")
    assert asked.returncode == 0, asked.stderr
    assert "the texts of 9 papers" in check_of(rindoku, "files")["found"]
    assert rindoku("audit", SAMPLE_WEEK).returncode in {0, 4}
    assert check_of(rindoku, "files")["state"] == "ok"
    assert count_rows(WITHOUT_TEXT) == 0
    assert len([a for a in standin.log if a.target.endswith("/v1/messages")]) == 0


def test_texts_are_read_again_from_pages_and_records_too(
    only_published: Archive,
) -> None:
    only_published.restore()
    assert read_again(Run("again"), SAMPLE_WEEK) == []
    with only_published.read_latest() as con:
        assert fetch_rows(con, f"FROM {WITHOUT_TEXT}") == []
        [row] = fetch_rows(con, "SELECT count(*) AS n FROM documents")
    assert row["n"] == 10, "the same texts, and no new ones"


def test_a_lesser_text_does_not_replace_one_that_is_gone(
    only_published: Archive, standin: StandIn
) -> None:
    only_published.restore()
    standin.faults.order(Fault("404", "arxiv.org/html", times=9))
    standin.faults.order(Fault("404", "arxiv.org/pdf", times=9))
    failures = read_again(Run("again"), SAMPLE_WEEK)
    assert failures
    assert all("now there is only its abstract" in text for text in failures)
    assert count_rows("documents") == 10


def test_a_week_that_was_not_finished_goes_on_after_a_restore(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its posts, texts and replies are had again; nothing that is known is asked."""
    home = tmp_path / "home"
    with StandIn(first_week=short_week(home)) as standin:
        set_environment(monkeypatch, environment_of(standin, home))
        read_week(Run("first"))
        archive = Archive(home)
        archive.publish()
        archive.writer_path.unlink()
        archive.private_path.unlink()
        archive.restore()
        assert work_week(Run("again")) == "complete"
    assert count_rows(WITHOUT_TEXT) == 0


def test_a_reply_that_is_gone_before_it_was_saved_is_bought_again(
    read_already: Settings, document_id: str
) -> None:
    archive = Archive(read_already.home_path)
    lost = explain_document(Run("first"), document_id)
    archive.publish()
    archive.private_path.unlink()
    archive.restore()
    assert read_again(Run("again")) == []
    assert explain_and_save(Run("again"), document_id) != lost


def test_a_complete_home_has_nothing_to_restore(
    worked_already: Settings, rindoku: Rindoku
) -> None:
    before = Path(worked_already.home_path, "archive.duckdb").read_bytes()
    done = rindoku("restore")
    assert (done.returncode, done.stdout) == (
        0,
        "No file of the archive is missing; nothing was done.\n",
    )
    assert Path(worked_already.home_path, "archive.duckdb").read_bytes() == before
