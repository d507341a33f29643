"""The loopback stand-in: X, arXiv, Anthropic, GitHub and the web, over real sockets.

One server on one port of this machine. Requests for a web host (through the fetcher's
loopback backend) get that host's page; all others are for the service that has their
path. Faults are ordered with `faults.order()` or `POST /standin/faults`; requests are
logged in `log` and at `GET /standin/log`.
"""

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from rindoku.sample.arxiv_api import feed
from rindoku.sample.batches_api import Batches
from rindoku.sample.content import AS_OF, SampleWeek, sample_papers, sample_week
from rindoku.sample.faults import Fault, Faults
from rindoku.sample.made_up_papers import made_up_papers
from rindoku.sample.model_api import Model
from rindoku.sample.responses import (
    HTML,
    JSON,
    HttpResponse,
    json_response,
    model_error,
    rate_limit,
)
from rindoku.sample.server import LoggedRequest, Server
from rindoku.sample.web import Web, papers_by_arxiv_id
from rindoku.sample.x_api import XApi
from rindoku.sample.x_parameters import check_query
from rindoku.sample.x_posts import post_thread

_LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
_ATOM = "application/atom+xml; charset=utf-8"
_JSON_LINES = "application/x-jsonl"
# Time after its post at which a week is read.
_READ_AFTER = timedelta(days=8)
# In X's headers: requests that remain, and seconds until the window ends.
_REMAINING, _WINDOW = 299, 900


class StandIn:
    """The server. Use as a context manager, or call `start()` and `stop()`.

    `model`, `batches`, `x` and `faults` may be changed while it runs.
    """

    def __init__(
        self,
        weeks: Sequence[SampleWeek] = (),
        port: int = 0,
        now: datetime | None = None,
        latency_s: float = 0.0,
        *,
        ageing: bool = False,
        first_week: SampleWeek | None = None,
        post_week: Callable[[SampleWeek], list[dict[str, Any]]] = post_thread,
    ) -> None:
        """Serves the sample week and further `weeks`, whose papers are made up.

        `now` is the time that it simulates: later papers are not out yet. With
        `ageing`, a share of the made-up web is dead, paywalled or empty. `first_week`
        replaces the sample week; `post_week` returns the posts that list a week.
        """
        first = first_week or sample_week()
        all_weeks = [first, *(w for w in weeks if w.week != first.week)]
        papers = [*sample_papers(), *made_up_papers(all_weeks[1:])]
        read_at = [w.posted_at + _READ_AFTER for w in all_weeks]
        self.now = now or max(AS_OF, *read_at)
        self.latency_s = latency_s
        self.papers = papers_by_arxiv_id(papers)
        self.faults = Faults()
        self.log: list[LoggedRequest] = []
        self.model = Model(papers)
        self.batches = Batches(self.model.message)
        posts = [post for week in all_weeks for post in post_week(week)]
        self.x = XApi(posts, now or AS_OF)
        self._web = Web(all_weeks, papers, ageing=ageing)
        self._lock = threading.Lock()
        self._server = Server(port, self)

    @property
    def url(self) -> str:
        """Its address, http://127.0.0.1:PORT."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def environment(self) -> dict[str, str]:
        """The environment variables that make rindoku use the stand-in."""
        return {
            "RINDOKU_LOOPBACK_URL": self.url,
            "ANTHROPIC_BASE_URL": self.url,
            "ANTHROPIC_API_KEY": "sample-key",
            "X_BEARER_TOKEN": "sample-token",
        }

    def start(self) -> "StandIn":
        """Serves in another thread."""
        threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.05},
            daemon=True,
        ).start()
        return self

    def serve(self) -> None:
        """Serves until interrupted."""
        self._server.serve_forever()

    def stop(self) -> None:
        """Stops serving and frees the port."""
        self._server.shutdown()
        self.close()

    def close(self) -> None:
        """Frees the port of a server that is not serving."""
        self._server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def put(
        self,
        url: str,
        page: str | bytes,
        content_type: str = HTML,
        status: int = 200,
        *headers: tuple[str, str],
    ) -> None:
        """Sets the page of a web address."""
        body = page.encode() if isinstance(page, str) else page
        self._web.put(url, HttpResponse(status, content_type, body, headers))

    def note(self, asked: LoggedRequest) -> int:
        """Adds a request to the log; returns its index."""
        with self._lock:
            self.log.append(asked)
            return len(self.log) - 1

    def note_answered(self, place: int) -> None:
        """Notes that the client has received its response."""
        with self._lock:
            self.log[place] = replace(self.log[place], answered=True)

    def respond(
        self, method: str, host: str, target: str, body: bytes, fault: str
    ) -> HttpResponse:
        """The response to a request.

        `fault` is the kind of an ordered fault that the model or its batches apply.
        """
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        if host.split(":", maxsplit=1)[0] not in _LOOPBACK:
            return self._web.get(host, parts.path, query, self.now)
        if parts.path.startswith("/standin/"):
            return self._respond_control(method, parts.path, body)
        if parts.path.startswith("/2/"):
            return self._respond_x(parts.path, query)
        if parts.path == "/api/query":
            status, text = feed(self.papers, query.get("id_list", ""), self.now)
            return HttpResponse(status, _ATOM, text.encode())
        if parts.path.startswith("/v1/messages"):
            return self._answer_anthropic(
                method, parts.path, query, body=body, fault=fault
            )
        return HttpResponse(404, "text/plain", b"")

    def _respond_x(self, path: str, query: Mapping[str, str]) -> HttpResponse:
        if refused := check_query(path, query):
            return json_response(400, refused)
        match path.removeprefix("/2/").split("/"):
            case ["users", "by", "username", name]:
                value = self.x.user(name)
            case ["users", user_id, "tweets"]:
                value = self.x.timeline(user_id, query)
            case ["tweets"]:
                value = self.x.look_up(query)
            case ["tweets", "search", ("recent" | "all") as reach]:
                value = self.x.search(query, everything=reach == "all")
            case ["lists", list_id, "tweets"]:
                value = self.x.list_posts(list_id, query)
            case _:
                return HttpResponse(404, JSON, b"")
        if value is None:
            kind = "https://api.x.com/2/problems/resource-not-found"
            error = {"title": "Not Found Error", "type": kind}
            return json_response(200, {"errors": [error]})
        window_end = time.time() + _WINDOW
        return json_response(200, value, *rate_limit(_REMAINING, window_end))

    def _answer_anthropic(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        *,
        body: bytes,
        fault: str,
    ) -> HttpResponse:
        request_id = ("request-id", f"req_sample_{len(self.log):05d}")
        parts = path.removeprefix("/v1/messages").strip("/").split("/")
        if method == "POST":
            value = self._post_to_anthropic(parts, json.loads(body), fault)
        elif parts[0] == "batches" and parts[-1] == "results":
            lines = self.batches.results(parts[1])
            if lines:
                return HttpResponse(200, _JSON_LINES, lines.encode(), (request_id,))
            return HttpResponse(404, _JSON_LINES, b"", (request_id,))
        else:
            value = self._get_from_anthropic(parts, query)
        if value is None:
            error = model_error("not_found_error", "Not found.")
            return json_response(404, error, request_id)
        return json_response(200, value, request_id)

    def _post_to_anthropic(
        self, parts: Sequence[str], request: dict[str, Any], fault: str
    ) -> dict[str, Any] | None:
        match parts:
            case [""]:
                time.sleep(self.latency_s)
                return self.model.message(request, fault)
            case ["count_tokens"]:
                return self.model.count_tokens(request)
            case ["batches"]:
                return self.batches.create(request, fault)
            case _:
                return None

    def _get_from_anthropic(
        self, parts: Sequence[str], query: Mapping[str, str]
    ) -> dict[str, Any] | None:
        match parts:
            case ["batches"]:
                return self.batches.page(query)
            case ["batches", batch_id]:
                return self.batches.get(batch_id)
            case _:
                return None

    def _respond_control(self, method: str, path: str, body: bytes) -> HttpResponse:
        if path == "/standin/log":
            return json_response(200, [asdict(asked) for asked in self.log])
        if path == "/standin/faults" and method == "POST":
            try:
                self.faults.order(Fault(**json.loads(body)))
            except (TypeError, ValueError) as error:
                return json_response(400, {"error": str(error)})
            return json_response(200, {"ordered": True})
        error_text = "There are /standin/log and POST /standin/faults."
        return json_response(404, {"error": error_text})
