"""Last week's numbers by mail: each Monday at seven where the reader is, once, to managers who have
asked for them, of the mailboxes they may read."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from inbox import agents, house_mail
from inbox.agents import Agent
from inbox.blobs import RawStore
from inbox.durations import lasting
from inbox.errors import NotAllowed
from inbox.settings import Settings
from inbox.store import Session
from inbox.words import _, plural, speaking

AT = time(7)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Of last week and of the week before; seconds, None where nobody was answered. What waits and
    what is open are of the moment, whenever it came."""

    n: int
    median: float | None
    p90: float | None
    n_before: int
    median_before: float | None
    p90_before: float | None
    waiting: int
    longest: float | None
    turns: int
    turns_before: int
    never_open: int
    never_closed: int
    doubled: int
    doubled_before: int
    shift_ends: int
    unassigned_mean: float | None
    unassigned_most: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail that is to be queued, for the Monday it is due on."""

    agent_id: int
    email: str
    monday: date
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    id: int
    mailed: date | None
    zone: str


def is_offered(viewer: Agent) -> bool:
    """Whether the viewer manages anything; nobody else is mailed."""
    return any(viewer.may("compare", mailbox_id) for mailbox_id in viewer.readable)


def is_wanted(db: Session, viewer: Agent) -> bool:
    return bool(db.value("weekly.is_wanted", agent_id=viewer.id))


def set_wanted(db: Session, agent: Agent, is_wanted: bool, *, now: datetime) -> None:
    """Ask for the mail, or for none any more; the first one comes on the next Monday. Leaves no
    event: it is nobody else's business. Raises NotAllowed for who manages nothing."""
    if not is_offered(agent):
        raise NotAllowed("compare")
    zone = agent.time_zone or str(db.value("weekly.zone", mailboxes=agent.readable))
    mailed = _monday(now, ZoneInfo(zone))
    db.change("weekly.set_wanted", agent_id=agent.id, is_wanted=is_wanted, mailed=mailed)


def due(db: Session, settings: Settings, *, now: datetime) -> list[Letter]:
    """Written for everybody whose Monday has come and who was not mailed since."""
    found = []
    for wish in db.all("weekly.wanted", _Wish):
        zone = ZoneInfo(wish.zone)
        monday = _monday(now, zone)
        viewer = agents.by_id(db, wish.id)
        is_told = wish.mailed is not None and wish.mailed >= monday
        if not is_told and viewer is not None and is_offered(viewer):
            found.append(_letter(db, viewer, monday, zone, settings, now=now))
    return found


def queue(db: Session, letter: Letter, raw: RawStore, *, now: datetime) -> bool:
    """Queue it and note that it is, in one; False when another round has done so. Raises Invalid
    where no mailbox can write to the agent, who is tried again."""
    if not db.change("weekly.mailed", agent_id=letter.agent_id, monday=letter.monday):
        return False
    house_mail.queue_system(db, None, letter.email, letter.subject, letter.text, raw=raw, now=now)
    return True


def numbers(
    db: Session,
    viewer: Agent,
    since: datetime,
    until: datetime,
    earlier: datetime,
    *,
    now: datetime,
) -> Numbers:
    """Of the week from `since` until `until` (naive UTC), and of the one from `earlier` on."""
    found = db.one(
        "weekly.numbers",
        Numbers,
        mailboxes=viewer.readable,
        earlier=earlier,
        since=since,
        until=until,
        now=now,
    )
    assert found is not None
    return found


def _monday(now: datetime, zone: ZoneInfo) -> date:
    """The last Monday on which it was seven there."""
    local = now.replace(tzinfo=UTC).astimezone(zone)
    monday = local.date() - timedelta(days=local.weekday())
    return monday - WEEK if local < datetime.combine(monday, AT, zone) else monday


def _letter(
    db: Session, viewer: Agent, monday: date, zone: ZoneInfo, settings: Settings, *, now: datetime
) -> Letter:
    earlier, since, until = (_midnight(monday - n * WEEK, zone) for n in (2, 1, 0))
    told = numbers(db, viewer, since, until, earlier, now=now)
    with speaking(viewer.language):
        first, last = monday - WEEK, monday - timedelta(days=1)
        subject = _("Last week in numbers: {first} to {last}").format(first=first, last=last)
        text = _text(told, viewer, last, settings)
    return Letter(agent_id=viewer.id, email=viewer.email, monday=monday, subject=subject, text=text)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)


def _text(told: Numbers, viewer: Agent, last: date, settings: Settings) -> str:
    boxes = ", ".join(_plain(m.mailbox_name) for m in viewer.memberships)
    lines = [
        (_("First response"), _first_response(told), "response-time"),
        (_("Wait now"), _waiting(told), "response-time"),
        (_("Never answered"), _never(told), "unanswered"),
        (_("Answered twice"), _doubled(told), "duplicate-replies"),
        (_("Nobody's at the end of the day"), _left_over(told), "load"),
    ]
    return "\n".join(
        [
            _("In {mailboxes}, with the week before in brackets:").format(mailboxes=boxes),
            "",
            *(
                f"- [{name}]({_address(page, last, settings)}): {said}"
                for name, said, page in lines
            ),
            "",
            _("You asked for this mail under Your account, where you can end it."),
        ]
    )


def _address(page: str, last: date, settings: Settings) -> str:
    """A page of Insight that tells of the same week."""
    asked = urlencode({"days": 7, "to": last.isoformat()})
    return f"{settings.base_url.rstrip('/')}/{page}?{asked}"


def _first_response(told: Numbers) -> str:
    return _(
        "median {median} ({median_before}), 90th percentile {p90} ({p90_before}), "
        "n = {n} ({n_before})"
    ).format(
        median=_lasting(told.median),
        median_before=_lasting(told.median_before),
        p90=_lasting(told.p90),
        p90_before=_lasting(told.p90_before),
        n=told.n,
        n_before=told.n_before,
    )


def _waiting(told: Numbers) -> str:
    if told.longest is None:
        return _("nobody")
    return _("{n}, the longest for {time}").format(n=told.waiting, time=lasting(told.longest))


def _never(told: Numbers) -> str:
    said = _("{open} open, whenever they came; {closed} of last week closed without a word")
    return said.format(open=told.never_open, closed=told.never_closed)


def _doubled(told: Numbers) -> str:
    return _("{n} of {turns} answered turns ({n_before} of {turns_before})").format(
        n=told.doubled,
        turns=told.turns,
        n_before=told.doubled_before,
        turns_before=told.turns_before,
    )


def _left_over(told: Numbers) -> str:
    if told.unassigned_mean is None:
        return _("no mailbox keeps hours")
    said = plural(
        "{mean} on average, {most} at most, at {n} closing time",
        "{mean} on average, {most} at most, at {n} closing times",
        told.shift_ends,
    )
    mean = f"{told.unassigned_mean:.1f}"
    return said.format(mean=mean, most=told.unassigned_most, n=told.shift_ends)


def _lasting(seconds: float | None) -> str:
    return "–" if seconds is None else lasting(seconds)


def _plain(text: str) -> str:
    return "".join(f"\\{c}" if c in "\\`*_[]()<>#!|" else c for c in " ".join(text.split()))
