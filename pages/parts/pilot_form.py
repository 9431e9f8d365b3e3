"""Setting the rule of a pilot before it begins, and what can be done about one."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import streamlit as st

from inbox import pilots
from inbox.agents import Agent
from inbox.pilot_plans import Metric, Pilot, Plan, Rule
from inbox.words import _, mark
from pages.parts import desk, form, pilot_words, times
from pages.parts.charts import axes
from pages.parts.escape import plain

METRICS: dict[Metric, str] = {
    "first_response": mark("The median first response becomes shorter"),
    "within": mark("More are answered within the promise"),
    "duplicates": mark("There are fewer duplicate replies"),
}
USUAL = Rule(metric="first_response", target=0.3, margin=0.05)
WEEKS, WEEKS_BEFORE = 4, 8


def plan(viewer: Agent, known: list[Pilot], now: datetime) -> None:
    """A form for the next pilot, for whoever may configure a mailbox of which none is under way."""
    busy = {
        mailbox_id
        for one in known
        if one.state(now) in {"planned", "running"}
        for mailbox_id in one.plan.mailboxes
    }
    free = {
        sign.id: sign.name
        for sign in desk.signs()
        if sign.id not in busy and pilots.may_set(viewer, [sign.id])
    }
    if not free:
        return
    with st.expander(_("Plan a pilot") if not known else _("Plan another pilot")):
        fields("plan", free, None, now, pilots.plan)


def around(viewer: Agent, one: Pilot, now: datetime) -> None:
    """Before the first day it may be changed or withdrawn, from then on ended early."""
    if not pilots.may_set(viewer, one.plan.mailboxes):
        return
    state = one.state(now)
    if state == "planned":
        mine = {s.id: s.name for s in desk.signs() if pilots.may_set(viewer, [s.id])}
        with st.expander(_("Change the rule or the day")):
            fields("change", mine, one.plan, now, pilots.change, one.id)
        warning = _("It will not begin. That it was planned and withdrawn stays in the diary.")
        if form.confirmed("pilot_withdraw", _("Withdraw it"), warning):
            form.saved(pilots.withdraw, one.id)
    if state == "running":
        warning = _("Its mails count up to now. That it was ended early will be told beside it.")
        if form.confirmed("pilot_end", _("End it early"), warning):
            form.saved(pilots.end, one.id)


def fields(
    key: str,
    boxes: dict[int, str],
    known: Plan | None,
    now: datetime,
    verb: Callable[..., object],
    *which: int,
) -> None:
    """The rule, its mailboxes and its days."""
    rule = known.rule if known else USUAL
    today = pilot_words.today(now, times.zone())
    monday = today + timedelta(days=7 - today.weekday())
    with st.form(f"pilot_{key}", border=False):
        mailboxes = st.multiselect(
            _("Mailboxes"),
            list(boxes),
            [one for one in (known.mailboxes if known else boxes) if one in boxes],
            format_func=lambda one: plain(boxes[one]),
            key=f"pilot_{key}_mailboxes",
        )
        metric = st.selectbox(
            _("It helps, if"),
            list(METRICS),
            list(METRICS).index(rule.metric),
            format_func=lambda one: _(METRICS[one]),
            key=f"pilot_{key}_metric",
        )
        with st.container(horizontal=True):
            target = per_cent(key, "target", _("by at least (%)"), rule.target)
            margin = per_cent(key, "margin", _("too little to matter (%)"), rule.margin)
            promised = st.number_input(
                _("Promise: answered within (hours)"),
                0.25,
                240.0,
                rule.promised / axes.HOUR,
                key=f"pilot_{key}_promise",
            )
        with st.container(horizontal=True):
            starts_on = st.date_input(
                _("First day"),
                known.starts_on if known else monday,
                min_value=today + timedelta(days=1),
                key=f"pilot_{key}_day",
            )
            weeks = number(key, "weeks", _("Weeks of the pilot"), known.weeks if known else WEEKS)
            before = number(
                key, "before", _("Weeks before"), known.weeks_before if known else WEEKS_BEFORE
            )
        is_business = st.checkbox(
            _("Count waits in business time"),
            known.is_business if known else False,
            key=f"pilot_{key}_business",
        )
        st.caption(_("From the first day on the rule is frozen; it can only be ended early."))
        if st.form_submit_button(_("Set the rule"), type="primary") and isinstance(starts_on, date):
            wanted = Plan(
                mailboxes=tuple(mailboxes),
                rule=Rule(
                    metric=metric,
                    target=target / 100,
                    margin=margin / 100,
                    promised=promised * axes.HOUR,
                ),
                starts_on=starts_on,
                weeks=weeks,
                weeks_before=before,
                time_zone=known.time_zone if known else str(times.zone()),
                is_business=is_business,
            )
            form.saved(verb, *which, wanted)


def per_cent(key: str, name: str, label: str, value: float) -> int:
    return int(
        st.number_input(plain(label), 0, 99, round(100 * value), step=1, key=f"pilot_{key}_{name}")
    )


def number(key: str, name: str, label: str, value: int) -> int:
    most = pilots.MOST_WEEKS
    return int(st.number_input(plain(label), 1, most, value, step=1, key=f"pilot_{key}_{name}"))
