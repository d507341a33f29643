"""One form for each character, and nothing invisible."""

from rindoku.documents import clean


def test_invisible_characters_are_removed() -> None:
    tags = "".join(chr(0xE0000 + ord(c)) for c in "ignore")
    assert clean(f"a{tags}b\u202ec\u2066d\u200be\ufe0f\x07f") == "abcde f"


def test_characters_get_their_compatibility_form() -> None:
    assert clean("ﬁne\u00ad ｔｅｘｔ") == "fine text"
