"""JSON that strangers wrote."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rindoku.untrusted import parse_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[" * 3_000, '{"a":' * 100_000, "1" + "0" * 5_000, b"\xff\xfe", "\x00"],
)
def test_what_is_no_json_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json has several messages
        parse_json(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"a\ud800b"', "a\ufffdb"),
        (r'{"\udfff": ["\ud83d\ude00"]}', {"\ufffd": ["\U0001f600"]}),
        (b'"\xed\xa0\x80"', "\ufffd"),
    ],
)
def test_half_a_character_is_replaced(text: str | bytes, value: object) -> None:
    assert parse_json(text) == value


@given(VALUES)
def test_json_is_what_it_was(value: Any) -> None:
    assert parse_json(json.dumps(value)) == value
