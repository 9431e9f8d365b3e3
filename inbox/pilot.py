"""Whether a pilot helped, by a rule that was set before it began.

Both periods are told by what mail alone shows: imported history knows no claims and no notes. What
still waits counts as longer than it has waited. Nothing here reads the database or a clock.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
import pandas as pd

from inbox import confounders
from inbox.confounders import Confounder
from inbox.pilot_plans import Rule, checked
from inbox.statistics import days, rates, shares, waits
from inbox.statistics.days import Comparison
from inbox.statistics.estimates import Estimate, deviations

Kind = Literal["keep", "promising", "no_clear_effect", "worse", "not_enough"]
# Under twenty days the interval of whole days leans on its correction: see docs/pilot.md.
FEWEST_DAYS = 20
POWER = 0.8
HALF_A_NORMAL = math.sqrt(math.pi / 2)
COLUMNS = ("began", "day", "seconds", "is_answered", "mailbox", "language")


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """`waits` are first waits, one a row: when it began, on which local day, how many seconds it
    took or has taken so far, whether it was answered, its mailbox and its language."""

    waits: pd.DataFrame
    turns: int
    turns_with_duplicates: int
    working_days: int
    holidays: int
    carried_in: int

    @property
    def mails(self) -> int:
        return len(self.waits)

    @property
    def days(self) -> int:
        return int(self.waits["day"].nunique())


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`gain` is positive where the pilot was better, None where a period is too short for one;
    `needed` counts mails of a period, None where no number of them would do."""

    kind: Kind
    gain: Estimate | None
    mails: tuple[int, int]
    days: tuple[int, int]
    needed: int | None
    first_response: Comparison | None
    within: Estimate | None
    still: tuple[Estimate, Estimate] | None
    mean_wait: tuple[Estimate, Estimate] | None
    duplicates: Estimate | None
    confounders: tuple[Confounder, ...]


def judge(rule: Rule, before: Period, pilot: Period, *, seed: int = 1) -> Verdict:
    """What the rule says of these two periods. Raises Invalid for a rule that decides nothing."""
    checked(rule)
    comparison = None
    if min(before.days, pilot.days) >= 2:
        comparison = days.compare(_of(before), _of(pilot), seed=seed)
    within = _within(rule, before, pilot)
    duplicates = None
    if min(before.turns, pilot.turns):
        duplicates = rates.ratio(
            pilot.turns_with_duplicates, pilot.turns, before.turns_with_duplicates, before.turns
        )
    gains: dict[str, Estimate | None] = {
        "first_response": _gain(comparison.ratio) if comparison else None,
        "within": within,
        "duplicates": _gain(duplicates) if duplicates else None,
    }
    gain = gains[rule.metric]
    needed = _NEEDED[rule.metric](rule, before)
    return Verdict(
        kind=_kind(rule, gain, needed, before, pilot),
        gain=gain,
        mails=(before.mails, pilot.mails),
        days=(before.days, pilot.days),
        needed=_with_days(needed, pilot),
        first_response=comparison,
        within=within,
        still=_still(rule, before, pilot),
        mean_wait=_mean_waits(rule, before, pilot),
        duplicates=duplicates,
        confounders=confounders.between(before, pilot),
    )


def _kind(
    rule: Rule, gain: Estimate | None, needed: int | None, before: Period, pilot: Period
) -> Kind:
    is_short = min(before.days, pilot.days) < FEWEST_DAYS
    is_small = needed is None or min(before.mails, pilot.mails) < needed
    if gain is None or math.isnan(gain.value) or is_short or is_small:
        return "not_enough"
    if gain.low > rule.margin and gain.value >= rule.target:
        return "keep"
    if gain.high < 0 and gain.value < -rule.margin:
        return "worse"
    return "promising" if gain.value > rule.margin else "no_clear_effect"


def _gain(ratio: Estimate) -> Estimate:
    return Estimate(1 - ratio.value, 1 - ratio.high, 1 - ratio.low)


def _of(period: Period) -> days.Period:
    found = period.waits
    return days.Period(
        seconds=found["seconds"].to_numpy(),
        is_answered=found["is_answered"].to_numpy(),
        days=found["day"].to_numpy(),
    )


def _curve(period: Period) -> waits.Curve:
    return waits.curve(
        period.waits["seconds"].to_numpy(float), period.waits["is_answered"].to_numpy(bool)
    )


def kept(rule: Rule, period: Period) -> tuple[int, int]:
    """How many were answered within the promise, of those of whom it is known."""
    seconds = period.waits["seconds"].to_numpy(float)
    is_answered = period.waits["is_answered"].to_numpy(bool)
    is_known = is_answered | (seconds > rule.promised)
    return int((is_answered & (seconds <= rule.promised)).sum()), int(is_known.sum())


def _within(rule: Rule, before: Period, pilot: Period) -> Estimate | None:
    one, two = kept(rule, pilot), kept(rule, before)
    return shares.difference(*one, *two) if one[1] and two[1] else None


def _still(rule: Rule, before: Period, pilot: Period) -> tuple[Estimate, Estimate] | None:
    if not (before.mails and pilot.mails):
        return None
    one, two = (waits.still_after(_curve(period), rule.promised) for period in (before, pilot))
    return one, two


def _mean_waits(rule: Rule, before: Period, pilot: Period) -> tuple[Estimate, Estimate] | None:
    """Within four times the promise, or as far as both curves are known."""
    if not (before.mails and pilot.mails):
        return None
    curves = [_curve(period) for period in (before, pilot)]
    until = min(4 * rule.promised, *(waits.known(found) for found in curves))
    if not until > 0:
        return None
    one, two = (waits.restricted_mean(found, until) for found in curves)
    return one, two


def _with_days(needed: int | None, pilot: Period) -> int | None:
    """Twenty days bring mails too: whichever is more, in tens."""
    if needed is None:
        return None
    a_day = pilot.mails / pilot.days if pilot.days else 0.0
    return math.ceil(max(needed, FEWEST_DAYS * a_day) / 10) * 10


def _reach() -> float:
    """Of 95 % intervals, to see the target four times of five."""
    return deviations() + NormalDist().inv_cdf(POWER)


def _needed_waits(rule: Rule, before: Period) -> int | None:
    """Two medians of waits that are spread like those before, on the scale of their logarithm."""
    found = before.waits
    seconds = found.loc[found["is_answered"].astype(bool), "seconds"].to_numpy(float)
    if seconds.size < 2:
        return None
    spread = float(np.log(np.maximum(seconds, days.SHORTEST)).std(ddof=1))
    return math.ceil(2 * (_reach() * HALF_A_NORMAL * spread / math.log(1 - rule.target)) ** 2)


def _needed_shares(rule: Rule, before: Period) -> int | None:
    hits, n = kept(rule, before)
    # Of a share that is all or nothing the sample knows no spread; half a case is added to both.
    share = (hits + 0.5) / (n + 1)
    return math.ceil(2 * share * (1 - share) * (_reach() / rule.target) ** 2)


def _needed_turns(rule: Rule, before: Period) -> int | None:
    """In mails of first waits, as many as bring enough duplicates; None when there were none."""
    if not (before.turns_with_duplicates and before.mails):
        return None
    a_mail = before.turns_with_duplicates / before.mails
    parts = 1 + 1 / (1 - rule.target)
    return math.ceil(parts * (_reach() / math.log(1 - rule.target)) ** 2 / a_mail)


_NEEDED: dict[str, Callable[[Rule, Period], int | None]] = {
    "first_response": _needed_waits,
    "within": _needed_shares,
    "duplicates": _needed_turns,
}
