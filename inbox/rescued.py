"""What a rescue brought back and what it could not, for those who run the house.

It is told on every page until an admin has seen it.
"""

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from inbox import events
from inbox.agents import Agent
from inbox.store import Session

SETTING = "rescued"
_MOMENTS = ("at", "since", "until", "backup_at")


@dataclass(slots=True, kw_only=True)
class Rescued:
    """`source` is the state that took the damaged one's place: the file with its log (`log`) or
    without (`file`), a back-up, or nothing. Of the time from `since` to `until` claims, notes, tags
    and drafts are lost, unless `lost_events` is 0; `held` mails were waiting to be sent, `mails`
    were taken up again from data/raw. `is_settled` once all of them are filed."""

    at: datetime
    source: str
    why: str = ""
    since: datetime | None = None
    until: datetime
    lost_events: int
    backup_at: datetime | None = None
    set_aside: str = ""
    held: int = 0
    mails: int = 0
    is_seen: bool = False
    is_settled: bool = False

    @property
    def words(self) -> str:
        """The whole story, in plain words."""
        parts = [_TAKEN[self.source].format(at=_said(self.backup_at)), self._lost()]
        if self.mails:
            parts.append(
                f"{self.mails:,} mails are taken up again from data/raw, and every mailbox is "
                "compared with its server."
            )
        if self.held:
            parts.append(
                f"{self.held:,} mails that were waiting to be sent are held: they may have gone "
                "out. An agent decides about each in its conversation."
            )
        if self.set_aside:
            parts.append(f"The damaged files are in {self.set_aside}, unchanged.")
        return " ".join(parts)

    def _lost(self) -> str:
        if self.source == "nothing":
            return (
                "People, passwords and mailbox settings are lost, and so are claims, notes, tags "
                "and drafts. Mailboxes stand there again without a server: connect them anew."
            )
        if self.source == "log" and not self.lost_events:
            return "Nothing that the diary knew is lost."
        return (
            f"Claims, notes, tags, closes and drafts from {_said(self.since)} to "
            f"{_said(self.until)} are lost ({self.lost_events:,} entries of the diary)."
        )


_TAKEN = {
    "log": "The database was damaged. It was read up to the damage in its log.",
    "file": "The database's log was damaged. The state before it took its place.",
    "backup": "The database was damaged. The back-up of {at} took its place.",
    "nothing": "The database was damaged and there was no back-up of it. A new one was begun.",
}


def _said(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "an unknown time"


def keep(db: Session, told: Rescued) -> None:
    """In place of an earlier one."""
    text = json.dumps(asdict(told), default=datetime.isoformat)
    db.change("rescue.forget", name=SETTING)
    db.change("rescue.keep", name=SETTING, value=text)


def last(db: Session) -> Rescued | None:
    """The newest rescue, seen or not."""
    text = db.value("rescue.kept", name=SETTING)
    return None if text is None else read(text)


def shown(db: Session, viewer: Agent) -> Rescued | None:
    """The newest rescue, for those who run the house."""
    viewer.must_run_the_house("health")
    return last(db)


def read(text: str) -> Rescued:
    """As `keep` wrote it."""
    found = json.loads(text)
    known = {f.name for f in fields(Rescued)}
    moments = {n: datetime.fromisoformat(found[n]) for n in _MOMENTS if found.get(n)}
    return Rescued(**{n: v for n, v in {**found, **moments}.items() if n in known})


def seen(db: Session, agent: Agent, *, now: datetime) -> None:
    """An admin has read it: the line on every page goes; Health and the diary keep it."""
    agent.must_run_the_house("health")
    told = last(db)
    if told is None or told.is_seen:
        return
    told.is_seen = True
    keep(db, told)
    events.record(db, agent, "rescue_seen", None, now=now)
