"""A reading of X in a process of its own, which is killed."""

import json
from unittest import mock

from rindoku.lists import observe_week
from rindoku.run import Run
from rindoku.sample import AS_OF, SAMPLE_WEEK

# So that the posts of the sample come in several pages, the smallest that X allows.
POSTS_A_PAGE = {"dair_ai": 5, "search:Top AI Papers": 10}


def observe(environment: str) -> None:
    """Reads the sample week from X; killed in a process of its own."""
    variables = json.loads(environment)
    page = POSTS_A_PAGE[variables["RINDOKU_WATCH"]]
    with (
        mock.patch("rindoku.lists.x._PAGE", page),
        mock.patch("rindoku.lists.x._FULL_ARCHIVE_S", 0),
        mock.patch.dict("os.environ", variables),
    ):
        observe_week(Run("killed"), SAMPLE_WEEK, "x", AS_OF)
