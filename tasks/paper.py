"""Tasks about one paper: read it, explain it, repair what failed verification, save it."""

from prefect import task

from rindoku import generate, publish, read
from rindoku.run import Run
from tasks.policy import LOCAL, NETWORK


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


@task(name="save", **LOCAL)
def save_explanation(run: Run, generation_id: str) -> None:
    """Verifies what there is now, saves it, and publishes the archive's copy."""
    generate.save_explanation(run, generation_id)
    publish.publish_archive(run)
