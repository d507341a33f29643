"""Audits: new checks on old answers, over the archive and over files."""

import json
import shutil
from pathlib import Path

import pytest

from rindoku.archive import Archive
from rindoku.archive.rows import fetch_rows
from rindoku.models import Finding, Verdict
from rindoku.publish.article import render_article
from rindoku.run import Run
from rindoku.sample.content import SAMPLE_WEEK
from rindoku.verify import audit as audit_module
from rindoku.verify.audit import audit_archive
from tests.conftest import Rindoku


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


TEXT = (
    "We report on Zebra-7B, which was trained with 86K examples. " * 10
    + "Zebra-7B reaches 33.3% on the hardest test and needs no critic."
)
RIGHT = {
    "question": "Zebra-7Bの成績は?",
    "answer": "最も難しいテストで33.3%です。",
    "answerable": True,
    "quotes": ["Zebra-7B reaches 33.3% on the hardest test and needs no critic."],
}


def test_files_are_audited_without_an_archive(rindoku: Rindoku, tmp_path: Path) -> None:
    (tmp_path / "paper.txt").write_text(TEXT)
    generation = tmp_path / "generation.json"

    def run(*questions: dict[str, object], **texts: str):
        generation.write_text(
            json.dumps({"title": "Zebra", **texts, "questions": list(questions)})
        )
        done = rindoku(
            "audit",
            "--document",
            "paper.txt",
            "--generation",
            "generation.json",
            "--json",
        )
        return done.returncode, json.loads(done.stdout)

    code, found = run(RIGHT)
    assert (code, found["passed"], found["answers"][0]["status"]) == (
        0,
        True,
        "verified",
    )
    place = found["answers"][0]["evidence"][0]
    assert TEXT[place["start"] : place["end"]] + "." == RIGHT["quotes"][0]
    code, found = run(
        RIGHT, RIGHT | {"question": "別の質問か?", "answer": "38.3%です。"}
    )
    assert (code, [a["status"] for a in found["answers"]]) == (
        4,
        ["verified", "unverified"],
    )
    assert "38.3%" in found["answers"][1]["reason"]
    code, found = run(RIGHT, tldr="99%を解く")
    assert (code, found["texts"][0]["check"]) == (4, "number")
    assert not (tmp_path / "rindoku-home").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--document", "paper.txt"], "belong together"),
        (
            ["--document", "paper.txt", "--generation", "paper.txt"],
            "cannot be read as JSON",
        ),
        (["--document", "paper.txt", "--generation", "empty.json"], "questions"),
        (["--document", "nothing", "--generation", "empty.json"], "is not a file"),
    ],
)
def test_bad_files_are_named(
    rindoku: Rindoku, tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "paper.txt").write_text(TEXT)
    (tmp_path / "empty.json").write_text(
        "{}" if "nothing" not in arguments else json.dumps({"questions": [RIGHT]})
    )
    done = rindoku("audit", *arguments)
    assert (done.returncode, message in done.stderr, "Traceback" in done.stderr) == (
        2,
        True,
        False,
    )


def test_costs_are_listed_with_their_sum(rindoku: Rindoku, home: Path) -> None:
    rows = json.loads(
        rindoku("costs", SAMPLE_WEEK, "--json", RINDOKU_HOME=str(home)).stdout
    )
    assert {r["kind"] for r in rows} == {"explain", "repair", "x"}
    total = sum(r["cost_usd"] for r in rows)
    shown = rindoku("costs", RINDOKU_HOME=str(home)).stdout
    assert f"${total:.4f}" in shown
