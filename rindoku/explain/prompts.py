"""What a model is asked about a paper.

One structured call per paper gives TL;DR, summary and all questions; one repair call
may follow for the answers that failed verification. Both, and a reader's question, have
byte-identical system text, paper block and schema, so that a later call reads the
prompt cache of an earlier one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, StrictUndefined

from rindoku.documents import cut
from rindoku.keys import content_key, sha256_key
from rindoku.languages import get_language
from rindoku.llm import Prompt
from rindoku.llm.replies import Reply, Review
from rindoku.models import (
    Document,
    GenerationKind,
    PaperVersion,
    TextVerdict,
    Verdict,
)
from rindoku.settings import Settings
from rindoku.verify import MOST_QUOTES

MAX_OUTPUT_TOKENS = 16_000
# For a reply that was cut off; above 21,333 the SDK requires streaming.
MORE_OUTPUT_TOKENS = 21_000
EFFORT = "medium"
# Tags of the prompts' blocks, which text from outside must not be able to close.
_BLOCKS = ("paper", "question", "item", "text")


def explain_prompt(
    document: Document,
    paper: PaperVersion,
    settings: Settings,
    model: str,
    *,
    attempt: int = 1,
    room: int = MAX_OUTPUT_TOKENS,
) -> Prompt:
    """The call that explains a paper.

    `attempt` is 1, and 1 more for each earlier reply that could not be read; `room` is
    in output tokens.
    """
    language = settings.language
    task = _render(_texts(language)["explain"], count=settings.question_count)
    draft = _on_paper("explain", task, document, paper, language)
    return draft.prompt(model, attempt=attempt, room=room)


def repair_prompt(
    failed: Sequence[Verdict],
    texts: Sequence[TextVerdict],
    document: Document,
    paper: PaperVersion,
    *,
    language: str,
    model: str,
) -> Prompt:
    """The call that repairs the answers and texts that failed verification."""
    words = get_language(language).wording
    items = [_item(v) | {"reason": words.why(v.findings)} for v in failed]
    parts = [
        {"part": v.part, "text": v.text, "reason": words.why(v.findings)} for v in texts
    ]
    task = _render(_texts(language)["repair"], failed=items, texts=parts)
    return _on_paper("repair", task, document, paper, language).prompt(model)


def ask_prompt(
    question: str,
    document: Document,
    paper: PaperVersion,
    settings: Settings,
    model: str,
    *,
    attempt: int = 1,
    room: int = MAX_OUTPUT_TOKENS,
) -> Prompt:
    """The call that answers a reader's question on a paper."""
    language = settings.language
    task = _render(_texts(language)["ask"], question=question)
    draft = _on_paper("ask", task, document, paper, language)
    return draft.prompt(model, attempt=attempt, room=room)


def review_prompt(
    verdicts: Sequence[Verdict], document: Document, language: str, model: str
) -> Prompt:
    """The second reader's call: answers and quotes alone, without the paper."""
    texts = _texts(language)
    task = _render(texts["review"], items=[_item(verdict) for verdict in verdicts])
    draft = _Draft(
        kind="review",
        language=language,
        system=texts["reviewer"],
        blocks=(task,),
        distinct=task,
        document_id=document.document_id,
        shape=Review,
    )
    return draft.prompt(model)


def _item(verdict: Verdict) -> dict[str, object]:
    """An answer as the prompts list it."""
    answer = verdict.answer
    return {
        "position": answer.position,
        "question": answer.question,
        "answer": answer.answer,
        "quotes": answer.quotes,
    }


@dataclass(frozen=True, kw_only=True)
class _Draft:
    """The part of a call that does not depend on the model.

    `blocks` are the parts of the user's message; `distinct` is the text that makes the
    call's key differ from those of other calls on the same document.
    """

    kind: GenerationKind
    language: str
    system: str
    blocks: tuple[str, ...]
    distinct: str
    document_id: str
    shape: type[Reply | Review]

    def prompt(
        self, model: str, *, attempt: int = 1, room: int = MAX_OUTPUT_TOKENS
    ) -> Prompt:
        schema = {"type": "json_schema", "schema": _schema(self.shape)}
        parameters = {
            "max_tokens": room,
            "output_config": {"effort": EFFORT, "format": schema},
        }
        content = [{"type": "text", "text": block} for block in self.blocks]
        arguments = {
            "model": model,
            "system": [{"type": "text", "text": self.system}],
            "messages": [{"role": "user", "content": content}],
            **parameters,
        }
        key = (
            self.kind,
            self.language,
            model,
            parameters,
            self.system,
            self.distinct,
            self.document_id,
            attempt,
        )
        return Prompt(
            generation_id=content_key(*key),
            kind=self.kind,
            model=model,
            prompt_version=_texts(self.language)["version"],
            prompt_hash=sha256_key(self.system, self.distinct),
            arguments=arguments,
        )


def _on_paper(
    kind: GenerationKind,
    task: str,
    document: Document,
    paper: PaperVersion,
    language: str,
) -> _Draft:
    """A call that shows the model the paper, and then the task.

    The task is last because it is what differs between calls that share a cache.
    """
    texts = _texts(language)
    system = _render(
        texts["system"],
        tldr_length=get_language(language).rules.tldr_length,
        most_quotes=MOST_QUOTES,
        not_in_paper=get_language(language).wording.not_in_paper,
    )
    text, _ = cut(document)
    block = _render(
        texts["paper"], title=paper.title, grounding=document.grounding, text=text
    )
    return _Draft(
        kind=kind,
        language=language,
        system=system,
        blocks=(block, task),
        distinct=texts["paper"] + task,
        document_id=document.document_id,
        shape=Reply,
    )


def _without_tags(text: str) -> str:
    """Text from outside (`| data` in the prompts) that cannot close its block."""
    for tag in _BLOCKS:
        text = text.replace(f"</{tag}", f"<\u200b/{tag}")
        text = text.replace(f"<{tag}", f"<\u200b{tag}")
    return text


@cache
def _schema(shape: type[Reply | Review]) -> dict[str, Any]:
    import anthropic

    return dict(anthropic.transform_schema(shape))


def _texts(language: str) -> Mapping[str, str]:
    return get_language(language).prompts


def _render(text: str, /, **values: object) -> str:
    environment = Environment(
        # A missing variable is an error, never an empty string in a prompt.
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - a prompt, not a page
    )
    environment.filters["data"] = _without_tags
    return environment.from_string(text).render(**values)
