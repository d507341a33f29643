"""Links as people post them: canonical form, role, and the file they lead to.

Whatever text stands where a link should be has a canonical form and a role: a link that
is no address is kept as it is written, and its role is `other`.
"""

import re
from typing import Literal
from urllib.parse import SplitResult, urlsplit, urlunsplit

from rindoku.identifiers import SCHEMES, find_arxiv_id, identify

_TRACKERS = re.compile(
    r"utm_\w+|_hs\w+|hs\w*tracking|fbclid|gclid|dclid|msclkid|twclid|igshid|yclid|"
    r"mc_[ce]id|mkt_tok|ecid|ref_src|ref_url|cmpid|ncid|trk|trkcampaign|vero_\w+|"
    r"oly_\w+|hn|s_kwcid|sr_share|share_id",
    re.IGNORECASE,
)
_X_TRACKERS = {"s", "t", "ref", "cn", "cxt", "refsrc"}
_X_HOSTS = {
    "x.com",
    "www.x.com",
    "twitter.com",
    "www.twitter.com",
    "mobile.twitter.com",
}
_PUNCTUATION = ".,;:!?…。、，．」』】》'\"“”‘’<>*`|"
_OPENING = "([{（「『"
_BRACKETS = {")": "(", "]": "[", "}": "{", "）": "（"}
LinkRole = Literal["paper", "post", "code", "project", "other"]
_ROLE_BY_LABEL: dict[LinkRole, tuple[str, ...]] = {
    "post": ("tweet", "post"),
    "paper": ("paper", "report", "card", "book"),
    "code": ("code", "github", "repo"),
    "project": ("project", "blog", "demo", "page", "site"),
}
_GITHUB_FILE = re.compile(
    r"https?://(?:www\.)?github\.com/(?P<owner>[^/]+)/(?P<name>[^/]+)/(?:blob|raw)/"
    r"(?P<path>[^?#]+)(?:[?#].*)?"
)
_HUGGINGFACE_FILE = re.compile(
    r"(?P<repository>https?://huggingface\.co/.+)/blob/(?P<path>[^?#]+)(?:[?#].*)?"
)


def canonical(url: str) -> str:
    """A URL without trackers, fragment and stray punctuation; arXiv by its abs page.

    The host is in lower case and in ASCII: 例え.jp is xn--r8jz45g.jp. Percent-encoding,
    double slashes in paths and parentheses that are part of the address are kept.
    """
    url = _strip_punctuation(url.strip())
    arxiv_id = find_arxiv_id(url)
    if arxiv_id is not None:
        return f"https://arxiv.org/abs/{arxiv_id}"
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    host = _ascii_netloc(parts)
    query = _without_trackers(parts.query, host)
    return urlunsplit((parts.scheme.lower(), host, parts.path or "/", query, ""))


def ascii_host(host: str) -> str:
    """A host name as it is sent: in lower case and ASCII, without the dot at its end.

    Raises ValueError when it can't be one.
    """
    if not host.isascii():
        host = _encode_host(host)
    return host.lower().removesuffix(".")


def _encode_host(host: str) -> str:
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        # Browsers accept what the older standard does: ☃.net, a_b.例え.jp.
        return host.encode("idna").decode("ascii")


def _ascii_netloc(parts: SplitResult) -> str:
    """Host and port as `ascii_host` writes them; what can't be a host is kept."""
    netloc = parts.netloc.lower()
    if netloc.isascii() or not parts.hostname:
        return netloc
    try:
        return netloc.replace(parts.hostname, ascii_host(parts.hostname))
    except ValueError:
        return netloc


def _without_trackers(query: str, host: str) -> str:
    trackers = _X_TRACKERS if host in _X_HOSTS else frozenset()
    kept = []
    # Pairs stay as written: decoding and encoding again does not always round-trip.
    for pair in query.split("&"):
        name = pair.partition("=")[0]
        if pair and name not in trackers and not _TRACKERS.fullmatch(name):
            kept.append(pair)
    return "&".join(kept)


def _strip_punctuation(url: str) -> str:
    """The URL without the punctuation around it; balanced brackets are kept."""
    brackets = [*_BRACKETS.keys(), *_BRACKETS.values()]
    counts = {bracket: url.count(bracket) for bracket in brackets}
    start, end = 0, len(url)
    while start < end:
        first, last = url[start], url[end - 1]
        opening = _BRACKETS.get(last)
        is_unbalanced = opening is not None and counts[opening] < counts[last]
        if _is_punctuation(last):
            end -= 1
        elif _is_punctuation(first):
            start += 1
            last = first
        elif is_unbalanced:
            end -= 1
        else:
            break
        if last in counts:
            counts[last] -= 1
    return url[start:end]


def _is_punctuation(character: str) -> bool:
    return character.isspace() or character in _PUNCTUATION or character in _OPENING


def role_of(url: str, label: str = "") -> LinkRole:
    """What a link is for: paper, post, code, project or other.

    The address takes precedence over the label.
    """
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return "other"
    identifier = identify(url)
    if host in _X_HOSTS:
        return "post" if identifier.scheme == "post" else "other"
    scheme = SCHEMES.get(identifier.scheme)
    if scheme is not None and scheme.always_paper:
        return "paper"
    role = _role_by_label(label)
    if role is not None:
        return role
    if identifier.scheme == "github":
        return "paper" if identifier.value.lower().endswith(".pdf") else "code"
    return "other" if label else "paper"


def _role_by_label(label: str) -> LinkRole | None:
    label = label.lower()
    for role, words in _ROLE_BY_LABEL.items():
        if any(word in label for word in words):
            return role
    return None


def repository(url: str) -> tuple[str, str] | None:
    """Owner and name of the GitHub repository whose front page this is, else None."""
    identifier = identify(url)
    if identifier.scheme != "github" or identifier.value.count("/") != 1:
        return None
    if (urlsplit(url).hostname or "") not in {"github.com", "www.github.com"}:
        return None
    owner, name = identifier.value.split("/")
    return (owner, name) if name else None


def raw_file(url: str) -> str:
    """The address of the file that a page of GitHub or Hugging Face shows.

    Any other address is returned as it is.
    """
    match = _GITHUB_FILE.fullmatch(url)
    if match:
        owner, name = match["owner"], match["name"]
        path = match["path"].removeprefix("refs/heads/")
        return f"https://raw.githubusercontent.com/{owner}/{name}/{path}"
    match = _HUGGINGFACE_FILE.fullmatch(url)
    if match:
        return f"{match['repository']}/resolve/{match['path']}"
    return url
