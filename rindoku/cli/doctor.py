"""`rindoku doctor`: what is missing, and what to do about it."""

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal
from urllib.parse import urlsplit

from rindoku import __version__
from rindoku.archive import Archive
from rindoku.errors import ArchiveMissing, RindokuError
from rindoku.settings import Settings, load_settings

_HOSTS = {
    "X": "api.twitter.com",
    "the twin": "raw.githubusercontent.com",
    "arXiv's API": "export.arxiv.org",
    "arXiv's texts": "arxiv.org",
    "the model": "api.anthropic.com",
}
_REACH_S = 4.0
_LITTLE_SPACE = 1_000_000_000


@dataclass(frozen=True)
class Check:
    """One finding of the doctor."""

    name: str
    state: Literal["ok", "warn", "fail"]
    found: str
    remedy: str = ""

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def diagnose(*, offline: bool) -> list[Check]:
    """All checks, in the order in which one would mend things."""
    try:
        settings = load_settings()
    except RindokuError as error:
        return [*_versions(), Check("settings", "fail", error.message, error.remedy)]
    checks = [
        *_versions(),
        Check("settings", "ok", _overview(settings)),
        *_keys(settings),
        *_home(settings),
        _prefect(),
    ]
    if offline:
        return [*checks, Check("network", "ok", "left alone (--offline)")]
    return [*checks, *_network(settings)]


def _versions() -> Iterator[Check]:
    python = ".".join(map(str, sys.version_info[:3]))
    old = sys.version_info < (3, 11)
    yield Check(
        "python",
        "fail" if old else "ok",
        python,
        "Install Python 3.11 or newer." if old else "",
    )
    missing, found = [], [f"rindoku {__version__}"]
    for package in ("prefect", "tweepy", "arxiv", "anthropic", "duckdb", "polars"):
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            missing.append(package)
    if missing:
        yield Check(
            "packages", "fail", f"missing: {', '.join(missing)}", "Run `make install`."
        )
    else:
        yield Check("packages", "ok", ", ".join(found))


def _overview(settings: Settings) -> str:
    return f"{settings.model}, {settings.question_count} questions, {settings.language}, {settings.timezone}"


def _keys(settings: Settings) -> Iterator[Check]:
    yield _key(
        "ANTHROPIC_API_KEY",
        settings.anthropic_api_key,
        "answers will be sentences of the papers, in English, and no TL;DR",
        "Get a key at console.anthropic.com and put it into .env.",
    )
    yield _key(
        "X_BEARER_TOKEN",
        settings.x_bearer_token,
        "the public twin on GitHub is read, a day or so after the post",
        "Get a token at developer.x.com (pay per use, about $0.07 a week) and put it into .env.",
    )
    if not settings.contact:
        yield Check(
            "RINDOKU_CONTACT",
            "warn",
            "not set",
            "Set a mail address: arXiv and web sites like to know whom to write to.",
        )


def _key(name: str, value: str, without: str, remedy: str) -> Check:
    return (
        Check(name, "ok", "set")
        if value
        else Check(name, "warn", f"not set: {without}", remedy)
    )


def _home(settings: Settings) -> Iterator[Check]:
    home = settings.home_path
    existing = next(p for p in (home, *home.parents) if p.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        yield Check(
            "home",
            "fail",
            f"{home} can't be written",
            "Choose another RINDOKU_HOME, or give yourself access.",
        )
        return
    free = shutil.disk_usage(existing).free
    space = f"{home}, {free / 1e9:.0f} GB free"
    if free < _LITTLE_SPACE:
        yield Check(
            "home",
            "warn",
            space,
            "Free some space: the archive grows by about 10 MB a week.",
        )
    else:
        yield Check("home", "ok", space)
    yield _archive(settings)


def _archive(settings: Settings) -> Check:
    archive = Archive(settings.home_path)
    try:
        with archive.read() as con:
            row = con.execute("SELECT count(*), max(week) FROM weeks").fetchone() or (
                0,
                None,
            )
    except ArchiveMissing:
        return Check("archive", "ok", "none yet; the first run makes it")
    except RindokuError as error:
        return Check("archive", "fail", error.message, error.remedy)
    return Check("archive", "ok", f"{row[0]} weeks, newest {row[1] or '–'}")


def _prefect() -> Check:
    url = os.environ.get("PREFECT_API_URL", "")
    if not url:
        return Check(
            "Prefect",
            "ok",
            "PREFECT_API_URL not set: each `rindoku run` starts a server of its own",
        )
    parts = urlsplit(url)
    if _reachable(
        parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    ):
        return Check("Prefect", "ok", url)
    return Check(
        "Prefect",
        "fail",
        f"nothing answers at {url}",
        "Start it with `prefect server start`, or unset PREFECT_API_URL.",
    )


def _network(settings: Settings) -> Iterator[Check]:
    if settings.loopback_url:
        parts = urlsplit(settings.loopback_url)
        answers = _reachable(parts.hostname or "", parts.port or 80)
        yield Check(
            "stand-in",
            "warn" if answers else "fail",
            settings.loopback_url + ("" if answers else " does not answer"),
            "This is no real run: unset RINDOKU_LOOPBACK_URL for one."
            if answers
            else "Start it: `rindoku sample serve`.",
        )
        return
    with ThreadPoolExecutor(len(_HOSTS)) as pool:
        answers_by_host = pool.map(lambda host: _reachable(host, 443), _HOSTS.values())
    for (name, host), answers in zip(_HOSTS.items(), answers_by_host, strict=True):
        if answers:
            yield Check(name, "ok", f"{host} answers")
        else:
            yield Check(
                name,
                "fail",
                f"{host} does not answer",
                "Check the network, the name service and the firewall.",
            )


def _reachable(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=_REACH_S):
            return True
    except OSError:
        return False
