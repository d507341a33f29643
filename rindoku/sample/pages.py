"""Pages that the stand-in serves: arXiv's LaTeXML, pages of works, the year file."""

from collections.abc import Iterable
from html import escape

from rindoku.sample.content import SampleEntry, SamplePaper, SampleWeek

_LATEXML = """<!DOCTYPE html><html lang="en"><head><title>{title}</title></head><body>
<nav>Report issue | Back to abstract page</nav>
<article class="ltx_document">\
<h1 class="ltx_title ltx_title_document">{title}</h1>
<div class="ltx_authors">{authors}</div>
<div class="ltx_abstract"><h6 class="ltx_title ltx_title_abstract">Abstract</h6>\
<p class="ltx_p">{abstract}</p></div>
{sections}
<section class="ltx_bibliography"><h2 class="ltx_title">References</h2>\
<ul><li class="ltx_bibitem">A reference that is no part of the text.</li></ul></section>
</article><footer>Generated for the sample week.</footer></body></html>"""
_LATEXML_SECTION = """<section class="ltx_section">\
<h2 class="ltx_title ltx_title_section">{title}</h2>{paragraphs}</section>"""
_LATEXML_PARAGRAPH = '<div class="ltx_para"><p class="ltx_p">{}</p></div>'

_WORK = """<!doctype html><html lang="en"><head>{metadata}\
<title>{title} | sample page</title>
<meta property="og:title" content="{title}"></head><body>
<nav><a href="/">Home</a> <a href="/blog">Blog</a></nav>
<main><h1>{title}</h1><p class="byline">{byline}</p>{day}
<p>{abstract}</p>{sections}</main><footer>Sample page.</footer></body></html>"""

_PROJECT = """<!doctype html><html lang="en"><head><title>{title}</title></head><body>
<main><h1>{title}</h1><p class="authors">{authors}</p>
<p>{paper_link}<a href="https://github.com/myshell-ai/JetMoE">Code</a></p>
{opening}
<h2>Related work</h2><div class="references">\
<p><a href="https://arxiv.org/abs/2307.09288">Llama 2</a></p></div>
</main></body></html>"""

_REPOSITORY = """<!DOCTYPE html><html lang="en"><head>\
<title>GitHub - {title}</title></head><body>
<nav><a href="https://github.com/features">Features</a></nav>
<article class="markdown-body"><h1>{title}</h1>
<p><a href="{url}">Website &amp; Demo</a> | \
<a href="https://discord.com/">Discord</a></p>
<p>{abstract}</p></article></body></html>"""

_SHELL = """<!doctype html><html><head><title>{title}</title></head><body>\
<div id="root"></div><script src="/app.js"></script></body></html>"""

_YEAR_FILE_HEADER = "# AI Papers of the Week {year}\n"
_YEAR_FILE_WEEK = """## {heading} - {year}
| **Paper**  | **Links** |
| ------------- | ------------- |"""


def latexml(paper: SamplePaper) -> str:
    """A paper as arxiv.org/html serves it."""
    sections = [
        _LATEXML_SECTION.format(
            title=escape(title),
            paragraphs=_paragraphs(text, _LATEXML_PARAGRAPH),
        )
        for title, text in paper.sections
    ]
    return _LATEXML.format(
        title=escape(paper.title),
        authors=escape(", ".join(paper.authors)),
        abstract=escape(paper.abstract),
        sections="\n".join(sections),
    )


def work_page(paper: SamplePaper) -> str:
    """The page of a work that is not published anywhere else."""
    return _work_page(paper, metadata="")


def publisher_page(paper: SamplePaper) -> str:
    """A publisher's page, with the facts in its metadata."""
    metadata = _meta("citation_title", paper.title)
    for author in paper.authors:
        metadata += _meta("citation_author", author)
    if paper.published:
        metadata += _meta("citation_publication_date", f"{paper.published:%Y/%m/%d}")
    return _work_page(paper, metadata)


def project_page(paper: SamplePaper, *, published: bool = True) -> str:
    """A project page; once the paper is `published`, it links it on arXiv."""
    paper_link = ""
    if published:
        paper_link = f'<a href="https://arxiv.org/abs/{paper.arxiv}">arXiv</a> '
    return _PROJECT.format(
        title=escape(paper.title),
        authors=escape(", ".join(paper.authors)),
        paper_link=paper_link,
        opening=_paragraphs(paper.sections[0][1]),
    )


def repository_page(paper: SamplePaper) -> str:
    """A GitHub repository whose README links the project's site."""
    return _REPOSITORY.format(
        title=escape(paper.title), url=paper.url, abstract=escape(paper.abstract)
    )


def shell_page(paper: SamplePaper) -> str:
    """A page without text until a browser runs its scripts."""
    return _SHELL.format(title=escape(paper.title))


def year_file(year: int, weeks: Iterable[SampleWeek]) -> str:
    """The twin's Markdown file of a year, the newest week first."""
    parts = [_YEAR_FILE_HEADER.format(year=year)]
    weeks_of_year = [week for week in weeks if week.ends_on.year == year]
    for week in sorted(weeks_of_year, key=lambda w: w.starts_on, reverse=True):
        heading = week.heading.rstrip(":")
        parts.append(_YEAR_FILE_WEEK.format(heading=heading, year=year))
        parts += [_year_file_row(entry) for entry in week.entries]
        parts.append("")
    return "\n".join(parts)


def _year_file_row(entry: SampleEntry) -> str:
    links = ", ".join(f"[{label}]({url})" for label, url in entry.links)
    return f"| {entry.rank}) **{entry.title}** - {entry.blurb} | {links} |"


def _work_page(paper: SamplePaper, metadata: str) -> str:
    byline = ", ".join(paper.authors) + (", et al." if paper.et_al else "")
    day = ""
    if paper.published:
        day = f'<time datetime="{paper.published}">{paper.published}</time>'
    sections = [
        f"<h2>{escape(title)}</h2>{_paragraphs(text)}" for title, text in paper.sections
    ]
    return _WORK.format(
        metadata=metadata,
        title=escape(paper.title),
        byline=escape(byline),
        day=day,
        abstract=escape(paper.abstract),
        sections="\n".join(sections),
    )


def _meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{escape(content)}">'


def _paragraphs(text: str, template: str = "<p>{}</p>") -> str:
    """The paragraphs of a text, which are separated by blank lines, as HTML."""
    stripped = (paragraph.strip() for paragraph in text.split("\n\n"))
    return "".join(template.format(escape(p)) for p in stripped if p)
