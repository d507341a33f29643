"""`rindoku doctor`: checks the installation, and says how to fix it."""

import os
import shutil
import socket
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

import typer

from rindoku import __version__
from rindoku.cli.options import AsJson, Home, choose_home
from rindoku.disk import HOME_SETTING, PUBLISHED_SETTING, check_folder, is_apart
from rindoku.errors import ArchiveMissing, RindokuError
from rindoku.settings import Settings, find_home, find_settings_file, load_settings

if TYPE_CHECKING:
    from rindoku.archive import Archive

_STATES = {"ok": "[green]ok[/]", "warn": "[yellow]warn[/]", "fail": "[red]fail[/]"}
_PACKAGES = ("prefect", "tweepy", "arxiv", "anthropic", "duckdb", "polars")
_HOSTS = {
    "X": "api.x.com",
    "the twin": "raw.githubusercontent.com",
    "arXiv's API": "export.arxiv.org",
    "arXiv's texts": "arxiv.org",
    "the model": "api.anthropic.com",
}
_REACH_S = 4.0
_LITTLE_SPACE = 1_000_000_000


@dataclass(frozen=True)
class Check:
    """The result of one check, with a remedy unless it is ok."""

    name: str
    state: Literal["ok", "warn", "fail"]
    found: str
    remedy: str = ""

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def doctor(
    home: Home = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Do not use the network.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check settings, keys, folders, versions and network, and say what to fix."""
    from rindoku.cli.json_output import print_json

    choose_home(home)
    checks = diagnose(offline=offline)
    if as_json:
        print_json([check.as_json() for check in checks])
    else:
        print_checks(checks)
    has_failed = any(check.state == "fail" for check in checks)
    if not has_failed and not as_json:
        _print_next_steps()
    raise typer.Exit(1 if has_failed else 0)


def _print_next_steps() -> None:
    from rindoku.cli.first_steps import next_steps, own_program

    typer.echo("\n  ".join(("Next:", *next_steps("rindoku doctor", own_program()))))


def print_checks(checks: Iterable[Check]) -> None:
    """Prints the checks as a table, with their remedies."""
    from rich.text import Text

    from rindoku.cli.output import console, plain_table

    table = plain_table(("", "check", "found"), left=("", "check", "found"))
    for check in checks:
        found = Text(check.found)
        if check.remedy:
            found.append(f"\n→ {check.remedy}", style="dim")
        table.add_row(_STATES[check.state], check.name, found)
    console().print(table)


def diagnose(*, offline: bool) -> list[Check]:
    """All checks, in the order in which problems should be fixed."""
    try:
        settings = load_settings()
    except RindokuError as error:
        return [*_versions(), Check("settings", "fail", error.message, error.remedy)]
    checks = [
        *_versions(),
        Check("settings", "ok", _overview(settings)),
        _settings_file(),
        _digest(settings),
        *_keys(settings),
        *_home(settings),
        _prefect(),
    ]
    if offline:
        return [*checks, Check("network", "ok", "not checked (--offline)")]
    return [*checks, *_network(settings)]


def _versions() -> Iterator[Check]:
    python = ".".join(map(str, sys.version_info[:3]))
    yield Check("python", "ok", python)
    missing, installed = [], [f"rindoku {__version__}"]
    for package in _PACKAGES:
        try:
            installed.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            missing.append(package)
    if missing:
        names = ", ".join(missing)
        remedy = "Install rindoku again (in a checkout: `make install`)."
        yield Check("packages", "fail", f"missing: {names}", remedy)
    else:
        yield Check("packages", "ok", ", ".join(installed))


def _overview(settings: Settings) -> str:
    return (
        f"{settings.model}, {settings.question_count} questions, {settings.language}, "
        f"{settings.timezone}"
    )


def _settings_file() -> Check:
    path, reason = find_settings_file()
    exists = "" if path.is_file() else "; none yet"
    return Check("settings file", "ok", f"{path} ({reason}){exists}")


def _digest(settings: Settings) -> Check:
    from rindoku.digests import find_digest

    try:
        digest = find_digest(settings.digest, settings.home_path)
    except RindokuError as error:
        return Check("digest", "fail", error.message, error.remedy)
    listing = digest.listing
    return Check("digest", "ok", f"{digest.name}: {listing.series} by {listing.url}")


def _keys(settings: Settings) -> Iterator[Check]:
    file = find_settings_file().path
    yield _key(
        "ANTHROPIC_API_KEY",
        settings.anthropic_api_key,
        "answers will be sentences of the papers, in English, without a TL;DR",
        "Get a key at console.anthropic.com and write ANTHROPIC_API_KEY=... into "
        f"{file}.",
    )
    yield _key(
        "X_BEARER_TOKEN",
        settings.x_bearer_token,
        "the public twin on GitHub is read, about a day after the post",
        "Get a token at developer.x.com (pay per use, about $0.08 a week) and write "
        f"X_BEARER_TOKEN=... into {file}.",
    )
    if not settings.contact:
        yield Check(
            "RINDOKU_CONTACT",
            "warn",
            "not set",
            "Write RINDOKU_CONTACT= and your email address into that file, so that "
            "arXiv and web sites can reach you.",
        )


def _key(name: str, value: str, without: str, remedy: str) -> Check:
    if value:
        return Check(name, "ok", "set")
    return Check(name, "warn", f"not set: {without}", remedy)


def _home(settings: Settings) -> Iterator[Check]:
    try:
        home, reason = find_home(settings.home)
        check_folder(home, HOME_SETTING)
        existing = next(p for p in (home, *home.parents) if p.exists())
        free = shutil.disk_usage(existing).free
    except RindokuError as error:
        yield Check("home", "fail", error.message, error.remedy)
        return
    space = f"{home} ({reason}), {free / 1e9:.0f} GB free"
    if free < _LITTLE_SPACE:
        remedy = "Free some space: the archive grows by about 10 MB a week."
        yield Check("home", "warn", space, remedy)
    else:
        yield _privacy(home, space)
    published = list(_published(settings, home))
    yield from published
    if not any(check.state == "fail" for check in published):
        yield from _archive(settings)


def _privacy(home: Path, space: str) -> Check:
    """Whether others can open the home: it is theirs to see by mistake, or by wish."""
    mode = home.stat().st_mode & 0o777 if home.exists() else 0o700
    if not mode & 0o077:
        return Check("home", "ok", space)
    return Check(
        "home",
        "warn",
        f"{space}; others can open it (mode {mode:o})",
        f"`chmod 700 {home}`, and RINDOKU_PUBLISHED for a folder that others may read. "
        "Private texts are in its folder writer, which is closed to them in any case.",
    )


def _published(settings: Settings, home: Path) -> Iterator[Check]:
    """Whether another folder for the copy can be written, and read by others."""
    if not settings.published:
        return
    try:
        folder = settings.published_path
        if folder != home:
            check_folder(folder, PUBLISHED_SETTING)
    except RindokuError as error:
        yield Check("published", "fail", error.message, error.remedy)
        return
    is_closed = folder.exists() and folder.stat().st_mode & 0o005 != 0o005
    if is_apart(folder, home) and is_closed:
        yield Check(
            "published",
            "warn",
            f"{folder} cannot be read by everybody",
            f"`chmod 755 {folder}`, unless that is as it should be.",
        )
    else:
        yield Check("published", "ok", str(folder))


def _archive(settings: Settings) -> Iterator[Check]:
    from rindoku.archive import open_archive
    from rindoku.archive.sightings import find_weeks

    try:
        archive = open_archive(settings)
        with archive.read() as con:
            weeks = find_weeks(con)
    except ArchiveMissing:
        yield Check("archive", "ok", "none yet; the first run creates home and archive")
        return
    except RindokuError as error:
        yield Check("archive", "fail", error.message, error.remedy)
        return
    newest = weeks[-1] if weeks else "–"
    yield Check("archive", "ok", f"{len(weeks)} weeks, newest {newest}")
    yield _files(archive)


def _files(archive: "Archive") -> Check:
    """Whether the archive's files are all there, and all texts in them."""
    from rindoku.archive.papers import find_papers_without_text

    try:
        archive.check_files()
        with archive.read_latest() as con:
            gone = len(find_papers_without_text(con))
    except RindokuError as error:
        return Check("files", "fail", error.message, error.remedy)
    if gone:
        return Check(
            "files",
            "warn",
            f"the texts of {gone} papers are gone with an earlier private file",
            "They are read again when they are needed; `rindoku restore --texts` reads "
            "them all now.",
        )
    return Check("files", "ok", "facts, private texts and published copy are there")


def _prefect() -> Check:
    url = os.environ.get("PREFECT_API_URL", "")
    if not url:
        note = "PREFECT_API_URL is not set: each `rindoku run` starts its own server"
        return Check("Prefect", "ok", note)
    if _answers(url):
        return Check("Prefect", "ok", url)
    return Check(
        "Prefect",
        "fail",
        f"{url} does not respond",
        "Run `prefect server start`, or unset PREFECT_API_URL.",
    )


def _network(settings: Settings) -> Iterator[Check]:
    if settings.loopback_url:
        yield _stand_in(settings.loopback_url)
        return
    with ThreadPoolExecutor(len(_HOSTS)) as pool:
        reachable = pool.map(lambda host: _reachable(host, 443), _HOSTS.values())
    for (name, host), is_reachable in zip(_HOSTS.items(), reachable, strict=True):
        if is_reachable:
            yield Check(name, "ok", f"{host} is reachable")
        else:
            yield Check(
                name,
                "fail",
                f"{host} is unreachable",
                "Check the network, DNS and the firewall.",
            )


def _stand_in(url: str) -> Check:
    if _answers(url):
        remedy = "This is not a real run: unset RINDOKU_LOOPBACK_URL for one."
        return Check("stand-in", "warn", url, remedy)
    remedy = "Start it: `rindoku sample serve`."
    return Check("stand-in", "fail", f"{url} does not respond", remedy)


def _answers(url: str) -> bool:
    """Whether something accepts connections at the URL's host and port."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return _reachable(parts.hostname or "", port)


def _reachable(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=_REACH_S):
            return True
    except OSError:
        return False
