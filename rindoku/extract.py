"""The explainer for those without a key: questions from templates, answers verbatim from the paper.

It writes nothing of its own, so there is nothing to get wrong; a slot without a good sentence stays
empty and says so. Labelled 「LLM未使用・原文抜粋」 wherever it is shown.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rindoku.keys import content_key
from rindoku.labels import NOT_IN_PAPER
from rindoku.models import Answer, Document, Explanation, Section

MODEL = "extractive"
VERSION = "extract-2"
_SENTENCE_END = re.compile(
    r"(?<=[\w)\]%\u201d\"][.?!])(?<!al\.)(?<!Fig\.)(?<!Eq\.)(?<!vs\.)(?<!cf\.)(?<!i\.e\.)(?<!e\.g\.)\s+(?=[A-Z\u201c\"])|\n\n"
)
# What such a sentence speaks of stands in the one before it, or in a table.
_DANGLING = re.compile(
    r"(?:This|These|Those|It|Its|They|Their|That|Such|He|She|Here|Both|Either|Neither|Other|Others|Another|One such|The former|The latter|"
    r"However|Moreover|Thus|Hence|Therefore|Then|Also|But|And|So|Instead|Similarly|Furthermore|Conversely|Consequently|In addition|"
    r"As a result|In contrast|On the other hand|In this|In these|For this|For these|By this|Joined with|"
    r"Table|Figure|Fig|Equation|Eq|Algorithm|Section|Appendix|See|As shown|Note that|References?)\b"
)
_REFERENCE = re.compile(
    r"\b(?:et al\.|arXiv:|doi:|https?://|pp\. \d|Proceedings of|In Advances)|\[\d+(?:, ?\d+)*\]\s*$"
)
_SHORTEST, _LONGEST = 40, 300
_SUMMARY_SENTENCES = 3
# One telling cue is enough; a section's name or a figure alone is not.
_CUE, _SECTION, _FIGURE, _WORTH_SHOWING = 2.0, 1.0, 0.5, 2.0


@dataclass(frozen=True)
class _Template:
    """A question and what its answer looks like. `core` ones are asked even when nothing answers them."""

    question: str
    cues: re.Pattern[str]
    sections: re.Pattern[str]
    core: bool = False
    figures: bool = False


def _template(question: str, cues: str, sections: str, *, core: bool = False, figures: bool = False) -> _Template:
    return _Template(question, re.compile(cues, re.IGNORECASE), re.compile(sections, re.IGNORECASE), core, figures)


_TEMPLATES = (
    _template("どのような課題に取り組んでいるか?", r"\b(?:yet|problem|challeng\w+|out of reach|gap|lack of|hardly|difficult|suffer|little about|less clear|explored|concern|expensive|badly|bottleneck)\b", r"abstract|intro|motiv|background|what it does", core=True),
    _template("何が新しいのか?", r"\bwe (?:propose|introduce|present|develop|describe|report on|investigate)\b|\b(?:is|are) (?:a|the) (?:new|novel|first|family)\b", r"abstract|intro", core=True),
    _template("どのような仕組みか?", r"\b(?:consists? of|composed of|works? by|router|replaces?|segmented|encodes?|maps|sends every|splits?|projection|receives?|takes (?:a|an|in)\b|contains a|is chosen|is computed|we compute|by making)\b", r"method|approach|model|architect|design|interface|attack|benchmark", core=True),
    _template("どのような手順で進むか?", r"\b(?:in two steps|two phases|first phase|phase 1|then|step by step|after each|each turn|runs? whenever|is followed|for each|around each|in each)\b", r"method|approach|training|procedure|architect|data|benchmark|matter"),
    _template("どのように評価したか?", r"\bwe (?:evaluate|measured?|test|compare|prune|assess)\b|\bon the full test set\b|\bbenchmark of\b|\bare used to test\b|\btest set\b", r"experiment|evaluat|setup|setting|result|benchmark|models", core=True),
    _template("主な結果は何か?", r"\b(?:outperform\w*|improv\w+|achiev\w+|surpass\w*|resolves?|better than|best|exceeds?|on par|lowered|drops?|falls?|reach(?:es)?|correlates better|without a loss|little|robust)\b", r"result|experiment|abstract|evaluat|works", core=True, figures=True),
    _template("何と比べているか?", r"\b(?:compared? (?:to|with|them)|baselines?|versus|much worse|worse than|fewer .{1,40} than|above Llama|than (?:the|all|subword|previous|GPT|existing|LoRA))\b", r"result|experiment|comparison|evaluat"),
    _template("どのようなデータや計算資源を使ったか?", r"\b(?:datasets?|corpus|corpora|H100|A100|GPUs?|GPU hours|instructions|trained on|examples|pairs|instruction data)\b", r"data|train|setup|experiment", core=True, figures=True),
    _template("どのような規模や設定で行ったか?", r"\bfrom [\d.]+\s*[KMB]?\w* to [\d.]+|\b\d[\d,.]*\s?[KMB]\b(?! tokens)|\b\d+ (?:models|blocks|layers|lines|tests|datasets|tasks)\b", r"setup|experiment|model|result|method", figures=True),
    _template("分析から何がわかったか?", r"\b(?:we (?:find|found|observed?)|shows? that|shows? structure|suggests? that|indicates?|explain(?:s|ed)? (?:why|by)|power law|more similar|tend to|tends to|sensitive to|transition)\b", r"analys|discuss|result|why|finding|where"),
    _template("何が効いているのか?", r"\b(?:matters|matter|important|crucial|keeps|prevents?|guarantees?|necessary|helps|well-tuned|good \w+ design|makes? training|balances?|because the)\b", r"ablation|analys|discuss|method|design|matter|architect"),
    _template("どのような限界があるか?", r"\b(?:limit(?:ed|ations?)|cannot|can't|fails?|did not|does not do|no ablation|trouble|only (?:two|one|English|classification|2D|language)|measured .{1,30} only|was searched by hand|covers (?:2D|decoder)|only delays|needs .{1,20} extra|remains?)\b", r"limit|discussion|conclu|future|mitigat|working", core=True),
    _template("コードやデータは公開されているか?", r"\b(?:we release|are released|open[- ]source|publicly|available|is open|are open|training code)\b", r"abstract|intro|conclu|avail|using", core=True),
    _template("どのような場面で役立つか?", r"\b(?:useful|practical|applications?|makes it (?:easy|possible)|enables?|allows?|needs only|fits on a single|consumer|friendly|without touching|can be combined|cheaper)\b", r"conclu|discussion|intro|abstract|using"),
    _template("今後の課題は何か?", r"\b(?:future work|left for|we hope|we continue|in preparation|next generation|would need|remains open|further)\b", r"conclu|discussion|future|behind"),
    _template("どのような言葉を使っているか?", r"\b(?:we call|is called|are called|for short|stands for|which we call|known as)\b", r"intro|method|abstract|interface"),
)  # fmt: skip


# Weaker cues, which count only in a section that is about the question.
_HINTS = {
    question: re.compile(cues, re.IGNORECASE)
    for question, cues in (
        (
            "どのような課題に取り組んでいるか?",
            r"\b(?:cost\w*|limited|need\w*|but|grown?|attack\w*|harm\w*|without|long|more|as|rather)\b",
        ),
        ("何が新しいのか?", r"\b(?:new|our|we|method|prompting|idea|approach|family|suite)\b"),
        (
            "どのような仕組みか?",
            r"\b(?:uses?|learns?|with|based|trained|model|layer|tokens?|block|prompt|command|shows?|into|by)\b",
        ),
        (
            "どのように評価したか?",
            r"\b(?:evaluat\w*|benchmark\w*|tasks?|settings?|tests?|accuracy|measur\w*|datasets?)\b",
        ),
        ("主な結果は何か?", r"\b(?:higher|lower|more|less|than|success|performance|accuracy|gain\w*|grows?)\b"),
        (
            "どのようなデータや計算資源を使ったか?",
            r"\b(?:data|tokens|trained|training|memory|issues|instances|sources)\b",
        ),
        ("どのような限界があるか?", r"\b(?:not|only|but|less|smaller|still|cost|yet|no|unless|hard|depends?)\b"),
        ("どのような場面で役立つか?", r"\b(?:can|could|may|future|serve|help\w*|easy|better|possible)\b"),
    )
}


def extract(document: Document, count: int) -> Explanation:
    """An explanation made of the document's own sentences: `count` questions at most, no TL;DR.

    Each question takes the sentence that answers it best, no sentence answers two. Those a reader needs most are
    asked even when nothing in the text answers them; the answer then says so.
    """
    sentences = list(_sentences(document))
    found = _assign(sentences)
    answered = [n for n in range(len(_TEMPLATES)) if n in found]
    unanswered = [n for n, t in enumerate(_TEMPLATES) if n not in found and t.core]
    # Of too many, the core ones stay.
    kept = sorted(answered, key=lambda n: (not _TEMPLATES[n].core, n))[:count]
    kept = sorted([*kept, *unanswered[: count - len(kept)]])
    answers = [_answer(position, _TEMPLATES[n].question, found.get(n)) for position, n in enumerate(kept, 1)]
    opening = [s for s, section, _ in sentences if section and re.search("abstract", section.title, re.IGNORECASE)]
    summary = " ".join((opening or [s for s, _, _ in sentences])[:_SUMMARY_SENTENCES])
    return Explanation(None, summary, tuple(answers))


def _answer(position: int, question: str, sentence: str | None) -> Answer:
    if sentence is None:
        return Answer(position, question, NOT_IN_PAPER, False, ())
    return Answer(position, question, sentence, True, (sentence,))


def _assign(sentences: Sequence[tuple[str, Section | None, float]]) -> dict[int, str]:
    """The sentence for each template that has one, the surest pairs first."""
    scored = [
        (score, -place, n, sentence)
        for sentence, section, place in sentences
        for n, template in enumerate(_TEMPLATES)
        if (score := _score(template, sentence, section, place)) >= _WORTH_SHOWING
    ]
    # What no telling cue answers may be answered by a hint in a section that is about it.
    hinted = [
        (_hint(template, sentence, section), -place, n, sentence)
        for sentence, section, place in sentences
        for n, template in enumerate(_TEMPLATES)
        if _hint(template, sentence, section) > 0
    ]
    found: dict[int, str] = {}
    for _, _, n, sentence in [*sorted(scored, reverse=True), *sorted(hinted, reverse=True)]:
        if n not in found and sentence not in found.values():
            found[n] = sentence
    return found


def _hint(template: _Template, sentence: str, section: Section | None) -> int:
    hints = _HINTS.get(template.question)
    if hints is None or section is None or not template.sections.search(section.title):
        return 0
    return len({m.lower() for m in hints.findall(sentence)})


def extraction_id(document: Document, language: str, count: int) -> str:
    """The key under which an extraction is stored."""
    return content_key("extract", language, MODEL, VERSION, count, document.document_id)


def _sentences(document: Document) -> Iterable[tuple[str, Section | None, float]]:
    """Whole sentences fit to stand alone, with section and place in the document from 0 to 1."""
    start = 0
    for part in _SENTENCE_END.split(document.text):
        at = document.text.find(part, start)
        start = at + len(part)
        sentence = part.strip()
        if _SHORTEST <= len(sentence) <= _LONGEST and sentence[-1] in ".?!" and _stands_alone(sentence):
            yield sentence, document.section_at(at), at / max(1, len(document.text))


def _stands_alone(sentence: str) -> bool:
    letters = sum(c.isalpha() or c.isspace() for c in sentence)
    whole = sentence[0].isupper() and letters / len(sentence) > 0.75
    return whole and not _DANGLING.match(sentence) and not _REFERENCE.search(sentence)


def _score(template: _Template, sentence: str, section: Section | None, place: float) -> float:
    cues = len({m.lower() for m in template.cues.findall(sentence)})
    if not cues:
        return 0.0
    score = _CUE + 0.5 * min(cues - 1, 2)
    score += _SECTION if section and template.sections.search(section.title) else 0.0
    score += _FIGURE if template.figures and re.search(r"\d", sentence) else 0.0
    return score - 0.01 * place
