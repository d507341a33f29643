"""Long papers are cut to the size that is sent to the model."""

from dataclasses import replace

from rindoku.documents import cut
from rindoku.models import Document, Section
from tests.builders import make_document


def long_document(*lengths: tuple[str, int]) -> Document:
    """A document with sections of about these lengths, by title."""
    text, sections = "", list[Section]()
    for title, length in lengths:
        section = f"{title}\n\n" + "words of a section. " * (length // 20)
        sections.append(Section(title, len(text), len(text) + len(section)))
        text += section
    return make_document(text, sections=tuple(sections))


def test_a_paper_within_the_budget_is_not_cut() -> None:
    document = long_document(("Abstract", 400), ("1 Introduction", 400))
    assert cut(document, 10_000) == (document.text, [])


def test_a_long_paper_loses_complete_sections_appendices_first() -> None:
    document = long_document(
        ("Abstract", 400),
        ("1 Introduction", 1000),
        ("2 Method", 3000),
        ("3 Results", 2000),
        ("4 Conclusion", 500),
        ("A Proofs", 4000),
        ("B Prompts", 4000),
    )
    text, left_out = cut(document, 12_000)
    assert left_out == ["B Prompts"]
    assert "A Proofs" in text
    text, left_out = cut(document, 7_500)
    assert left_out == ["A Proofs", "B Prompts"]
    assert cut(document, 5_000)[1] == ["2 Method", "A Proofs", "B Prompts"]
    body = ("Abstract", "1 Introduction", "2 Method", "3 Results", "4 Conclusion")
    assert all(title in text for title in body)
    assert text.count("[...]") == 2
    assert len(cut(document, 300)[0]) <= 300
    bare = replace(document, sections=())
    assert len(cut(bare, 1000)[0]) <= 1000
