"""An audit judges stored answers by their recorded status, not by today's wording."""

from dataclasses import replace
from pathlib import Path

import pytest

from rindoku.languages import Language, get_language
from rindoku.run import Run
from rindoku.sample import SAMPLE_WEEK
from rindoku.verify import audit


def reworded(code: str) -> Language:
    language = get_language(code)
    wording = replace(
        language.wording,
        not_in_paper="論文には書かれていない",
        no_excerpt="該当する文がない",
    )
    return replace(language, wording=wording)


def test_stored_answers_keep_their_status_when_the_wording_changes(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = audit.audit_archive(Run("before"), SAMPLE_WEEK).answers
    monkeypatch.setattr(audit, "get_language", reworded)
    after = audit.audit_archive(Run("after"), SAMPLE_WEEK).answers
    assert [a.status for a in after] == [a.status for a in before]
    assert [a.reason for a in after] == [a.reason for a in before]
    assert {a.status for a in after} == {"verified", "not in paper", "unverified"}
    assert not any(a.changed for a in after)
