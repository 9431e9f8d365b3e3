"""What a pilot's verdict and its confounders say, in words."""

import math

from inbox.confounders import Confounder
from inbox.pilot import Verdict
from inbox.pilot_plans import Rule
from inbox.words import _, each, mark
from pages.parts.charts import axes

VERDICTS = {
    "keep": mark("Keep it"),
    "promising": mark("Promising: go on for two weeks"),
    "no_clear_effect": mark("No clear effect"),
    "worse": mark("Worse than before"),
}
METRICS = {
    "first_response": mark("median first response"),
    "within": mark("share answered within the promise"),
    "duplicates": mark("duplicates per answered turn"),
}
PLAIN = {
    "volume": mark("Mails a working day: {before} before, {pilot} in the pilot"),
    "holidays": mark("Public holidays: {before} before, {pilot} in the pilot"),
    "carried_in": mark("Carried in, in days of mail: {before} before, {pilot} in the pilot"),
}
SHARES = {
    "weekdays": mark("Other weekdays: {pilot} of the mails"),
    "mailboxes": mark("Other mailboxes: {pilot} of the mails"),
    "languages": mark("Other languages: {pilot} of the mails"),
    "waiting": mark("Without an answer yet: {before} before, {pilot} in the pilot"),
}


def said(verdict: Verdict, rule: Rule) -> str:
    """“Keep it · median first response: 42% better (95% between 31% and 51%)”, or what lacks."""
    if verdict.kind == "not_enough" or verdict.gain is None:
        return _lacking(verdict)
    gain = verdict.gain
    better = (
        _("{what}: {gain} better (95% between {low} and {high})")
        if gain.value >= 0
        else _("{what}: {gain} worse (95% between {low} and {high})")
    )
    ends = (gain.low, gain.high) if gain.value >= 0 else (-gain.high, -gain.low)
    # Of a share the gain is a difference, of a wait or a rate a part.
    is_points = rule.metric == "within"
    size = _points(abs(gain.value))
    told = better.format(
        what=each(METRICS)[rule.metric],
        gain=_("{n} points").format(n=size) if is_points else axes.per_cent(abs(gain.value)),
        low=_points(ends[0]) if is_points else _signed(ends[0]),
        high=_points(ends[1]) if is_points else _signed(ends[1]),
    )
    return f"{each(VERDICTS)[verdict.kind]} · {told}"


def _points(share: float) -> str:
    """“−3”, of a hundred."""
    return ("−" if round(share, 4) < 0 else "") + f"{100 * abs(share):.0f}"


def _signed(share: float) -> str:
    """“−3%”; an open end has no number."""
    if not math.isfinite(share):
        return _("not known")
    return ("−" if round(share, 4) < 0 else "") + axes.per_cent(abs(share))


def _lacking(verdict: Verdict) -> str:
    mails = min(verdict.mails)
    if verdict.needed is None:
        return _("Not enough yet: before the pilot there was nothing to compare with")
    if mails >= verdict.needed:
        title = _("Not enough yet: {days} days, 20 needed")
        return title.format(days=min(verdict.days))
    title = _("Not enough yet: {mails} mails, about {needed} needed")
    return title.format(mails=axes.count(mails), needed=axes.count(verdict.needed))


def confounder(one: Confounder) -> str:
    """One line, with its numbers."""
    if one.kind in SHARES:
        return each(SHARES)[one.kind].format(
            before=axes.per_cent(one.before), pilot=axes.per_cent(one.pilot)
        )
    return each(PLAIN)[one.kind].format(before=f"{one.before:.3g}", pilot=f"{one.pilot:.3g}")
