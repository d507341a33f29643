"""What is asked of the model about a paper.

One structured call per paper gives TL;DR, summary and all questions; one repair call may follow for the answers that
failed verification. Both, and a reader's own question, share the system text, the paper block and the schema to the
byte, so that the later reads the prompt cache of the earlier.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, StrictUndefined

from rindoku.documents.cut import cut
from rindoku.keys import content_key, sha256_key
from rindoku.languages import get_language
from rindoku.llm.prompt import Prompt
from rindoku.llm.replies import Reply, Review
from rindoku.models import Document, PaperVersion, TextVerdict, Verdict
from rindoku.settings import Settings
from rindoku.verify import MOST_QUOTES

MAX_OUTPUT_TOKENS = 16_000
# For a reply that was cut off; above 21,333 the SDK wants streaming.
MORE_OUTPUT_TOKENS = 21_000
EFFORT = "medium"


def explain_prompt(
    document: Document,
    paper: PaperVersion,
    settings: Settings,
    model: str,
    attempt: int = 1,
    room: int = MAX_OUTPUT_TOKENS,
) -> Prompt:
    """The call that explains a paper. `attempt` counts calls whose replies did not count; `room` is in tokens."""
    task = _render(_texts(settings.language)["explain"], count=settings.question_count)
    return _on_paper(
        "explain", task, document, paper, settings.language, model, attempt, room
    )


def repair_prompt(
    failed: Sequence[Verdict],
    texts: Sequence[TextVerdict],
    document: Document,
    paper: PaperVersion,
    language: str,
    model: str,
) -> Prompt:
    """The call that mends the answers and texts that failed verification, and only those."""
    words = get_language(language).wording
    items = [
        {
            "position": v.answer.position,
            "question": v.answer.question,
            "answer": v.answer.answer,
            "quotes": v.answer.quotes,
            "reason": words.why(v.findings),
        }
        for v in failed
    ]
    parts = [
        {"part": t.part, "text": t.text, "reason": words.why(t.findings)} for t in texts
    ]
    task = _render(_texts(language)["repair"], failed=items, texts=parts)
    return _on_paper(
        "repair", task, document, paper, language, model, 1, MAX_OUTPUT_TOKENS
    )


def ask_prompt(
    question: str,
    document: Document,
    paper: PaperVersion,
    settings: Settings,
    model: str,
    attempt: int = 1,
    room: int = MAX_OUTPUT_TOKENS,
) -> Prompt:
    """The call that answers a reader's question on a paper."""
    task = _render(_texts(settings.language)["ask"], question=question)
    return _on_paper(
        "ask", task, document, paper, settings.language, model, attempt, room
    )


def review_prompt(
    verdicts: Sequence[Verdict], document: Document, language: str, model: str
) -> Prompt:
    """The second reader's call: answers and quotes alone, without the paper."""
    texts = _texts(language)
    items = [
        {
            "position": v.answer.position,
            "question": v.answer.question,
            "answer": v.answer.answer,
            "quotes": v.answer.quotes,
        }
        for v in verdicts
    ]
    task = _render(texts["review"], items=items)
    return _prompt(
        "review",
        texts["reviewer"],
        [task],
        task,
        document,
        language,
        model,
        1,
        MAX_OUTPUT_TOKENS,
        Review,
    )


def _on_paper(
    kind: str,
    task: str,
    document: Document,
    paper: PaperVersion,
    language: str,
    model: str,
    attempt: int,
    room: int,
) -> Prompt:
    texts, given = _texts(language), get_language(language)
    system = _render(
        texts["system"],
        tldr_length=given.rules.tldr_length,
        most_quotes=MOST_QUOTES,
        not_in_paper=given.wording.not_in_paper,
    )
    block = _render(
        texts["paper"],
        title=paper.title,
        grounding=document.grounding,
        text=cut(document)[0],
    )
    # The task follows the paper: what changes between calls comes last.
    return _prompt(
        kind,
        system,
        [block, task],
        texts["paper"] + task,
        document,
        language,
        model,
        attempt,
        room,
        Reply,
    )


def _prompt(
    kind: str,
    system: str,
    blocks: Sequence[str],
    asked: str,
    document: Document,
    language: str,
    model: str,
    attempt: int,
    room: int,
    shape: type[Reply | Review],
) -> Prompt:
    """`asked` is the text that tells this call from others on the same document."""
    arguments = {
        "model": model,
        "max_tokens": room,
        "system": [{"type": "text", "text": system}],
        "messages": [
            {
                "role": "user",
                "content": [{"type": "text", "text": block} for block in blocks],
            }
        ],
        "output_config": {
            "effort": EFFORT,
            "format": {"type": "json_schema", "schema": _schema(shape)},
        },
    }
    parameters = {name: arguments[name] for name in ("max_tokens", "output_config")}
    generation_id = content_key(
        kind, language, model, parameters, system, asked, document.document_id, attempt
    )
    return Prompt(
        generation_id,
        kind,
        model,
        _texts(language)["version"],
        sha256_key(system, asked),
        arguments,
    )


def _undelimited(text: str) -> str:
    # What is not ours (`| data` in the prompts) must not be able to end its own block.
    for tag in ("paper", "question", "item", "text"):
        text = text.replace(f"</{tag}", f"<\u200b/{tag}").replace(
            f"<{tag}", f"<\u200b{tag}"
        )
    return text


@cache
def _schema(shape: type[Reply | Review]) -> dict[str, Any]:
    import anthropic

    return dict(anthropic.transform_schema(shape))


def _texts(language: str) -> Mapping[str, str]:
    return get_language(language).prompts


def _render(text: str, /, **values: object) -> str:
    # StrictUndefined: a missing variable is an error, never an empty string in a prompt.
    environment = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 - a prompt, no page
    environment.filters["data"] = _undelimited
    return environment.from_string(text).render(**values)
