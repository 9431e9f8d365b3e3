"""Rates of rare events, such as two answers to one mail, and how one compares with another."""

import math

from inbox.statistics import shares
from inbox.statistics.estimates import LEVEL, Estimate, is_count


def ratio(
    events: int, exposure: float, before: int, before_exposure: float, *, level: float = LEVEL
) -> Estimate:
    """How many times the rate of before the rate is, both counts being Poisson.

    Given how many there are together, how many of them fall on this side is binomial; so the exact
    interval of that share is one of the ratio (Przyborowski and Wilenski 1940). It is open upwards
    when there were none before, and says nothing when there are none at all. Exposures are in any
    one unit, such as answered turns. Raises ValueError for an exposure of nothing.
    """
    if not is_count(events, before) or not (exposure > 0 and before_exposure > 0):
        raise ValueError(f"no rates: {events} in {exposure}, {before} in {before_exposure}")
    scale = before_exposure / exposure
    share = shares.exact(events, events + before, level=level)
    if events + before == 0:
        return Estimate(math.nan, 0.0, math.inf)
    return Estimate(*(_odds(part) * scale for part in (share.value, share.low, share.high)))


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else math.inf
