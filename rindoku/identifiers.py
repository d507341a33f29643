"""Links and identifiers: what a URL is, in canonical form, and which paper it names."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

ARXIV_ID = re.compile(r"(?P<base>\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?P<version>v\d+)?")
_ARXIV_HOSTS = {
    "arxiv.org", "www.arxiv.org", "export.arxiv.org", "ar5iv.org", "ar5iv.labs.arxiv.org",
    "alphaxiv.org", "www.alphaxiv.org",
}  # fmt: skip
_ARXIV_PATH = re.compile(r"/(?:abs|pdf|html|format)/" + ARXIV_ID.pattern + r"(?:\.pdf)?/?")
_POST_HOSTS = {"x.com", "www.x.com", "twitter.com", "www.twitter.com", "mobile.twitter.com"}
_TRACKERS = re.compile(r"utm_\w+|_hsenc|_hsmi|fbclid|gclid|ecid|ref_src|ref_url|mc_[ce]id", re.IGNORECASE)
_STRAY = ".,;:!?…。、」』'\""


@dataclass(frozen=True)
class ArxivId:
    """An arXiv id: `base` without version, `version` None when none is named."""

    base: str
    version: int | None = None

    def __str__(self) -> str:
        return self.base if self.version is None else f"{self.base}v{self.version}"

    @property
    def paper_id(self) -> str:
        return f"arxiv:{self.base}"


def parse_arxiv_id(text: str) -> ArxivId | None:
    """The id written as `text` (`2404.02258`, `2404.02258v1`, `cs.CL/0001001`), else None."""
    match = ARXIV_ID.fullmatch(text.strip())
    return None if match is None else _from_match(match)


def find_arxiv_id(url: str) -> ArxivId | None:
    """The id that a URL of arXiv (or one of its mirrors and readers) names, else None."""
    parts = urlsplit(url)
    host, path = (parts.hostname or "").lower(), unquote(parts.path)
    if host in _ARXIV_HOSTS:
        match = _ARXIV_PATH.fullmatch(path)
    elif host in {"doi.org", "dx.doi.org"}:
        match = re.fullmatch(r"/10\.48550/arxiv\." + ARXIV_ID.pattern, path, re.IGNORECASE)
    elif host == "huggingface.co":
        match = re.fullmatch(r"/papers/" + ARXIV_ID.pattern, path)
    else:
        match = None
    return None if match is None else _from_match(match)


def find_arxiv_stamp(text: str) -> ArxivId | None:
    """The id stamped on a PDF's first page (`arXiv:2404.02078v1 [cs.AI] 2 Apr 2024`), else None."""
    match = re.search(r"arXiv:\s?" + ARXIV_ID.pattern + r"\s*\[", text)
    return None if match is None else _from_match(match)


def canonical(url: str) -> str:
    """A URL without trackers, fragment and stray punctuation; host in lower case, arXiv over https."""
    url = url.strip().rstrip(_STRAY)
    while url.endswith(")") and url.count("(") < url.count(")"):
        url = url[:-1].rstrip(_STRAY)
    arxiv_id = find_arxiv_id(url)
    if arxiv_id is not None:
        return f"https://arxiv.org/abs/{arxiv_id}"
    parts = urlsplit(url)
    host = parts.netloc.lower()
    dropped = {"s", "t"} if host in _POST_HOSTS else set()
    query = [
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKERS.fullmatch(key) and key not in dropped
    ]
    kept = parts.query if len(query) == len(parse_qsl(parts.query, keep_blank_values=True)) else urlencode(query)
    return urlunsplit((parts.scheme.lower(), host, parts.path or "/", kept, ""))


def role_of(url: str, label: str = "") -> str:
    """What a link is for: paper, post, code, project or other. The address counts before the label."""
    host = (urlsplit(url).hostname or "").lower()
    word = label.lower()
    if host in _POST_HOSTS:
        return "post" if re.search(r"/status/\d+", url) else "other"
    if find_arxiv_id(url) is not None:
        return "paper"
    for role, words in _ROLE_WORDS.items():
        if any(w in word for w in words):
            return role
    if host == "github.com":
        return "paper" if urlsplit(url).path.lower().endswith(".pdf") else "code"
    return "paper" if word in {"", "paper"} else "other"


_ROLE_WORDS = {
    "post": ("tweet", "post"),
    "paper": ("paper", "report", "card", "book"),
    "code": ("code", "github", "repo"),
    "project": ("project", "blog", "demo", "page", "site"),
}


def repository(url: str) -> tuple[str, str] | None:
    """`owner, name` of a GitHub repository's own page, else None."""
    parts = urlsplit(url)
    match = re.fullmatch(r"/([\w.-]+)/([\w.-]+?)(?:\.git)?/?", parts.path)
    return (match[1], match[2]) if parts.hostname in {"github.com", "www.github.com"} and match else None


def raw_file(url: str) -> str:
    """The address of the bytes behind a GitHub `blob` page; any other URL as it is."""
    match = re.fullmatch(r"https?://(?:www\.)?github\.com/([^/]+)/([^/]+)/blob/(.+)", url)
    return f"https://raw.githubusercontent.com/{match[1]}/{match[2]}/{match[3]}" if match else url


def _from_match(match: re.Match[str]) -> ArxivId:
    version = match["version"]
    return ArxivId(match["base"], int(version[1:]) if version else None)
