"""The pilot of the demo: it began four weeks ago, and is decided today."""

from datetime import UTC, datetime, timedelta

from inbox import pilots
from inbox.agents import Agent
from inbox.pilot_plans import Plan, Rule
from inbox.store import Session
from ingest.demo import hours

WEEKS, WEEKS_BEFORE = 4, 8
# So many days before its first day the firm moves in and sets the rule.
LEAD = 6
RULE = Rule(metric="within", target=0.15, margin=0.05)


def plan(db: Session, admin: Agent, mailboxes: list[int], *, now: datetime) -> None:
    """Set the rule of a pilot that begins some days after `now`."""
    today = now.replace(tzinfo=UTC).astimezone(hours.ZONE).date()
    wanted = Plan(
        mailboxes=tuple(mailboxes),
        rule=RULE,
        starts_on=today + timedelta(days=LEAD),
        weeks=WEEKS,
        weeks_before=WEEKS_BEFORE,
        time_zone=str(hours.ZONE),
    )
    pilots.plan(db, admin, wanted, now=now)
