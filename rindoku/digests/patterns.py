"""Patterns that users write: tried on texts that are hard for them, before use.

`re` tries every way to match and cannot be stopped: a pattern such as `(a+)+b` takes
years for a line of a hundred letters. Nobody can see that from the pattern, so a child
process with limits tries it. Lines are read only as far as it was tried.

Run as `python -I patterns.py`: the pattern and its flags come as JSON on standard
input, and "fine" is the output for one that takes no time.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache

LONGEST_LINE = 500
# Seconds of the processor. An ordinary pattern reads a line in a thousandth of it.
_PATIENCE_S = 0.05
# A pattern that goes from no time to years with one more letter ends with the child.
_CPU_SECONDS = 3
_PATIENCE_WITH_CHILD_S = 60.0
_FINE = b"fine"
# What repeats often match, and how much of what came before is repeated.
_USUAL = ("a", "1", " ", "-", "a ")
_REPEATED = (1, 2, 3, 4, 5, 6, 8, 12, 16, 24, 32)
# Few patterns go on with it, so that all ways to match what is before it are tried.
_KILLER = "\x00"
# Lengths grow one by one at first, as exponential patterns show early.
_ONE_BY_ONE = 40

_CLASSES = {"s": " ", "d": "1", "w": "a", "S": "a", "D": "a", "W": "-"}
_NOTHING = frozenset("bBAZ")
_TOKEN = re.compile(
    r"\\(?P<escaped>.)"
    r"|\[(?P<negated>\^?)(?P<first>\\?.)(?:\\.|[^\\\]])*+\]?"
    r"|\(\?(?:P<\w+>|[aiLmsux-]*+[:)]|<?[=!]|>|\#[^)]*+\)?)"
    r"|\{\d*+,?\d*+\}|[()|*+?^$]|(?P<plain>.)",
    re.DOTALL,
)

# A digit: once, perhaps, or a number of times.
_DIGIT = re.compile(
    r"(?:\\d|[0-9]|\[(?:[0-9]-[0-9]|[0-9])+\])"
    r"(?:(?P<maybe>\?)|\{(?P<least>[0-9])(?:,(?P<most>[0-9]))?\})?"
)
_MOST_DIGITS = 3
# Without escaped characters and classes, what is left of a pattern shows its repeats.
_LITERALS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\\\]])*+\]?")
_ENDLESS = re.compile(r"[*+]|\{\d*+,\}")


def has_digits_alone(group: str, source: str) -> bool:
    """Whether a named group of a pattern is one to three digits, always.

    The group may list several ways to write them, as in `10|[1-9]`.
    """
    named = re.search(rf"\(\?P<{group}>([^()]*+)\)(?![?*+{{])", source)
    return named is not None and all(map(_is_of_digits, named[1].split("|")))


def _is_of_digits(way: str) -> bool:
    least = most = 0
    for digit in _DIGIT.finditer(way):
        at_least = 0 if digit["maybe"] else int(digit["least"] or 1)
        least += at_least
        most += int(digit["most"] or at_least or 1)
    return not _DIGIT.sub("", way) and least > 0 and most <= _MOST_DIGITS


def repeats_without_end(source: str) -> bool:
    """Whether a pattern has a repeat without a limit."""
    return _ENDLESS.search(_LITERALS.sub("", source)) is not None


def takes_too_long(pattern: re.Pattern[str]) -> bool:
    """Whether a line of up to LONGEST_LINE characters was found that takes too long."""
    return _takes_too_long(pattern.pattern, pattern.flags)


@cache
def _takes_too_long(source: str, flags: int) -> bool:
    try:
        child = subprocess.run(
            [sys.executable, "-I", __file__],
            input=json.dumps([source, flags]).encode(),
            capture_output=True,
            timeout=_PATIENCE_WITH_CHILD_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return True
    return child.stdout != _FINE


def find_hard_text(pattern: re.Pattern[str]) -> str | None:
    """A line that takes the pattern too long, or None when none was found."""
    for prefix, body in _recipes(_sample(pattern.pattern)):
        count, text = 1, ""
        while len(text) < LONGEST_LINE:
            text = (prefix + body * count)[: LONGEST_LINE - 1] + _KILLER
            # Once more, as the first time the machine may have been at something else.
            if min(_seconds(pattern, text) for _ in range(2)) > _PATIENCE_S:
                return text
            count += 1 if count < _ONE_BY_ONE else count // 4
    return None


def _seconds(pattern: re.Pattern[str], text: str) -> float:
    began = time.thread_time()
    pattern.search(text)
    return time.thread_time() - began


def _recipes(sample: str) -> Iterator[tuple[str, str]]:
    """What leads to a place of the pattern, and what may be repeated there."""
    seen = set()
    for place in range(len(sample) + 1):
        prefix = sample[:place]
        bodies = [prefix[-count:] for count in _REPEATED if count <= place]
        for body in (*_USUAL, *bodies, prefix):
            if body and (prefix, body) not in seen:
                seen.add((prefix, body))
                yield prefix, body


def _sample(source: str) -> str:
    """A text with the letters of a pattern in their order; it need not match."""
    return "".join(_letters(token) for token in _TOKEN.finditer(source))


def _letters(token: re.Match[str]) -> str:
    if token["escaped"]:
        return _unescaped(token["escaped"])
    if token["first"]:
        return "a" if token["negated"] else _unescaped(token["first"].lstrip("\\"))
    return (token["plain"] or "").replace(".", "a")


def _unescaped(letter: str) -> str:
    return "" if letter in _NOTHING else _CLASSES.get(letter, letter)


def main() -> None:
    """Says whether the pattern on standard input takes no time, within the limits."""
    _limit_time()
    source, flags = json.load(sys.stdin.buffer)
    if find_hard_text(re.compile(source, flags)) is None:
        sys.stdout.buffer.write(_FINE)


def _limit_time() -> None:
    try:
        import resource
    except ImportError:  # Windows; the parent's time-out still applies there.
        return
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))


if __name__ == "__main__":
    main()
