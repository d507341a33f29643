"""The public twin: year files in a GitHub repository, read as raw files."""

from rindoku.models import Payload
from rindoku.settings import Settings
from rindoku.web.fetch import fetch

REPOSITORY = "dair-ai/AI-Papers-of-the-Week"


def year_url(year: int) -> str:
    """Address of the year's file."""
    return f"https://raw.githubusercontent.com/{REPOSITORY}/main/years/{year}.md"


def fetch_year(year: int, settings: Settings) -> Payload:
    """The file of one year. Raises NotFound when there is none yet."""
    return fetch(year_url(year), settings, source="twin")
