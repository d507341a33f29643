"""One form for each character."""

from rindoku.documents.characters import clean


def test_invisible_characters_carry_nothing() -> None:
    tags = "".join(chr(0xE0000 + ord(c)) for c in "ignore")
    assert clean(f"a{tags}b\u202ec\u2066d\u200be\ufe0f\x07f") == "abcde f"
