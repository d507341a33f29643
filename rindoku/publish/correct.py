"""Corrections by hand: stored beside the answer with author and reason, and published whatever is generated later."""

import re
from datetime import datetime
from typing import Any

from rindoku.archive.finding import find_answer
from rindoku.archive.saving import save_correction
from rindoku.errors import BadInput, NotFound
from rindoku.run import Run

_PLACE = re.compile(r"(\d{4}-W\d\d)[/:.](\d+)[/:.](\d+)")


def get_answer(run: Run, reference: str) -> dict[str, Any]:
    """The answer with a question id, or at a place such as `2024-W14/3/2` (week, rank, question). Raises NotFound."""
    place = _PLACE.fullmatch(reference)
    week, rank, position = (
        (place[1], int(place[2]), int(place[3])) if place else (None, None, None)
    )
    with run.archive.write() as con:
        found = find_answer(con, reference, week, rank, position, run.settings.language)
    if found is None:
        raise NotFound(
            f"The archive has no question {reference!r}.",
            "Write its place, such as 2024-W14/3/2 for rank 3, question 2, or its question_id from the view `answers`.",
        )
    return found


def correct(
    run: Run, found: dict[str, Any], answer: str, author: str, reason: str, at: datetime
) -> bool:
    """Keeps a corrected answer and publishes the archive; False when just that was kept before.

    Raises BadInput for an empty or unchanged answer, and without author or reason.
    """
    answer = answer.strip()
    if not answer:
        raise BadInput("The corrected answer is empty.", "Nothing was changed.")
    if answer == found["answer"].strip() and found["status"] != "unverified":
        raise BadInput(
            "The corrected answer is the one that stands already.",
            "Nothing was changed.",
        )
    if not author.strip() or not reason.strip():
        raise BadInput(
            "A correction needs its author and its reason.",
            "Give --author and --reason.",
        )
    with run.archive.write() as con:
        is_new = save_correction(con, found, answer, author.strip(), reason.strip(), at)
    run.archive.publish()
    return is_new
