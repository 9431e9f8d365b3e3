"""Two periods compared by whole days: mails of one day share its staff, its mood and its fault.

Days are drawn again with replacement, as many as there were, and the median is taken each time (the
block bootstrap, Davison and Hinkley 1997, 3.8). With few days such an interval is too short, as
every percentile interval is; so its ends are moved outwards as Student's t is wider than the normal
distribution (Hesterberg 2015, “expanded percentile”). What it then holds is in docs/pilot.md.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from inbox.statistics import beta, waits
from inbox.statistics.estimates import LEVEL, Estimate

RESAMPLES = 2_000
FEWEST_RESAMPLES = 400
# Mails times resamples of one period: what bounds the time, 20,000 mails included.
WORK = 8_000_000
_AT_ONCE = 500_000
SHORTEST = 1.0
_HALF = 0.5 + 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Waits in seconds, whether each was answered, and the day on which it began."""

    seconds: npt.ArrayLike
    is_answered: npt.ArrayLike
    days: npt.ArrayLike


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Medians in seconds (infinite when more than half still wait), their `difference` in seconds
    and their `ratio`, both of the later period to the earlier."""

    before: float
    after: float
    difference: Estimate
    ratio: Estimate


def compare(
    before: Period,
    after: Period,
    *,
    seed: int = 1,
    level: float = LEVEL,
    is_expanded: bool = True,
    resamples: int = RESAMPLES,
) -> Comparison:
    """The median wait of two periods. In the ratio a wait of less than a second counts as one.
    Raises ValueError for less than two days in one of them."""
    random = np.random.default_rng(seed)
    first, days = _medians(before, random, resamples)
    second, more_days = _medians(after, random, resamples)
    n = min(first.size, second.size) - 1
    one, two = first[: n + 1], second[: n + 1]
    ends = _ends(level, min(days, more_days), is_expanded=is_expanded)
    with np.errstate(invalid="ignore"):
        differences = two - one
        ratios = np.maximum(two, SHORTEST) / np.maximum(one, SHORTEST)
    return Comparison(
        before=float(one[0]),
        after=float(two[0]),
        difference=_interval(differences, ends, (-math.inf, math.inf)),
        ratio=_interval(ratios, ends, (0.0, math.inf)),
    )


def _interval(
    drawn: npt.NDArray[np.float64], ends: tuple[float, float], unknown: tuple[float, float]
) -> Estimate:
    """The first is what was seen, the others are drawn."""
    known = drawn[1:][~np.isnan(drawn[1:])]
    if not known.size:
        return Estimate(float(drawn[0]), *unknown)
    # Between two infinite ones nothing can be interpolated.
    low, high = np.quantile(known, ends, method="inverted_cdf")
    return Estimate(float(drawn[0]), float(low), float(high))


def _ends(level: float, days: int, *, is_expanded: bool) -> tuple[float, float]:
    tail = (1 - level) / 2
    if is_expanded:
        stretch = math.sqrt(days / (days - 1)) * beta.students_t(1 - tail, days - 1)
        tail = NormalDist().cdf(-stretch)
    return tail, 1 - tail


def _medians(
    period: Period, random: np.random.Generator, most: int
) -> tuple[npt.NDArray[np.float64], int]:
    """The median of the period, then of each resample; and how many days it has."""
    seconds, is_answered = waits.checked(period.seconds, period.is_answered)
    names, day = np.unique(np.asarray(period.days), return_inverse=True)
    if names.size < 2:
        raise ValueError("a period of less than two days cannot be compared")
    order = np.lexsort((~is_answered, seconds))
    seconds, is_answered, day = seconds[order], is_answered[order], day[order]
    resamples = max(FEWEST_RESAMPLES, min(most, WORK // seconds.size))
    drawn = random.multinomial(names.size, np.full(names.size, 1 / names.size), size=resamples)
    weights = np.vstack([np.ones(names.size, dtype=np.int64), drawn]).astype(np.int32)
    step = max(1, _AT_ONCE // seconds.size)
    parts = [
        _weighted(seconds, is_answered, weights[start : start + step][:, day])
        for start in range(0, len(weights), step)
    ]
    return np.concatenate(parts), names.size


def _weighted(
    seconds: npt.NDArray[np.float64],
    is_answered: npt.NDArray[np.bool_],
    weights: npt.NDArray[np.int32],
) -> npt.NDArray[np.float64]:
    """One median for each row of weights: after how long at most half still wait, by the curve of
    Kaplan and Meier. The waits are in order, at the same length the answered ones first."""
    running = np.cumsum(weights, axis=1)
    if is_answered.all():
        is_half = 2 * running >= running[:, -1:]
    else:
        at_risk = np.maximum(running[:, -1:] - running + weights, 1)
        still = np.cumprod(1 - weights * is_answered / at_risk, axis=1)
        is_half = still <= _HALF
    first = np.argmax(is_half, axis=1)
    return np.where(is_half.any(axis=1), seconds[first], math.inf)
