"""Manual corrections, which are published even after an answer is generated again."""

import re
from datetime import datetime

from rindoku.archive.answers import PlacedAnswer, find_answer
from rindoku.archive.corrections import save_correction
from rindoku.errors import BadInput, NotFound
from rindoku.run import Run

_PLACE = re.compile(r"(\d{4}-W\d\d)[/:.](\d+)[/:.](\d+)")


def get_answer(run: Run, reference: str) -> PlacedAnswer:
    """The answer at a place (week/rank/question, as 2024-W14/3/2), or by question id.

    Raises NotFound.
    """
    place = _PLACE.fullmatch(reference)
    with run.archive.read_latest() as con:
        answer = find_answer(
            con,
            reference,
            week=place[1] if place else None,
            rank=int(place[2]) if place else None,
            position=int(place[3]) if place else None,
            language=run.settings.language,
        )
    if answer is None:
        raise NotFound(
            f"The archive has no question {reference!r}.",
            "Give its place, such as 2024-W14/3/2 for rank 3, question 2, or its "
            "question_id from the view `answers`.",
        )
    return answer


def correct(
    run: Run,
    answer: PlacedAnswer,
    corrected: str,
    *,
    author: str,
    reason: str,
    at: datetime,
) -> bool:
    """Saves a corrected answer and publishes the archive; False if it was saved before.

    Raises BadInput for an empty or unchanged answer, and for a missing author or
    reason.
    """
    corrected, author, reason = corrected.strip(), author.strip(), reason.strip()
    if not corrected:
        raise BadInput("The corrected answer is empty.", "Nothing was changed.")
    if corrected == answer.answer.strip() and answer.status != "unverified":
        raise BadInput(
            "The corrected answer is the same as the published one.",
            "Nothing was changed.",
        )
    if not author or not reason:
        raise BadInput(
            "A correction needs an author and a reason.", "Give --author and --reason."
        )
    with run.archive.write() as con:
        is_new = save_correction(
            con, answer, corrected, author=author, reason=reason, at=at
        )
    run.archive.publish()
    return is_new
