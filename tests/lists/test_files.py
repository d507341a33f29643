"""Lists in files: pasted threads, the twin's Markdown and JSON."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rindoku.errors import BadInput, EmptyThread
from rindoku.lists import parse_file
from rindoku.sample import sample_week
from rindoku.sample.pages import year_file
from tests.builders import DAIR_AI

JAILBREAKING = "https://www.anthropic.com/research/many-shot-jailbreaking"
AGENT = "https://github.com/princeton-nlp/SWE-agent"
PASTED = f"""\
Top AI Papers of the Week (April 1 - April 7):

1) Many-shot Jailbreaking - long prompts {JAILBREAKING}
2. SWE-Agent: fixes issues
{AGENT}
"""


def test_a_pasted_thread_is_read() -> None:
    [week] = parse_file(PASTED.encode(), "pasted.txt", date(2024, 4, 8), DAIR_AI)
    [first, second] = week.entries
    assert (first.rank, first.title) == (1, "Many-shot Jailbreaking")
    assert [link.url for link in first.links] == [JAILBREAKING]
    assert (second.rank, second.title) == (2, "SWE-Agent")
    assert [link.url for link in second.links] == [AGENT]
    assert (week.week, week.source) == ("2024-W14", "file")
    assert any("lacks rank" in f.message for f in week.findings)


def test_markdown_and_json_give_the_same_entries() -> None:
    [markdown] = parse_file(
        year_file(2024, [sample_week()]).encode(), "2024.md", date(2026, 1, 1), DAIR_AI
    )
    rows = [
        {
            "week": "2024-W14",
            "rank": e.rank,
            "title": e.title,
            "links": [{"label": link.label, "url": link.url} for link in e.links],
        }
        for e in markdown.entries
    ]
    expected = [(e.rank, e.title, e.links) for e in markdown.entries]
    for text in (json.dumps(rows), "\n".join(map(json.dumps, rows))):
        [found] = parse_file(text.encode(), "week.json", date(2026, 1, 1), DAIR_AI)
        assert [(e.rank, e.title, e.links) for e in found.entries] == expected


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("[{]", BadInput, "is not JSON"),
        ('[{"rank": 1}]', BadInput, "Entry 1 of list"),
        (
            '[{"week": "2024-W14", "rank": "x", "title": "t", "links": []}]',
            BadInput,
            "Entry 1 of list",
        ),
        ("[" * 3_000, BadInput, "nested too deeply"),
        ("[1" + "0" * 5_000 + "]", BadInput, "is not JSON"),
        ("[null]", BadInput, "Entry 1 of list"),
        (
            '[{"week": "2024-W14", "rank": 1e400, "title": "t", "links": []}]',
            BadInput,
            "Entry 1 of list",
        ),
        (
            '[{"week": "2024-W14", "rank": 1000000000, "title": "t", "links": []}]',
            BadInput,
            "rank must be a number from 1 to 999",
        ),
        ("nothing of the kind", BadInput, "lists no week"),
        ("", BadInput, "lists no week"),
        (
            "Top AI Papers of the Week (April 1 - April 7)",
            EmptyThread,
            "no numbered entry",
        ),
    ],
)
def test_the_error_names_what_cannot_be_used(
    text: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        parse_file(text.encode(), "list", date(2024, 4, 8), DAIR_AI)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_list_or_an_expected_error(body: bytes) -> None:
    try:
        parse_file(body, "list", date(2024, 4, 8), DAIR_AI)
    except (BadInput, EmptyThread):
        return


def test_half_a_character_in_json_is_replaced() -> None:
    text = r'[{"week": "2024-W14", "rank": 1, "title": "a\ud800", "links": []}]'
    [found] = parse_file(text.encode(), "list", date(2024, 4, 8), DAIR_AI)
    assert found.entries[0].title == "a\ufffd"
