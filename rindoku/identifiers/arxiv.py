"""arXiv ids in links, in running text, and on the first page of a PDF."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

_OLD_BASE = r"[a-z-]{1,20}(?:\.[A-Z]{2})?/\d{7}"
_VERSION = r"(?P<version>v\d{1,3})?"
_ID = rf"(?P<base>\d{{4}}\.\d{{4,5}}|{_OLD_BASE}){_VERSION}"
_WRITTEN_ID = re.compile(_ID)
_STAMP = re.compile(rf"arXiv:\s?{_ID}\s*\[")
# In running text an id needs its prefix and a valid month, unlike other numbers.
_ID_IN_TEXT = re.compile(
    r"arxiv\s{0,4}(?:preprint\s{0,4})?[:.\s]\s{0,4}(?:arxiv[-:])?"
    rf"(?P<base>\d\d(?:0[1-9]|1[0-2])\.\d{{4,5}}|{_OLD_BASE}){_VERSION}(?![\d.]*\d)",
    re.IGNORECASE,
)

_ARXIV_HOSTS = re.compile(
    r"(?:(?:www|export|browse|lanl|de|jp|cn|in|es|xxx)\.)?arxiv\.org"
    r"|xxx\.lanl\.gov|ar5iv\.org|ar5iv\.labs\.arxiv\.org"
    r"|(?:www\.|beta\.)?alphaxiv\.org|(?:www\.)?arxiv-vanity\.com|scirate\.com"
)
_ARXIV_PATH = re.compile(
    r"/(?:(?:abs|pdf|html|format|ps|src|e-print|papers|overview|resources|arxiv)/){1,2}"
    rf"(?:arxiv:)?{_ID}(?:\.pdf|\.md)?/*",
    re.IGNORECASE,
)
_DOI_HOSTS = re.compile(r"(?:dx\.|www\.)?doi\.org")
_DOI_PATH = re.compile(rf"/{{1,3}}10\.48550/arxiv\.{_ID}/?", re.IGNORECASE)
_HUGGINGFACE_HOSTS = re.compile(r"(?:www\.)?huggingface\.co|hf\.co")
_HUGGINGFACE_PATH = re.compile(rf"/papers/{_ID}(?:\.md)?/?")
_SEMANTIC_SCHOLAR_HOSTS = re.compile(r"(?:www\.)?semanticscholar\.org")
_SEMANTIC_SCHOLAR_PATH = re.compile(rf"/arxiv/{_ID}")
_PATHS_BY_HOST = (
    (_ARXIV_HOSTS, _ARXIV_PATH),
    (_DOI_HOSTS, _DOI_PATH),
    (_HUGGINGFACE_HOSTS, _HUGGINGFACE_PATH),
    (_SEMANTIC_SCHOLAR_HOSTS, _SEMANTIC_SCHOLAR_PATH),
)


@dataclass(frozen=True)
class ArxivId:
    """An arXiv id: `base` has no version; `version` is None when none is named."""

    base: str
    version: int | None = None

    def __str__(self) -> str:
        return self.base if self.version is None else f"{self.base}v{self.version}"

    @property
    def paper_id(self) -> str:
        """The key of the paper in the archive, without version."""
        return f"arxiv:{self.base}"


def parse_arxiv_id(text: str) -> ArxivId | None:
    """The id in `2404.02258`, `2404.02258v1` or `cs.CL/0001001`, else None."""
    match = _WRITTEN_ID.fullmatch(text.strip())
    return None if match is None else _from_match(match)


def find_arxiv_id(url: str) -> ArxivId | None:
    """The id named by a URL of arXiv, its mirrors or its readers, else None."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return match_arxiv_address((parts.hostname or "").lower(), unquote(parts.path))


def match_arxiv_address(host: str, path: str) -> ArxivId | None:
    """As `find_arxiv_id`, for a lower-case host and a decoded path."""
    for hosts, paths in _PATHS_BY_HOST:
        if hosts.fullmatch(host):
            match = paths.fullmatch(path)
            return None if match is None else _from_match(match)
    return None


def find_arxiv_ids_in_text(text: str) -> list[ArxivId]:
    """Ids written with their prefix (`arXiv:2404.02258`) in running text, in order."""
    ids = (_from_match(match) for match in _ID_IN_TEXT.finditer(text))
    return list(dict.fromkeys(ids))


def find_arxiv_stamp(text: str) -> ArxivId | None:
    """The id stamped on a first page (`arXiv:2404.02078v1 [cs.AI] ...`), else None."""
    match = _STAMP.search(text)
    return None if match is None else _from_match(match)


def _from_match(match: re.Match[str]) -> ArxivId:
    version = match["version"]
    # arXiv stores math.GT/0309136 as math/0309136.
    base = re.sub(r"^([a-z-]+)\.[A-Z]{2}/", r"\1/", match["base"])
    return ArxivId(base, int(version[1:]) if version else None)
