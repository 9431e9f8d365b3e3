"""What is set before a pilot begins, and how it stands."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from inbox.errors import Invalid

Metric = Literal["first_response", "within", "duplicates"]
State = Literal["planned", "running", "over", "ended", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`target` is the gain to be reached, `margin` the gain that is too small to matter, both as
    parts of one: of the median wait, of the share within `promised` seconds, or of the rate of
    duplicates."""

    metric: Metric
    target: float
    margin: float
    promised: float = 4 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is set before the first day. `starts_on` is a local day of `time_zone`; `weeks` later
    it is decided; mails of `weeks_before` that day are “before”. Whole weeks keep the rhythm of
    weekdays out of the comparison. Waits are counted in business time when `is_business`."""

    mailboxes: tuple[int, ...]
    rule: Rule
    starts_on: date
    weeks: int
    weeks_before: int
    time_zone: str
    is_business: bool = False

    @property
    def decided_on(self) -> date:
        """The first day after it."""
        return self.starts_on + timedelta(weeks=self.weeks)

    def midnight(self, day: date) -> datetime:
        """The moment (naive UTC) at which this local day begins."""
        local = datetime.combine(day, time(), ZoneInfo(self.time_zone))
        return local.astimezone(UTC).replace(tzinfo=None)

    @property
    def since(self) -> datetime:
        return self.midnight(self.starts_on)

    @property
    def until(self) -> datetime:
        return self.midnight(self.decided_on)

    @property
    def before(self) -> datetime:
        return self.midnight(self.starts_on - timedelta(weeks=self.weeks_before))


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word on a pilot: who planned, changed, withdrew or ended it, and when."""

    kind: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilot:
    """`words` are all that was done to it, oldest first."""

    id: int
    plan: Plan
    words: tuple[Word, ...]

    @property
    def set_at(self) -> Word:
        """Who set the rule as it is, and when."""
        return [word for word in self.words if word.kind in {"planned", "changed"}][-1]

    @property
    def ended(self) -> Word | None:
        last = self.words[-1]
        return last if last.kind == "ended" else None

    @property
    def until(self) -> datetime:
        """The moment before which its mails count."""
        return min(self.plan.until, self.ended.at) if self.ended else self.plan.until

    def state(self, now: datetime) -> State:
        last = self.words[-1].kind
        if last in {"withdrawn", "ended"}:
            return "withdrawn" if last == "withdrawn" else "ended"
        if now < self.plan.since:
            return "planned"
        return "running" if now < self.plan.until else "over"


def checked(rule: Rule) -> Rule:
    """Raises Invalid for a rule that could not decide anything."""
    if rule.metric not in {"first_response", "within", "duplicates"}:
        raise Invalid("metric", "A pilot is judged by waits, by a promise or by duplicates.")
    if not 0 <= rule.margin < rule.target < 1:
        raise Invalid("target", "The target is a part of one, and more than the margin.")
    if not rule.promised > 0:
        raise Invalid("promised", "A promise is a time of more than nothing.")
    return rule
