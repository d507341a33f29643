"""Audits: today's checks on the answers and texts of the archive."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rindoku.archive import Archive
from rindoku.archive.rows import fetch_rows
from rindoku.models import Finding, TextVerdict, Verdict
from rindoku.publish import render_article
from rindoku.run import Run
from rindoku.sample import SAMPLE_WEEK, StandIn
from rindoku.verify import audit, verify_answers, verify_texts
from rindoku.verify.audit import audit_archive
from tests.queries import select_rows
from tests.steps import explain_and_save


def test_an_audit_with_the_same_checks_changes_nothing(home: Path) -> None:
    found = audit_archive(Run("audit"), SAMPLE_WEEK)
    assert [text.passed for text in found.texts] == [True] * 20
    assert len(found.answers) == 100
    assert [answer for answer in found.answers if answer.changed] == []
    withheld = [answer for answer in found.answers if answer.status == "unverified"]
    places = {(a.place.rank, a.verdict.answer.position) for a in withheld}
    assert places == {(6, 9), (9, 2)}
    assert not found.passed


def test_a_new_check_withholds_an_old_answer_and_keeps_its_history(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def verify_more(*arguments: Any, **options: Any) -> list[Verdict]:
        verdicts = verify_answers(*arguments, **options)
        return [reject(v) if "12.29%" in v.answer.answer else v for v in verdicts]

    def reject(verdict: Verdict) -> Verdict:
        finding = Finding("q", "new", "error", "新しい検査に通らない")
        return replace(verdict, findings=(*verdict.findings, finding))

    monkeypatch.setattr(audit, "verify_answers", verify_more)
    changed = [a for a in audit_archive(Run("audit"), None).answers if a.changed]
    assert [(a.place.rank, a.before, a.status, a.reason) for a in changed] == [
        (2, "verified", "unverified", "新しい検査に通らない")
    ]
    again = audit_archive(Run("again"), None)
    assert not any(a.changed for a in again.answers), "already recorded"
    with Archive(home).read() as con:
        row = fetch_rows(
            con,
            "SELECT status, reason FROM answers "
            "WHERE answer LIKE '%12.29%' AND rank = 2",
        )
        first = fetch_rows(
            con, "SELECT status FROM questions WHERE answer LIKE '%12.29%'"
        )
        article = render_article(con, SAMPLE_WEEK, "md", "ja")
        assert fetch_rows(con, "SELECT count(*) AS n FROM audits") == [{"n": 1}]
    assert row == [{"status": "unverified", "reason": "新しい検査に通らない"}]
    assert first == [{"status": "verified"}], "the first status is kept"
    assert "新しい検査に通らない" in article
    assert "A: 完全なテストセットで12.29%" not in article


def test_a_new_check_withholds_an_old_tldr(
    standin: StandIn, document_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    explain_and_save(Run("r"), document_id)
    run = Run("audit")
    before = audit_archive(run, None)
    assert len(before.answers) == 10
    assert [text.passed for text in before.texts] == [True, True]
    assert select_rows("FROM text_audits") == []
    finding = Finding("t", "new", "error", "新しい検査")

    def verify_more(*arguments: Any) -> list[TextVerdict]:
        [tldr, summary] = verify_texts(*arguments)
        assert tldr.part == "tldr"
        return [replace(tldr, findings=(finding,)), summary]

    with monkeypatch.context() as patch:
        patch.setattr(audit, "verify_texts", verify_more)
        assert [t.changed for t in audit_archive(run, None).texts] == [True, False]
    again = audit_archive(Run("again"), None)
    assert [text.passed for text in again.texts] == [False, True], "still withheld"
    [shown] = select_rows(
        "SELECT tldr, tldr_reason, summary IS NOT NULL AS summary FROM week_entries "
        "WHERE rank = 3",
    )
    assert shown == {"tldr": None, "tldr_reason": "新しい検査", "summary": True}
