"""As tests/adversarial, with texts of up to 200,000 characters.

A spread of the texts by a seed, which the output has and `RINDOKU_GROWTH_SEED` gives
again; all of them with `make test-growth`, which takes a quarter of an hour.
"""

import os
import random

import pytest

from tests.adversarial.run import find_slow

pytestmark = pytest.mark.slow
_SHARES = {"patterns": 16, "parsers": 64}


@pytest.mark.parametrize("kind", ["patterns", "parsers"])
def test_twice_the_text_takes_at_most_three_times_as_long(kind: str) -> None:
    if os.environ.get("RINDOKU_GROWTH") == "all":
        assert find_slow(kind, longest=200_000) == []
        return
    seed = int(os.environ.get("RINDOKU_GROWTH_SEED") or random.randrange(64))
    print(f"RINDOKU_GROWTH_SEED={seed}")
    assert find_slow(kind, longest=200_000, share=_SHARES[kind], part=seed) == []
