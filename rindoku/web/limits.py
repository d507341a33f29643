"""What one fetch may cost."""

from dataclasses import dataclass

from rindoku.settings import Settings


@dataclass(frozen=True)
class Limits:
    """Bytes after decompression, and seconds for all of it, redirects included."""

    max_bytes: int
    deadline_s: float

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """The limits that are set."""
        return cls(
            max_bytes=int(settings.fetch_megabytes) * 1_000_000,
            deadline_s=float(settings.fetch_seconds),
        )
