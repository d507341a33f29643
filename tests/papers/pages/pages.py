"""Small pages for the tests of what pages say."""

from rindoku.papers.pages import PageFacts, read_facts

URL = "https://zebra.example/"
# The BibTeX of "Zebra: Stripes for Transformers", arXiv 2402.00002.
BIBTEX = (
    "<pre>@inproceedings{z, title={{Zebra}: Stripes for {T}ransformers}, "
    "author={Braun, Ada and It{\\=o}, Kei}, eprint={2402.00002}}</pre>"
)


def facts(body: str, head: str = "") -> PageFacts:
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    return read_facts(page.encode(), URL)


def link(arxiv_id: str, text: str) -> str:
    return f'<a href="https://arxiv.org/abs/{arxiv_id}">{text}</a>'
