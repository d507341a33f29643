"""The second reader: one cheap call for what comparing texts cannot decide.

Shown answers and their quotes, it judges whether the quotes support the answer, and
whether direction of changes, subject and hedging are kept. An answer it objects to is
withheld like one that fails verification. It writes no prose: the reasons shown to
readers are ours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rindoku.archive.generations import Generation
from rindoku.explain.prompts import review_prompt
from rindoku.languages import get_language
from rindoku.llm import Request, Steps
from rindoku.llm.replies import parse_review
from rindoku.models import Document, Finding, Judgement, Verdict
from rindoku.run import Run


def review_steps(
    run: Run, generation: Generation, document: Document, verdicts: Sequence[Verdict]
) -> Steps:
    """One call that reviews the answers that passed verification, if any did."""
    passed = [verdict for verdict in verdicts if _is_reviewed(verdict)]
    if not passed:
        return None
    prompt = review_prompt(
        passed, document, generation.language, run.settings.reader_model
    )
    review = yield Request(
        prompt, document, generation.language, repairs=generation.generation_id
    )
    return review.generation_id


def apply_reviews(
    verdicts: Sequence[Verdict],
    reviews: Mapping[str, bytes],
    document: Document,
    *,
    language: str,
    model: str,
) -> list[Verdict]:
    """The verdicts with the second reader's objections, if it reviewed exactly these.

    `reviews` are its raw replies by generation id.
    """
    passed = [verdict for verdict in verdicts if _is_reviewed(verdict)]
    if not reviews or not passed:
        return list(verdicts)
    prompt = review_prompt(passed, document, language, model)
    reply = reviews.get(prompt.generation_id)
    if reply is None:
        return list(verdicts)
    judgements = {judgement.position: judgement for judgement in parse_review(reply)}
    reviewed = []
    for verdict in verdicts:
        if not _is_reviewed(verdict):
            reviewed.append(verdict)
            continue
        judgement = judgements.get(verdict.answer.position)
        reviewed.append(_with_judgement(verdict, judgement, language))
    return reviewed


def _is_reviewed(verdict: Verdict) -> bool:
    return verdict.status == "verified"


def _with_judgement(
    verdict: Verdict, judgement: Judgement | None, language: str
) -> Verdict:
    """The verdict with a finding for each objection."""
    subject = f"Q{verdict.answer.position}"
    if judgement is None:
        message = "The second reader did not judge this answer."
        finding = Finding(subject, "second reader", "warning", message)
        return replace(verdict, findings=(*verdict.findings, finding))
    words = get_language(language).wording
    findings = tuple(
        Finding(subject, "second reader", "error", words.reason(name))
        for name in _objections(judgement)
    )
    return replace(verdict, findings=(*verdict.findings, *findings))


def _objections(judgement: Judgement) -> list[str]:
    """Names of the objections, as the wording lists them."""
    objections = []
    if not judgement.direction_kept:
        objections.append("turned")
    if not judgement.subject_kept:
        objections.append("wrong_subject")
    if not judgement.hedging_kept:
        objections.append("overstated")
    # "Unsupported" adds nothing to a more specific objection.
    if not judgement.supported and not objections:
        objections.append("unsupported")
    return objections
