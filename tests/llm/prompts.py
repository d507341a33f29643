"""A prompt that explains a paper of the sample, for tests of single calls."""

from rindoku.documents import read_abstract
from rindoku.explain.prompts import explain_prompt
from rindoku.llm import Prompt
from rindoku.settings import Settings
from tests.builders import make_paper
from tests.samples import SAMPLES


def make_prompt(settings: Settings) -> Prompt:
    title = SAMPLES["Mixture-of-Depths"].title
    paper = make_paper(title, abstract="Tokens may pass by a block. " * 30)
    return explain_prompt(read_abstract(paper, ""), paper, settings, settings.model)
