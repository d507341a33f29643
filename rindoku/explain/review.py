"""The second reader: one cheap call on answers and quotes, for what text cannot decide.

It judges whether the quotes support the answer, the direction of changes and
comparisons, the subject, and the hedging. An answer it objects to is withheld like one
that fails verification. It gives no prose, so the reasons that readers see are ours.
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
    """One call on the answers that passed verification, if any did."""
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
    """The verdicts with the second reader's objections, if it was asked on just these.

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
        if _is_reviewed(verdict):
            judgement = judgements.get(verdict.answer.position)
            verdict = _with_judgement(verdict, judgement, language)  # noqa: PLW2901
        reviewed.append(verdict)
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
    """Names of the reasons for objecting, in the wording's terms."""
    objections = []
    if not judgement.direction_kept:
        objections.append("turned")
    if not judgement.subject_kept:
        objections.append("wrong_subject")
    if not judgement.hedging_kept:
        objections.append("overstated")
    # "Unsupported" adds nothing where a reason why is given.
    if not judgement.supported and not objections:
        objections.append("unsupported")
    return objections
