"""Pages the stand-in serves: arXiv's LaTeXML, project pages, a repository, and the twin's year file."""

from collections.abc import Iterable
from html import escape

from rindoku.sample.content import SamplePaper, SampleWeek


def latexml(paper: SamplePaper) -> str:
    """A paper as arxiv.org/html serves it."""
    sections = "\n".join(
        f'<section class="ltx_section"><h2 class="ltx_title ltx_title_section">{escape(title)}</h2>'
        + "".join(
            f'<div class="ltx_para"><p class="ltx_p">{escape(p)}</p></div>'
            for p in _paragraphs(text)
        )
        + "</section>"
        for title, text in paper.sections
    )
    return f"""<!DOCTYPE html><html lang="en"><head><title>{escape(paper.title)}</title></head><body>
<nav>Report issue | Back to abstract page</nav>
<article class="ltx_document"><h1 class="ltx_title ltx_title_document">{escape(paper.title)}</h1>
<div class="ltx_authors">{escape(", ".join(paper.authors))}</div>
<div class="ltx_abstract"><h6 class="ltx_title ltx_title_abstract">Abstract</h6><p class="ltx_p">{escape(paper.abstract)}</p></div>
{sections}
<section class="ltx_bibliography"><h2 class="ltx_title">References</h2><ul><li class="ltx_bibitem">A reference that is no part of the text.</li></ul></section>
</article><footer>Generated for the sample week.</footer></body></html>"""


def work_page(paper: SamplePaper) -> str:
    """The page of a work that has no paper elsewhere."""
    byline = ", ".join(paper.authors) + (", et al." if paper.et_al else "")
    day = (
        f'<time datetime="{paper.published}">{paper.published}</time>'
        if paper.published
        else ""
    )
    sections = "\n".join(
        f"<h2>{escape(title)}</h2>"
        + "".join(f"<p>{escape(p)}</p>" for p in _paragraphs(text))
        for title, text in paper.sections
    )
    return f"""<!doctype html><html lang="en"><head><title>{escape(paper.title)} | sample page</title>
<meta property="og:title" content="{escape(paper.title)}"></head><body>
<nav><a href="/">Home</a> <a href="/blog">Blog</a></nav>
<main><h1>{escape(paper.title)}</h1><p class="byline">{escape(byline)}</p>{day}
<p>{escape(paper.abstract)}</p>{sections}</main><footer>Sample page.</footer></body></html>"""


def project_page(paper: SamplePaper, *, published: bool = True) -> str:
    """A project page; once the paper is `published` it leads to it on arXiv."""
    paper_link = (
        f'<a href="https://arxiv.org/abs/{paper.arxiv}">arXiv</a> ' if published else ""
    )
    opening = _paragraphs(paper.sections[0][1])
    return f"""<!doctype html><html lang="en"><head><title>{escape(paper.title)}</title></head><body>
<main><h1>{escape(paper.title)}</h1><p class="authors">{escape(", ".join(paper.authors))}</p>
<p>{paper_link}<a href="https://github.com/myshell-ai/JetMoE">Code</a></p>
{"".join(f"<p>{escape(p)}</p>" for p in opening)}
<h2>Related work</h2><div class="references"><p><a href="https://arxiv.org/abs/2307.09288">Llama 2</a></p></div>
</main></body></html>"""


def repository_page(paper: SamplePaper) -> str:
    """A GitHub repository whose README sends readers to the project's site."""
    return f"""<!DOCTYPE html><html lang="en"><head><title>GitHub - {escape(paper.title)}</title></head><body>
<nav><a href="https://github.com/features">Features</a></nav>
<article class="markdown-body"><h1>{escape(paper.title)}</h1>
<p><a href="{paper.url}">Website &amp; Demo</a> | <a href="https://discord.com/">Discord</a></p>
<p>{escape(paper.abstract)}</p></article></body></html>"""


def publisher_page(paper: SamplePaper) -> str:
    """A publisher's page: the facts are in its metadata."""
    authors = "".join(
        f'<meta name="citation_author" content="{escape(a)}">' for a in paper.authors
    )
    day = (
        f'<meta name="citation_publication_date" content="{paper.published:%Y/%m/%d}">'
        if paper.published
        else ""
    )
    return work_page(paper).replace(
        "<head>",
        f'<head><meta name="citation_title" content="{escape(paper.title)}">{authors}{day}',
        1,
    )


def shell_page(paper: SamplePaper) -> str:
    """A page that only a browser can fill."""
    return f'<!doctype html><html><head><title>{escape(paper.title)}</title></head><body><div id="root"></div><script src="/app.js"></script></body></html>'


def year_file(year: int, weeks: Iterable[SampleWeek]) -> str:
    """The twin's Markdown file of a year, newest week first."""
    parts = [f"# AI Papers of the Week {year}\n"]
    for week in sorted(
        (w for w in weeks if w.ends_on.year == year),
        key=lambda w: w.starts_on,
        reverse=True,
    ):
        parts.append(
            f"## {week.heading.rstrip(':')} - {year}\n| **Paper**  | **Links** |\n| ------------- | ------------- |"
        )
        for entry in week.entries:
            links = ", ".join(f"[{label}]({url})" for label, url in entry.links)
            parts.append(
                f"| {entry.rank}) **{entry.title}** - {entry.blurb} | {links} |"
            )
        parts.append("")
    return "\n".join(parts)


def _paragraphs(text: str) -> list[str]:
    return [p.strip() for p in text.split("\n\n") if p.strip()]
