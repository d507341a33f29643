"""What a text must be like in its language, whatever it says: the language itself, and how it is put."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Literal

from rapidfuzz import fuzz

from rindoku.languages.wording import Wording

Severity = Literal["error", "warning", "note"]
# check, message, severity
Objection = tuple[str, str, Severity]

# Characters of a TL;DR, by language.
TLDR_LENGTH = {"ja": 60, "en": 160}
# Of a summary and of an answer: what is longer is read by nobody.
_SUMMARY_LENGTH = {"ja": 700, "en": 1400}
_ANSWER_LENGTH = {"ja": 300, "en": 600}
# A sentence that ends in the plain style, among です and ます.
_PLAIN_STYLE = re.compile(r"(?:である|であった|だった|のだ|[^んい]だ)(?=。|$)")
_KANA = re.compile(r"[\u3040-\u30ff]")
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# Six English words in a row, three of them little ones, are a sentence; names in a row are not.
_LATIN_RUN = re.compile(r"(?:[A-Za-z][\w'\u2019-]*[ ,]+){5,}[A-Za-z][\w'\u2019-]*")
_LITTLE = re.compile(
    r"\b(?:the|a|an|of|in|on|to|and|or|is|are|was|were|be|does|do|not|that|which|with|for|from|by|as|we|it|this|these|at|than|has|have)\b"
)
# What an answer cites in the paper's own words is no English of its own.
_QUOTED = re.compile(r"「[^」]*」|“[^”]*”|\"[^\"]*\"")
_TENTHS = re.compile(r"(?:\d|[一二三四五六七八九])割(?!り)")
_JAPANESE_BEYOND_SJIS = set("頰剝塡𠮟噓俠繫摑蟬嚙瘦")
_BARE = re.compile(r"[\s。、,.?？!！「」]|(?:です|ます|でした|ました|のか|か)$")
_REPEATED = 88.0
_WH = re.compile(
    r"何|どれ|どの|どこ|どう|なぜ|いくつ|いくら|誰|は[?？]?$|\b(?:what|which|how|why|where|when|who)\b",
    re.IGNORECASE,
)
# What carries meaning: Chinese characters, katakana words, Latin words and figures.
_CONTENT = re.compile(r"[\u4e00-\u9fff]|[ァ-ヴー]+|[a-z0-9]+", re.IGNORECASE)
_INTERVIEW = {
    "ja": re.compile(r"あなた|御社|貴社|私たちの|我々の"),
    "en": re.compile(r"\b(?:you|your|our)\b", re.IGNORECASE),
}
_SENTENCES = {"ja": re.compile(r"。(?=.)"), "en": re.compile(r"[.?!]\s+(?=[A-Z])")}


def check_language(text: str, words: Wording) -> Iterator[Objection]:
    """Objections to a text that is not in its language, or only in parts."""
    yield from _BY_LANGUAGE[words.language](text, words)


def check_tldr(text: str, words: Wording) -> Iterator[Objection]:
    """Objections to a TL;DR that is no single short sentence."""
    most = TLDR_LENGTH[words.language]
    if len(text) > most:
        yield (
            "length",
            words.reason("tldr_long", length=len(text), most=most),
            "warning",
        )
    if _SENTENCES[words.language].search(text.strip()):
        yield "length", words.reason("tldr_sentences"), "warning"


def check_style(
    text: str, part: Literal["summary", "answer"], words: Wording
) -> Iterator[Objection]:
    """Objections to how a summary or an answer is put: its length, and in Japanese its style."""
    most = (_SUMMARY_LENGTH if part == "summary" else _ANSWER_LENGTH)[words.language]
    if len(text) > most:
        yield "length", words.reason("long", length=len(text), most=most), "warning"
    if words.language == "ja" and _PLAIN_STYLE.search(_QUOTED.sub("", text)):
        yield "style", words.reason("plain_style"), "warning"


def check_question(question: str, words: Wording) -> Iterator[Objection]:
    """Objections to a question that interviews the authors."""
    if _INTERVIEW[words.language].search(question):
        yield "style", words.reason("interview"), "warning"


def repeats(question: str, answer: str) -> bool:
    """Whether an answer says hardly more than its question did: in the same words, or with none of its own."""
    asked, said = (_BARE.sub("", text).lower() for text in (question, answer))
    if not said:
        return False
    # "Is it open?" may be answered in its own words, "what is it?" may not.
    nothing_new = bool(_WH.search(question)) and set(_CONTENT.findall(said)) <= set(
        _CONTENT.findall(asked)
    )
    return nothing_new or fuzz.ratio(asked, said) >= _REPEATED


def _japanese(text: str, words: Wording) -> Iterator[Objection]:
    if not _KANA.search(text):
        yield "language", words.reason("wrong_language"), "error"
    if foreign := sorted({c for c in text if _is_chinese(c)}):
        yield (
            "language",
            words.reason("foreign_characters", characters="".join(foreign)),
            "error",
        )
    if any(
        len(_LITTLE.findall(run)) >= 3
        for run in _LATIN_RUN.findall(_QUOTED.sub(" ", text))
    ):
        yield "language", words.reason("left_in_english"), "error"
    if _TENTHS.search(unicodedata.normalize("NFKC", text)):
        yield "number style", words.reason("tenths"), "error"


def _english(text: str, words: Wording) -> Iterator[Objection]:
    foreign = sorted(set(_EAST_ASIAN.findall(_QUOTED.sub(" ", text))))
    if foreign:
        yield (
            "language",
            words.reason("foreign_characters", characters="".join(foreign[:8])),
            "error",
        )
    elif not re.search(r"[A-Za-z]{2}", text):
        yield "language", words.reason("wrong_language"), "error"


def _is_chinese(character: str) -> bool:
    """Whether a Han character is none of Japanese: simplified forms have no place in Shift JIS."""
    if not "\u4e00" <= character <= "\u9fff" or character in _JAPANESE_BEYOND_SJIS:
        return False
    try:
        character.encode("shift_jis")
    except UnicodeEncodeError:
        return True
    return False


_BY_LANGUAGE: dict[str, Callable[[str, Wording], Iterator[Objection]]] = {
    "ja": _japanese,
    "en": _english,
}
