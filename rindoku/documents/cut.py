"""Papers longer than the budget: whole sections are left out, the least telling first, and it is said which."""

import re
from collections.abc import Sequence

from rindoku.models import Document, Section

# Of a paper's text, in characters: about 100,000 tokens, where prices and attention still hold.
MOST_CHARACTERS = 300_000
_APPENDIX = re.compile(r"[A-Z](?:\.\d+)*\.?\s+\S|Appendix|Supplement")
_TELLING = re.compile(
    r"abstract|introduction|conclu|limitation|discussion|result", re.IGNORECASE
)
_LEFT_OUT = "[...]"


def cut(document: Document, most: int = MOST_CHARACTERS) -> tuple[str, list[str]]:
    """The text within the budget, and the titles of the sections that were left out of it.

    Appendices go first, from the end; then other sections from the end; those that tell most (abstract,
    introduction, results, discussion, limitations, conclusion) last. A text without sections loses its end.
    """
    if len(document.text) <= most:
        return document.text, []
    spans = _spans(document)
    order = sorted(range(len(spans)), key=lambda n: (_worth(spans[n]), -n))
    dropped: set[int] = set()
    length = len(document.text)
    for number in order[:-1]:
        if length <= most:
            break
        dropped.add(number)
        length -= spans[number].end - spans[number].start - len(_LEFT_OUT)
    parts = [
        _LEFT_OUT + "\n\n" if n in dropped else document.text[s.start : s.end]
        for n, s in enumerate(spans)
    ]
    titles = [spans[n].title or f"p. {spans[n].page}" for n in sorted(dropped)]
    return "".join(parts)[:most], list(dict.fromkeys(titles))


def _spans(document: Document) -> Sequence[Section]:
    """Sections that cover the whole text; what stands before the first is one as well."""
    spans: list[Section] = []
    at = 0
    for section in document.sections:
        if section.start > at:
            spans.append(Section("", at, section.start))
        spans.append(
            Section(section.title, max(at, section.start), section.end, section.page)
        )
        at = max(at, section.end)
    if at < len(document.text):
        spans.append(Section("", at, len(document.text)))
    return spans


def _worth(section: Section) -> int:
    if _TELLING.search(section.title):
        return 2
    return 0 if _APPENDIX.match(section.title) else 1
