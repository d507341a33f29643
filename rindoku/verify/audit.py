"""Audits: verification run again over answers that were given before. New checks apply to old answers; no call is made."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from rindoku.archive.finding import auditable, get_document, get_paper, stored_answers
from rindoku.archive.rows import fetch_rows
from rindoku.archive.saving import save_audits, save_text_audits
from rindoku.archive.statements import query
from rindoku.errors import BadInput
from rindoku.languages import Wording, find_languages, get_language
from rindoku.models import (
    Answer,
    Document,
    Explanation,
    PaperVersion,
    TextVerdict,
    Verdict,
)
from rindoku.run import Run
from rindoku.verify.answers import verify_answers, verify_texts

Status = Literal["verified", "unverified", "not in paper"]


@dataclass(frozen=True)
class Audited:
    """One answer, verified again. `before` is what it counted as; None for an answer from a file."""

    week: str | None
    rank: int | None
    title: str
    verdict: Verdict
    words: Wording
    before: Status | None = None
    question_id: str | None = None
    stored_reason: str = ""

    @property
    def status(self) -> Status:
        # What was withheld for a reason that is no longer at hand (the reply's own flags) stays withheld.
        return "unverified" if self.before == "unverified" else self.verdict.status

    @property
    def reason(self) -> str:
        return self.words.why(self.verdict.findings) or (
            self.stored_reason if self.status == "unverified" else ""
        )

    @property
    def changed(self) -> bool:
        return self.before is not None and self.status != self.before

    def as_json(self) -> dict[str, Any]:
        """Plain values for `--json`."""
        return {
            "week": self.week,
            "rank": self.rank,
            "title": self.title,
            "language": self.words.language,
            "position": self.verdict.answer.position,
            "question": self.verdict.answer.question,
            "status": self.status,
            "before": self.before,
            "reason": self.reason,
            "findings": [
                {"check": f.check, "severity": f.severity, "message": f.message}
                for f in self.verdict.findings
            ],
            "evidence": [
                {
                    "quote": e.quote,
                    "match": e.match,
                    "start": e.start,
                    "end": e.end,
                    "section": e.section,
                    "page": e.page,
                }
                for e in self.verdict.evidence
            ],
        }


@dataclass(frozen=True)
class AuditedText:
    """A TL;DR or summary, verified again. `withheld` says why it was not published before, if it was not."""

    week: str | None
    rank: int | None
    title: str
    verdict: TextVerdict
    words: Wording
    generation_id: str = ""
    withheld: str | None = None

    @property
    def passed(self) -> bool:
        return self.verdict.passed and self.withheld is None

    @property
    def reason(self) -> str:
        return self.words.why(self.verdict.findings) or self.withheld or ""

    @property
    def changed(self) -> bool:
        """Whether it fails now and was published before."""
        return (
            bool(self.generation_id)
            and self.withheld is None
            and not self.verdict.passed
        )

    def as_json(self) -> list[dict[str, Any]]:
        """Plain values for `--json`, one for each finding."""
        return [
            {
                "week": self.week,
                "rank": self.rank,
                "title": self.title,
                "part": self.verdict.part,
                "check": f.check,
                "severity": f.severity,
                "message": f.message,
            }
            for f in self.verdict.findings
        ]


def audit_archive(
    run: Run, week: str | None
) -> tuple[list[Audited], list[AuditedText]]:
    """Verifies what is shown in a week (or in all weeks) again, and keeps what came out otherwise than before."""
    answers: list[Audited] = []
    texts: list[AuditedText] = []
    with run.archive.write() as con:
        for row in auditable(con, week):
            document = get_document(con, row["document_id"])
            paper = get_paper(con, row["paper_id"], row["version"])
            language = get_language(row["language"])
            words, verbatim = language.wording, row["generation_kind"] == "extract"
            stored = stored_answers(con, row["generation_id"])
            given = Explanation(None, "", tuple(_answer(s) for s in stored))
            verdicts = verify_answers(
                given, document, paper, language, verbatim=verbatim, stored=True
            )
            answers += [
                Audited(
                    row["week"],
                    row["rank"],
                    row["title"],
                    v,
                    words,
                    s["status"],
                    s["question_id"],
                    s["reason"],
                )
                for v, s in zip(verdicts, stored, strict=True)
            ]
            if not verbatim:
                [shown] = fetch_rows(
                    con, query("stored_texts"), generation_id=row["generation_id"]
                )
                reasons = {
                    "tldr": shown["tldr_reason"],
                    "summary": shown["summary_reason"],
                }
                texts += [
                    AuditedText(
                        row["week"],
                        row["rank"],
                        row["title"],
                        t,
                        words,
                        row["generation_id"],
                        reasons[t.part],
                    )
                    for t in verify_texts(
                        Explanation(shown["tldr"], shown["summary"], ()),
                        document,
                        paper,
                        language,
                    )
                ]
        now = datetime.now(UTC)
        changes = {
            a.question_id: (a.status, a.reason)
            for a in answers
            if a.changed and a.question_id
        }
        save_audits(con, changes, now, run.run_id)
        failing: dict[tuple[str, str], str] = {
            (t.generation_id, t.verdict.part): t.reason for t in texts if t.changed
        }
        save_text_audits(con, failing, now, run.run_id)
    if changes or failing:
        run.archive.publish()
    return answers, texts


def _answer(row: dict[str, Any]) -> Answer:
    # The recorded status decides, not today's words for "not in the paper".
    answerable = row["status"] == "verified" or bool(row["quotes"])
    return Answer(
        row["position"],
        row["question"],
        row["answer"],
        answerable,
        tuple(row["quotes"]),
    )


class _Given(BaseModel):
    model_config = ConfigDict(extra="ignore")


class GivenAnswer(_Given):
    """One answer of a generation file."""

    position: int | None = Field(default=None, ge=1)
    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)
    answerable: bool = True
    quotes: list[str] = []


class GivenGeneration(_Given):
    """A generation file: what `rindoku audit --generation` reads. Further fields are allowed and left alone."""

    title: str = ""
    language: str = "ja"
    tldr: str | None = None
    summary: str = ""
    questions: list[GivenAnswer] = Field(min_length=1)

    @field_validator("language")
    @classmethod
    def _is_known(cls, code: str) -> str:
        if code not in find_languages():
            raise ValueError(f"it can be {', '.join(find_languages())}")
        return code


def read_generation(path: Path) -> GivenGeneration:
    """A generation from a file. Raises BadInput naming the file and what is wrong in it."""
    try:
        return GivenGeneration.model_validate(
            json.loads(path.read_text(encoding="utf-8"))
        )
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadInput(
            f"{path} can't be read as JSON: {error}.", "See the README for its form."
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise BadInput(
            f"{path} is no generation ({where}: {first['msg']}).",
            "See the README for its form.",
        ) from None


def audit_files(
    document: Document, given: GivenGeneration
) -> tuple[list[Audited], list[AuditedText]]:
    """Verdicts on the answers of a generation file, and on its TL;DR and summary."""
    paper = PaperVersion(
        "",
        "web",
        0,
        given.title,
        (),
        True,
        None,
        None,
        None,
        (),
        document.url,
        None,
        "",
    )
    answers = tuple(
        Answer(q.position or n, q.question, q.answer, q.answerable, tuple(q.quotes))
        for n, q in enumerate(given.questions, 1)
    )
    explanation = Explanation(given.tldr or None, given.summary, answers)
    language = get_language(given.language)
    words = language.wording
    verdicts = verify_answers(explanation, document, paper, language)
    texts = verify_texts(explanation, document, paper, language)
    return (
        [Audited(None, None, given.title, v, words) for v in verdicts],
        [AuditedText(None, None, given.title, t, words) for t in texts],
    )


def failed(audited: Sequence[Audited], texts: Sequence[AuditedText] = ()) -> bool:
    """Whether anything fails verification."""
    return any(a.status == "unverified" for a in audited) or any(
        not t.passed for t in texts
    )
