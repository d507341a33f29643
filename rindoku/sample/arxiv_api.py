"""The stand-in's arXiv: the query API's Atom feed."""

from collections.abc import Mapping
from datetime import datetime
from html import escape

from rindoku.identifiers import ArxivId, parse_arxiv_id
from rindoku.sample.content import SamplePaper

_FEED = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" \
xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
<id>https://arxiv.org/api/sample</id><title>arXiv Query: sample</title>\
<updated>2024-04-15T00:00:00Z</updated>
<opensearch:itemsPerPage>{total}</opensearch:itemsPerPage>\
<opensearch:totalResults>{total}</opensearch:totalResults>\
<opensearch:startIndex>0</opensearch:startIndex>
{entries}</feed>
"""
_ERROR = """<entry><id>https://arxiv.org/api/errors#incorrect_id_format</id>\
<title>Error</title>
<updated>2024-04-15T00:00:00Z</updated><published>2024-04-15T00:00:00Z</published>
<summary>incorrect id format</summary></entry>"""
_ENTRY = """<entry><id>http://{address}</id><title>{title}</title>
<updated>{updated:%Y-%m-%dT%H:%M:%SZ}</updated>
<link href="https://{address}" rel="alternate" type="text/html"/>
<link href="https://{pdf_address}" rel="related" type="application/pdf" title="pdf"/>
<summary>{abstract}</summary>{categories}\
<published>{published:%Y-%m-%dT%H:%M:%SZ}</published>
{comment}<arxiv:primary_category term="{primary_category}"/>{authors}</entry>
"""
_CATEGORY = '<category term="{}" scheme="http://arxiv.org/schemas/atom"/>'


def feed(
    papers: Mapping[str, SamplePaper], id_list: str, now: datetime
) -> tuple[int, str]:
    """Status and Atom feed for an id_list at `now`.

    Unknown ids are left out; a malformed one gives the status 400.
    """
    ids = []
    for written in filter(None, id_list.split(",")):
        arxiv_id = parse_arxiv_id(written)
        if arxiv_id is None:
            return 400, _FEED.format(total=0, entries=_ERROR)
        ids.append(arxiv_id)
    known = [(papers[i.base], i) for i in ids if i.base in papers]
    entries = [_entry(paper, i, now) for paper, i in known if paper.versions[0] <= now]
    # Reversed, because arXiv guarantees no order.
    return 200, _FEED.format(total=len(entries), entries="".join(reversed(entries)))


def _entry(paper: SamplePaper, asked: ArxivId, now: datetime) -> str:
    newest = sum(published <= now for published in paper.versions)
    version = min(asked.version or newest, newest)
    comment = ""
    if paper.comment:
        comment = f"<arxiv:comment>{escape(paper.comment)}</arxiv:comment>"
    authors = (f"<author><name>{escape(a)}</name></author>" for a in paper.authors)
    return _ENTRY.format(
        address=f"arxiv.org/abs/{paper.arxiv}v{version}",
        pdf_address=f"arxiv.org/pdf/{paper.arxiv}v{version}",
        title=escape(paper.title),
        updated=paper.versions[version - 1],
        published=paper.versions[0],
        abstract=escape(paper.abstract),
        categories="".join(map(_CATEGORY.format, paper.categories)),
        primary_category=paper.categories[0],
        comment=comment,
        authors="".join(authors),
    )
