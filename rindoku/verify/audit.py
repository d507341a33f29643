"""Audits: verify stored answers again with the current checks, without any call."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from rindoku.archive import Connection
from rindoku.archive.answers import (
    ShownExplanation,
    StoredAnswer,
    find_shown_explanations,
    find_stored_answers,
    get_stored_texts,
    save_audits,
    save_text_audits,
)
from rindoku.archive.documents import get_document
from rindoku.archive.papers import get_paper
from rindoku.errors import BadInput
from rindoku.languages import Wording, find_languages, get_language
from rindoku.models import (
    Answer,
    AnswerStatus,
    Document,
    Explanation,
    PaperVersion,
    TextVerdict,
    Verdict,
)
from rindoku.run import Run
from rindoku.verify.answers import verify_answers, verify_texts


@dataclass(frozen=True)
class AuditedEntry:
    """The entry of an explanation; for one from a file, week and rank are None."""

    week: str | None
    rank: int | None
    title: str


@dataclass(frozen=True)
class AuditedAnswer:
    """An answer, verified again.

    `before` is its status before the audit, and `stored_reason` the reason for it; an
    answer from a file has neither.
    """

    place: AuditedEntry
    verdict: Verdict
    words: Wording
    before: AnswerStatus | None = None
    question_id: str | None = None
    stored_reason: str = ""

    @property
    def status(self) -> AnswerStatus:
        # A withheld answer stays withheld, as some reasons can't be found again, such
        # as those from flags in the reply.
        if self.before == "unverified":
            return "unverified"
        return self.verdict.status

    @property
    def reason(self) -> str:
        """Why it is unverified; empty when it is not."""
        reason = self.words.why(self.verdict.findings)
        if not reason and self.status == "unverified":
            return self.stored_reason
        return reason

    @property
    def changed(self) -> bool:
        return self.before is not None and self.status != self.before

    def as_json(self) -> dict[str, Any]:
        """Plain values for `--json`."""
        answer = self.verdict.answer
        return {
            **asdict(self.place),
            "language": self.words.language,
            "position": answer.position,
            "question": answer.question,
            "status": self.status,
            "before": self.before,
            "reason": self.reason,
            "findings": [
                {
                    "check": finding.check,
                    "severity": finding.severity,
                    "message": finding.message,
                }
                for finding in self.verdict.findings
            ],
            "evidence": [asdict(item) for item in self.verdict.evidence],
        }


@dataclass(frozen=True)
class AuditedText:
    """A TL;DR or summary, verified again.

    `withheld` is the reason if it was withheld before the audit.
    """

    place: AuditedEntry
    verdict: TextVerdict
    words: Wording
    generation_id: str = ""
    withheld: str | None = None

    @property
    def passed(self) -> bool:
        return self.verdict.passed and self.withheld is None

    @property
    def reason(self) -> str:
        """Why it is withheld; empty when it is not."""
        return self.words.why(self.verdict.findings) or self.withheld or ""

    @property
    def changed(self) -> bool:
        """Whether it was published before and fails now."""
        was_published = bool(self.generation_id) and self.withheld is None
        return was_published and not self.verdict.passed

    def as_json(self) -> list[dict[str, Any]]:
        """Plain values for `--json`, one for each finding."""
        return [
            {
                **asdict(self.place),
                "part": self.verdict.part,
                "check": finding.check,
                "severity": finding.severity,
                "message": finding.message,
            }
            for finding in self.verdict.findings
        ]


@dataclass(frozen=True)
class Audit:
    """Answers and texts, verified again."""

    answers: list[AuditedAnswer]
    texts: list[AuditedText]

    @property
    def passed(self) -> bool:
        """Whether all answers and texts pass verification."""
        if any(answer.status == "unverified" for answer in self.answers):
            return False
        return all(text.passed for text in self.texts)


def audit_archive(run: Run, week: str | None) -> Audit:
    """Verifies what is shown in a week, or in all weeks, again; saves changes."""
    answers: list[AuditedAnswer] = []
    texts: list[AuditedText] = []
    with run.archive.read_latest() as con:
        explanations = find_shown_explanations(con, week)
    for shown in explanations:
        # Opened for each, so that a run that writes waits for one of them at most.
        with run.archive.read_latest() as con:
            audit = _audit_explanation(con, shown)
        answers += audit.answers
        texts += audit.texts
    changed_answers = {
        answer.question_id: (answer.status, answer.reason)
        for answer in answers
        if answer.changed and answer.question_id
    }
    failing_texts = {
        (text.generation_id, text.verdict.part): text.reason
        for text in texts
        if text.changed
    }
    if changed_answers or failing_texts:
        now = datetime.now(UTC)
        with run.archive.write() as con:
            save_audits(con, changed_answers, now, run.run_id)
            save_text_audits(con, failing_texts, now, run.run_id)
        run.archive.publish()
    return Audit(answers, texts)


def _audit_explanation(con: Connection, shown: ShownExplanation) -> Audit:
    document = get_document(con, shown.document_id)
    paper = get_paper(con, shown.paper_id, shown.version)
    language = get_language(shown.language)
    words = language.wording
    place = AuditedEntry(shown.week, shown.rank, shown.title)
    is_extract = shown.generation_kind == "extract"
    stored = find_stored_answers(con, shown.generation_id)
    explanation = Explanation(None, "", tuple(_answer(answer) for answer in stored))
    verdicts = verify_answers(
        explanation, document, paper, language, verbatim=is_extract, stored=True
    )
    answers = [
        AuditedAnswer(
            place,
            verdict,
            words,
            before=answer.status,
            question_id=answer.question_id,
            stored_reason=answer.reason,
        )
        for verdict, answer in zip(verdicts, stored, strict=True)
    ]
    if is_extract:
        return Audit(answers, [])
    stored_texts = get_stored_texts(con, shown.generation_id)
    reasons = {
        "tldr": stored_texts.tldr_reason,
        "summary": stored_texts.summary_reason,
    }
    explanation = Explanation(stored_texts.tldr, stored_texts.summary, ())
    texts = [
        AuditedText(
            place,
            verdict,
            words,
            generation_id=shown.generation_id,
            withheld=reasons[verdict.part],
        )
        for verdict in verify_texts(explanation, document, paper, language)
    ]
    return Audit(answers, texts)


def _answer(stored: StoredAnswer) -> Answer:
    return Answer(
        position=stored.position,
        question=stored.question,
        answer=stored.answer,
        # The stored status decides, not the current wording for "not in the paper".
        answerable=stored.status == "verified" or bool(stored.quotes),
        quotes=tuple(stored.quotes),
    )


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")


class FileAnswer(_Lenient):
    """One answer of a generation file."""

    position: int | None = Field(default=None, ge=1)
    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)
    answerable: bool = True
    quotes: list[str] = []


class FileGeneration(_Lenient):
    """A generation file for `rindoku audit --generation`; other fields are ignored."""

    title: str = ""
    language: str = "ja"
    tldr: str | None = None
    summary: str = ""
    questions: list[FileAnswer] = Field(min_length=1)

    @field_validator("language")
    @classmethod
    def _check_language(cls, code: str) -> str:
        if code not in find_languages():
            raise ValueError(f"it can be {', '.join(find_languages())}")
        return code


def read_generation(path: Path) -> FileGeneration:
    """A generation from a file.

    Raises BadInput, which names the file and the error in it.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return FileGeneration.model_validate(content)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadInput(
            f"{path} cannot be read as JSON: {error}.", "The README shows its form."
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the file"
        raise BadInput(
            f"{path} is not a generation ({field}: {first['msg']}).",
            "The README shows its form.",
        ) from None


def audit_file(document: Document, generation: FileGeneration) -> Audit:
    """Verifies the answers, the TL;DR and the summary of a generation file."""
    paper = PaperVersion.bare(generation.title, document.url, payload_id="")
    explanation = _explanation(generation)
    language = get_language(generation.language)
    words = language.wording
    place = AuditedEntry(None, None, generation.title)
    verdicts = verify_answers(explanation, document, paper, language)
    texts = verify_texts(explanation, document, paper, language)
    return Audit(
        [AuditedAnswer(place, verdict, words) for verdict in verdicts],
        [AuditedText(place, verdict, words) for verdict in texts],
    )


def _explanation(generation: FileGeneration) -> Explanation:
    answers = tuple(
        Answer(
            position=answer.position or number,
            question=answer.question,
            answer=answer.answer,
            answerable=answer.answerable,
            quotes=tuple(answer.quotes),
        )
        for number, answer in enumerate(generation.questions, 1)
    )
    return Explanation(generation.tldr or None, generation.summary, answers)


def count_statuses(answers: Sequence[AuditedAnswer]) -> dict[AnswerStatus, int]:
    """How many answers have each status."""
    counts: dict[AnswerStatus, int] = {
        "verified": 0,
        "unverified": 0,
        "not in paper": 0,
    }
    for answer in answers:
        counts[answer.status] += 1
    return counts
