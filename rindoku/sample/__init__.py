"""The sample week and the loopback stand-in for the services that rindoku calls.

The demo, the tests and the benchmarks use the same ones.
"""

from rindoku.sample.content import (
    AS_OF,
    SAMPLE_WEEK,
    SamplePaper,
    SampleWeek,
    read_weeks,
    sample_papers,
    sample_week,
)
from rindoku.sample.faults import Fault
from rindoku.sample.standin import StandIn

__all__ = [
    "AS_OF",
    "SAMPLE_WEEK",
    "Fault",
    "SamplePaper",
    "SampleWeek",
    "StandIn",
    "read_weeks",
    "sample_papers",
    "sample_week",
]
