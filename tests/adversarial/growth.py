"""Whether a function takes time in proportion to its input."""

import time
from collections.abc import Callable
from typing import NamedTuple

from tests.adversarial.inputs import Recipe

# Twice the input may take three times as long: linear code takes twice, quadratic four
# times.
MOST_GROWTH = 3.0
_SHORTEST = 2_000


class Growth(NamedTuple):
    """The times of two inputs, of which the second is twice as long."""

    recipe: Recipe
    length: int
    seconds: float
    seconds_of_half: float

    def __str__(self) -> str:
        return (
            f"{self.length:,} characters of {self.recipe!r} take {self.seconds:.2f} s, "
            f"half of them {self.seconds_of_half:.2f} s"
        )


def find_growth(
    read: Callable[[str], object], recipe: Recipe, longest: int, noticed_s: float
) -> Growth | None:
    """The first doubling that takes more than three times as long; None for none.

    Times of the processor below `noticed_s` don't count: clocks are coarse, and limits
    are reached before code that has them takes longer.
    """
    length = _SHORTEST
    before = 0.0
    while length <= longest:
        seconds = _seconds(read, recipe.text(length))
        if seconds > noticed_s and seconds > MOST_GROWTH * before:
            # Once more, as the machine may have been busy with something else.
            before = _seconds(read, recipe.text(length // 2))
            seconds = min(seconds, _seconds(read, recipe.text(length)))
            if seconds > MOST_GROWTH * before:
                return Growth(recipe, length, seconds, before)
        before = seconds
        length *= 2
    return None


def _seconds(read: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    read(text)
    return time.process_time() - began
