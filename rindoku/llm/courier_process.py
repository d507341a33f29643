"""The child process of courier.py: `python -m rindoku.llm.courier_process`."""

import json
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rindoku import errors
from rindoku.llm.batch_client import submit
from rindoku.llm.client import send

AT_ONCE = 16


def main() -> None:
    """The child: makes every call it is told of, several at once, until the pipe closes and all are done."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for line in sys.stdin:
            pool.submit(_make, json.loads(line))


def _make(call: dict[str, Any]) -> None:
    answer: dict[str, Any] = {"number": call.pop("number")}
    try:
        (submit if "batch_key" in call else send)(**call)
    except errors.RindokuError as error:
        answer |= {"error": type(error).__name__, "arguments": error.args}
    except Exception:  # noqa: BLE001 - whatever it is, the run must hear of it
        answer["bug"] = traceback.format_exc()
    try:
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # The run is gone; the reply is in the inbox for the next one.
        return


if __name__ == "__main__":
    main()
