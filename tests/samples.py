"""The papers of the sample week by the part of their title before a colon."""

from rindoku.sample import sample_papers

SAMPLES = {paper.title.split(":")[0]: paper for paper in sample_papers()}
