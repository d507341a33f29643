"""Text extraction: pages a second, and whether hand-picked sentences come out whole.

python benchmarks/text.py FOLDER   # with pdf/*.pdf and arxiv-html/*.html

The sentences are their authors': text_sentences.json holds only the hash and the length of each, over its letters and
digits. A sentence counts as found when a stretch of that length of the extracted text has its hash.
"""

import argparse
import hashlib
import json
import statistics
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pypdfium2
from selectolax.lexbor import LexborHTMLParser

from rindoku.documents.html import read_latexml
from rindoku.documents.pdf import read_pdf

SENTENCES = Path(__file__).with_name("text_sentences.json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    picked = json.loads(SENTENCES.read_text(encoding="utf-8"))
    print(
        f"{'file':<36} {'pages':>5} {'ms':>7} {'pages/s':>8} {'x bare':>7} {'sentences':>10}"
    )
    for name, sentences in picked.items():
        body = (options.folder / name).read_bytes()
        is_pdf = name.endswith(".pdf")
        read, bare = (
            (read_pdf, bare_pdf) if is_pdf else (read_latexml, LexborHTMLParser)
        )
        # In turn, so that a slow spell of the machine falls on both.
        times = [
            (seconds(lambda b=body, r=read: r(b)), seconds(lambda b=body, f=bare: f(b)))
            for _ in range(options.runs)
        ]
        mine, others = (statistics.median(t) for t in zip(*times, strict=True))
        pages = len(pypdfium2.PdfDocument(body)) if is_pdf else 1
        found = sum(
            holds(squeezed(read(body)[0]), s["letters"], s["hash"]) for s in sentences
        )
        rate = f"{pages / mine:>8.0f}" if is_pdf else f"{'':>8}"
        print(
            f"{name:<36} {pages:>5} {mine * 1000:>7.1f} {rate} {mine / others:>7.1f} {found:>5}/{len(sentences)}"
        )


def bare_pdf(body: bytes) -> list[str]:
    """What the library alone does: no child process, no limits, no look for hidden text, no sections."""
    return [
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(body)
    ]


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def squeezed(text: str) -> str:
    """Letters and digits only: line breaks and hyphens at their ends are no part of a sentence."""
    return "".join(
        c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum()
    )


def holds(text: str, length: int, wanted: str) -> bool:
    return any(
        hashlib.blake2b(text[n : n + length].encode(), digest_size=12).hexdigest()
        == wanted
        for n in range(len(text) - length + 1)
    )


if __name__ == "__main__":
    main()
