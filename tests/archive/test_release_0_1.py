"""An archive of release 0.1 (commit 0e6a0ec) opens, and gives the same articles.

It contains the sample week in Japanese and English, a second reader's review of the
English one, a correction by hand and a reader's question. The articles are those that
release 0.1 rendered from it.
"""

import html
import lzma
from pathlib import Path

import pytest

from rindoku.archive import Archive, statements
from rindoku.archive.answers import find_stored_answers
from rindoku.archive.papers import find_papers_without_text
from rindoku.archive.rows import fetch_rows
from rindoku.errors import ArchiveIncomplete
from rindoku.publish import publish_week, report_week
from rindoku.run import Run
from rindoku.verify.audit import audit_archive

RELEASE = Path(__file__).parent / "release-0.1"
# Sentences of the English article that were reworded since: old to new.
REWORDED = {
    "This issue shows rindoku at work.": "This issue demonstrates rindoku.",
    "and are not the papers' own.": "and do not come from the papers.",
    " chooses on X. Each answer quotes the place in the paper that it rests on.": (
        " selects on X. Each answer quotes the passage of the paper that supports it."
    ),
    "could not be found there are not shown": (
        "could not be found in the paper are not shown"
    ),
    "Use them to choose what to read.": "Use this list to decide what to read.",
}
WEEK = "2024-W14"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home as release 0.1 left it."""
    content = lzma.decompress((RELEASE / "archive.duckdb.xz").read_bytes())
    (tmp_path / "home" / "writer").mkdir(parents=True)
    (tmp_path / "home" / "archive.duckdb").write_bytes(content)
    (tmp_path / "home" / "writer" / "archive.duckdb").write_bytes(content)
    monkeypatch.setenv("RINDOKU_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_articles_are_the_same_to_the_byte(
    home: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("RINDOKU_LANGUAGE", language)
    for path in map(Path, publish_week(Run("render"), WEEK)):
        expected = lzma.decompress((RELEASE / f"{path.name}.xz").read_bytes()).decode()
        for old, new in REWORDED.items():
            expected = expected.replace(_as(path, old), _as(path, new))
        assert path.read_bytes().decode() == expected, path.name


def _as(path: Path, text: str) -> str:
    """A sentence as the form of the article writes it."""
    return (
        html.escape(text).replace("&#x27;", "&#39;") if path.suffix == ".html" else text
    )


def test_the_published_copy_is_upgraded_when_it_is_read(home: Path) -> None:
    with Archive(home).read() as con:
        newest = statements.migrations()[-1].number
        assert fetch_rows(con, "SELECT max(version) AS v FROM schema_migrations") == [
            {"v": newest}
        ]
        report = report_week(con, WEEK, "ja")
    assert (report.outcome, len(report.entries)) == ("complete", 10)
    assert sum(entry.verified for entry in report.entries) == 97


def test_every_row_is_kept(home: Path) -> None:
    counts = {
        "sightings": 2,
        "entries": 20,
        "papers": 10,
        "generations": 34,
        "questions": 201,
        "corrections": 1,
    }
    with Archive(home).read_latest() as con:
        for table, expected in counts.items():
            [row] = fetch_rows(con, f"SELECT count(*) AS n FROM {table}")
            assert row["n"] == expected, table
        sources = fetch_rows(
            con, "SELECT source, precedence FROM sightings ORDER BY precedence"
        )
        assert sources == [
            {"source": "x", "precedence": 2},
            {"source": "twin", "precedence": 3},
        ]


def test_its_published_file_alone_is_restored_with_its_texts(home: Path) -> None:
    archive = Archive(home)
    archive.writer_path.unlink()
    with pytest.raises(ArchiveIncomplete, match="published copy"), archive.read():
        pass
    [step] = archive.restore()
    assert "was adopted" in step
    with archive.read_latest() as con:
        assert find_papers_without_text(con) == []
        assert fetch_rows(con, "SELECT count(*) AS n FROM questions") == [{"n": 201}]


def test_an_audit_by_todays_checks_changes_nothing(home: Path) -> None:
    audit = audit_archive(Run("audit"), WEEK)
    assert len(audit.answers) == 200
    assert [answer for answer in audit.answers if answer.changed] == []
    assert [text for text in audit.texts if text.changed] == []
    with Archive(home).read_latest() as con:
        [generation, *_] = fetch_rows(
            con, "SELECT generation_id FROM summaries ORDER BY generation_id"
        )
        assert find_stored_answers(con, generation["generation_id"])
