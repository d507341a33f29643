"""Queries for what a test left behind: rows, the article, calls to the stand-in."""

from typing import Any

from rindoku.archive import Archive
from rindoku.archive.documents import find_document_of
from rindoku.archive.rows import fetch_rows
from rindoku.publish import render_article
from rindoku.run import Run
from rindoku.sample import SAMPLE_WEEK, StandIn

MESSAGES = "/v1/messages"


def select_rows(sql: str, **parameters: object) -> list[dict[str, Any]]:
    """Rows of the archive in the current home, whether published or not."""
    with Run("query").archive.read_latest() as con:
        return fetch_rows(con, sql, **parameters)


def count_rows(source: str) -> int:
    """How many rows a table has, with an optional condition: `questions WHERE ...`."""
    [row] = select_rows(f"SELECT count(*) AS n FROM {source}")
    return int(row["n"])


def sample_article(archive: Archive, form: str = "md", language: str = "ja") -> str:
    """The article of the sample week as the published archive gives it."""
    with archive.read() as con:
        return render_article(con, SAMPLE_WEEK, form, language)


def find_document_id(paper_id: str) -> str:
    """Id of the text of a paper in the current home."""
    with Run("query").archive.read_latest() as con:
        document_id = find_document_of(con, paper_id)
    assert document_id is not None, f"{paper_id} was not read"
    return document_id


def answered_calls(standin: StandIn) -> list[str]:
    """Keys of the single calls that the stand-in's model answered, in order."""
    calls = [access for access in standin.log if access.target.endswith(MESSAGES)]
    return [access.key for access in calls if access.answered]


def count_model_calls(standin: StandIn) -> int:
    """How many single calls, not batches, the stand-in's model was sent."""
    return sum(access.target.endswith(MESSAGES) for access in standin.log)
