"""Explaining many papers at once, in batches."""

from collections.abc import Sequence

from rindoku.explain.steps import explaining, repairing
from rindoku.llm import batches
from rindoku.llm.batches import Pause
from rindoku.llm.buy import Steps
from rindoku.run import Run


def explain(
    run: Run, document_ids: Sequence[str], pause: Pause
) -> tuple[list[str], list[str]]:
    """Has documents explained in batches; ids of the generations, and why the others failed."""
    results, failures = batches.drive(
        run, [explaining(run, d) for d in document_ids], pause
    )
    return [r for r in results if r is not None], failures


def repair(
    run: Run, generation_ids: Sequence[str], pause: Pause
) -> tuple[list[str], list[str]]:
    """Has what failed verification mended in batches; ids of the generations that are ready to be saved, and why others are not."""
    results, failures = batches.drive(
        run, [_repairing(run, g) for g in generation_ids], pause
    )
    return [r for r in results if r is not None], failures


def _repairing(run: Run, generation_id: str) -> Steps:
    yield from repairing(run, generation_id)
    return generation_id
