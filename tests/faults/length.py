"""How long the fault tests go on: a sample in `make test`, all of it in `make faults`."""

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

AT_LENGTH = os.environ.get("DELAD_FAULTS") == "long"


def rounds(*, sample: int, long: int) -> int:
    return long if AT_LENGTH else sample


def some(cases: Sequence[T], sample: int) -> list[T]:
    """All of the cases at length; else `sample` of them, evenly spread."""
    if AT_LENGTH or len(cases) <= sample:
        return list(cases)
    return [cases[n * len(cases) // sample] for n in range(sample)]
