"""The limits of one fetch."""

from dataclasses import dataclass

from rindoku.settings import Settings


@dataclass(frozen=True)
class Limits:
    """The most bytes after decompression, and the most seconds, with redirects."""

    max_bytes: int
    deadline_s: float

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """The limits in the settings."""
        return cls(
            max_bytes=int(settings.fetch_megabytes) * 1_000_000,
            deadline_s=float(settings.fetch_seconds),
        )
