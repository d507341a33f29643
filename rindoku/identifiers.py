"""Identifiers: which work a link names, whatever spelling it has.

An identifier is a scheme and a value, written `arxiv:2404.02258v1`, `doi:10.1038/s41587-022-01618-2`,
`openreview:rAnB7JSMXL` or, when nothing better is known, `url:https://swe-agent.com/`. What is read
back from `str(identifier)`, or from its `url`, is the same identifier.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qs, quote, unquote, urlsplit

ARXIV_ID = re.compile(
    r"(?P<base>\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?P<version>v\d{1,3})?"
)
_ARXIV_HOSTS = re.compile(
    r"(?:(?:www|export|browse|lanl|de|jp|cn|in|es|xxx)\.)?arxiv\.org|xxx\.lanl\.gov|ar5iv\.org|ar5iv\.labs\.arxiv\.org"
    r"|(?:www\.|beta\.)?alphaxiv\.org|(?:www\.)?arxiv-vanity\.com|scirate\.com"
)
_ARXIV_PATH = re.compile(
    r"/(?:(?:abs|pdf|html|format|ps|src|e-print|papers|overview|resources|arxiv)/){1,2}(?:arxiv:)?"
    + ARXIV_ID.pattern
    + r"(?:\.pdf|\.md)?/*",
    re.IGNORECASE,
)
# In running text an id needs its prefix; a month tells ids from other numbers.
_ARXIV_IN_TEXT = re.compile(
    r"arxiv\s*(?:preprint\s*)?[:.\s]\s*(?:arxiv[-:])?(?P<base>\d\d(?:0[1-9]|1[0-2])\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?P<version>v\d{1,3})?(?![\d.]*\d)",
    re.IGNORECASE,
)
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>?#]+")
_BIORXIV = re.compile(
    r"/content/(?:early/[\d/]+/)?(10\.\d{4,9}/[\d.]+?)(?:v(\d+))?(?:\.(?:full|abstract|article)\S*|/.*)?"
)
_ACL_ID = r"(?:[A-Z]\d{2}-\d{4}|\d{4}\.[a-z0-9_]+(?:-[a-z0-9_]+)*\.\d+)"
_ACL = re.compile(
    rf"/(?:anthology/)?(?:papers/[A-Z]/[A-Z]\d\d/)?({_ACL_ID})(?:v\d+)?(?:\.pdf|\.bib)?/?"
)
_PMLR = re.compile(
    r"/(v\d+)/([a-z][\w-]*?\d\d[a-z]*)(?:/\2)?(?:\.html|\.pdf)?/?", re.IGNORECASE
)
_SSRN = re.compile(r"/(?:sol3/papers\.cfm|abstract=(\d+))")
_NATURE = re.compile(
    r"/articles/([a-z]?[\w.-]*?\d[\w.-]*?)(?:\.pdf|_reference\.pdf|/.*)?"
)
_GITHUB_NO_OWNER = {
    "features",
    "topics",
    "orgs",
    "sponsors",
    "marketplace",
    "settings",
    "about",
    "login",
    "apps",
}
_HF_NO_OWNER = {
    "docs",
    "models",
    "learn",
    "pricing",
    "join",
    "login",
    "tasks",
    "chat",
    "posts",
    "collections",
}
_POST_HOSTS = re.compile(r"(?:www\.|mobile\.)?(?:x|twitter)\.com")
# A publisher's own address of a DOI: host -> prefix of the path's last part, for those that leave it out.
_DOI_HOSTS = re.compile(
    r"(?:[\w-]+\.)*(?:acm\.org|science\.org|springer\.com|wiley\.com|pnas\.org|tandfonline\.com|acs\.org|sagepub\.com|"
    r"aps\.org|royalsocietypublishing\.org|annualreviews\.org|frontiersin\.org|iop\.org|worldscientific\.com|plos\.org|"
    r"mit\.edu|siam\.org|informs\.org|nejm\.org|thelancet\.com|rsna\.org|oup\.com|cambridge\.org|emerald\.com)"
)


_ADDRESSES = {
    "arxiv": "https://arxiv.org/abs/{}",
    "openreview": "https://openreview.net/forum?id={}",
    "openreview-pdf": "https://openreview.net/pdf/{}",
    "doi": "https://doi.org/{}",
    "biorxiv": "https://www.biorxiv.org/content/{}",
    "medrxiv": "https://www.medrxiv.org/content/{}",
    "acl": "https://aclanthology.org/{}/",
    "pmlr": "https://proceedings.mlr.press/{}.html",
    "github": "https://github.com/{}",
    "huggingface": "https://huggingface.co/{}",
    "post": "https://x.com/i/status/{}",
}


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


@dataclass(frozen=True)
class Identifier:
    """What a link names. Schemes: arxiv, openreview, doi, biorxiv, medrxiv, acl, pmlr, github, huggingface,
    post, url. Only arxiv, biorxiv and medrxiv have versions.
    """

    scheme: str
    value: str
    version: int | None = None

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}" + (
            "" if self.version is None else f"v{self.version}"
        )

    @property
    def paper_id(self) -> str:
        """The key of the work in the archive: without version, the preprint servers by their DOI."""
        return f"{'doi' if self.scheme in {'biorxiv', 'medrxiv'} else self.scheme}:{self.value}"

    @property
    def url(self) -> str:
        """Where a reader finds it."""
        version = "" if self.version is None else f"v{self.version}"
        # The bytes of a submission have an address of their own on OpenReview, its discussion another.
        scheme = (
            "openreview-pdf"
            if (self.scheme, self.value[-4:]) == ("openreview", ".pdf")
            else self.scheme
        )
        form = _ADDRESSES.get(scheme)
        return (
            form.format(quote(self.value, safe="/:@!$&'()*+,;=~-._") + version)
            if form
            else self.value
        )


def parse_identifier(text: str) -> Identifier | None:
    """The identifier written `scheme:value`, else None."""
    scheme, colon, value = text.strip().partition(":")
    if not colon or not value:
        return None
    if scheme == "arxiv":
        found = parse_arxiv_id(value)
        return None if found is None else Identifier("arxiv", found.base, found.version)
    if scheme in {"biorxiv", "medrxiv"}:
        match = re.fullmatch(r"(10\.\d{4,9}/[\d.]+?)(?:v(\d+))?", value)
        return (
            Identifier(scheme, match[1], int(match[2]) if match[2] else None)
            if match
            else None
        )
    return (
        Identifier(scheme, value) if scheme in _ADDRESSES or scheme == "url" else None
    )


def identify(url: str) -> Identifier:
    """What a web address names; a `url` identifier when it is no form that is known.

    `url` should be canonical (see links.py): an identifier of scheme url keeps the address as it is.
    """
    arxiv_id = find_arxiv_id(url)
    if arxiv_id is not None:
        return Identifier("arxiv", arxiv_id.base, arxiv_id.version)
    try:
        parts = urlsplit(url)
    except ValueError:
        return Identifier("url", url)
    place = _Place(
        (parts.hostname or "").lower(), unquote(parts.path), parse_qs(parts.query)
    )
    for find in (
        _post,
        _openreview,
        _biorxiv,
        _acl,
        _pmlr,
        _github,
        _huggingface,
        _doi,
    ):
        found = find(place)
        if found is not None:
            return found
    return Identifier("url", url)


def parse_arxiv_id(text: str) -> ArxivId | None:
    """The id written as `text` (`2404.02258`, `2404.02258v1`, `cs.CL/0001001`), else None."""
    match = ARXIV_ID.fullmatch(text.strip())
    return None if match is None else _from_match(match)


def find_arxiv_id(url: str) -> ArxivId | None:
    """The id that a URL of arXiv (or one of its mirrors and readers) names, else None."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    host, path = (parts.hostname or "").lower(), unquote(parts.path)
    if _ARXIV_HOSTS.fullmatch(host):
        match = _ARXIV_PATH.fullmatch(path)
    elif host in {"doi.org", "dx.doi.org", "www.doi.org"}:
        match = re.fullmatch(
            r"/+10\.48550/arxiv\." + ARXIV_ID.pattern + r"/?", path, re.IGNORECASE
        )
    elif host in {"huggingface.co", "hf.co", "www.huggingface.co"}:
        match = re.fullmatch(r"/papers/" + ARXIV_ID.pattern + r"(?:\.md)?/?", path)
    elif host in {"www.semanticscholar.org", "semanticscholar.org"}:
        match = re.fullmatch(r"/arxiv/" + ARXIV_ID.pattern, path)
    else:
        match = None
    return None if match is None else _from_match(match)


def find_arxiv_ids_in_text(text: str) -> list[ArxivId]:
    """Ids that running text names with their prefix (`arXiv:2404.02258`, `arXiv preprint arXiv:...`), in order."""
    return list(dict.fromkeys(_from_match(m) for m in _ARXIV_IN_TEXT.finditer(text)))


def find_arxiv_stamp(text: str) -> ArxivId | None:
    """The id stamped on a PDF's first page (`arXiv:2404.02078v1 [cs.AI] 2 Apr 2024`), else None."""
    match = re.search(r"arXiv:\s?" + ARXIV_ID.pattern + r"\s*\[", text)
    return None if match is None else _from_match(match)


def _from_match(match: re.Match[str]) -> ArxivId:
    version = match["version"]
    # arXiv knows math.GT/0309136 as math/0309136.
    base = re.sub(r"^([a-z-]+)\.[A-Z]{2}/", r"\1/", match["base"])
    return ArxivId(base, int(version[1:]) if version else None)


class _Place(NamedTuple):
    """A web address in its parts, the path decoded."""

    host: str
    path: str
    query: dict[str, list[str]]


def _post(at: _Place) -> Identifier | None:
    match = re.fullmatch(r"/(?:i/web|i|\w{1,15})/status(?:es)?/(\d+)(?:/.*)?", at.path)
    return (
        Identifier("post", match[1])
        if match and _POST_HOSTS.fullmatch(at.host)
        else None
    )


def _openreview(at: _Place) -> Identifier | None:
    if at.host not in {"openreview.net", "www.openreview.net"}:
        return None
    given = next(iter(at.query.get("id", [])), "")
    if at.path.rstrip("/") in {"/forum", "/pdf", "/attachment"}:
        return (
            Identifier("openreview", given)
            if re.fullmatch(r"[\w-]{6,16}", given)
            else None
        )
    match = re.fullmatch(r"/(?:references/)?pdf/([0-9a-f]{40}\.pdf)", at.path)
    return Identifier("openreview", match[1]) if match else None


def _biorxiv(at: _Place) -> Identifier | None:
    server = re.fullmatch(r"(?:www\.|connect\.)?(biorxiv|medrxiv)\.org", at.host)
    match = _BIORXIV.fullmatch(at.path)
    if server is None or match is None:
        return None
    return Identifier(
        server[1], match[1].rstrip("."), int(match[2]) if match[2] else None
    )


def _acl(at: _Place) -> Identifier | None:
    match = _ACL.fullmatch(at.path)
    at_home = at.host in {
        "aclanthology.org",
        "www.aclanthology.org",
        "aclweb.org",
        "www.aclweb.org",
        "aclanthology.info",
    }
    return Identifier("acl", match[1]) if match and at_home else None


def _pmlr(at: _Place) -> Identifier | None:
    match = _PMLR.fullmatch(at.path)
    return (
        Identifier("pmlr", f"{match[1]}/{match[2]}")
        if match and at.host == "proceedings.mlr.press"
        else None
    )


def _github(at: _Place) -> Identifier | None:
    parts = [p for p in at.path.split("/") if p]
    if at.host == "raw.githubusercontent.com" and len(parts) > 3:
        owner, name, *rest = parts
        rest = rest[2:] if rest[:2] == ["refs", "heads"] else rest
        return (
            Identifier("github", "/".join((owner, name, "blob", *rest)))
            if len(rest) > 1
            else None
        )
    if (
        at.host not in {"github.com", "www.github.com"}
        or len(parts) < 2
        or parts[0] in _GITHUB_NO_OWNER
    ):
        return None
    owner, name, *rest = parts
    name = name.removesuffix(".git")
    if len(rest) > 2 and rest[0] in {"blob", "raw"}:
        rest = ["blob", *(rest[3:] if rest[1:3] == ["refs", "heads"] else rest[1:])]
    elif len(rest) < 2 or rest[0] != "tree":
        rest = []
    return Identifier("github", "/".join((owner, name, *rest)))


def _huggingface(at: _Place) -> Identifier | None:
    if at.host not in {"huggingface.co", "hf.co", "www.huggingface.co"}:
        return None
    parts = [p for p in at.path.split("/") if p]
    kind = parts[:1] if parts[:1] in (["datasets"], ["spaces"], ["blog"]) else []
    rest = parts[len(kind) :]
    if not rest or (
        not kind and (len(rest) < 2 or rest[0] in _HF_NO_OWNER | {"papers", "api"})
    ):
        return None
    # A file or a branch of a repository names the repository; a blog post may have its own owner.
    return Identifier("huggingface", "/".join([*kind, *rest[:2]]))


def _doi(at: _Place) -> Identifier | None:
    if at.host in {"doi.org", "dx.doi.org", "www.doi.org"}:
        found = _DOI.fullmatch(at.path.lstrip("/"))
        return _as_doi(found[0]) if found else None
    if re.fullmatch(r"(?:www\.)?nature\.com", at.host):
        match = _NATURE.fullmatch(at.path)
        return _as_doi(f"10.1038/{match[1]}") if match else None
    if at.host in {"papers.ssrn.com", "ssrn.com"} and (match := _SSRN.match(at.path)):
        number = match[1] or next(
            iter(at.query.get("abstract_id", at.query.get("abstractid", []))), ""
        )
        return _as_doi(f"10.2139/ssrn.{number}") if number.isdecimal() else None
    if _DOI_HOSTS.fullmatch(at.host):
        given = next(iter(at.query.get("id", [])), "")
        found = _DOI.search(at.path) or _DOI.fullmatch(given)
        return _as_doi(found[0]) if found else None
    return None


def _as_doi(text: str) -> Identifier:
    # DOIs know no case. What publishers hang behind them is no part of them.
    value = re.sub(
        r"(?:\.pdf|/(?:full|abstract|pdf|html|meta|fulltext))+/?$",
        "",
        text.rstrip("/").lower(),
    )
    return Identifier("doi", value)
