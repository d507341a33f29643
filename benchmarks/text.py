"""Text extraction: pages a second, and whether hand-picked sentences are found.

python benchmarks/text.py FOLDER   # with pdf/*.pdf and arxiv-html/*.html

The sentences are their authors', so text_sentences.json has only the hash and the
length of each, over its letters and digits. A sentence is found when a stretch of that
length in the extracted text has its hash.
"""

import argparse
import hashlib
import json
import statistics
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

import pypdfium2
from selectolax.lexbor import LexborHTMLParser

from rindoku.documents import read_latexml, read_pdf

SENTENCES = Path(__file__).with_name("text_sentences.json")
COLUMNS = f"{'pages':>5} {'ms':>7} {'pages/s':>8} {'x bare':>7} {'sentences':>10}"


class Sentence(TypedDict):
    letters: int
    hash: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    print(f"{'file':<36} {COLUMNS}")
    picked = json.loads(SENTENCES.read_text(encoding="utf-8"))
    for name, sentences in picked.items():
        measure(name, (options.folder / name).read_bytes(), sentences, options.runs)


def measure(name: str, body: bytes, sentences: list[Sentence], runs: int) -> None:
    """Times one file against the bare library, and prints a row."""
    is_pdf = name.endswith(".pdf")
    read = read_pdf if is_pdf else read_latexml
    read_bare = read_bare_pdf if is_pdf else LexborHTMLParser
    own_times, bare_times = [], []
    for _ in range(runs):
        # In turn, so that a slow spell of the machine affects both.
        own_times.append(seconds(lambda: read(body)))
        bare_times.append(seconds(lambda: read_bare(body)))
    own, bare = statistics.median(own_times), statistics.median(bare_times)
    pages = len(pypdfium2.PdfDocument(body)) if is_pdf else 1
    rate = f"{pages / own:.0f}" if is_pdf else ""
    text = letters_and_digits(read(body).text)
    found = sum(contains(text, sentence) for sentence in sentences)
    print(
        f"{name:<36} {pages:>5} {own * 1000:>7.1f} {rate:>8} {own / bare:>7.1f} "
        f"{found:>5}/{len(sentences)}"
    )


def read_bare_pdf(body: bytes) -> list[str]:
    """The text by the library alone: no child process, no limits, no sections."""
    pages = pypdfium2.PdfDocument(body)
    return [page.get_textpage().get_text_range() for page in pages]


def seconds(function: Callable[[], object]) -> float:
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


def letters_and_digits(text: str) -> str:
    """A text in which line breaks and hyphenation make no difference."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def contains(text: str, sentence: Sentence) -> bool:
    length = sentence["letters"]
    for start in range(len(text) - length + 1):
        stretch = text[start : start + length].encode()
        if hashlib.blake2b(stretch, digest_size=12).hexdigest() == sentence["hash"]:
            return True
    return False


if __name__ == "__main__":
    main()
