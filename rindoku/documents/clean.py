"""Text as it can be quoted: one form of each character, nothing invisible, blocks with the places they stand at."""

import re
import unicodedata

from rindoku.models import Section

# Soft hyphens, zero-width and direction marks, the tag characters that can carry a second text.
_INVISIBLE = re.compile(
    "[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ufffe\U000e0000-\U000e01ef]"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def clean(text: str) -> str:
    """One line of text without invisible characters, in compatibility form, spaces folded."""
    return " ".join(
        _CONTROLS.sub(
            " ", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
        ).split()
    )


class TextBuilder:
    """Text in the making: blocks apart by an empty line, sections by their headings."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._headings: list[tuple[str, int, int | None]] = []

    def add(self, block: str) -> None:
        """Adds a block; an empty one is nothing."""
        if block:
            self._parts.append(block)
            self._length += len(block) + 2

    def begin(self, title: str, page: int | None = None) -> None:
        """Begins a section here."""
        self._headings.append((title, self._length, page))

    def done(self) -> tuple[str, tuple[Section, ...]]:
        """The text, and its sections that hold any."""
        text = "\n\n".join(self._parts)
        starts = [start for _, start, _ in self._headings]
        sections = (
            Section(title, start, min(end, len(text)), page)
            for (title, start, page), end in zip(
                self._headings, [*starts, len(text)][1:], strict=False
            )
        )
        return text, tuple(s for s in sections if s.start < s.end)
