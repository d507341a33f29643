"""Audits: new checks on old answers, over the archive and over files."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from rindoku.archive import Archive
from rindoku.archive.rows import fetch_rows
from rindoku.models import Finding, Verdict
from rindoku.publish.article import render_article
from rindoku.run import Run
from rindoku.sample.content import SAMPLE_WEEK
from rindoku.sample.standin import StandIn
from rindoku.verify import audit
from rindoku.verify import audit as audit_module
from rindoku.verify.audit import audit_archive
from tests.queries import select_rows
from tests.steps import explain_and_save


@pytest.fixture
def home(sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(sample_home, tmp_path / "home")
    monkeypatch.setenv("RINDOKU_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_an_audit_by_the_same_checks_changes_nothing(home: Path) -> None:
    audit = audit_archive(Run("audit"), SAMPLE_WEEK)
    assert [t.passed for t in audit.texts] == [True] * 20
    assert len(audit.answers) == 100
    assert [a for a in audit.answers if a.changed] == []
    failing = {
        (a.place.rank, a.verdict.answer.position)
        for a in audit.answers
        if a.status == "unverified"
    }
    assert failing == {(6, 9), (9, 2)}
    assert not audit.passed


def test_a_new_check_withholds_an_old_answer_and_keeps_what_was(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = audit_module.verify_answers

    def stricter(*arguments, **options) -> list[Verdict]:
        return [
            Verdict(
                v.answer,
                v.evidence,
                (*v.findings, Finding("q", "new", "error", "新しい検査に通らない")),
            )
            if "12.29%" in v.answer.answer
            else v
            for v in checks(*arguments, **options)
        ]

    monkeypatch.setattr(audit_module, "verify_answers", stricter)
    changed = [a for a in audit_archive(Run("audit"), None).answers if a.changed]
    assert [(a.place.rank, a.before, a.status, a.reason) for a in changed] == [
        (2, "verified", "unverified", "新しい検査に通らない")
    ]
    again = audit_archive(Run("again"), None)
    assert not any(a.changed for a in again.answers), "said once"
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
    assert first == [{"status": "verified"}], "history is kept"
    assert "新しい検査に通らない" in article
    assert "A: 完全なテストセットで12.29%" not in article


def test_tldrs_are_audited_and_withheld_when_a_new_check_fails_them(
    standin: StandIn, document_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    explain_and_save(Run("r"), document_id)
    run = Run("audit")
    found_before = audit_archive(run, None)
    assert len(found_before.answers) == 10
    assert [t.passed for t in found_before.texts] == [True, True]
    assert select_rows("FROM text_audits") == []
    found = audit.verify_texts

    def stricter(*arguments: object) -> list:
        finding = Finding("t", "new", "error", "新しい検査")
        return [
            replace(t, findings=(finding,)) if t.part == "tldr" else t
            for t in found(*arguments)
        ]

    with monkeypatch.context() as patch:
        patch.setattr(audit, "verify_texts", stricter)
        assert [t.changed for t in audit_archive(run, None).texts] == [True, False]
    assert [t.passed for t in audit_archive(Run("again"), None).texts] == [
        False,
        True,
    ], "an audit withholds, and does not release"
    [shown] = select_rows(
        "SELECT tldr, tldr_reason, summary IS NOT NULL AS summary FROM week_entries "
        "WHERE rank = 3",
    )
    assert shown == {"tldr": None, "tldr_reason": "新しい検査", "summary": True}
