"""arXiv's metadata of many papers at once, by its query API, else by OAI-PMH."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from rindoku.errors import BadInput, Transient
from rindoku.identifiers import ArxivId, parse_arxiv_id
from rindoku.models import PaperVersion
from rindoku.papers.arxiv_oai import fetch_records
from rindoku.papers.metadata import Metadata
from rindoku.settings import Settings


def find_metadata(ids: Sequence[ArxivId], settings: Settings) -> Metadata:
    """Metadata of all `ids`, by one request if all goes well.

    A batch that the query API rejects is halved until the bad id is found; when the API
    fails or rate-limits, OAI-PMH is asked. An id that arXiv does not know, or knows in
    another version, gives a note. Raises the error of the query API, with that of
    OAI-PMH, when both fail.
    """
    if not ids:
        return Metadata()
    try:
        metadata = _query_in_halves(ids, settings)
    except Transient as error:
        note = f"{error.message} OAI-PMH was asked instead."
        try:
            metadata = fetch_records(ids, settings)
        except Transient as other:
            raise type(error)(
                f"{error.message} OAI-PMH failed as well: {other.message}",
                error.remedy,
                error.retry_after,
            ) from None
        metadata = replace(metadata, notes=(note,))
    notes = (*metadata.notes, *_compare(ids, metadata.known))
    return replace(metadata, notes=notes)


def valid_ids(texts: Iterable[str]) -> list[ArxivId]:
    """The distinct well-formed ids in `texts`.

    A malformed id would make arXiv reject the batch.
    """
    ids = (parse_arxiv_id(text) for text in texts)
    return list(dict.fromkeys(arxiv_id for arxiv_id in ids if arxiv_id is not None))


def _query_in_halves(ids: Sequence[ArxivId], settings: Settings) -> Metadata:
    # The package `arxiv` takes a tenth of a second to import.
    from rindoku.papers.arxiv_query import fetch_versions

    try:
        return fetch_versions(ids, settings)
    except BadInput:
        if len(ids) == 1:
            return Metadata(notes=(f"arXiv rejected the id {ids[0]} (400).",))
        middle = len(ids) // 2
        first = _query_in_halves(ids[:middle], settings)
        return first + _query_in_halves(ids[middle:], settings)


def _compare(
    ids: Iterable[ArxivId], known: Mapping[str, PaperVersion]
) -> Iterator[str]:
    """Notes on the ids that arXiv does not know, or knows in another version."""
    for arxiv_id in ids:
        paper = known.get(arxiv_id.base)
        if paper is None:
            yield f"arXiv has no paper {arxiv_id}."
        elif arxiv_id.version not in {None, paper.version}:
            yield (
                f"arXiv returned v{paper.version} of {arxiv_id.base} instead of "
                f"v{arxiv_id.version}."
            )
