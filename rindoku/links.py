"""Links as people post them: their canonical form, what they are for, and the bytes behind them."""

import re
from urllib.parse import urlsplit, urlunsplit

from rindoku.identifiers import find_arxiv_id, identify

_TRACKERS = re.compile(
    r"utm_\w+|_hs\w+|hs\w*tracking|fbclid|gclid|dclid|msclkid|twclid|igshid|yclid|mc_[ce]id|mkt_tok|ecid|ref_src|ref_url|"
    r"cmpid|ncid|trk|trkcampaign|vero_\w+|oly_\w+|hn|s_kwcid|sr_share|share_id",
    re.IGNORECASE,
)
_ON_X = {"s", "t", "ref", "cn", "cxt", "refsrc"}
_POST_HOSTS = {
    "x.com",
    "www.x.com",
    "twitter.com",
    "www.twitter.com",
    "mobile.twitter.com",
}
_STRAY = ".,;:!?…。、，．」』】》'\"“”‘’<>*`|"
_PAIRS = {")": "(", "]": "[", "}": "{", "）": "（"}
_ROLE_WORDS = {
    "post": ("tweet", "post"),
    "paper": ("paper", "report", "card", "book"),
    "code": ("code", "github", "repo"),
    "project": ("project", "blog", "demo", "page", "site"),
}


def canonical(url: str) -> str:
    """A URL without trackers, fragment and stray punctuation; host in lower case, arXiv by its abs page.

    Percent-encoding, double slashes in paths and parentheses that belong to it stay.
    """
    url = _without_stray(url.strip())
    arxiv_id = find_arxiv_id(url)
    if arxiv_id is not None:
        return f"https://arxiv.org/abs/{arxiv_id}"
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    host = parts.netloc.lower()
    dropped = _ON_X if host in _POST_HOSTS else set()
    pairs = [pair for pair in parts.query.split("&") if pair]
    # Pairs are kept as they were written: decoding and encoding again is not always the same.
    kept = [
        p
        for p in pairs
        if not _TRACKERS.fullmatch(p.partition("=")[0])
        and p.partition("=")[0] not in dropped
    ]
    return urlunsplit(
        (parts.scheme.lower(), host, parts.path or "/", "&".join(kept), "")
    )


def _without_stray(url: str) -> str:
    before = None
    while url != before:
        before = url
        url = url.strip().strip(_STRAY + "([{（「『")
        for close, opening in _PAIRS.items():
            while url.endswith(close) and url.count(opening) < url.count(close):
                url = url[:-1]
    return url


def role_of(url: str, label: str = "") -> str:
    """What a link is for: paper, post, code, project or other. The address counts before the label."""
    found, word = identify(url), label.lower()
    if (urlsplit(url).hostname or "").lower() in _POST_HOSTS:
        return "post" if found.scheme == "post" else "other"
    if found.scheme in {"arxiv", "openreview", "biorxiv", "medrxiv", "acl", "pmlr"}:
        return "paper"
    for role, words in _ROLE_WORDS.items():
        if any(w in word for w in words):
            return role
    if found.scheme == "github":
        return "paper" if found.value.lower().endswith(".pdf") else "code"
    return "paper" if word in {"", "paper"} else "other"


def repository(url: str) -> tuple[str, str] | None:
    """`owner, name` of a GitHub repository's own page, else None."""
    found = identify(url)
    owner, _, name = found.value.partition("/")
    at_github = (urlsplit(url).hostname or "") in {"github.com", "www.github.com"}
    return (
        (owner, name)
        if found.scheme == "github" and name and "/" not in name and at_github
        else None
    )


def raw_file(url: str) -> str:
    """The address of the bytes behind a page that shows a file: GitHub's blob, arXiv-like PDF pages; else as it is."""
    match = re.fullmatch(
        r"https?://(?:www\.)?github\.com/([^/]+)/([^/]+)/(?:blob|raw)/([^?#]+)(?:[?#].*)?",
        url,
    )
    if match:
        return f"https://raw.githubusercontent.com/{match[1]}/{match[2]}/{match[3].removeprefix('refs/heads/')}"
    match = re.fullmatch(r"(https?://huggingface\.co/.+)/blob/([^?#]+)(?:[?#].*)?", url)
    return f"{match[1]}/resolve/{match[2]}" if match else url
