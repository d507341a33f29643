"""Child process: reads a PDF from standard input, writes its text as JSON.

Run as `python -I pdf_worker.py [MOST_PAGES]`. The output has the text of the `pages`
and the `title` of the first. Memory and CPU time are limited before the file is read.
"""

import json
import sys
from ctypes import addressof, c_float, c_uint
from typing import Any, NamedTuple

import pypdfium2
from pypdfium2 import raw

MEMORY_BYTES = 2_000_000_000
CPU_SECONDS = 60
MOST_PAGES = 400
_TITLE_WITHIN_CHARACTERS = 4000
_LONGEST_TITLE = 300
_NEARLY_WHITE = 250
_READABLE_POINTS = 1.5
_INVISIBLE_MODE = 3


class Fill(NamedTuple):
    """The fill colour of an object."""

    is_white: bool
    is_opaque: bool


class Box(NamedTuple):
    """The bounds of an object on its page, in points."""

    left: float
    bottom: float
    right: float
    top: float

    def has_middle_of(self, other: "Box") -> bool:
        x = (other.left + other.right) / 2
        y = (other.bottom + other.top) / 2
        return self.left <= x <= self.right and self.bottom <= y <= self.top


class TextRun(NamedTuple):
    """Consecutive characters of about the same font size."""

    size: float
    text: str


def main() -> None:
    """Extracts the text; on failure, exits non-zero with a message on stderr."""
    _limit_resources()
    most_pages = int(sys.argv[1]) if len(sys.argv) > 1 else MOST_PAGES
    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    pages = []
    title = ""
    for index in range(min(len(document), most_pages)):
        page = document[index]
        text = page.get_textpage()
        hidden = _hidden_texts(page)
        if hidden:
            pages.append(_visible_text(text, hidden))
        else:
            pages.append(text.get_text_range())
        if index == 0:
            title = _find_title(text)
    json.dump({"pages": pages, "title": title}, sys.stdout)


def _hidden_texts(page: Any) -> set[int]:
    """Addresses of the text objects that readers of the page can't see.

    Empty if none can be seen, as in a scan with its text behind the picture.
    """
    hidden: set[int] = set()
    painted: list[Box] = []
    texts = 0
    for index in range(raw.FPDFPage_CountObjects(page.raw)):
        item = raw.FPDFPage_GetObject(page.raw, index)
        if raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_TEXT:
            texts += 1
            if _is_hidden(item, painted):
                hidden.add(addressof(item.contents))
        elif _is_painted(item):
            painted.append(_bounds(item))
    return hidden if len(hidden) < texts else set()


def _is_hidden(text: Any, painted: list[Box]) -> bool:
    """Whether a text is drawn invisibly, too small to read, or white on white."""
    if raw.FPDFTextObj_GetTextRenderMode(text) == _INVISIBLE_MODE:
        return True
    fill = _fill(text)
    if not fill.is_opaque or _is_tiny(text):
        return True
    if not fill.is_white:
        return False
    box = _bounds(text)
    return not any(area.has_middle_of(box) for area in painted)


def _is_painted(item: Any) -> bool:
    """Whether white text can be read on this object: a picture or a coloured path."""
    if raw.FPDFPageObj_GetType(item) != raw.FPDF_PAGEOBJ_PATH:
        return True
    fill = _fill(item)
    return fill.is_opaque and not fill.is_white


def _fill(item: Any) -> Fill:
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    if not raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha):
        return Fill(is_white=False, is_opaque=True)
    darkest = min(red.value, green.value, blue.value)
    return Fill(is_white=darkest > _NEARLY_WHITE, is_opaque=alpha.value > 0)


def _is_tiny(text: Any) -> bool:
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(text, matrix):
        return False
    size = c_float()
    if not raw.FPDFTextObj_GetFontSize(text, size):
        return False
    scale = max(abs(factor) for factor in (matrix.a, matrix.b, matrix.c, matrix.d))
    return bool(0 < size.value * scale < _READABLE_POINTS)


def _bounds(item: Any) -> Box:
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    raw.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return Box(left.value, bottom.value, right.value, top.value)


def _visible_text(text: Any, hidden: set[int]) -> str:
    """The text of a page without its hidden objects, character by character."""
    visible = []
    for index in range(text.count_chars()):
        item = raw.FPDFText_GetTextObject(text, index)
        if not item or addressof(item.contents) not in hidden:
            visible.append(chr(raw.FPDFText_GetUnicode(text, index)))
    return "".join(visible)


def _find_title(text: Any) -> str:
    """The first text, except arXiv's stamp, that is larger than most of the page."""
    runs = _text_runs(text)
    usual = _usual_size(runs)
    for run in runs:
        title = " ".join(run.text.split())
        is_large = run.size > 1.15 * usual and len(title) > 8
        if is_large and not title.startswith("arXiv:"):
            return title[:_LONGEST_TITLE]
    return ""


def _text_runs(text: Any) -> list[TextRun]:
    runs: list[TextRun] = []
    for index in range(min(text.count_chars(), _TITLE_WITHIN_CHARACTERS)):
        size = round(raw.FPDFText_GetFontSize(text, index), 1)
        character = chr(raw.FPDFText_GetUnicode(text, index))
        if runs and _continues(runs[-1], size, character):
            runs[-1] = TextRun(runs[-1].size, runs[-1].text + character)
        else:
            runs.append(TextRun(size, character))
    return runs


def _continues(run: TextRun, size: float, character: str) -> bool:
    # A line break has no font size, and small capitals differ a little in size.
    return character.isspace() or abs(run.size - size) < 0.1 * size


def _usual_size(runs: list[TextRun]) -> float:
    characters: dict[float, int] = {}
    for run in runs:
        characters[run.size] = characters.get(run.size, 0) + len(run.text)
    return max(characters, key=lambda size: characters[size], default=0.0)


def _limit_resources() -> None:
    try:
        import resource
    except ImportError:  # Windows; the parent's time-out still applies there.
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


if __name__ == "__main__":
    main()
