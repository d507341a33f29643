"""What a run must come to when a service has a fault: the table of expectations."""

from dataclasses import dataclass

# The outcome of the run that met the fault:
#   C  complete: the fault was waited out, or got around
#   P  partial: the other papers are published
#   F  failed: nothing could be done without that service
# The run after the fault completes the week; a small letter stands for one that can't,
# as the service has answered for good (a page that is gone stays gone, and so does one
# that is refused, until it is looked up again after a week). A dot is for a fault that
# the service can't have.
#
# Each service has a column for a fault of its first call, of a middle one, and of all
# calls. Where a week makes only one call, the middle one is missing. `x-auto` is X with
# the twin to fall back on, `oai` is asked because the query API is down.
#
# fmt: off
EXPECTED = """
fault             x     x-auto twin query oai   html  pdf  page  model batches
429-short         C C F C C    C F  C C   C C F C C P C P  C C P C C P C C F
429-long          C C F C C    C F  C C   C C F C C P C P  C C P C C P C C F
429-hopeless      F F F C C    F F  C C   C C F C C P C P  P P P P P P F F F
429-bare          C C F C C    C F  C C   C C F C C P C P  C C P C C P C C F
429-odd           C C F . .    . .  . .   . . . . . . . .  . . . . . . . . .
401               F F F C C    F F  C C   C C F C C P C P  C p p P P P F F F
402               F F F C C    F F  C C   C C F C C P C P  C p p P P P F F F
403               F F F C C    F F  C C   C C F C C P C P  C p p P P P F F F
404               F F F C C    C F  C C   C C F C C C C C  C p p P P P F C F
spend-cap         F F F C C    . .  . .   . . . . . . . .  . . . P P P F F F
500               C C F C C    C F  C C   C C F C C P C P  C C P C C P C C F
529               . . . . .    . .  . .   . . . . . . . .  . . . C C P C C F
200-html          C C F C C    C F  C C   C C F C C P C P  C p p C C P C C F
200-binary        C C F C C    C F  C C   C C F C C P . .  C p p C C P C C F
200-empty         C C F C C    C F  C C   C C F C C P C P  C p p C C P C C F
torn              C C F C C    P P  C C   C C F C C P C P  C C C C C P C C F
cut               C C F C C    C F  C C   C C F C C P C P  C C P C C P C C F
torn-gzip         C C F C C    C F  C C   C C F C C P C P  C C P C C P C C F
late              C C C C C    C C  C C   C C C C C C C C  C C C C C C C C C
stalled           C C F C C    C F  C C   C C F C C P C P  C C P . . . . . .
dropped           C C F C C    C F  C C   C C F C C P C P  C C P C C P C C F
answer-lost       C C F C C    . .  . .   . . . . . . . .  . . . C C P C C F
garbage           C C F C C    C F  C C   C C F C C P C P  C C P C C P C C F
no-name           C C F C C    C F  C C   C C F C C P C P  C p p C C P C C F
no-name-service   C C F C C    C F  C C   . . . . . . . .  C C P . . . . . .
no-tls            C C F C C    C F  C C   C C F C C P C P  C C P C C P C C F
"""
# fmt: on
# Nobody can tell half a Markdown file from a whole one, whose ranks are missing until
# the next run, nor half a page of a project, nor its error page with status 200.

# What a message must say of the fault, as a regular expression.
_NO_ANSWER = r"did not respond|does not exist|cannot be resolved"
REASONS = {
    "429-short": "429",
    "429-long": "429",
    "429-hopeless": "429",
    "429-bare": "429",
    "429-odd": "429",
    "401": "401",
    "402": "402",
    "403": "403",
    "404": "404",
    "spend-cap": "spend|limit|cap",
    "500": "500",
    "529": "529",
    "200-html": r"no JSON|no list|page|not XML|truncated|did not|200",
    "200-binary": r"not a page|no JSON|no list|binary|not XML|truncated|did not|200",
    "200-empty": r"not a page|no JSON|no list|empty|not XML|truncated|did not|200",
    "torn": (
        r"lacks rank|truncated|torn|cut|not XML|did not|not? JSON|whole paper|no batch"
    ),
    "cut": r"did not respond|cut|truncated|torn",
    "torn-gzip": r"did not respond|cut|decompress|torn|truncated|not JSON|no batch",
    "late": "never",
    "stalled": _NO_ANSWER,
    "dropped": _NO_ANSWER,
    "answer-lost": _NO_ANSWER,
    "garbage": _NO_ANSWER,
    "no-name": _NO_ANSWER,
    "no-name-service": _NO_ANSWER,
    "no-tls": _NO_ANSWER,
}
# How a message names the service.
NAMES = {
    "x": r"\bX\b",
    "x-auto": r"\bX\b",
    "twin": r"raw\.githubusercontent\.com|twin",
    "query": "arXiv",
    "oai": "arXiv",
    "html": "arxiv.org",
    "pdf": "arxiv.org",
    "page": "swe-agent.com",
    "model": "model API|account's credit|--max-usd",
    "batches": "model API|batch|account's credit|--max-usd",
}
# The papers of three that a fault of a service may cost at most, by place: of its
# first call, of a middle one, of all.
MOST_HARMED = {
    "x": (3, 3, 3),
    "x-auto": (0, 0),
    "twin": (3, 3),
    "query": (0, 0),
    "oai": (3, 3, 3),
    "html": (0, 0, 0),
    "pdf": (0, 0),
    "page": (1, 1, 1),
    "model": (1, 1, 3),
    "batches": (3, 3, 3),
}
# Errors that every further call would meet as well: no further call is made.
CONCERN_ALL_CALLS = {"401", "402", "403", "spend-cap"}
# Faults that lose replies which were paid for: under a ceiling, retries end there.
LOSES = {"torn", "cut", "torn-gzip", "answer-lost", "garbage", "dropped"}
PLACES = {2: ("first", "all"), 3: ("first", "middle", "all")}


@dataclass(frozen=True)
class Cell:
    """One service with one fault at one place, and the outcome that is expected.

    `capped` is for runs with --max-usd.
    """

    service: str
    fault: str
    place: str
    expected: str
    capped: bool = False

    def __str__(self) -> str:
        return f"{self.service}-{self.fault}-{self.place}" + "-capped" * self.capped

    @property
    def reason(self) -> str:
        """What the message must say, as a regular expression."""
        ceiling = "|exceed --max-usd" if self.capped else ""
        return REASONS[self.fault] + ceiling

    @property
    def most_harmed(self) -> int:
        if self.fault in CONCERN_ALL_CALLS and self.service == "model":
            return 3
        harmed = MOST_HARMED[self.service]
        return harmed[PLACES[len(harmed)].index(self.place)]

    @property
    def heals(self) -> bool:
        return self.expected.isupper()


def all_cells() -> list[Cell]:
    """The cells of the table, and some of them once more under a ceiling."""
    head, *rows = (line.split() for line in EXPECTED.strip().splitlines())
    cells = [
        Cell(service, row[0], place, expected)
        for row in rows
        for (service, place), expected in zip(_columns(head[1:]), row[1:], strict=True)
        if expected != "."
    ]
    capped = [
        Cell(cell.service, cell.fault, cell.place, cell.expected, capped=True)
        for cell in cells
        if (cell.service in {"model", "batches"} and cell.place == "middle")
        or (cell.service == "model" and cell.place == "all" and cell.fault in LOSES)
    ]
    return [*cells, *capped]


def cell_named(name: str) -> Cell:
    """A cell by its name, as `make test-faults` prints it."""
    return next(cell for cell in all_cells() if str(cell) == name)


def _columns(services: list[str]) -> list[tuple[str, str]]:
    return [
        (service, place)
        for service in services
        for place in PLACES[len(MOST_HARMED[service])]
    ]
