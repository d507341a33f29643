"""The steps every flow ends with: read what was not read, explain what was not explained, check, repair, save."""

from rindoku import publish
from rindoku.run import Run
from tasks import paper as paper_tasks
from tasks.progress import gather


def finish_papers(run: Run, sighting_id: str, failures: list[str]) -> None:
    """Read -> explain -> verify -> save for the papers of a sighting that lack it; what fails is named in `failures`."""
    papers = publish.papers_to_read(run, sighting_id)
    gather("read", [paper_tasks.read_paper.submit(run, *p) for p in papers], failures)

    documents = publish.documents_to_explain(run, sighting_id)
    explained = gather("explain", [paper_tasks.explain_document.submit(run, d) for d in documents], failures)
    verified = gather("verify", [paper_tasks.repair_explanation.submit(run, g) for g in explained], failures)
    gather("save", [paper_tasks.save_explanation.submit(run, g) for g in verified], failures)
