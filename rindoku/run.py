"""One execution: where it writes and what it may spend."""

from dataclasses import dataclass, fields
from functools import cached_property

from rindoku.archive import Archive
from rindoku.languages import get_language
from rindoku.settings import Settings, load_settings


@dataclass(frozen=True)
class Run:
    """Names a run; plain values only, so that it may travel between tasks.

    Settings and archive are found again from the environment wherever it arrives.
    """

    run_id: str
    max_usd: float | None = None
    second_reader: bool = False

    @cached_property
    def settings(self) -> Settings:
        settings = load_settings()
        # An unknown language is refused before any work starts.
        get_language(settings.language)
        return settings

    @cached_property
    def archive(self) -> Archive:
        return Archive(self.settings.home_path)

    def __getstate__(self) -> dict[str, object]:
        # Settings and archive stay behind.
        return {f.name: getattr(self, f.name) for f in fields(self)}
