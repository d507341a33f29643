"""What a web page says about the work it presents.

Pure functions from the bytes of an HTML page to `PageFacts`, with a score for each
arXiv id on it: how likely it is that of the work.
"""

from rindoku.papers.pages.facts import PageFacts, read_facts

__all__ = ["PageFacts", "read_facts"]
