"""Where the middle of a sample lies, and its ends; never without how many there are."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Not numbers (NaN) for a sample of none."""

    n: int
    p25: float
    p50: float
    p75: float
    p90: float


def spread(values: npt.ArrayLike) -> Spread:
    """Quartiles, median and 90th percentile, in the values' unit, linear between two values
    (Hyndman and Fan 1996, type 7). Raises ValueError for a value that is no number."""
    found = np.asarray(values, dtype=float)
    if np.isnan(found).any():
        raise ValueError("one of the values is no number")
    cuts = np.quantile(found, [0.25, 0.5, 0.75, 0.9]) if found.size else np.full(4, np.nan)
    p25, p50, p75, p90 = (float(cut) for cut in cuts)
    return Spread(n=found.size, p25=p25, p50=p50, p75=p75, p90=p90)
