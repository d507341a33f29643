"""The steps every flow ends with: read what was not read, explain what was not explained, check, repair, save."""

from rindoku.publish import issue as publish
from rindoku.run import Run
from tasks import paper as paper_tasks
from tasks.progress import gather


def finish_papers(
    run: Run, sighting_id: str, failures: list[str], *, batch: bool = False
) -> None:
    """Read -> explain -> verify -> save for the papers of a sighting that lack it; what fails is named in `failures`."""
    papers = publish.papers_to_read(run, sighting_id)
    gather("read", [paper_tasks.read_paper.submit(run, *p) for p in papers], failures)

    documents = publish.documents_to_explain(run, sighting_id)
    verified = (_in_batches if batch else _one_by_one)(run, documents, failures)
    gather(
        "save",
        [paper_tasks.save_explanation.submit(run, g) for g in verified],
        failures,
    )


def _one_by_one(run: Run, documents: list[str], failures: list[str]) -> list[str]:
    explained = gather(
        "explain",
        [paper_tasks.explain_document.submit(run, d) for d in documents],
        failures,
    )
    return gather(
        "verify",
        [paper_tasks.repair_explanation.submit(run, g) for g in explained],
        failures,
    )


def _in_batches(run: Run, documents: list[str], failures: list[str]) -> list[str]:
    explained, unexplained = paper_tasks.explain_in_batch(run, documents)
    verified, unrepaired = paper_tasks.repair_in_batch(run, explained)
    failures += unexplained + unrepaired
    return verified
