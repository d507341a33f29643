"""Manual corrections, which are published even after an answer is generated again."""

from datetime import datetime

from rindoku.archive.answers import PlacedAnswer
from rindoku.archive.rows import Connection, fetch_rows, insert
from rindoku.archive.statements import query
from rindoku.keys import content_key


def save_correction(
    con: Connection,
    answer: PlacedAnswer,
    corrected: str,
    *,
    author: str,
    reason: str,
    at: datetime,
) -> bool:
    """Saves a correction of an answer; False when the same was saved before."""
    key = (answer.paper_id, answer.question, corrected, author, reason)
    correction_id = content_key("correction", *key)
    if fetch_rows(con, query("corrections/get"), correction_id=correction_id):
        return False
    row = {
        "correction_id": correction_id,
        "question_id": answer.question_id,
        "paper_id": answer.paper_id,
        "question": answer.question,
        "answer": corrected,
        "author": author,
        "reason": reason,
        "corrected_at": at,
    }
    insert(con, "corrections", [row])
    return True
