"""The differences between two sources that list a week."""

from datetime import date

from rindoku.lists import assemble, compare
from rindoku.weeks import Heading
from tests.builders import DAIR_AI, make_entry

APRIL = Heading(
    "Top AI Papers of the Week (April 1 - April 7)", date(2024, 4, 1), date(2024, 4, 7)
)


def test_entries_are_compared_by_id_then_by_name() -> None:
    x = assemble(
        "x",
        APRIL,
        "1",
        [
            make_entry(1, "Eurus", "https://arxiv.org/abs/2404.02078"),
            make_entry(2, "Only on X"),
            make_entry(3, "ReFT: a way"),
        ],
        DAIR_AI,
    )
    twin = assemble(
        "twin",
        APRIL,
        "t",
        [
            make_entry(1, "ReFT"),
            make_entry(2, "Advancing reasoning", "https://arxiv.org/pdf/2404.02078v1"),
            make_entry(3, "Only in the twin"),
        ],
        DAIR_AI,
    )
    findings, pairs = compare(x, twin)
    assert [(a.title, b.title) for a, b in pairs] == [
        ("Eurus", "Advancing reasoning"),
        ("ReFT: a way", "ReFT"),
    ]
    messages = " ".join(f.message for f in findings)
    for part in (
        "'Only on X', is not in twin",
        "twin lists 'Only in the twin'",
        "Entry 1 is at rank 2 in twin",
        "called 'Advancing reasoning'",
    ):
        assert part in messages
