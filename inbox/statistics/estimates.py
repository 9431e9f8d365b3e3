"""A figure and the interval that surely enough holds it."""

import math
from dataclasses import dataclass
from statistics import NormalDist

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """`low` and `high` are infinite where the sample says nothing on that side."""

    value: float
    low: float
    high: float

    def spans(self, neutral: float) -> bool:
        """Whether “no change” is still possible. A limit that is not known holds everything."""
        is_known = not (math.isnan(self.low) or math.isnan(self.high))
        return not (is_known and (self.low > neutral or self.high < neutral))


def deviations(level: float = LEVEL) -> float:
    """How many standard deviations each side of an interval is long: 1.96 for 95 %. Raises
    ValueError for a level that is no share between 0 and 1."""
    if not 0 < level < 1:
        raise ValueError(f"no level of an interval: {level}")
    return NormalDist().inv_cdf(0.5 + level / 2)


def is_count(*numbers: float) -> bool:
    return all(math.isfinite(number) and number >= 0 for number in numbers)


def minus(one: Estimate, two: Estimate) -> Estimate:
    """How much larger the first is than the second, two samples that know nothing of each other
    (the hybrid of Newcombe 1998 and Zou and Donner 2008: squares of the halves add up)."""
    value = one.value - two.value
    down = math.hypot(one.value - one.low, two.high - two.value)
    up = math.hypot(one.high - one.value, two.value - two.low)
    return Estimate(value, value - down, value + up)
