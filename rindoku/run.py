"""A run: one execution of a flow or command, its archive and its ceiling."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cached_property

from rindoku.archive import Archive, open_archive
from rindoku.digests import Digest, find_digest
from rindoku.languages import get_language
from rindoku.settings import Settings, load_settings
from rindoku.weeks import is_last, parse_week


@dataclass(frozen=True)
class Run:
    """A run by its id. Only plain values, so that it can be passed to tasks.

    `digest_name` is empty for the digest of the settings; with `again`, the model is
    asked anew about papers whose replies could not be used.

    Settings and archive are not pickled: each process loads them from its environment.
    """

    run_id: str
    max_usd: float | None = None
    second_reader: bool = False
    digest_name: str = ""
    again: bool = False

    @cached_property
    def settings(self) -> Settings:
        settings = load_settings()
        if self.digest_name:
            settings = replace(settings, digest=self.digest_name)
        # Raises BadInput for an unknown language before any work starts.
        get_language(settings.language)
        return settings

    @cached_property
    def digest(self) -> Digest:
        """The weekly list. Raises BadInput when there is none of that name."""
        return find_digest(self.settings.digest, self.settings.home_path)

    def parse_week(self, text: str, as_of: datetime) -> str:
        """The id of a week that is given by id, by a date, or as `last`.

        Only `last` needs the digest's entry, which says when a list is due.
        """
        due = self.digest.days.due if is_last(text) else 0
        return parse_week(text, as_of, due)

    @cached_property
    def archive(self) -> Archive:
        return open_archive(self.settings)

    def __getstate__(self) -> dict[str, object]:
        return {f.name: getattr(self, f.name) for f in fields(self)}
