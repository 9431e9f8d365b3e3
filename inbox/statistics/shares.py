"""Shares, and whether two of them differ."""

import math

from inbox.statistics import beta
from inbox.statistics.estimates import LEVEL, Estimate, deviations, is_count, minus


def wilson(hits: float, n: float, *, level: float = LEVEL) -> Estimate:
    """A share with Wilson's score interval (Wilson 1927), good from the first case on. Without a
    case it may be anything. Raises ValueError for more hits than cases."""
    _checked(hits, n)
    if n == 0:
        return Estimate(math.nan, 0.0, 1.0)
    z, share = deviations(level), hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # Rounding must not shut out what was seen.
    return Estimate(share, min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half)))


def exact(hits: int, n: int, *, level: float = LEVEL) -> Estimate:
    """A share with the exact interval (Clopper and Pearson 1934): it holds the truth at least so
    often as it says. Raises ValueError for more hits than cases."""
    _checked(hits, n)
    if n == 0:
        return Estimate(math.nan, 0.0, 1.0)
    tail = (1 - level) / 2
    low = beta.quantile(tail, hits, n - hits + 1) if hits else 0.0
    high = beta.quantile(1 - tail, hits + 1, n - hits) if hits < n else 1.0
    return Estimate(hits / n, low, high)


def difference(
    hits: float, n: float, other_hits: float, other_n: float, *, level: float = LEVEL
) -> Estimate:
    """How much larger the first share is, with Newcombe's hybrid score interval (Newcombe 1998,
    method 10). Raises ValueError for more hits than cases."""
    one, two = wilson(hits, n, level=level), wilson(other_hits, other_n, level=level)
    if not (n and other_n):
        return Estimate(math.nan, -1.0, 1.0)
    return minus(one, two)


def _checked(hits: float, n: float) -> None:
    if not is_count(hits, n) or hits > n:
        raise ValueError(f"no share: {hits} of {n}")
