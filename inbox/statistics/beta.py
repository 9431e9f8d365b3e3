"""The incomplete beta function and what it answers: quantiles of the beta and of Student's t."""

import math

_SMALLEST = 1e-300
_CLOSE = 1e-15
_STEPS = 100_000
_HALVINGS = 200


def below(x: float, a: float, b: float) -> float:
    """The share of a beta distribution that lies below x: the regularised incomplete beta function
    I_x(a, b), by its continued fraction (DLMF 8.17.22) with Lentz's method. Raises ValueError
    unless a and b are positive."""
    if not (a > 0 and b > 0):
        raise ValueError(f"no beta distribution: {a}, {b}")
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - below(1 - x, b, a)
    ways = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return math.exp(ways + a * math.log(x) + b * math.log1p(-x)) * _fraction(x, a, b) / a


def _fraction(x: float, a: float, b: float) -> float:
    """1 / (1 + d1 / (1 + d2 / (1 + …))), from its front."""
    found, upper, lower = 1.0, 1.0, 0.0
    for step in range(1, _STEPS):
        part = _part(step, x, a, b)
        lower = 1 / _not_zero(1 + part * lower)
        upper = _not_zero(1 + part / upper)
        found *= upper * lower
        if abs(upper * lower - 1) < _CLOSE:
            break
    return 1 / found


def _part(step: int, x: float, a: float, b: float) -> float:
    m, is_odd = divmod(step, 2)
    if is_odd:
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))


def _not_zero(number: float) -> float:
    return number if abs(number) > _SMALLEST else _SMALLEST


def quantile(share: float, a: float, b: float) -> float:
    """The x below which this share of a beta distribution lies, by halving. Raises ValueError for
    what is no share or no distribution."""
    if not 0 <= share <= 1:
        raise ValueError(f"no share: {share}")
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        if below(middle, a, b) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def students_t(share: float, freedom: float) -> float:
    """The quantile of Student's t for a share of 0.5 or more (DLMF 8.17, with a = freedom / 2 and
    b = 1/2). Raises ValueError for less, and for less than one degree of freedom."""
    if freedom < 1 or not 0.5 <= share < 1:
        raise ValueError(f"no quantile of Student's t: {share}, {freedom}")
    x = quantile(2 * (1 - share), freedom / 2, 0.5)
    return math.sqrt(freedom * (1 - x) / x)
