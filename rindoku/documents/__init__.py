"""From bytes to text with offsets, without network and archive.

A payload becomes a `Document`: the text of one paper from one source, in sections.
"""

from rindoku.documents.assess import is_text_of, text_quality
from rindoku.documents.budget import cut, titles_left_out
from rindoku.documents.build import read_abstract, read_payload
from rindoku.documents.characters import clean
from rindoku.documents.html import read_latexml, read_page
from rindoku.documents.markdown import is_markdown, markdown_as_html
from rindoku.documents.pdf import pdf_first_page, pdf_pages, read_pdf
from rindoku.documents.text import SectionedText

__all__ = [
    "SectionedText",
    "clean",
    "cut",
    "is_markdown",
    "is_text_of",
    "markdown_as_html",
    "pdf_first_page",
    "pdf_pages",
    "read_abstract",
    "read_latexml",
    "read_page",
    "read_payload",
    "read_pdf",
    "text_quality",
    "titles_left_out",
]
