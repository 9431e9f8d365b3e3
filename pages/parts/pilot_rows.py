"""Every figure of a pilot before and since, as the page and the printed sheet tell it."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from inbox import pilot
from inbox.pilot import Period, Verdict
from inbox.pilot_mail import Told
from inbox.pilot_plans import Rule
from inbox.statistics.estimates import Estimate, minus
from inbox.words import _, plural
from pages.parts.charts import axes

NONE = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure; `change` with its interval, empty where none is claimed."""

    name: str
    before: str
    pilot: str
    change: str = ""


def head() -> list[str]:
    return [_("Compared"), _("Before"), _("Pilot"), _("Change (95%)")]


def rows(found: Verdict, told: Told, rule: Rule) -> list[Row]:
    """Every figure before and since, with how many it is made of."""
    promise = axes.lasting(rule.promised)
    return [
        _mails(found),
        _median(found),
        _within(found, told, rule, promise),
        _still(found, promise),
        *_mean(found, rule),
        _duplicates(found, told),
        _queue(told),
        _adoption(told),
    ]


def _mails(found: Verdict) -> Row:
    said = [
        plural("{n} mails, {days} day", "{n} mails, {days} days", days).format(
            n=axes.count(n), days=days
        )
        for n, days in zip(found.mails, found.days, strict=True)
    ]
    return Row(name=_("First mails of customers"), before=said[0], pilot=said[1])


def _median(found: Verdict) -> Row:
    one = found.first_response
    name = _("First response, median")
    if one is None:
        return Row(name=name, before=NONE, pilot=NONE)
    return Row(
        name=name,
        before=axes.lasting(one.before),
        pilot=axes.lasting(one.after),
        change=_interval(one.difference, _seconds),
    )


def _within(found: Verdict, told: Told, rule: Rule, promise: str) -> Row:
    shares = [_share(*pilot.kept(rule, one)) for one in (told.before, told.pilot)]
    return Row(
        name=_("Answered within {time}").format(time=promise),
        before=shares[0],
        pilot=shares[1],
        change=_interval(found.within, _points, _signed),
    )


def _still(found: Verdict, promise: str) -> Row:
    name = _("Still wait after {time} (Kaplan–Meier)").format(time=promise)
    if found.still is None:
        return Row(name=name, before=NONE, pilot=NONE)
    one, two = found.still
    return Row(
        name=name,
        before=axes.per_cent(one.value),
        pilot=axes.per_cent(two.value),
        change=_interval(minus(two, one), _points, _signed),
    )


def _mean(found: Verdict, rule: Rule) -> list[Row]:
    if found.mean_wait is None:
        return []
    one, two = found.mean_wait
    return [
        Row(
            name=_("Mean wait within {time}").format(time=axes.lasting(4 * rule.promised)),
            before=axes.lasting(one.value),
            pilot=axes.lasting(two.value),
            change=_interval(minus(two, one), _seconds),
        )
    ]


def _duplicates(found: Verdict, told: Told) -> Row:
    said = [_rate(one) for one in (told.before, told.pilot)]
    return Row(
        name=_("Duplicates per 100 answered turns"),
        before=said[0],
        pilot=said[1],
        change=_interval(found.duplicates, _times, "{:.2f}".format) if found.duplicates else "",
    )


def _queue(told: Told) -> Row:
    said = [
        _("{n} (at most {most})").format(n=f"{one.median:.0f}", most=f"{one.worst:.0f}")
        if one.days
        else NONE
        for one in told.depths
    ]
    name = _("Wait at the end of the day, median")
    return Row(name=name, before=said[0], pilot=said[1])


def _adoption(told: Told) -> Row:
    return Row(
        name=_("Replies sent from Delad"),
        before=NONE,
        pilot=_share(told.here, told.here + told.outside),
    )


def _share(hits: int, n: int) -> str:
    if not n:
        return NONE
    said = _("{share} ({hits} of {n})")
    return said.format(share=axes.per_cent(hits / n), hits=axes.count(hits), n=axes.count(n))


def _rate(period: Period) -> str:
    if not period.turns:
        return NONE
    rate = 100 * period.turns_with_duplicates / period.turns
    return _("{rate} ({hits} of {n})").format(
        rate=f"{rate:.1f}",
        hits=axes.count(period.turns_with_duplicates),
        n=axes.count(period.turns),
    )


def _interval(
    one: Estimate | None, said: Callable[[float], str], short: Callable[[float], str] | None = None
) -> str:
    """“−3 h (−4 h to −2 h)”; an end that is not known is told so."""
    if one is None or math.isnan(one.value):
        return ""
    end = short or said
    ends = [end(each) if math.isfinite(each) else _("not known") for each in (one.low, one.high)]
    value = said(one.value) if math.isfinite(one.value) else _("not known")
    return _("{value} ({low} to {high})").format(value=value, low=ends[0], high=ends[1])


def _seconds(number: float) -> str:
    return _sign(number) + axes.lasting(abs(number))


def _points(number: float) -> str:
    return _("{n} points").format(n=_signed(number))


def _signed(number: float) -> str:
    return f"{_sign(number)}{abs(100 * number):.0f}"


def _times(number: float) -> str:
    return f"× {number:.2f}"


def _sign(number: float) -> str:
    return "−" if number < 0 else "+"
