"""Normalises characters and removes invisible ones, so that text can be quoted."""

import re
import unicodedata

_INVISIBLE = re.compile(
    "["
    "\u00ad\u180e"  # soft hyphen, Mongolian vowel separator
    "\u200b-\u200f\u202a-\u202e"  # zero-width characters, direction marks
    "\u2060-\u2064\u2066-\u206f"  # word joiner, invisible operators, isolates
    "\ufe00-\ufe0f\ufeff"  # variation selectors, byte order mark
    "\ufff9-\ufffb\ufffe"  # annotations, PDFium's broken word
    "\U000e0000-\U000e01ef"  # tags, which can carry a second text
    "\ud800-\udfff"  # halves of characters, which cannot be stored
    "]"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def clean(text: str) -> str:
    """One line in compatibility form (NFKC), without invisible characters.

    Runs of white space and control characters become one space.
    """
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return " ".join(_CONTROLS.sub(" ", visible).split())
