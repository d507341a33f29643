"""A stored generation, verified: its answers and texts, its repair, and its reviews."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz

from rindoku.archive import Connection
from rindoku.archive.calls import was_cached
from rindoku.archive.documents import get_document
from rindoku.archive.generations import (
    Generation,
    find_generation,
    find_repair,
    find_reviews,
)
from rindoku.archive.papers import get_paper
from rindoku.archive.payloads import get_payload
from rindoku.errors import NotFound
from rindoku.explain.extract import extract
from rindoku.explain.review import apply_reviews
from rindoku.languages import Language, get_language
from rindoku.llm.replies import parse_repair, parse_reply
from rindoku.models import (
    Answer,
    Document,
    Explanation,
    PaperVersion,
    TextVerdict,
    Verdict,
)
from rindoku.run import Run
from rindoku.settings import Settings
from rindoku.verify import verify_answers, verify_texts

# Similarity, of 100, from which a repaired question counts as the one to repair.
_SAME_QUESTION = 70.0


@dataclass(frozen=True)
class VerifiedGeneration:
    """A generation with its verdicts.

    `reply` is None for an extract; `repair_reply` is None without a good repair;
    `reviews` are the second reader's replies by their generation ids.
    """

    generation: Generation
    document: Document
    paper: PaperVersion
    settings: Settings
    reply: bytes | None
    repair: Generation | None
    repair_reply: bytes | None
    reviews: Mapping[str, bytes]
    was_cached: bool

    @property
    def is_extract(self) -> bool:
        """Whether it was made without a model, from sentences of the paper."""
        return self.generation.label == "extract"

    @property
    def language(self) -> Language:
        """The language it is written in."""
        return get_language(self.generation.language)

    @cached_property
    def explanation(self) -> Explanation:
        """What the reply says, or the extract."""
        if self.reply is None:
            count = self.settings.question_count
            return extract(self.document, self.paper, count, self.language)
        explanation, _ = parse_reply(self.reply)
        if self.generation.kind == "ask":
            # One answer was asked for; more would be neither verified nor repaired.
            return Explanation(None, "", explanation.answers[:1])
        return explanation

    @cached_property
    def answers_by_text(self) -> list[Verdict]:
        """Verdicts on the answers by the document alone."""
        return self._verify(self.explanation)

    @cached_property
    def answers(self) -> list[Verdict]:
        """Verdicts on the answers, with the second reader's objections."""
        return self._reviewed(self.answers_by_text)

    @cached_property
    def texts(self) -> list[TextVerdict]:
        """Verdicts on TL;DR and summary; none for an extract: it quotes the paper."""
        return [] if self.is_extract else self._verify_texts(self.explanation)

    @cached_property
    def repaired_by_text(self) -> list[Verdict]:
        """Verdicts on the repaired answers by the document alone."""
        repaired = self._repaired_answers()
        if not repaired:
            return []
        # Verified together with the answers that passed, to detect repetitions.
        by_position = {v.answer.position: v.answer for v in self.answers if v.passed}
        by_position |= {answer.position: answer for answer in repaired}
        ordered = tuple(by_position[position] for position in sorted(by_position))
        verdicts = self._verify(Explanation(None, "", ordered))
        return [verdict for verdict in verdicts if verdict.answer in repaired]

    @property
    def repaired_answers(self) -> list[Verdict]:
        """Verdicts on the repaired answers, with the second reader's objections."""
        return self._reviewed(self.repaired_by_text)

    @property
    def repaired_texts(self) -> list[TextVerdict]:
        """Verdicts on the repaired TL;DR and summary."""
        if self.repair_reply is None:
            return []
        return self._verify_texts(parse_repair(self.repair_reply))

    def _repaired_answers(self) -> list[Answer]:
        """The repair's answers to failed questions: same position, same question."""
        if self.repair_reply is None:
            return []
        failed = {
            v.answer.position: v.answer.question for v in self.answers if not v.passed
        }
        repaired = []
        for answer in parse_repair(self.repair_reply).answers:
            question = failed.get(answer.position)
            if question is None:
                continue
            if fuzz.ratio(answer.question, question) >= _SAME_QUESTION:
                repaired.append(answer)
        return repaired

    def _verify(self, explanation: Explanation) -> list[Verdict]:
        return verify_answers(
            explanation,
            self.document,
            self.paper,
            self.language,
            verbatim=self.is_extract,
            asked_by_reader=self.generation.kind == "ask",
        )

    def _verify_texts(self, explanation: Explanation) -> list[TextVerdict]:
        return verify_texts(explanation, self.document, self.paper, self.language)

    def _reviewed(self, verdicts: Sequence[Verdict]) -> list[Verdict]:
        return apply_reviews(
            verdicts,
            self.reviews,
            self.document,
            language=self.generation.language,
            model=self.settings.reader_model,
        )


def open_generation(run: Run, generation_id: str) -> VerifiedGeneration:
    """A generation with its document, repair and reviews. Raises NotFound."""
    with run.archive.read_latest() as con:
        generation = find_generation(con, generation_id)
        if generation is None:
            raise NotFound(
                f"The archive has no generation {generation_id}.", "Run the week again."
            )
        document = get_document(con, generation.document_id)
        repair = find_repair(con, generation_id)
        return VerifiedGeneration(
            generation=generation,
            document=document,
            paper=get_paper(con, document.paper_id, document.version),
            settings=run.settings,
            reply=_reply(con, generation),
            repair=repair,
            repair_reply=_reply(con, repair) if _is_good(repair) else None,
            reviews={
                review.generation_id: get_payload(con, review.payload_id).body
                for review in find_reviews(con, generation_id)
                if review.payload_id is not None
            },
            was_cached=was_cached(con, generation_id),
        )


def _is_good(repair: Generation | None) -> bool:
    return repair is not None and repair.status == "good"


def _reply(con: Connection, generation: Generation | None) -> bytes | None:
    """The raw reply of a generation; an extract has none."""
    if generation is None or generation.payload_id is None:
        return None
    return get_payload(con, generation.payload_id).body
