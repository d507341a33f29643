"""Tasks about one paper: read it, explain it, repair what failed verification, save it."""

from prefect import task

from rindoku.explain import batch as batching
from rindoku.explain import steps as generate
from rindoku.papers import read
from rindoku.publish import issue as publish
from rindoku.run import Run
from tasks.policy import LOCAL, NETWORK
from tasks.progress import wait_for


@task(name="read", task_run_name="read {paper_id}", tags=["network"], **NETWORK)
def read_paper(run: Run, paper_id: str, version: int) -> str:
    """Fetches the best text of a paper; id of the document."""
    return read.read_paper(run, paper_id, version)


@task(name="explain", tags=["network", "paid"], **NETWORK)
def explain_document(run: Run, document_id: str) -> str:
    """One paid call: TL;DR, summary and questions of a document; id of the generation."""
    return generate.explain_document(run, document_id)


@task(name="verify and repair", tags=["network", "paid"], **NETWORK)
def repair_explanation(run: Run, generation_id: str) -> str:
    """Verifies, and makes one paid call for the answers that failed, if any did; the id it was given."""
    generate.repair_explanation(run, generation_id)
    return generation_id


@task(name="explain in a batch", tags=["network", "paid"], **NETWORK)
def explain_in_batch(run: Run, document_ids: list[str]) -> tuple[list[str], list[str]]:
    """All calls of a stage in one batch, awaited; ids of the generations, and why others failed."""
    return batching.explain(run, document_ids, wait_for("explain", len(document_ids)))


@task(name="verify and repair in a batch", tags=["network", "paid"], **NETWORK)
def repair_in_batch(run: Run, generation_ids: list[str]) -> tuple[list[str], list[str]]:
    """The repairs of a stage in one batch, awaited; ids of the generations to be saved, and why others are not."""
    return batching.repair(run, generation_ids, wait_for("verify", len(generation_ids)))


@task(name="save", **LOCAL)
def save_explanation(run: Run, generation_id: str) -> None:
    """Verifies what there is now, saves it, and publishes the archive's copy."""
    generate.save_explanation(run, generation_id)
    publish.publish_archive(run)
