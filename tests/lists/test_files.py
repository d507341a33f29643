"""Lists in files: pasted threads, the twin's Markdown and JSON."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rindoku.errors import BadInput, EmptyThread
from rindoku.lists.files import parse_file
from rindoku.sample.content import sample_week
from rindoku.sample.pages import year_file

PASTED = """Top AI Papers of the Week (April 1 - April 7):

1) Many-shot Jailbreaking - long prompts https://www.anthropic.com/research/many-shot-jailbreaking
2. SWE-Agent: fixes issues
https://github.com/princeton-nlp/SWE-agent
"""


def test_a_pasted_thread_is_read() -> None:
    [week] = parse_file(PASTED.encode(), "pasted.txt", date(2024, 4, 8))
    assert [
        (e.rank, e.title, [link.url for link in e.links]) for e in week.entries
    ] == [
        (
            1,
            "Many-shot Jailbreaking",
            ["https://www.anthropic.com/research/many-shot-jailbreaking"],
        ),
        (2, "SWE-Agent", ["https://github.com/princeton-nlp/SWE-agent"]),
    ]
    assert (week.week, week.source) == ("2024-W14", "file")
    assert any("lacks rank" in f.message for f in week.findings)


def test_markdown_and_json_are_read_alike(tmp_path: Path) -> None:
    [markdown] = parse_file(
        year_file(2024, [sample_week()]).encode(), "2024.md", date(2026, 1, 1)
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
    for text in (json.dumps(rows), "\n".join(map(json.dumps, rows))):
        [found] = parse_file(text.encode(), "week.json", date(2026, 1, 1))
        assert [(e.rank, e.title, e.links) for e in found.entries] == [
            (e.rank, e.title, e.links) for e in markdown.entries
        ]


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
        ("nothing of the kind", BadInput, "lists no week"),
        ("", BadInput, "lists no week"),
        (
            "Top AI Papers of the Week (April 1 - April 7)",
            EmptyThread,
            "no numbered entry",
        ),
    ],
)
def test_what_cannot_be_used_is_named(
    text: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        parse_file(text.encode(), "list", date(2024, 4, 8))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_list_or_a_clear_error(body: bytes) -> None:
    try:
        parse_file(body, "list", date(2024, 4, 8))
    except (BadInput, EmptyThread):
        return
