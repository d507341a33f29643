"""What a web page says about the work it presents.

Pure: an HTML page as bytes becomes `PageFacts`, with the arXiv ids it names scored by
how likely they are its own.
"""

from rindoku.papers.pages.facts import PageFacts, read_facts

__all__ = ["PageFacts", "read_facts"]
