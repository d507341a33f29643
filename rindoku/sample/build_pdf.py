"""Builds the sample's PDF from its text: `python -m rindoku.sample.build_pdf`. Needs fpdf2, a development dependency."""

from datetime import UTC, datetime

from fpdf import FPDF

from rindoku.sample.content import PDF_PATH, SamplePaper, sample_papers


def build(paper: SamplePaper) -> bytes:
    """The paper as a PDF of a few pages, arXiv's stamp on the first; the same text gives the same bytes."""
    pdf = FPDF(format="A4")
    pdf.set_creation_date(datetime(2024, 4, 2, tzinfo=UTC))
    pdf.set_title(paper.title)
    pdf.set_margin(24)
    pdf.add_page()
    pdf.set_font("Times", "B", 16)
    pdf.multi_cell(0, 8, paper.title, align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("Times", "", 10)
    pdf.multi_cell(
        0, 6, ", ".join(paper.authors), align="C", new_x="LMARGIN", new_y="NEXT"
    )
    day = paper.versions[0]
    pdf.multi_cell(
        0,
        6,
        f"arXiv:{paper.arxiv}v1 [{paper.categories[0]}] {day.day} {day:%b %Y}",
        align="C",
        new_x="LMARGIN",
        new_y="NEXT",
    )
    for title, text in (("Abstract", paper.abstract), *paper.sections):
        pdf.ln(4)
        pdf.set_font("Times", "B", 12)
        pdf.multi_cell(0, 7, title, new_x="LMARGIN", new_y="NEXT")
        pdf.set_font("Times", "", 11)
        for paragraph in text.split("\n\n"):
            pdf.multi_cell(
                0, 5.6, paragraph.strip(), align="J", new_x="LMARGIN", new_y="NEXT"
            )
            pdf.ln(2)
    return bytes(pdf.output())


if __name__ == "__main__":
    PDF_PATH.write_bytes(build(next(p for p in sample_papers() if p.pdf)))
