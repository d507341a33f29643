"""Text with its sections, which the readers of all formats return."""

from typing import NamedTuple

from rindoku.models import Section


class SectionedText(NamedTuple):
    """A text and its sections, in order; offsets count characters of the text."""

    text: str
    sections: tuple[Section, ...]


class _SectionStart(NamedTuple):
    title: str
    offset: int
    page: int | None


class TextBuilder:
    """Builds a text with sections from blocks, which empty lines separate."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._length = 0
        self._starts: list[_SectionStart] = []

    def add(self, block: str) -> None:
        """Adds a block, unless it is empty."""
        if block:
            self._blocks.append(block)
            self._length += len(block) + 2

    def begin_section(self, title: str, page: int | None = None) -> None:
        """Begins a section at the next block."""
        self._starts.append(_SectionStart(title, self._length, page))

    def build(self) -> SectionedText:
        """The text, and its sections without empty ones."""
        text = "\n\n".join(self._blocks)
        sections = []
        for number, start in enumerate(self._starts):
            following = self._starts[number + 1 : number + 2]
            end = following[0].offset if following else len(text)
            section = Section(
                start.title, start.offset, min(end, len(text)), start.page
            )
            if section.start < section.end:
                sections.append(section)
        return SectionedText(text, tuple(sections))
