"""Reads hard texts with one kind of readers in a process that may be killed.

Run as `python -m tests.adversarial.child KIND LONGEST SHARE PART FIRST`: the patterns
or the parsers from number FIRST on, with texts of up to LONGEST characters. Every
SHARE-th of all texts is read, from number PART on. A line of JSON says what is read
next, or what took too long; a reader that takes very long ends the process.
"""

import json
import signal
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tests.adversarial.growth import find_growth
from tests.adversarial.inputs import KNOWN, PAGES, Recipe, recipes
from tests.adversarial.parsers import PARSERS, Read, read_unless_refused
from tests.adversarial.patterns import find_patterns, readers_of

# Of the processor, as other tests run at the same time.
MOST_SECONDS = 30


class Reader(NamedTuple):
    """A function that reads texts, and the texts for it."""

    name: str
    read: Read
    texts: Sequence[Recipe]
    noticed_s: float


def readers(kind: str) -> Iterator[Reader]:
    if kind == "parsers":
        for name, read in PARSERS.items():
            yield Reader(name, read_unless_refused(read), [*KNOWN, *PAGES], 0.2)
        return
    for used in find_patterns():
        texts = recipes(used.source, used.flags)
        for method, read in readers_of(used):
            yield Reader(f"{used.name}.{method}", read, texts, 0.03)


def main() -> None:
    kind, (longest, share, part, first) = sys.argv[1], map(int, sys.argv[2:])
    for number, reader in enumerate(readers(kind)):
        if number < first:
            continue
        # Neighbours get different texts, so that each text is read by some of them.
        for recipe in reader.texts[(part + number) % share :: share]:
            say(reader=number, name=reader.name, text=repr(recipe))
            # The system ends this process, as `re` lets no Python code run.
            signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
            growth = find_growth(reader.read, recipe, longest, reader.noticed_s)
            signal.setitimer(signal.ITIMER_PROF, 0)
            if growth is not None:
                say(slow=f"{reader.name}: {growth}")


def say(**values: object) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
