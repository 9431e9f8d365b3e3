"""How often the interval of a period's ratio holds the truth, for so many days before and after.

Nothing is timed: 400 pilots are drawn for each number of days, with days that have moods of their
own, some mails without an answer, and a true ratio of 0.7.
"""

from typing import Any

import numpy as np

from inbox.statistics import days, waits

DAYS = (5, 10, 20, 40)
PILOTS, RESAMPLES = 400, 500
A_DAY = 15
TRUTH = 0.7
UNANSWERED = 0.05
MOOD = 0.4


def measure() -> dict[str, Any]:
    """Shares of pilots, in per cent; the interval is to hold 95."""
    return {f"{number} days each": _covered(number) for number in DAYS}


def _covered(number: int) -> dict[str, Any]:
    random = np.random.default_rng(number)
    held = {"not stretched": 0, "stretched": 0, "mail by mail": 0}
    for pilot in range(PILOTS):
        before = _drawn(random, number, 1.0)
        after = _drawn(random, number, TRUTH)
        for name, is_expanded in (("not stretched", False), ("stretched", True)):
            found = days.compare(
                before, after, seed=pilot, is_expanded=is_expanded, resamples=RESAMPLES
            ).ratio
            held[name] += found.low <= TRUTH <= found.high
        found = days.compare(
            _by_mail(before), _by_mail(after), seed=pilot, resamples=RESAMPLES
        ).ratio
        held["mail by mail"] += found.low <= TRUTH <= found.high
    return {
        name: {"unit": "%", "median": 100 * count / PILOTS, "runs": PILOTS}
        for name, count in held.items()
    }


def _drawn(random: np.random.Generator, number: int, times: float) -> days.Period:
    day = np.repeat(np.arange(number), random.poisson(A_DAY, number) + 1)
    seconds = (
        times * 3600 * np.exp(random.normal(0, MOOD, number)[day] + random.normal(0, 1.1, day.size))
    )
    is_answered = random.random(day.size) >= UNANSWERED
    # Who gives up waiting does so independently of how long it would have been.
    limit = 12 * 3600 * random.exponential(1, day.size)
    is_answered = is_answered | (seconds < limit)
    return days.Period(
        seconds=np.where(is_answered, seconds, limit), is_answered=is_answered, days=day
    )


def _by_mail(period: days.Period) -> days.Period:
    """As if mails of one day did not depend on each other."""
    seconds, _ = waits.checked(period.seconds, period.is_answered)
    return days.Period(
        seconds=seconds, is_answered=period.is_answered, days=np.arange(seconds.size)
    )
