"""rindoku (輪読): reads the papers of the week and explains them, with evidence."""

__version__ = "0.1.0"

__all__ = ["__version__"]
