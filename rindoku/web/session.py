"""What tweepy and arxiv speak through: a requests session with a time-out, and another base for tests."""

from typing import Any
from urllib.parse import urlsplit

import requests

TIMEOUT_S = (10.0, 60.0)


class Session(requests.Session):
    """A session that always times out, and sends everything to `base_url` when one is given."""

    def __init__(self, user_agent: str, base_url: str = "") -> None:
        super().__init__()
        # Neither proxies nor .netrc of the environment: keys go to the service itself.
        self.trust_env = False
        self._user_agent = user_agent
        self._base_url = base_url.rstrip("/")

    def request(
        self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Sends it, with our time-out and user agent."""
        kwargs.setdefault("timeout", TIMEOUT_S)
        kwargs["headers"] = {
            **(kwargs.get("headers") or {}),
            "User-Agent": self._user_agent,
        }
        if self._base_url:
            parts = urlsplit(str(url))
            url = self._base_url + parts._replace(scheme="", netloc="").geturl()
        return super().request(method, url, *args, **kwargs)
