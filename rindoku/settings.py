"""Settings: what differs between installations.

What differs between runs is a parameter of the flow. Settings are read from the
environment, then from one file: `.env` in the working folder or, without it, the user's
own. A plain dataclass on purpose: every command loads it, and pydantic is slow to
import.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rindoku.errors import BadInput, disk_reason
from rindoku.targets import HOW_TO_WATCH, parse_watch

HOME_HERE, FILE_HERE = Path("rindoku-home"), Path(".env")
# In the folder of the user's settings.
OWN_FILE = "settings.env"


class Place(NamedTuple):
    """A folder or file that is used, and why it is this one."""

    path: Path
    reason: str


def _setting(variable: str, default: str = "", *, secret: bool = False) -> str:
    # dataclasses.field() is typed as the value of the field.
    declared: str = field(
        default=default, repr=not secret, metadata={"variable": variable}
    )
    return declared


@dataclass(frozen=True)
class Settings:
    """All settings. Secrets are not in `repr`."""

    home: str = _setting("RINDOKU_HOME")
    "Folder of the archive and the articles; `rindoku doctor` shows the default."
    published: str = _setting("RINDOKU_PUBLISHED", "")
    "Folder of the published archive and the articles; empty for the home folder."
    digest: str = _setting("RINDOKU_DIGEST", "dair_ai")
    "The weekly list, by its name in digests.toml."
    watch: str = _setting("RINDOKU_WATCH", "")
    "Watched on X instead of the digest's account: an account, list:ID, search:QUERY."
    source: str = _setting("RINDOKU_SOURCE", "auto")
    "Where lists are read: x, twin, or auto (X when there is a token, else the twin)."
    language: str = _setting("RINDOKU_LANGUAGE", "ja")
    "Language of the article: a folder of rindoku/languages, such as ja or en."
    questions: str = _setting("RINDOKU_QUESTIONS", "10")
    "Questions per paper, 1 to 20."
    model: str = _setting("RINDOKU_MODEL", "claude-sonnet-5-5")
    "The model that explains papers."
    fallback_model: str = _setting("RINDOKU_FALLBACK_MODEL", "claude-opus-5-5")
    "Asked when the first model declines; empty for none."
    reader_model: str = _setting("RINDOKU_READER_MODEL", "claude-haiku-5-5")
    "The second reader, used with --second-reader only."
    timezone: str = _setting("RINDOKU_TIMEZONE", "Asia/Tokyo")
    "Time zone in which instants are shown."
    contact: str = _setting("RINDOKU_CONTACT", "")
    "Email address or URL sent to arXiv and to the sites that are read."
    fetch_megabytes: str = _setting("RINDOKU_FETCH_MEGABYTES", "40")
    "The largest page or PDF that is fetched, in MB after unpacking."
    fetch_seconds: str = _setting("RINDOKU_FETCH_SECONDS", "60")
    "The longest time one fetch may take, in seconds, redirects included."
    loopback_url: str = _setting("RINDOKU_LOOPBACK_URL", "")
    "For tests and the demo: X, arXiv and all web hosts are this loopback server."
    anthropic_api_key: str = _setting("ANTHROPIC_API_KEY", secret=True)
    "Key of the model; without it the extractive explainer is used."
    anthropic_base_url: str = _setting("ANTHROPIC_BASE_URL", "")
    "Another server that speaks the Anthropic Messages API."
    x_bearer_token: str = _setting("X_BEARER_TOKEN", secret=True)
    "Token for the X API; without it the public twin is read."

    def __post_init__(self) -> None:
        _between("RINDOKU_QUESTIONS", self.questions, 1, 20)
        _between("RINDOKU_FETCH_MEGABYTES", self.fetch_megabytes, 1, 500)
        _between("RINDOKU_FETCH_SECONDS", self.fetch_seconds, 1, 600)
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise BadInput(
                f"RINDOKU_TIMEZONE is {self.timezone!r}, which is not a time zone.",
                "Use one such as Asia/Tokyo or UTC.",
            ) from None
        if self.watch and parse_watch(self.watch) is None:
            raise BadInput(f"RINDOKU_WATCH is {self.watch!r}.", HOW_TO_WATCH)
        if self.loopback_url:
            _check_loopback(self.loopback_url)
        _check_header("RINDOKU_CONTACT", self.contact, "Write it in ASCII.")
        for variable, key in (
            ("ANTHROPIC_API_KEY", self.anthropic_api_key),
            ("X_BEARER_TOKEN", self.x_bearer_token),
        ):
            _check_header(variable, key, "Copy the key again, without anything else.")

    @property
    def home_path(self) -> Path:
        return find_home(self.home).path

    @property
    def published_path(self) -> Path:
        if not self.published:
            return self.home_path
        return _folder("RINDOKU_PUBLISHED", self.published)

    def hide_secrets(self, text: str) -> str:
        """The text with stars in place of keys, tokens and passwords."""
        secrets = [self.anthropic_api_key, self.x_bearer_token]
        secrets += [
            urlsplit(url).password or ""
            for url in (self.anthropic_base_url, *_proxies(os.environ))
        ]
        for secret in filter(None, secrets):
            text = text.replace(secret, "***")
        return text

    @property
    def question_count(self) -> int:
        return int(self.questions)

    @property
    def has_model_key(self) -> bool:
        """Whether a model can be asked; without a key papers are extracted."""
        return bool(self.anthropic_api_key)

    @property
    def user_agent(self) -> str:
        from rindoku import __version__

        contact = f" ({self.contact})" if self.contact else ""
        return f"rindoku/{__version__}{contact}"


def load_settings(
    environment: Mapping[str, str] | None = None, env_file: Path | None = None
) -> Settings:
    """Settings from the environment (by default that of this process) and a file.

    The environment takes precedence. Raises BadInput, which names the variable, when a
    value is invalid.
    """
    environment = os.environ if environment is None else environment
    values = _read_env_file(env_file or find_settings_file().path) | dict(environment)
    settings = {}
    for name, variable in variables().items():
        value = values.get(variable)
        if value:
            settings[name] = value
    return Settings(**settings)


def find_home(home: str) -> Place:
    """The home folder: the one that was set, the one here, or the user's own."""
    if home:
        return Place(_folder("RINDOKU_HOME", home), "RINDOKU_HOME or --home")
    if HOME_HERE.is_dir():
        return Place(HOME_HERE.absolute(), "found in the working folder")
    from platformdirs import user_data_path

    return Place(
        user_data_path("rindoku", appauthor=False),
        f"your own, as there is neither RINDOKU_HOME nor {HOME_HERE} here",
    )


def find_settings_file() -> Place:
    """The file of settings: the one here, or the user's own, which may not exist."""
    if FILE_HERE.is_file():
        return Place(FILE_HERE.absolute(), "found in the working folder")
    from platformdirs import user_config_path

    own = user_config_path("rindoku", appauthor=False) / OWN_FILE
    return Place(own, f"your own, as there is no {FILE_HERE} here")


def variables() -> dict[str, str]:
    """The environment variable of each setting, by the setting's name."""
    return {field.name: field.metadata["variable"] for field in fields(Settings)}


def _read_env_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    from dotenv import dotenv_values

    return {
        name: value for name, value in dotenv_values(path).items() if value is not None
    }


def _folder(variable: str, value: str) -> Path:
    """The folder that a setting names. Raises BadInput for what can be no path."""
    try:
        # Without a user of that name, or without a working folder.
        folder = Path(value).expanduser().absolute()
        str(folder).encode()
        folder.is_dir()
    except RuntimeError:
        reason = "there is no such user"
    except OSError as error:
        reason = disk_reason(error, Path(value))
    except UnicodeError:
        reason = "it is not text in UTF-8"
    else:
        return folder
    raise BadInput(f"{variable} is {value!r}: {reason}.", "Set it to a folder.")


def _proxies(environment: Mapping[str, str]) -> list[str]:
    return [url for name, url in environment.items() if name.lower().endswith("_proxy")]


def _between(variable: str, value: str, least: int, most: int) -> None:
    # Longer digits than these are no number that int() accepts.
    is_number = value.isdecimal() and len(value) < 10
    if not (is_number and least <= int(value) <= most):
        raise BadInput(
            f"{variable} is {value!r}.", f"Give a number from {least} to {most}."
        )


def _check_header(variable: str, value: str, remedy: str) -> None:
    # HTTP sends headers in ASCII. The value, which may be a secret, is not shown.
    if not (value.isascii() and value.isprintable()):
        raise BadInput(
            f"{variable} has characters that a header of a request cannot have.", remedy
        )


def _check_loopback(url: str) -> None:
    # The guard lets every request through to this address, so it must be this machine.
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    try:
        loopback = ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if not loopback or port is None:
        raise BadInput(
            f"RINDOKU_LOOPBACK_URL is {url!r}.",
            "It must be like http://127.0.0.1:8000; unset it for real runs.",
        )
