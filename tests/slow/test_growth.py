"""As tests/adversarial, with texts of up to 200,000 characters."""

import pytest

from tests.adversarial.run import find_slow

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", ["patterns", "parsers"])
def test_twice_the_text_takes_at_most_three_times_as_long(kind: str) -> None:
    assert find_slow(kind, longest=200_000, most=40) == []
