"""The requests session for tweepy and arxiv, with time-outs and a settable base URL."""

from typing import Any
from urllib.parse import urlsplit

import requests

# Seconds to connect, and between two reads.
TIMEOUT_S = (10.0, 60.0)


class Session(requests.Session):
    """A session with time-outs; if `base_url` is set, it receives all requests."""

    def __init__(self, user_agent: str, base_url: str = "") -> None:
        super().__init__()
        # Ignores proxies and .netrc, so that keys are sent only to the service.
        self.trust_env = False
        self._user_agent = user_agent
        self._base_url = base_url.rstrip("/")

    def request(
        self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Sends a request with our time-out and user agent."""
        kwargs.setdefault("timeout", TIMEOUT_S)
        headers = kwargs.get("headers") or {}
        kwargs["headers"] = {**headers, "User-Agent": self._user_agent}
        if self._base_url:
            parts = urlsplit(str(url))
            url = self._base_url + parts._replace(scheme="", netloc="").geturl()
        return super().request(method, url, *args, **kwargs)
