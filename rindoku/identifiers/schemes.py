"""The kinds of links: how each is recognised, and the addresses of its works.

A new kind is a function that recognises its addresses and a row in `SCHEMES`. If a
public service has records of its works, it also gets a row in `papers/records.py`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qs, quote, unquote, urlsplit

from rindoku.identifiers.arxiv import match_arxiv_address, parse_arxiv_id

_POST_HOSTS = re.compile(r"(?:www\.|mobile\.)?(?:x|twitter)\.com")
_POST_PATH = re.compile(r"/(?:i/web|i|\w{1,15})/status(?:es)?/(\d+)(?:/.*)?")
_OPENREVIEW_ID = re.compile(r"[\w-]{6,16}")
_OPENREVIEW_PDF = re.compile(r"/(?:references/)?pdf/([0-9a-f]{40}\.pdf)")
_PREPRINT_DOI = r"(10\.\d{4,9}/[\d.]+?)"
_PREPRINT_VALUE = re.compile(rf"{_PREPRINT_DOI}(?:v(\d{{1,4}}))?")
_PREPRINT_PATH = re.compile(
    rf"/content/(?:early/[\d/]+/)?{_PREPRINT_DOI}(?:v(\d{{1,4}}))?"
    r"(?:\.(?:full|abstract|article)\S*|/.*)?"
)
_ACL_HOSTS = re.compile(r"(?:www\.)?(?:aclanthology|aclweb)\.org|aclanthology\.info")
_ACL_ID = r"(?:[A-Z]\d{2}-\d{4}|\d{4}\.[a-z0-9_]+(?:-[a-z0-9_]+)*\.\d+)"
_ACL_PATH = re.compile(
    rf"/(?:anthology/)?(?:papers/[A-Z]/[A-Z]\d\d/)?({_ACL_ID})"
    r"(?:v\d+)?(?:\.pdf|\.bib)?/?"
)
_PMLR_PATH = re.compile(
    r"/(v\d+)/([a-z][\w-]*?\d\d[a-z]*)(?:/\2)?(?:\.html|\.pdf)?/?", re.IGNORECASE
)
_GITHUB_HOSTS = {"github.com", "www.github.com"}
_GITHUB_PAGES = re.compile(
    r"features|topics|orgs|sponsors|marketplace|settings|about|login|apps"
)
_HUGGINGFACE_HOSTS = {"huggingface.co", "hf.co", "www.huggingface.co"}
_HUGGINGFACE_KINDS = {"datasets", "spaces", "blog"}
_HUGGINGFACE_PAGES = re.compile(
    r"docs|models|learn|pricing|join|login|tasks|chat|posts|collections|papers|api"
)
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>?#]+")
_DOI_HOSTS = {"doi.org", "dx.doi.org", "www.doi.org"}
_NATURE_HOSTS = {"nature.com", "www.nature.com"}
_NATURE_PATH = re.compile(
    r"/articles/((?=[^/]*\d)[\w.-]+?)(?:\.pdf|_reference\.pdf|/.*)?"
)
_SSRN_HOSTS = {"papers.ssrn.com", "ssrn.com"}
_SSRN_PATH = re.compile(r"/(?:sol3/papers\.cfm|abstract=(\d+))")
# Publishers whose addresses contain the DOI.
_PUBLISHER_HOSTS = re.compile(
    r"(?:[\w-]+\.)*(?:acm\.org|science\.org|springer\.com|wiley\.com|pnas\.org|"
    r"tandfonline\.com|acs\.org|sagepub\.com|aps\.org|royalsocietypublishing\.org|"
    r"annualreviews\.org|frontiersin\.org|iop\.org|worldscientific\.com|plos\.org|"
    r"mit\.edu|siam\.org|informs\.org|nejm\.org|thelancet\.com|rsna\.org|oup\.com|"
    r"cambridge\.org|emerald\.com)"
)
# What publishers append to a DOI in their addresses.
_DOI_SUFFIX = re.compile(r"(?:\.pdf|/(?:full|abstract|pdf|html|meta|fulltext)){1,4}/?$")


@dataclass(frozen=True)
class Identifier:
    """What a link names: a scheme of `SCHEMES`, or `url`, and a value.

    Only arxiv, biorxiv and medrxiv have versions; others have None.
    """

    scheme: str
    value: str
    version: int | None = None

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}{self._version_suffix}"

    @property
    def paper_id(self) -> str:
        """The key of the work in the archive: no version, preprint servers by DOI."""
        scheme = "doi" if self.scheme in {"biorxiv", "medrxiv"} else self.scheme
        return f"{scheme}:{self.value}"

    @property
    def url(self) -> str:
        """The address for readers."""
        scheme = SCHEMES.get(self.scheme)
        if scheme is None:
            return self.value
        form = scheme.address
        if scheme.pdf_address and self.value.endswith(".pdf"):
            form = scheme.pdf_address
        value = quote(self.value, safe="/:@!$&'()*+,;=~-._")
        return form.format(value + self._version_suffix)

    @property
    def _version_suffix(self) -> str:
        return "" if self.version is None else f"v{self.version}"


@dataclass(frozen=True)
class Address:
    """A web address in parts: host in lower case, path decoded."""

    host: str
    path: str
    query: dict[str, list[str]]

    @property
    def segments(self) -> list[str]:
        """The non-empty parts of the path."""
        return [part for part in self.path.split("/") if part]

    def argument(self, *names: str) -> str:
        """The first value of the first query parameter that is given, else empty."""
        for name in names:
            if name in self.query:
                return self.query[name][0]
        return ""


@dataclass(frozen=True)
class Scheme:
    """A kind of identifier.

    `address` is the address of a value (`{}`) for readers, `pdf_address` that of a
    value that is the name of a PDF. With `always_paper`, a link leads to a paper
    regardless of its label; with `names_work`, a page is archived under this identifier
    instead of its address.
    """

    address: str
    find: Callable[[Address], Identifier | None]
    pdf_address: str = ""
    always_paper: bool = False
    names_work: bool = False


def identify(url: str) -> Identifier:
    """What a web address names; a `url` identifier when its kind is unknown.

    `url` should be canonical (see links.py): a `url` identifier keeps it as it is.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return Identifier("url", url)
    address = Address(
        host=(parts.hostname or "").lower(),
        path=unquote(parts.path),
        query=parse_qs(parts.query),
    )
    for scheme in SCHEMES.values():
        identifier = scheme.find(address)
        if identifier is not None:
            return identifier
    return Identifier("url", url)


def parse_identifier(text: str) -> Identifier | None:
    """The identifier written `scheme:value`, else None."""
    scheme, _, value = text.strip().partition(":")
    if not value:
        return None
    if scheme == "arxiv":
        arxiv_id = parse_arxiv_id(value)
        if arxiv_id is None:
            return None
        return Identifier("arxiv", arxiv_id.base, arxiv_id.version)
    if scheme in {"biorxiv", "medrxiv"}:
        match = _PREPRINT_VALUE.fullmatch(value)
        return _preprint(scheme, match[1], match[2]) if match else None
    if scheme in SCHEMES or scheme == "url":
        return Identifier(scheme, value)
    return None


def _find_arxiv(address: Address) -> Identifier | None:
    arxiv_id = match_arxiv_address(address.host, address.path)
    if arxiv_id is None:
        return None
    return Identifier("arxiv", arxiv_id.base, arxiv_id.version)


def _find_post(address: Address) -> Identifier | None:
    match = _POST_PATH.fullmatch(address.path)
    if match is None or not _POST_HOSTS.fullmatch(address.host):
        return None
    return Identifier("post", match[1])


def _find_openreview(address: Address) -> Identifier | None:
    if address.host not in {"openreview.net", "www.openreview.net"}:
        return None
    if address.path.rstrip("/") in {"/forum", "/pdf", "/attachment"}:
        submission = address.argument("id")
        if not _OPENREVIEW_ID.fullmatch(submission):
            return None
        return Identifier("openreview", submission)
    match = _OPENREVIEW_PDF.fullmatch(address.path)
    return Identifier("openreview", match[1]) if match else None


def _find_preprint(server: str, address: Address) -> Identifier | None:
    match = _PREPRINT_PATH.fullmatch(address.path)
    hosts = rf"(?:www\.|connect\.)?{server}\.org"
    if match is None or not re.fullmatch(hosts, address.host):
        return None
    return _preprint(server, match[1].rstrip("."), match[2])


def _preprint(server: str, doi: str, version: str | None) -> Identifier:
    return Identifier(server, doi, int(version) if version else None)


def _find_acl(address: Address) -> Identifier | None:
    match = _ACL_PATH.fullmatch(address.path)
    if match is None or not _ACL_HOSTS.fullmatch(address.host):
        return None
    return Identifier("acl", match[1])


def _find_pmlr(address: Address) -> Identifier | None:
    match = _PMLR_PATH.fullmatch(address.path)
    if match is None or address.host != "proceedings.mlr.press":
        return None
    return Identifier("pmlr", f"{match[1]}/{match[2]}")


def _find_github(address: Address) -> Identifier | None:
    """A repository, one of its files (`owner/name/blob/...`) or folders (`tree`)."""
    if address.host == "raw.githubusercontent.com":
        return _find_raw_github_file(address)
    if address.host not in _GITHUB_HOSTS or len(address.segments) < 2:
        return None
    owner, name, *below = address.segments
    if _GITHUB_PAGES.fullmatch(owner):
        return None
    name = name.removesuffix(".git")
    if len(below) > 2 and below[0] in {"blob", "raw"}:
        kept = ["blob", *_without_refs(below[1:])]
    elif len(below) >= 2 and below[0] == "tree":
        kept = below
    else:
        kept = []
    return Identifier("github", "/".join([owner, name, *kept]))


def _find_raw_github_file(address: Address) -> Identifier | None:
    if len(address.segments) <= 3:
        return None
    owner, name, *below = address.segments
    below = _without_refs(below)
    if len(below) < 2:
        return None
    return Identifier("github", "/".join([owner, name, "blob", *below]))


def _without_refs(segments: list[str]) -> list[str]:
    """`refs/heads/main/...` as `main/...`, which is the same branch."""
    return segments[2:] if segments[:2] == ["refs", "heads"] else segments


def _find_huggingface(address: Address) -> Identifier | None:
    """A model, dataset, space or blog post; a file or branch names its repository."""
    if address.host not in _HUGGINGFACE_HOSTS or not address.segments:
        return None
    first, *below = address.segments
    if first in _HUGGINGFACE_KINDS:
        if not below:
            return None
        # A blog post may have an owner before its name.
        return Identifier("huggingface", "/".join([first, *below[:2]]))
    if not below or _HUGGINGFACE_PAGES.fullmatch(first):
        return None
    return Identifier("huggingface", f"{first}/{below[0]}")


def _find_doi(address: Address) -> Identifier | None:
    if address.host in _DOI_HOSTS:
        match = _DOI.fullmatch(address.path.lstrip("/"))
        return _doi(match[0]) if match else None
    if address.host in _NATURE_HOSTS:
        match = _NATURE_PATH.fullmatch(address.path)
        return _doi(f"10.1038/{match[1]}") if match else None
    if address.host in _SSRN_HOSTS and (match := _SSRN_PATH.match(address.path)):
        number = match[1] or address.argument("abstract_id", "abstractid")
        return _doi(f"10.2139/ssrn.{number}") if number.isdecimal() else None
    if _PUBLISHER_HOSTS.fullmatch(address.host):
        match = _DOI.search(address.path) or _DOI.fullmatch(address.argument("id"))
        return _doi(match[0]) if match else None
    return None


def _doi(text: str) -> Identifier:
    # DOIs are case-insensitive.
    return Identifier("doi", _DOI_SUFFIX.sub("", text.rstrip("/").lower()))


SCHEMES = {
    "arxiv": Scheme("https://arxiv.org/abs/{}", _find_arxiv, always_paper=True),
    "post": Scheme("https://x.com/i/status/{}", _find_post),
    "openreview": Scheme(
        "https://openreview.net/forum?id={}",
        _find_openreview,
        pdf_address="https://openreview.net/pdf/{}",
        always_paper=True,
        names_work=True,
    ),
    "biorxiv": Scheme(
        "https://www.biorxiv.org/content/{}",
        partial(_find_preprint, "biorxiv"),
        always_paper=True,
        names_work=True,
    ),
    "medrxiv": Scheme(
        "https://www.medrxiv.org/content/{}",
        partial(_find_preprint, "medrxiv"),
        always_paper=True,
        names_work=True,
    ),
    "acl": Scheme(
        "https://aclanthology.org/{}/", _find_acl, always_paper=True, names_work=True
    ),
    "pmlr": Scheme(
        "https://proceedings.mlr.press/{}.html",
        _find_pmlr,
        always_paper=True,
        names_work=True,
    ),
    "github": Scheme("https://github.com/{}", _find_github),
    "huggingface": Scheme("https://huggingface.co/{}", _find_huggingface),
    # The label decides: a DOI may also name a data set or a book.
    "doi": Scheme("https://doi.org/{}", _find_doi, names_work=True),
}
