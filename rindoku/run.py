"""A run: one execution of a flow or command, its archive and its ceiling."""

from dataclasses import dataclass, fields
from functools import cached_property

from rindoku.archive import Archive, open_archive
from rindoku.languages import get_language
from rindoku.settings import Settings, load_settings


@dataclass(frozen=True)
class Run:
    """A run by its id. Only plain values, so that it can be passed to tasks.

    Settings and archive are not pickled: each process loads them from its environment.
    """

    run_id: str
    max_usd: float | None = None
    second_reader: bool = False

    @cached_property
    def settings(self) -> Settings:
        settings = load_settings()
        # Raises BadInput for an unknown language before any work starts.
        get_language(settings.language)
        return settings

    @cached_property
    def archive(self) -> Archive:
        return open_archive(self.settings)

    def __getstate__(self) -> dict[str, object]:
        return {f.name: getattr(self, f.name) for f in fields(self)}
