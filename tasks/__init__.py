"""Prefect tasks: one a step, with the one retry policy."""

# The folder is linked into the package. Under its short name every module would be
# loaded a second time.
if __name__ != "rindoku.tasks":
    raise ImportError("Import rindoku.tasks: it has no other name.", name=__name__)
