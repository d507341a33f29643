"""Tasks about one paper: read it, explain it, repair what failed, save it."""

from prefect import task

from rindoku import explain, papers, publish
from rindoku.llm import Bought
from rindoku.run import Run
from rindoku.tasks.policy import LOCAL, NETWORK
from rindoku.tasks.progress import pause_for


@task(name="read", task_run_name="read {paper_id}", tags=["network"], **NETWORK)
def read_paper(run: Run, paper_id: str, version: int) -> str:
    """Fetches the best text of a paper; returns the document's id."""
    return papers.read_paper(run, paper_id, version)


@task(name="read", task_run_name="read {paper_id} for now", tags=["network"], **LOCAL)
def read_lesser_text(run: Run, paper_id: str, version: int) -> str:
    """As `read`, but content with the page or the abstract while the text fails."""
    return papers.read_paper(run, paper_id, version, lesser=True)


@task(name="explain", tags=["network", "paid"], **NETWORK)
def explain_document(run: Run, document_id: str) -> str:
    """Explains a document in one paid call; returns the generation's id."""
    return explain.explain_document(run, document_id, again=run.again)


@task(name="repair", tags=["network", "paid"], **NETWORK)
def repair_explanation(run: Run, generation_id: str) -> str:
    """Repairs what fails verification, if anything does, in one paid call.

    Returns the id it was given.
    """
    explain.repair_explanation(run, generation_id)
    return generation_id


@task(name="explain", tags=["network", "paid"], **NETWORK)
def explain_in_batches(run: Run, document_ids: list[str]) -> Bought:
    """Explains all documents in batches, and waits for them."""
    pause = pause_for("explain", len(document_ids))
    return explain.explain_in_batches(run, document_ids, pause, again=run.again)


@task(name="repair", tags=["network", "paid"], **NETWORK)
def repair_in_batches(run: Run, generation_ids: list[str]) -> Bought:
    """Repairs all generations in batches, and waits for them."""
    pause = pause_for("repair", len(generation_ids))
    return explain.repair_in_batches(run, generation_ids, pause)


@task(name="save", **LOCAL)
def save_explanation(run: Run, generation_id: str) -> str:
    """Verifies and saves an explanation, and publishes the archive's copy."""
    explain.save_explanation(run, generation_id)
    publish.publish_archive(run)
    return generation_id
