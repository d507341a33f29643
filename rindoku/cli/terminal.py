"""The terminal: text from strangers is shown without what would control it."""

import re
from typing import TextIO

# Codes of colours and weights, which rindoku itself writes; all others are shown.
_STYLE = r"\x1b\[[0-9;]*m"
_HARMFUL = re.compile(
    rf"(?!{_STYLE})[\x00-\x08\x0b-\x1f\x7f-\x9f"
    # Marks that turn the direction of writing, or hide text.
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]"
)


def escape_controls(text: str) -> str:
    """Text whose control characters are written as escapes."""
    return _HARMFUL.sub(lambda match: _escape(match[0]), text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


class Terminal:
    """A stream to a terminal that escapes what would control it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Writes text, and returns its length."""
        self._stream.write(escape_controls(text))
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        """Writes several texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)
