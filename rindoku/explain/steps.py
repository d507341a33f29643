"""From a document to verified answers: one paid call, verification, one paid repair, saved.

What is bought stands in `Steps`: they yield each call that is wanted and are sent its reply, so that the same steps
serve calls of their own (`purchase.drive`) and batches (`batches.drive`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz

from rindoku.archive.finding import (
    find_generation,
    get_document,
    get_paper,
    get_payload,
)
from rindoku.archive.rows import fetch_rows
from rindoku.archive.saving import (
    save_answers,
    save_findings,
    save_generation,
    save_texts,
)
from rindoku.archive.statements import query
from rindoku.errors import UnusableReply
from rindoku.explain import review as second_reader
from rindoku.explain.extract import MODEL as EXTRACTIVE
from rindoku.explain.extract import VERSION as EXTRACT_VERSION
from rindoku.explain.extract import extract, extraction_id
from rindoku.explain.prompts import (
    MAX_OUTPUT_TOKENS,
    MORE_OUTPUT_TOKENS,
    explain_prompt,
    repair_prompt,
)
from rindoku.keys import sha256_key
from rindoku.languages import Language, Wording, get_language
from rindoku.llm import client as calls
from rindoku.llm.buy import Steps, Wanted, drive
from rindoku.llm.prompt import Prompt
from rindoku.llm.replies import parse_repair, parse_reply
from rindoku.models import (
    Document,
    Explanation,
    Finding,
    PaperVersion,
    TextVerdict,
    Verdict,
)
from rindoku.run import Run
from rindoku.verify import (
    check_count,
    find_orders,
    merge_repairs,
    merge_texts,
    verify_answers,
    verify_texts,
    withhold_obeyed,
)

if TYPE_CHECKING:
    from collections.abc import Callable

# Above this share of papers that need a repair, writing the paper to the cache pays: it costs a quarter of the input
# more, and a repair that reads it saves nine tenths.
_CACHE_FROM = 0.25 / 0.9
_ENOUGH_HISTORY = 20
_SAME_QUESTION = 70.0


def explain_document(run: Run, document_id: str) -> str:
    """Has a document explained and returns the generation's id; without a key it is extracted.

    A model that declines is followed by the fallback model, a reply that was cut off is asked for once more with
    more room. Raises UnusableReply when no reply counts, CeilingReached before a call that could pass the run's limit,
    and what `calls.ask` raises.
    """
    return str(drive(run, explaining(run, document_id)))


def repair_explanation(run: Run, generation_id: str) -> str | None:
    """Has the answers that failed verification mended; None when there is nothing to mend.

    Returns the id of the repair generation, good or not: what it mends is seen by `save_explanation`.
    """
    return drive(run, repairing(run, generation_id))


def explaining(run: Run, document_id: str) -> Steps:
    """The steps of explaining a document."""
    subject = open_subject(run, document_id, "explain")
    if not calls.has_key(run.settings):
        return _extract(run, subject.document)

    def prompt(model: str, attempt: int, room: int) -> Prompt:
        return explain_prompt(
            subject.document, subject.paper, run.settings, model, attempt, room
        )

    return (yield from answering(run, subject, prompt, cached=subject.cache_pays))


@dataclass(frozen=True)
class Subject:
    """A document to be asked about: what it is of, what was made of it before, and whether its cache pays."""

    document: Document
    paper: PaperVersion
    earlier: tuple[dict[str, Any], ...]
    cache_pays: bool


def open_subject(run: Run, document_id: str, kind: str) -> Subject:
    """A document for calls of a kind."""
    with run.archive.write() as con:
        document = get_document(con, document_id)
        paper = get_paper(con, document.paper_id, document.version)
        language = run.settings.language
        earlier = fetch_rows(
            con,
            query("generations_of"),
            document_id=document_id,
            language=language,
            kind=kind,
        )
        [seen] = fetch_rows(
            con, query("repair_share"), model=run.settings.model, run_id=run.run_id
        )
    explained: int = seen["explained"]
    # While nothing is known of the model, it is taken for one that needs repairs.
    pays = explained < _ENOUGH_HISTORY or seen["repaired"] / explained > _CACHE_FROM
    return Subject(document, paper, tuple(earlier), pays)


def answering(
    run: Run,
    subject: Subject,
    prompt: "Callable[[str, int, int], Prompt]",
    *,
    cached: bool,
) -> Steps:
    """The steps until a reply counts: the fallback model after one that declines, more room once after one cut off."""
    model, room, settings = run.settings.model, MAX_OUTPUT_TOKENS, run.settings
    while True:
        unreadable = [
            g
            for g in subject.earlier
            if g["model"] == model and g["status"] == "unreadable"
        ]
        row = yield Wanted(
            prompt(model, len(unreadable) + 1, room),
            subject.document,
            settings.language,
            cached=cached,
        )
        if row["status"] == "good":
            return str(row["generation_id"])
        if row["status"] == "refused" and model != (settings.fallback_model or model):
            model = settings.fallback_model
        elif row["status"] == "truncated" and room < MORE_OUTPUT_TOKENS:
            room = MORE_OUTPUT_TOKENS
        else:
            finding = Finding(
                subject.document.document_id, "reply", "error", row["reason"]
            )
            with run.archive.write() as con:
                save_findings(con, [finding], run.run_id)
            raise UnusableReply(
                f"{subject.paper.title!r} has no answer: {row['reason']}",
                "Run the week again to ask anew.",
            )


def repairing(run: Run, generation_id: str) -> Steps:
    """The steps of mending what fails verification, or a second reader where one is asked for."""
    it = _Verified(run, generation_id)
    if it.verbatim:
        return None
    if run.second_reader and (
        yield from second_reader.reading(
            run, it.first, it.document, it.language, generation_id
        )
    ):
        it = _Verified(run, generation_id)
    failed = [v for v in it.verdicts if not v.passed]
    texts = [t for t in it.texts if not t.passed]
    if not failed and not texts:
        return None
    if it.repair is None:
        prompt = repair_prompt(
            failed, texts, it.document, it.paper, it.language, it.generation["model"]
        )
        yield Wanted(
            prompt, it.document, it.language, generation_id, cached=it.was_cached
        )
        it = _Verified(run, generation_id)
    if run.second_reader:
        yield from second_reader.reading(
            run, it.mended_first, it.document, it.language, generation_id
        )
    return str(it.repair["generation_id"]) if it.repair else None


def save_explanation(run: Run, generation_id: str, question: str | None = None) -> None:
    """Verifies a generation, its repair included, and saves answers, texts, evidence and findings.

    `question` is a reader's own, in the reader's words, for a generation that answers one.
    """
    it = _Verified(run, generation_id)
    verdicts = merge_repairs(it.verdicts, it.mended_verdicts)
    if question is not None:
        verdicts = [
            replace(v, answer=replace(v.answer, question=question)) for v in verdicts
        ]
    texts = withhold_obeyed(
        merge_texts(it.texts, it.mended_texts), verdicts, it.article_language
    )
    findings = list(find_orders(it.document, generation_id))
    if it.generation["kind"] == "explain":
        findings += check_count(
            it.explanation, generation_id, run.settings.question_count
        )
    with run.archive.write() as con:
        if it.generation["kind"] != "ask":
            save_texts(
                con,
                generation_id,
                it.paper.paper_id,
                it.explanation,
                texts,
                it.words,
                run.run_id,
            )
        save_answers(
            con,
            generation_id,
            it.paper.paper_id,
            verdicts,
            findings,
            it.words,
            run.run_id,
        )


class _Verified:
    """A generation with what verification, its repair and its second reader make of it, as far as they are stored."""

    def __init__(self, run: Run, generation_id: str) -> None:
        with run.archive.write() as con:
            generation = find_generation(con, generation_id)
            if generation is None:
                raise UnusableReply(
                    f"The archive has no generation {generation_id}.",
                    "Run the week again.",
                )
            self.generation = generation
            self.document = get_document(con, generation["document_id"])
            self.paper = get_paper(con, self.document.paper_id, self.document.version)
            body = (
                get_payload(con, generation["payload_id"]).body
                if generation["payload_id"]
                else None
            )
            repairs = fetch_rows(con, query("repairs_of"), generation_id=generation_id)
            self.repair: dict[str, Any] | None = repairs[0] if repairs else None
            mended = (
                get_payload(con, repairs[0]["payload_id"]).body
                if repairs and repairs[0]["status"] == "good"
                else None
            )
            self.reviews = second_reader.find_reviews(con, generation_id)
            self.was_cached = bool(
                fetch_rows(con, query("call_cached"), generation_id=generation_id)
            )
        self.article_language: Language = get_language(generation["language"])
        self.words: Wording = self.article_language.wording
        self.language: str = generation["language"]
        self.verbatim = generation["label"] == "extract"
        self.reader_model = run.settings.reader_model
        self.explanation: Explanation = (
            parse_reply(body)[0]
            if body is not None
            else extract(
                self.document,
                self.paper,
                run.settings.question_count,
                self.article_language,
            )
        )
        if generation["kind"] == "ask":
            # One answer was asked for; whatever else came is neither verified nor repaired.
            self.explanation = Explanation(None, "", self.explanation.answers[:1])
        self.mended: Explanation | None = (
            parse_repair(mended) if mended is not None else None
        )

    @cached_property
    def first(self) -> list[Verdict]:
        """Verdicts on the first reply's answers, by the text alone."""
        return self._verify(self.explanation)

    @cached_property
    def verdicts(self) -> list[Verdict]:
        """Verdicts on the first reply's answers, with the second reader's objections."""
        return self._judged(self.first)

    @cached_property
    def texts(self) -> list[TextVerdict]:
        """Verdicts on the first reply's TL;DR and summary."""
        return (
            []
            if self.verbatim
            else verify_texts(
                self.explanation, self.document, self.paper, self.article_language
            )
        )

    @cached_property
    def mended_first(self) -> list[Verdict]:
        """Verdicts on the answers that the repair gave for those it was asked for: same position, same question."""
        if self.mended is None:
            return []
        asked = {
            v.answer.position: v.answer.question for v in self.verdicts if not v.passed
        }
        given = [
            a
            for a in self.mended.answers
            if a.position in asked
            and fuzz.ratio(a.question, asked[a.position]) >= _SAME_QUESTION
        ]
        # The answers that stood are checked along, so that a mended one can't double another.
        whole = {v.answer.position: v.answer for v in self.verdicts if v.passed} | {
            a.position: a for a in given
        }
        checked = self._verify(
            Explanation(None, "", tuple(whole[p] for p in sorted(whole)))
        )
        return [v for v in checked if v.answer in given]

    @property
    def mended_verdicts(self) -> list[Verdict]:
        """The same, with the second reader's objections."""
        return self._judged(self.mended_first)

    @property
    def mended_texts(self) -> list[TextVerdict]:
        """Verdicts on the texts that the repair gave."""
        return (
            []
            if self.mended is None
            else verify_texts(
                self.mended, self.document, self.paper, self.article_language
            )
        )

    def _verify(self, explanation: Explanation) -> list[Verdict]:
        return verify_answers(
            explanation,
            self.document,
            self.paper,
            self.article_language,
            verbatim=self.verbatim,
            asked_by_reader=self.generation["kind"] == "ask",
        )

    def _judged(self, verdicts: Sequence[Verdict]) -> list[Verdict]:
        return second_reader.judged(
            verdicts, self.reviews, self.document, self.language, self.reader_model
        )


def _extract(run: Run, document: Document) -> str:
    language, count = run.settings.language, run.settings.question_count
    generation_id = extraction_id(document, language, count)
    row = {
        "generation_id": generation_id,
        "kind": "extract",
        "language": language,
        "model": EXTRACTIVE,
        "prompt_version": EXTRACT_VERSION,
        "prompt_hash": sha256_key(EXTRACT_VERSION),
        "paper_id": document.paper_id,
        "document_id": document.document_id,
        "repairs": None,
        "label": "extract",
        "status": "good",
        "reason": "",
        "payload_id": None,
        "run_id": run.run_id,
    }
    with run.archive.write() as con:
        save_generation(con, row)
    return generation_id
