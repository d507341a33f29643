"""Numbers in English and Japanese text as values: 38.4 billion and 384億 are the same.

`count_numbers` and `find_numbers` find those of any text; `find_support` also finds
what else in a quote supports a number, `find_units` the units of numbers.
"""

from rindoku.verify.quantities.count import count_numbers, find_numbers
from rindoku.verify.quantities.support import find_own_counts, find_support
from rindoku.verify.quantities.units import find_units
from rindoku.verify.quantities.value import Number

__all__ = [
    "Number",
    "count_numbers",
    "find_numbers",
    "find_own_counts",
    "find_support",
    "find_units",
]
