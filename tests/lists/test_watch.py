"""What RINDOKU_WATCH can name."""

import pytest

from rindoku.errors import BadInput
from rindoku.lists.watch import Watch, parse_watch


@pytest.mark.parametrize(
    ("text", "watch"),
    [
        ("dair_ai", Watch("account", "dair_ai")),
        ("@dair_ai", Watch("account", "dair_ai")),
        ("list:17", Watch("list", "17")),
        ("search:a b", Watch("search", "a b")),
    ],
)
def test_an_account_a_list_or_a_search(text: str, watch: Watch) -> None:
    assert parse_watch(text) == watch


@pytest.mark.parametrize(
    "text", ["list:name", "search:", "user name", "https://x.com/dair_ai"]
)
def test_anything_else_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadInput, match="RINDOKU_WATCH"):
        parse_watch(text)
