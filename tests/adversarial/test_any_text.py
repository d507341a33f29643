"""Any text is read, or refused with an error that has a remedy."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.adversarial.inputs import KNOWN, PAGES
from tests.adversarial.parsers import PARSERS, read_unless_refused

ENDED_A_RUN = (
    "",
    "[" * 3_000,
    '{"a":' * 3_000,
    "9" * 5_000,
    "1e" + "9" * 400,
    "10^999999999999",
    "9" * 40 + "/3",
    "<div>" * 1_200,
    "<div>" * 10_000,
    "{" * 10_000,
    "\\'{" * 3_000,
    "/*" * 10_000,
    "@article{" * 2_000,
    "http://[bad",
    "[Paper](http://[bad)",
    '[{"rank": 1e400, "title": "T", "week": "2024-W14", "links": []}]',
    '[{"rank": 1, "title": "\\ud800", "week": "2024-W14", "links": []}]',
    '[{"rank": 99999999999, "title": "T", "week": "2024-W14", "links": []}]',
    '{"@type": ' + "[" * 900 + "]" * 900 + "}",
    "https://x.com/a/status/" + "9" * 5_000,
    "https://www.biorxiv.org/content/10.1101/1v" + "9" * 5_000,
)
# Pieces of what strangers write, in any order.
PIECES = st.lists(st.sampled_from([text.body for text in (*KNOWN, *PAGES)]))


@pytest.mark.parametrize("name", PARSERS)
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text() | PIECES.map("".join))
def test_any_text_is_read_or_refused(name: str, text: str) -> None:
    read_unless_refused(PARSERS[name])(text)


@pytest.mark.parametrize("name", PARSERS)
def test_what_once_ended_a_run_does_not(name: str) -> None:
    for text in ENDED_A_RUN:
        read_unless_refused(PARSERS[name])(text)
