"""Child process: a PDF on standard input; pages' text and the first page's title, as JSON, on standard output.

Run as `python -m rindoku.documents.pdf_worker [MOST_PAGES]`. It limits its own memory and CPU before it touches the file.
"""

import json
import sys
from typing import Any

MEMORY_BYTES = 2_000_000_000
CPU_SECONDS = 60
MOST_PAGES = 400
_TITLE_CHARACTERS = 4000
_NEARLY_WHITE = 250
_READABLE_POINTS = 1.5
_INVISIBLE = 3


def main() -> None:
    """Reads, extracts, writes; any failure is a non-zero exit with one line on standard error."""
    _limit()
    import pypdfium2

    most = int(sys.argv[1]) if len(sys.argv) > 1 else MOST_PAGES
    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    pages, title = [], ""
    for index in range(min(len(document), most)):
        page = document[index]
        text = page.get_textpage()
        hidden = _hidden_objects(page)
        pages.append(_seen(text, hidden) if hidden else text.get_text_range())
        if index == 0:
            title = _title(text)
    json.dump({"pages": pages, "title": title}, sys.stdout)


def _hidden_objects(page: Any) -> set[int]:
    """Addresses of the page's texts that nobody sees: drawn invisibly, too small to read, or white on white.

    Empty when all of them are: that is the text behind a scan.
    """
    from ctypes import addressof

    from pypdfium2 import raw

    hidden, count, painted = set(), 0, []
    for index in range(raw.FPDFPage_CountObjects(page.raw)):
        item = raw.FPDFPage_GetObject(page.raw, index)
        white, opaque = _fill(raw, item)
        if raw.FPDFPageObj_GetType(item) != raw.FPDF_PAGEOBJ_TEXT:
            is_path = raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_PATH
            painted += [] if is_path and (white or not opaque) else [_bounds(raw, item)]
            continue
        count += 1
        unseen = raw.FPDFTextObj_GetTextRenderMode(item) == _INVISIBLE or not opaque
        if (
            unseen
            or _is_tiny(raw, item)
            or (white and not _is_inside(_bounds(raw, item), painted))
        ):
            hidden.add(addressof(item.contents))
    return hidden if len(hidden) < count else set()


def _fill(raw: Any, item: Any) -> tuple[bool, bool]:
    """Whether an object is painted white, and whether it is painted at all."""
    from ctypes import c_uint

    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    if not raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha):
        return False, True
    return min(red.value, green.value, blue.value) > _NEARLY_WHITE, alpha.value > 0


def _is_tiny(raw: Any, item: Any) -> bool:
    from ctypes import c_float

    matrix, size = raw.FS_MATRIX(), c_float()
    if not (
        raw.FPDFPageObj_GetMatrix(item, matrix)
        and raw.FPDFTextObj_GetFontSize(item, size)
    ):
        return False
    return bool(
        0
        < size.value * max(map(abs, (matrix.a, matrix.b, matrix.c, matrix.d)))
        < _READABLE_POINTS
    )


def _bounds(raw: Any, item: Any) -> tuple[float, float, float, float]:
    from ctypes import c_float

    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    raw.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return left.value, bottom.value, right.value, top.value


def _is_inside(
    box: tuple[float, float, float, float],
    painted: list[tuple[float, float, float, float]],
) -> bool:
    """Whether the middle of a box lies on something painted."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(
        left <= x <= right and bottom <= y <= top
        for left, bottom, right, top in painted
    )


def _seen(text: Any, hidden: set[int]) -> str:
    """The text of a page without its hidden objects, character by character."""
    from ctypes import addressof

    from pypdfium2 import raw

    seen = []
    for index in range(text.count_chars()):
        item = raw.FPDFText_GetTextObject(text, index)
        if not item or addressof(item.contents) not in hidden:
            seen.append(chr(raw.FPDFText_GetUnicode(text, index)))
    return "".join(seen)


def _title(page: Any) -> str:
    """The first text of a page that is set clearly larger than most: a paper's title. arXiv's stamp is none."""
    from pypdfium2 import raw

    runs: list[tuple[float, str]] = []
    for index in range(min(page.count_chars(), _TITLE_CHARACTERS)):
        size = round(raw.FPDFText_GetFontSize(page, index), 1)
        character = chr(raw.FPDFText_GetUnicode(page, index))
        # A line break has no size of its own; small capitals belong to the word they stand in.
        if runs and (character.isspace() or abs(runs[-1][0] - size) < 0.1 * size):
            runs[-1] = (runs[-1][0], runs[-1][1] + character)
        else:
            runs.append((size, character))
    usual = _usual_size(runs)
    texts = ((size, " ".join(text.split())) for size, text in runs)
    larger = (
        t
        for size, t in texts
        if size > 1.15 * usual and len(t) > 8 and not t.startswith("arXiv:")
    )
    return next(larger, "")[:300]


def _usual_size(runs: list[tuple[float, str]]) -> float:
    lengths: dict[float, int] = {}
    for size, text in runs:
        lengths[size] = lengths.get(size, 0) + len(text)
    return max(lengths, key=lambda size: lengths[size], default=0.0)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's wall clock remains.
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


if __name__ == "__main__":
    main()
