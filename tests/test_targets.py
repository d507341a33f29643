"""What RINDOKU_WATCH and the field `watch` of a digest can name."""

import pytest

from rindoku.errors import BadInput
from rindoku.settings import load_settings
from rindoku.targets import Watch, parse_watch

NO_WATCHES = [
    "list:name",
    "list:",
    "list:１２",
    "search:",
    "search: ",
    "search:a\x1b[2J",
    "@",
    "user name",
    "使用者",
    "https://x.com/dair_ai",
]


@pytest.mark.parametrize(
    ("text", "watch"),
    [
        ("dair_ai", Watch("account", "dair_ai")),
        ("@dair_ai", Watch("account", "dair_ai")),
        ("list:17", Watch("list", "17")),
        ("search:a b", Watch("search", "a b")),
        ("search:論文\u3000from:dair_ai", Watch("search", "論文\u3000from:dair_ai")),
    ],
)
def test_an_account_a_list_or_a_search(text: str, watch: Watch) -> None:
    assert parse_watch(text) == watch


@pytest.mark.parametrize("text", NO_WATCHES)
def test_anything_else_is_none(text: str) -> None:
    assert parse_watch(text) is None


@pytest.mark.parametrize("text", NO_WATCHES)
def test_a_setting_that_names_none_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(BadInput, match="RINDOKU_WATCH is") as caught:
        load_settings({"RINDOKU_WATCH": text})
    assert "list:ID" in caught.value.remedy
