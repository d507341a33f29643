"""Child process: a PDF on standard input, its pages' text as a JSON list on standard output.

Run as `python -m rindoku.pdf`. It limits its own memory and CPU before it touches the file.
"""

import json
import sys

MEMORY_BYTES = 2_000_000_000
CPU_SECONDS = 60
MOST_PAGES = 400


def main() -> None:
    """Reads, extracts, writes; any failure is a non-zero exit with one line on standard error."""
    _limit()
    import pypdfium2

    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    pages = []
    for index in range(min(len(document), MOST_PAGES)):
        page = document[index].get_textpage()
        pages.append(page.get_text_range())
    json.dump(pages, sys.stdout)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's wall clock remains.
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


if __name__ == "__main__":
    main()
