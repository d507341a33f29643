"""The loopback stand-in: X, arXiv, Anthropic, GitHub and the web, over real sockets on this machine.

One server on one port. Requests that name a web host (through the fetcher's loopback backend) get that
host's page; all others are told apart by their path, as each service's is its own. Faults are ordered
with `faults.order()` or `POST /standin/faults`; `GET /standin/log` shows what was asked.
"""

import hashlib
import json
import select
import socket
import struct
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from rindoku.identifiers import identify
from rindoku.links import raw_file
from rindoku.sample.answers import (
    HTML,
    JSON,
    Answer,
    json_answer,
    model_error,
    rate_limit,
)
from rindoku.sample.arxiv_api import feed
from rindoku.sample.batches_api import Batches
from rindoku.sample.content import (
    AS_OF,
    PDF_PATH,
    SamplePaper,
    SampleWeek,
    made_up_papers,
    sample_papers,
    sample_week,
)
from rindoku.sample.faults import Fault, Faults, failure
from rindoku.sample.model_api import Model
from rindoku.sample.pages import (
    latexml,
    project_page,
    publisher_page,
    repository_page,
    shell_page,
    work_page,
    year_file,
)
from rindoku.sample.pdf_page import small_pdf
from rindoku.sample.records import (
    crossref_work,
    oai_record,
    openreview_notes,
    search_titles,
)
from rindoku.sample.x_api import Posts

_LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}


@dataclass(frozen=True)
class Asked:
    """One request in the log. `key` tells model calls apart by their body; `answered` is False when
    the client was gone before the answer could be sent, or when a fault took its place.
    """

    at: float
    method: str
    target: str
    status: int
    key: str
    answered: bool


class StandIn:
    """The server. Use as a context manager, or `start()` and `stop()`."""

    def __init__(
        self,
        weeks: Sequence[SampleWeek] = (),
        port: int = 0,
        now: datetime | None = None,
        latency_s: float = 0.0,
        *,
        ageing: bool = False,
    ) -> None:
        """`now` is the instant it serves: later papers are not out yet. With `ageing` a share of the made-up web
        is dead, paywalled or empty, as the real web is.
        """
        weeks = [sample_week(), *(w for w in weeks if w.week != sample_week().week)]
        papers = [*sample_papers(), *made_up_papers(weeks[1:])]
        self.papers = {p.arxiv: p for p in papers[::-1] if p.arxiv}
        self.faults = Faults()
        self.latency_s = latency_s
        self.now = now or max(AS_OF, *(w.posted_at + timedelta(days=8) for w in weeks))
        self.log: list[Asked] = []
        self._weeks = weeks
        self._posts = Posts(weeks, now or AS_OF)
        self._model = Model({p.title: p for p in papers})
        self.batches = Batches(self._model.message)
        self._all_papers = papers
        self._pages = _web_pages(papers, ageing=ageing)
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), self)

    @property
    def url(self) -> str:
        """Its address, http://127.0.0.1:PORT."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def environment(self) -> dict[str, str]:
        """The environment that sends every client of rindoku here."""
        return {
            "RINDOKU_LOOPBACK_URL": self.url,
            "ANTHROPIC_BASE_URL": self.url,
            "ANTHROPIC_API_KEY": "sample-key",
            "X_BEARER_TOKEN": "sample-token",
        }

    def start(self) -> "StandIn":
        """Serves in a thread of its own."""
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
        self._server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def note(self, asked: Asked) -> int:
        """Adds a request to the log; its place there."""
        with self._lock:
            self.log.append(asked)
            return len(self.log) - 1

    def note_answered(self, place: int) -> None:
        """Notes that the client has got its answer."""
        with self._lock:
            self.log[place] = replace(self.log[place], answered=True)

    def answer(
        self, method: str, host: str, target: str, body: bytes, fault: str
    ) -> Answer:
        """The answer to a request without an ordered fault of transport."""
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        if host.split(":", maxsplit=1)[0] not in _LOOPBACK:
            return self._web(host, parts.path, query)
        if parts.path.startswith("/standin/"):
            return self._control(method, parts.path, body)
        if parts.path.startswith("/2/"):
            return self._x(parts.path, query)
        if parts.path == "/api/query":
            status, text = feed(self.papers, query.get("id_list", ""), self.now)
            return Answer(status, "application/atom+xml; charset=utf-8", text.encode())
        if parts.path.startswith("/v1/messages"):
            return self._anthropic(method, parts.path, body, fault)
        return Answer(404, "text/plain", b"")

    def put(
        self,
        url: str,
        page: str | bytes,
        content_type: str = HTML,
        status: int = 200,
        *headers: tuple[str, str],
    ) -> None:
        """Has a web address answer with a page."""
        parts = urlsplit(url)
        data = page.encode() if isinstance(page, str) else page
        self._pages[f"{parts.netloc}{parts.path}".rstrip("/")] = Answer(
            status, content_type, data, headers
        )

    def _web(self, host: str, path: str, query: dict[str, str]) -> Answer:
        if (page := self._pages.get(f"{host}{path}".rstrip("/"))) is not None:
            return page
        record = self._record(host, path, query)
        if record is not None:
            return record
        if host == "raw.githubusercontent.com" and "/years/" in path:
            year = int(path.rsplit("/", 1)[1].removesuffix(".md"))
            known = {w.ends_on.year for w in self._weeks}
            if year in known:
                return Answer(
                    200,
                    "text/plain; charset=utf-8",
                    year_file(year, self._weeks).encode(),
                )
        elif host == "arxiv.org":
            return self._arxiv_page(path)
        else:
            return self._project_page(f"{host}{path}".rstrip("/"))
        return Answer(404, HTML, b"<!doctype html><html><body>Not found</body></html>")

    def _record(self, host: str, path: str, query: dict[str, str]) -> Answer | None:
        match host:
            case "oaipmh.arxiv.org":
                return Answer(
                    200,
                    "text/xml; charset=utf-8",
                    oai_record(self.papers, query, self.now).encode(),
                )
            case "api2.openreview.net":
                return json_answer(
                    200, openreview_notes(self._all_papers, query.get("id", ""))
                )
            case "huggingface.co" if path == "/api/papers/search":
                return json_answer(
                    200, search_titles(self.papers, query.get("q", ""), self.now)
                )
            case "api.crossref.org":
                work = crossref_work(
                    self._all_papers, unquote(path.removeprefix("/works/"))
                )
                return (
                    json_answer(200, work)
                    if work
                    else Answer(404, JSON, b"Resource not found.")
                )
            case _:
                return None

    def _project_page(self, address: str) -> Answer:
        """A project's page as it is now: the link to the paper comes with the paper."""
        for paper in self._all_papers:
            if paper.page and address == paper.page.removeprefix("https://").rstrip(
                "/"
            ):
                return Answer(
                    200,
                    HTML,
                    project_page(
                        paper, published=paper.versions[0] <= self.now
                    ).encode(),
                )
        return Answer(404, HTML, b"<!doctype html><html><body>Not found</body></html>")

    def _arxiv_page(self, path: str) -> Answer:
        _, form, versioned = [*path.split("/", 2), "", ""][:3]
        paper = self.papers.get(versioned.partition("v")[0])
        if paper is not None and paper.versions[0] > self.now:
            paper = None
        if paper is not None and paper.pdf and form == "pdf":
            return Answer(200, "application/pdf", PDF_PATH.read_bytes())
        if paper is not None and form == "html" and not paper.pdf:
            return Answer(200, HTML, latexml(paper).encode())
        return Answer(
            404, HTML, b"<!doctype html><html><body>No such page</body></html>"
        )

    def _x(self, path: str, query: dict[str, str]) -> Answer:
        match path.removeprefix("/2/").split("/"):
            case ["users", "by", "username", name]:
                found = self._posts.user(name)
            case ["users", user_id, "tweets"]:
                found = self._posts.timeline(user_id, query)
            case ["tweets"]:
                found = self._posts.look_up(query.get("ids", ""))
            case ["tweets", "search", ("recent" | "all") as reach]:
                found = self._posts.search(query, everything=reach == "all")
            case ["lists", list_id, "tweets"]:
                found = self._posts.list_posts(list_id, query)
            case _:
                return Answer(404, JSON, b"")
        if found is None:
            missing = {
                "errors": [
                    {
                        "title": "Not Found Error",
                        "type": "https://api.twitter.com/2/problems/resource-not-found",
                    }
                ]
            }
            return json_answer(200, missing)
        return json_answer(200, found, *rate_limit(299, time.time() + 900))

    def _anthropic(self, method: str, path: str, body: bytes, fault: str) -> Answer:
        request_id = ("request-id", f"req_sample_{len(self.log):05d}")
        match (method, path.removeprefix("/v1/messages").strip("/").split("/")):
            case ("POST", [""]):
                time.sleep(self.latency_s)
                found: Any = self._model.message(json.loads(body), fault)
            case ("POST", ["count_tokens"]):
                found = self._model.count_tokens(json.loads(body))
            case ("POST", ["batches"]):
                found = self.batches.create(json.loads(body), fault)
            case ("GET", ["batches"]):
                found = self.batches.all()
            case ("GET", ["batches", batch_id]):
                found = self.batches.get(batch_id)
            case ("GET", ["batches", batch_id, "results"]):
                lines = self.batches.results(batch_id)
                return Answer(
                    200 if lines else 404,
                    "application/x-jsonl",
                    (lines or "").encode(),
                    (request_id,),
                )
            case _:
                found = None
        if found is None:
            return json_answer(
                404, model_error("not_found_error", "no such thing"), request_id
            )
        return json_answer(200, found, request_id)

    def _control(self, method: str, path: str, body: bytes) -> Answer:
        if path == "/standin/log":
            return json_answer(200, [asdict(a) for a in self.log])
        if path == "/standin/faults" and method == "POST":
            try:
                self.faults.order(Fault(**json.loads(body)))
            except (TypeError, ValueError) as error:
                return json_answer(400, {"error": str(error)})
            return json_answer(200, {"ordered": True})
        return json_answer(404, {"error": "there are /standin/log and /standin/faults"})


def _web_pages(papers: Sequence[SamplePaper], *, ageing: bool) -> dict[str, Answer]:
    pages: dict[str, Answer] = {}

    def put(url: str, page: Answer) -> None:
        parts = urlsplit(url)
        pages[f"{parts.netloc}{parts.path}".rstrip("/")] = page

    for paper in papers[::-1]:
        if paper.url:
            page = _aged(paper) if ageing else None
            put(raw_file(paper.url), page or _page_of(paper))
        if paper.repository:
            put(paper.repository, Answer(200, HTML, repository_page(paper).encode()))
        if paper.pdf:
            put(
                raw_file(paper.pdf),
                Answer(200, "application/pdf", PDF_PATH.read_bytes()),
            )
    return pages


def _page_of(paper: SamplePaper) -> Answer:
    """The page of a work by what its address is for."""
    url = paper.url or ""
    if urlsplit(url).path.lower().endswith(".pdf"):
        return Answer(200, "application/pdf", small_pdf(paper))
    scholarly = identify(url).scheme in {"doi", "biorxiv", "medrxiv", "acl", "pmlr"}
    return Answer(
        200, HTML, (publisher_page(paper) if scholarly else work_page(paper)).encode()
    )


def _aged(paper: SamplePaper) -> Answer | None:
    """What years do to one page in five, always the same ones; None for the others."""
    match hashlib.blake2b((paper.url or "").encode(), digest_size=1).digest()[0] % 20:
        case 0 | 1:
            return Answer(
                404, HTML, b"<!doctype html><html><body>Not found</body></html>"
            )
        case 2:
            return Answer(
                403, HTML, b"<!doctype html><html><body>For subscribers</body></html>"
            )
        case 3:
            return Answer(200, HTML, shell_page(paper).encode())
        case _:
            return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], standin: StandIn) -> None:
        super().__init__(address, _Handler)
        self.standin = standin

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away (a killed process, a time-out) is nothing to report."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "rindoku-standin"
    server: _Server

    def do_GET(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def log_message(self, *args: Any) -> None:
        """The log is kept by the stand-in, not printed."""

    def _respond(self) -> None:
        standin, host = self.server.standin, self.headers.get("Host", "")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = standin.faults.next_for(f"{host}{self.path}")
        if fault and fault.kind == "slow":
            time.sleep(fault.seconds)
        if fault and fault.kind == "dropped":
            self._note(0, body)
            self._drop()
            return
        failed = failure(fault, x=self.path.startswith("/2/")) if fault else None
        answer = failed or standin.answer(
            self.command, host, self.path, body, fault.kind if fault else ""
        )
        if fault and fault.kind == "answer-lost":
            self._note(0, body)
            self._drop()
            return
        # In the log before it is sent: whoever has the answer finds the request there.
        place = self._note(answer.status, body)
        truncated = bool(fault and fault.kind == "truncated-json")
        if self._send(answer, truncated=truncated) and failed is None and not truncated:
            standin.note_answered(place)

    def _send(self, answer: Answer, *, truncated: bool) -> bool:
        if self._client_is_gone():
            self.close_connection = True
            return False
        data = answer.body[: len(answer.body) // 2] if truncated else answer.body
        own = (
            ("Content-Type", answer.content_type),
            ("Content-Length", str(len(data))),
        )
        self.send_response(answer.status)
        for name, value in own + answer.headers:
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(data)
        except OSError:
            return False
        return True

    def _drop(self) -> None:
        # A linger of zero makes the close a reset, as when a service dies.
        self.connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        self.close_connection = True
        self.connection.close()

    def _client_is_gone(self) -> bool:
        readable, _, _ = select.select([self.connection], [], [], 0)
        try:
            return bool(readable) and self.connection.recv(1, socket.MSG_PEEK) == b""
        except OSError:
            return True

    def _note(self, status: int, body: bytes) -> int:
        key = hashlib.sha256(body).hexdigest()[:16] if body else ""
        target = f"{self.headers.get('Host', '')}{self.path}"
        return self.server.standin.note(
            Asked(time.time(), self.command, target, status, key, answered=False)
        )
