"""The stand-in's arXiv: the query API's Atom feed."""

from collections.abc import Mapping
from datetime import datetime
from html import escape

from rindoku.identifiers import ArxivId, parse_arxiv_id
from rindoku.sample.content import SamplePaper


def feed(
    papers: Mapping[str, SamplePaper], id_list: str, now: datetime
) -> tuple[int, str]:
    """Status and Atom feed for an id_list at `now`: unknown ids are silently missing, a malformed one is a 400."""
    ids = [parse_arxiv_id(i) for i in id_list.split(",") if i]
    if any(i is None for i in ids):
        return 400, _feed(0, _ERROR)
    known = [(papers[i.base], i) for i in ids if i and i.base in papers]
    entries = [_entry(paper, i, now) for paper, i in known if paper.versions[0] <= now]
    # arXiv promises no order: the last asked for comes first.
    return 200, _feed(len(entries), "".join(entries[::-1]))


def _entry(paper: SamplePaper, asked: ArxivId, now: datetime) -> str:
    newest = sum(v <= now for v in paper.versions)
    version = min(asked.version or newest, newest)
    comment = (
        f"<arxiv:comment>{escape(paper.comment)}</arxiv:comment>"
        if paper.comment
        else ""
    )
    address = f"arxiv.org/abs/{paper.arxiv}v{version}"
    authors = "".join(
        f"<author><name>{escape(a)}</name></author>" for a in paper.authors
    )
    categories = "".join(
        f'<category term="{c}" scheme="http://arxiv.org/schemas/atom"/>'
        for c in paper.categories
    )
    return f"""<entry><id>http://{address}</id><title>{escape(paper.title)}</title>
<updated>{paper.versions[version - 1]:%Y-%m-%dT%H:%M:%SZ}</updated>
<link href="https://{address}" rel="alternate" type="text/html"/>
<link href="https://arxiv.org/pdf/{paper.arxiv}v{version}" rel="related" type="application/pdf" title="pdf"/>
<summary>{escape(paper.abstract)}</summary>{categories}<published>{paper.versions[0]:%Y-%m-%dT%H:%M:%SZ}</published>
{comment}<arxiv:primary_category term="{paper.categories[0]}"/>{authors}</entry>
"""


_ERROR = """<entry><id>https://arxiv.org/api/errors#incorrect_id_format</id><title>Error</title>
<updated>2024-04-15T00:00:00Z</updated><published>2024-04-15T00:00:00Z</published>
<summary>incorrect id format</summary></entry>"""


def _feed(total: int, entries: str) -> str:
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
<id>https://arxiv.org/api/sample</id><title>arXiv Query: sample</title><updated>2024-04-15T00:00:00Z</updated>
<opensearch:itemsPerPage>{total}</opensearch:itemsPerPage><opensearch:totalResults>{total}</opensearch:totalResults><opensearch:startIndex>0</opensearch:startIndex>
{entries}</feed>
"""
