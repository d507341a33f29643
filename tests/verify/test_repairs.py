"""A repair replaces only what failed, and only when it passes."""

from dataclasses import replace

from rindoku.languages import get_language
from rindoku.models import Answer, Finding, TextVerdict, Verdict
from rindoku.verify import merge_repairs, merge_texts, withhold_injected

FAILING = Finding("s", "number", "error", "38.3%")
ANSWER = Answer(1, "Q?", "33.3%です。", True, ("quote",))


def make_verdict(answer: str, position: int = 1, *findings: Finding) -> Verdict:
    given = replace(ANSWER, answer=answer, position=position)
    return Verdict(given, (), findings)


def test_a_repaired_answer_replaces_a_failed_one_when_it_passes() -> None:
    failed = make_verdict("wrong", 1, FAILING)
    passed = make_verdict("right", 2)
    repaired = [make_verdict("repaired", 1), make_verdict("not asked for", 2)]
    merged = merge_repairs([failed, passed], repaired)
    assert [(v.answer.answer, v.repaired) for v in merged] == [
        ("repaired", True),
        ("right", False),
    ]
    assert merge_repairs([failed, passed], [failed]) == [failed, passed]


def test_a_repaired_text_replaces_a_failed_one_when_it_passes() -> None:
    failed = TextVerdict("tldr", "wrong", (), (FAILING,))
    passed = TextVerdict("summary", "right", (), ())
    repaired = [replace(failed, text="repaired", findings=()), replace(passed, text="")]
    assert [t.text for t in merge_texts([failed, passed], repaired)] == [
        "repaired",
        "right",
    ]
    assert merge_texts([failed], [failed]) == [failed]


def test_no_text_counts_when_one_answer_obeyed_the_paper() -> None:
    text = TextVerdict("tldr", "t", (), ())
    obeyed = make_verdict("a", 1, Finding("Q1", "injection", "error", "m"))
    [withheld] = withhold_injected([text], [obeyed], get_language("ja"))
    assert not withheld.passed
    assert withhold_injected([text], [make_verdict("a")], get_language("ja")) == [text]
