"""The tests. This is imported before anything that imports Prefect."""

import atexit
import os
import tempfile

# Prefect reads its own settings when it is imported: it must not find the developer's.
_PREFECT_HOME = tempfile.TemporaryDirectory(
    prefix="rindoku-prefect-", ignore_cleanup_errors=True
)
atexit.register(_PREFECT_HOME.cleanup)
os.environ["PREFECT_HOME"] = _PREFECT_HOME.name
