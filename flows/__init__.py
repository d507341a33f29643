"""Prefect flows: what happens, in order."""

# The folder is linked into the package. Under its short name every module would be
# loaded a second time.
if __name__ != "rindoku.flows":
    raise ImportError("Import rindoku.flows: it has no other name.", name=__name__)
