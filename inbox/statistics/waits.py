"""How long people wait, those included who still do: the curve of Kaplan and Meier (1958).

A wait that has not ended by an answer is not dropped: it counts as longer than it has lasted.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inbox.statistics.estimates import LEVEL, Estimate, deviations

Numbers = npt.NDArray[np.float64]
# So that a share of exactly one half, rounded, is no more than a half.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """From each of `seconds` on, the share `still` waiting, `low` and `high` its band. Between
    `known_until`, the longest that anybody is known to have waited, and the end of time it is not
    known."""

    seconds: Numbers
    still: Numbers
    low: Numbers
    high: Numbers
    at_risk: npt.NDArray[np.int64]
    ended: npt.NDArray[np.int64]
    n: int
    answered: int
    known_until: float


def curve(seconds: npt.ArrayLike, is_answered: npt.ArrayLike, *, level: float = LEVEL) -> Curve:
    """The curve with a band on the log-log scale, of Greenwood's variance (Kalbfleisch and
    Prentice 1980): it stays between 0 and 1. Raises ValueError for a negative wait, one that is no
    number, and lengths that differ."""
    waits, answered = checked(seconds, is_answered)
    times, places = np.unique(waits, return_inverse=True)
    ended = np.bincount(places, weights=answered, minlength=times.size).astype(np.int64)
    all_here = np.bincount(places, minlength=times.size)
    at_risk = waits.size - np.cumsum(all_here) + all_here
    kept = ended > 0
    times, ended, at_risk = times[kept], ended[kept], at_risk[kept]
    still = np.cumprod(1 - ended / np.maximum(at_risk, 1))
    low, high = _band(still, ended, at_risk, deviations(level))
    return Curve(
        seconds=np.concatenate([[0.0], times]),
        still=np.concatenate([[1.0], still]),
        low=np.concatenate([[1.0], low]),
        high=np.concatenate([[1.0], high]),
        at_risk=np.concatenate([[waits.size], at_risk]).astype(np.int64),
        ended=np.concatenate([[0], ended]).astype(np.int64),
        n=waits.size,
        answered=int(answered.sum()),
        known_until=float(waits.max(initial=0.0)),
    )


def checked(
    seconds: npt.ArrayLike, is_answered: npt.ArrayLike
) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """Both as arrays. Raises ValueError as `curve` does."""
    waits = np.asarray(seconds, dtype=float)
    answered = np.asarray(is_answered, dtype=bool)
    if waits.shape != answered.shape or waits.ndim != 1:
        raise ValueError("as many waits as answers, please")
    if not (np.isfinite(waits).all() and (waits >= 0).all()):
        raise ValueError("one of the waits is no length of time")
    return waits, answered


def _band(
    still: Numbers, ended: npt.NDArray[np.int64], at_risk: npt.NDArray[np.int64], z: float
) -> tuple[Numbers, Numbers]:
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(ended / (at_risk * (at_risk - ended))))
        reach = z * spread / np.log(still)
        low, high = still ** np.exp(-reach), still ** np.exp(reach)
    is_over = still <= 0
    if is_over.any():
        before = high[~is_over][-1] if (~is_over).any() else 1.0
        low, high = np.where(is_over, 0.0, low), np.where(is_over, before, high)
    return low, high


def still_after(found: Curve, seconds: float) -> Estimate:
    """The share that still waits after so long."""
    place = int(np.searchsorted(found.seconds, seconds, side="right")) - 1
    return Estimate(float(found.still[place]), float(found.low[place]), float(found.high[place]))


def median(found: Curve) -> float:
    """After how many seconds at most half still wait; infinite when more than half do."""
    is_half = found.still <= 0.5 + _ROUNDING
    return float(found.seconds[is_half][0]) if is_half.any() else math.inf


def restricted_mean(found: Curve, until: float, *, level: float = LEVEL) -> Estimate:
    """Mean seconds of waiting within the first `until` seconds: the area below the curve, with the
    normal interval of its variance (Klein and Moeschberger 2003, 4.5), as if mails did not depend
    on each other. Raises ValueError where the curve is not known so far."""
    if not until > 0:
        raise ValueError(f"no time to look at: {until}")
    if until > found.known_until and found.still[-1] > 0:
        raise ValueError(f"nobody is known to have waited {until} seconds")
    inside = found.seconds < until
    times, still = found.seconds[inside], found.still[inside]
    areas = still * np.diff(np.append(times, until))
    ahead = np.cumsum(areas[::-1])[::-1]
    risk, ended = found.at_risk[inside], found.ended[inside]
    lasts = risk > ended
    parts = ahead[lasts] ** 2 * ended[lasts] / (risk[lasts] * (risk[lasts] - ended[lasts]))
    half = deviations(level) * math.sqrt(float(parts.sum()))
    mean = float(areas.sum())
    return Estimate(mean, max(0.0, mean - half), min(until, mean + half))


def known(found: Curve) -> float:
    """Up to where the curve is known: for ever, once nobody waits any more."""
    return found.known_until if found.still[-1] > 0 else math.inf
