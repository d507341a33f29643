"""rindoku (輪読): reads the papers of the week and answers for what it says of them."""

__version__ = "0.1.0"
