"""Merges repairs, and withholds the texts of a reply that followed the paper."""

from collections.abc import Sequence
from dataclasses import replace

from rindoku.languages import Language, error
from rindoku.models import TextVerdict, Verdict


def merge_repairs(
    verdicts: Sequence[Verdict], repaired: Sequence[Verdict]
) -> list[Verdict]:
    """The verdicts after the repair call.

    A repaired answer replaces the failed one of the same position if it passes.
    """
    passing = {v.answer.position: v for v in repaired if v.passed}
    merged = []
    for verdict in verdicts:
        better = passing.get(verdict.answer.position)
        if verdict.passed or better is None:
            merged.append(verdict)
        else:
            merged.append(replace(better, repaired=True))
    return merged


def merge_texts(
    texts: Sequence[TextVerdict], repaired: Sequence[TextVerdict]
) -> list[TextVerdict]:
    """The texts after the repair call: a repaired one replaces a failed one."""
    passing = {t.part: t for t in repaired if t.passed}
    return [t if t.passed else passing.get(t.part, t) for t in texts]


def withhold_injected(
    texts: Sequence[TextVerdict], verdicts: Sequence[Verdict], language: Language
) -> list[TextVerdict]:
    """The texts of an explanation, withheld if an answer followed the paper.

    If a model followed the paper's instructions in one answer, its other texts can't be
    trusted.
    """
    if not any(f.check == "injection" for v in verdicts for f in v.findings):
        return list(texts)
    return [_withhold(t, language) if t.passed else t for t in texts]


def _withhold(text: TextVerdict, language: Language) -> TextVerdict:
    finding = language.wording.finding(text.part, error("injection", "obeyed"))
    return replace(text, findings=(*text.findings, finding))
