"""What a pilot's page and its printed sheet say: the rule, the numbers, the caveats. As text, which
whoever shows it makes ready for its place."""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from inbox.pilot import FEWEST_DAYS, Verdict
from inbox.pilot_mail import QUEUED_DAYS, Told
from inbox.pilot_plans import Pilot, Plan
from inbox.words import _, each, mark, plural
from pages.parts import times
from pages.parts.charts import axes

RULES = {
    "first_response": mark(
        "Keep it, if the median first response becomes at least {target} shorter, and surely more "
        "than {margin}."
    ),
    "within": mark(
        "Keep it, if the share answered within {promise} rises by at least {target} points, and "
        "surely by more than {margin}."
    ),
    "duplicates": mark(
        "Keep it, if there are at least {target} fewer duplicate replies, and surely more than "
        "{margin}."
    ),
}


def day(on: date) -> str:
    """“9 Mar 2026”"""
    return f"{on.day} {_(times.MONTHS[on.month - 1])} {on.year}"


def local(moment: datetime, plan: Plan) -> date:
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(plan.time_zone)).date()


def rule(plan: Plan) -> str:
    """The rule in one sentence."""
    is_points = plan.rule.metric == "within"
    parts = [
        f"{100 * part:.0f}" if is_points else axes.per_cent(part)
        for part in (plan.rule.target, plan.rule.margin)
    ]
    return each(RULES)[plan.rule.metric].format(
        target=parts[0],
        margin=parts[1],
        promise=axes.lasting(plan.rule.promised),
    )


def periods(plan: Plan) -> str:
    """Which days are compared, and how waits are counted."""
    last = plan.decided_on - timedelta(days=1)
    said = _(
        "Before: {weeks} weeks up to the start. Pilot: {first} to {last}, decided on {day}. {clock}"
    )
    return said.format(
        weeks=plan.weeks_before,
        first=day(plan.starts_on),
        last=day(last),
        day=day(plan.decided_on),
        clock=_("Waits in business time.") if plan.is_business else _("Waits by the clock."),
    )


def was_set(known: Pilot) -> str:
    """Who set the rule, and how long before the first day."""
    word, start = known.set_at, known.plan.since
    return _("Set by {who} on {day}, {time} before the first day.").format(
        who=word.by or "Delad",
        day=day(local(word.at, known.plan)),
        time=axes.lasting((start - word.at).total_seconds()),
    )


def standing(known: Pilot, *, now: datetime) -> str:
    """What a reader must know before the verdict: that it is not the last one, for instance."""
    plan, state = known.plan, known.state(now)
    if state == "planned":
        return _("Planned: it begins on {day}.").format(day=day(plan.starts_on))
    if state == "running":
        left = (plan.decided_on - local(now, plan)).days
        said = plural(
            "This is so far: it is decided in {n} day, on {day}.",
            "This is so far: it is decided in {n} days, on {day}.",
            left,
        )
        return said.format(n=left, day=day(plan.decided_on))
    if known.ended:
        early = (plan.decided_on - local(known.ended.at, plan)).days
        said = plural(
            "Ended early by {who} on {day}, {n} day before the day that was set.",
            "Ended early by {who} on {day}, {n} days before the day that was set.",
            early,
        )
        when = day(local(known.ended.at, plan))
        return said.format(who=known.ended.by or "Delad", day=when, n=early)
    if state == "withdrawn":
        return _("Withdrawn before it began.")
    return _("Decided on {day}, as was set.").format(day=day(plan.decided_on))


def enough(found: Verdict, known: Pilot, *, now: datetime) -> str:
    """When there will probably be mails and days enough at the rate so far; empty when there are,
    or when waiting would not help."""
    begun, plan = (now - known.plan.since).total_seconds() / axes.DAY, known.plan
    if found.kind != "not_enough" or known.state(now) != "running" or found.needed is None:
        return ""
    if found.mails[0] < found.needed or found.days[0] < FEWEST_DAYS:
        return _("“Before” has too little mail, and will not have more.")
    if not found.mails[1] or begun < 1:
        return ""
    whole = begun * max(found.needed / found.mails[1], FEWEST_DAYS / max(1, found.days[1]))
    on = local(known.plan.since + timedelta(days=math.ceil(whole)), plan)
    if on > plan.decided_on:
        said = _("At this rate there is enough on about {day}: after the day that was set.")
    else:
        said = _("At this rate there is enough on about {day}.")
    return said.format(day=day(on))


def caveats(told: Told, known: Pilot, others: Sequence[Pilot], *, now: datetime) -> list[str]:
    """What the numbers cannot tell, and what was done to the rule."""
    plan = known.plan
    changes = sum(word.kind == "changed" for word in known.words)
    said = [
        _(
            "Compared is what mail alone shows: closing ends no wait here, and who was closed "
            "without an answer waits on. In the queue are those who have waited {n} days at most."
        ).format(n=QUEUED_DAYS),
        _(
            "Nobody was assigned to the pilot by lot: whatever else changed on its first day looks "
            "like its doing. Intervals hold 95%, for medians by drawing whole days again."
        ),
    ]
    if any(told.voids):
        said.append(
            _(
                "In spam or trash, and in no figure: {before} mails before, {pilot} in the pilot."
            ).format(before=axes.count(told.voids[0]), pilot=axes.count(told.voids[1]))
        )
    if not told.knows_holidays:
        said.append(_("No calendar of these mailboxes has a country: holidays are not known."))
    if known.state(now) == "running":
        said.append(
            _(
                "Read before the day that was set, a verdict may be chance: look again on {day}."
            ).format(day=day(plan.decided_on))
        )
    if changes:
        changed = plural(
            "The rule was changed {n} time before the first day.",
            "The rule was changed {n} times before the first day.",
            changes,
        )
        said.append(changed.format(n=changes))
    return said + [earlier(one, now=now) for one in others]


def earlier(one: Pilot, *, now: datetime) -> str:
    """Another pilot of these mailboxes is always told: who tries often finds by chance."""
    said = _("Another pilot of these mailboxes: from {day}. {standing}")
    return said.format(day=day(one.plan.starts_on), standing=standing(one, now=now))


def today(now: datetime, zone: tzinfo) -> date:
    return now.replace(tzinfo=UTC).astimezone(zone).date()


def mailboxes(one: Pilot, names: Mapping[int, str]) -> str:
    return ", ".join(names.get(mailbox_id, "?") for mailbox_id in one.plan.mailboxes)


def called(one: Pilot, names: Mapping[int, str]) -> str:
    """“Support, Sales · 9 Mar 2026”"""
    return f"{mailboxes(one, names)} · {day(one.plan.starts_on)}"
