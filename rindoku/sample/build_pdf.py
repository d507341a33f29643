"""Builds the sample's PDF from its text: `python -m rindoku.sample.build_pdf`.

Needs fpdf2, a development dependency.
"""

from datetime import UTC, datetime
from functools import partial

from fpdf import FPDF

from rindoku.sample.content import PDF_PATH, SamplePaper, sample_papers

_CREATED = datetime(2024, 4, 2, tzinfo=UTC)


def build(paper: SamplePaper) -> bytes:
    """The paper as a PDF of a few pages, with arXiv's stamp on the first.

    The same text gives the same bytes.
    """
    pdf = FPDF(format="A4")
    pdf.set_creation_date(_CREATED)
    pdf.set_title(paper.title)
    pdf.set_margin(24)
    pdf.add_page()
    write = partial(pdf.multi_cell, 0, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("Times", "B", 16)
    write(8, paper.title, align="C")
    pdf.set_font("Times", "", 10)
    write(6, ", ".join(paper.authors), align="C")
    write(6, _stamp(paper), align="C")
    for title, text in (("Abstract", paper.abstract), *paper.sections):
        pdf.ln(4)
        pdf.set_font("Times", "B", 12)
        write(7, title)
        pdf.set_font("Times", "", 11)
        for paragraph in text.split("\n\n"):
            write(5.6, paragraph.strip(), align="J")
            pdf.ln(2)
    return bytes(pdf.output())


def _stamp(paper: SamplePaper) -> str:
    day = paper.versions[0]
    return f"arXiv:{paper.arxiv}v1 [{paper.categories[0]}] {day.day} {day:%b %Y}"


if __name__ == "__main__":
    PDF_PATH.write_bytes(build(next(paper for paper in sample_papers() if paper.pdf)))
