"""What happens to an outbox row while it is carried to SMTP: for the worker, which has no viewer.

Each function is one step inside the caller's transaction. A row is worked on under a lease; a
step whose lease is gone changes nothing and says so.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from inbox import events, families, filing, guard, outgoing, stops
from inbox.guard import Between
from inbox.outgoing import Parcel, Result, SentCheck
from inbox.settings import Settings
from inbox.store import Session

UNANSWERED = {"failed", "asked"}
IN_DOUBT = "It is not certain that this mail arrived. Say that it did, or send it again."


def due(db: Session, *, now: datetime) -> dict[int, list[int]]:
    """{mailbox id: ids of its rows that may leave}, longest waiting first."""
    found: dict[int, list[int]] = {}
    for outbox_id, mailbox_id in db.rows("outbox.due", now=now):
        found.setdefault(mailbox_id, []).append(outbox_id)
    return found


def lease(db: Session, outbox_id: int, settings: Settings, *, now: datetime) -> Parcel | None:
    """Take a due row to work on it; None when it was undone or somebody else has it."""
    until = now + timedelta(seconds=settings.lease_seconds)
    if not db.change("outbox.lease", outbox_id=outbox_id, leased_until=until, now=now):
        return None
    return outgoing.by_id(db, outbox_id)


def stop(db: Session, parcel: Parcel, between: Sequence[Between] = (), *, now: datetime) -> None:
    """Nothing leaves and the draft is open again: the conversation moved on, as `between` says;
    nothing there, and it is an answer in Sent that is not filed yet."""
    reason = between[0].words if between else guard.ELSEWHERE
    check: SentCheck = "overtaken" if between else "stopped"
    if not _end(db, parcel, "failed", reason, sent_check=check):
        return
    outgoing.give_back(db, parcel, now=now)
    newer = sorted(one.event_id for one in between)
    stops.held_back(db, parcel, newer, now=now)
    tell(db, parcel, "stopped", reason, newer=newer, now=now)


def stop_if_overtaken(db: Session, parcel: Parcel, settings: Settings, *, now: datetime) -> bool:
    """The guard once more, for a mail that is about to leave; True when it must not."""
    if parcel.sent_check == "waived":
        return False
    between = guard.overtaken(db, parcel, settings, now=now)
    if between:
        stop(db, parcel, between, now=now)
    return bool(between)


def enter_data(
    db: Session,
    parcel: Parcel,
    refused: list[Result],
    sent_check: SentCheck,
    settings: Settings,
    *,
    now: datetime,
) -> Parcel | None:
    """Commit this before the first byte of DATA; None when the lease is gone or the guard stopped
    it in this same transaction: then send nothing.

    `refused` are the recipients the server did not take, with its answers.
    """
    if stop_if_overtaken(db, parcel, settings, now=now):
        return None
    answer(db, parcel, refused)
    db.change("outbox.note_check", outbox_id=parcel.id, sent_check=sent_check)
    until = now + timedelta(seconds=settings.data_seconds + settings.lease_seconds)
    entered = db.change(
        "outbox.enter_data", outbox_id=parcel.id, lease=parcel.leased_until, until=until, now=now
    )
    return replace(parcel, leased_until=until, stage="data") if entered else None


def arrived(db: Session, parcel: Parcel, *, now: datetime) -> None:
    """The server has it (250), or a doubt is settled: sent, filed and recorded, once.

    What was in doubt left when it was handed over, not when that turned out. Recipients the
    server put off (4xx) get the mail as a row of their own.
    """
    sent_at = min(parcel.handed_over_at, now) if parcel.state == "uncertain" else now
    if not _end(db, parcel, "sent", None, sent_at=sent_at):
        return
    db.change("outbox.accept_pending", outbox_id=parcel.id)
    results = outgoing.results(db, parcel.id)
    if parcel.conversation_id is not None:
        filing.file_reply(db, parcel, results, sent_at=sent_at, now=now)
        place = families.place(db, parcel.conversation_id)
        db.change("conversations.clear_alert", conversation_id=place, alert=IN_DOUBT)
        trouble = [r for r in results if r.state == "refused"]
        if trouble:
            _shout(db, parcel, _refusals(trouble))
    late = [replace(r, state="pending", answer=None) for r in results if r.state == "deferred"]
    if late:
        outgoing.again(db, parcel, late, due_at=now, now=now)


def put_back(
    db: Session, parcel: Parcel, reason: str, settings: Settings, *, now: datetime
) -> None:
    """Nothing was sent and the trouble may pass: try again after a pause, for two days."""
    since = parcel.planned_at or parcel.queued_at
    if now - since >= timedelta(hours=settings.give_up_hours):
        fail(db, parcel, f"Given up after {settings.give_up_hours:g} hours. {reason}", now=now)
        return
    db.change(
        "outbox.put_back",
        outbox_id=parcel.id,
        lease=parcel.leased_until,
        due_at=now + pause(settings, parcel.attempts),
        attempts=parcel.attempts + 1,
        sent_check=parcel.sent_check,
        reason=reason,
    )


def wait(db: Session, parcel: Parcel, reason: str, seconds: float, *, now: datetime) -> None:
    """Not now, for a reason on our side: take it up again soon; it is no failed attempt."""
    db.change(
        "outbox.put_back",
        outbox_id=parcel.id,
        lease=parcel.leased_until,
        due_at=now + timedelta(seconds=seconds),
        attempts=parcel.attempts,
        sent_check=parcel.sent_check,
        reason=reason,
    )


def refuse(db: Session, parcel: Parcel, refused: list[Result]) -> None:
    """Note what the server said of single recipients when none was taken."""
    answer(db, parcel, [r for r in refused if r.state == "refused"])


def fail(db: Session, parcel: Parcel, reason: str, *, now: datetime) -> None:
    """A definite no. Nothing was sent, and nothing will be unless a person asks."""
    results = outgoing.results(db, parcel.id)
    lost = [
        Result(address=r.address, kind=r.kind, state="refused", answer=reason)
        for r in results
        if r.state == "pending"
    ]
    answer(db, parcel, lost)
    if _end(db, parcel, "failed", reason):
        tell(db, parcel, "failed", f"A reply could not be sent. {reason}", now=now)


def doubt(db: Session, parcel: Parcel, reason: str, *, now: datetime) -> None:
    """The line broke after DATA had begun: never sent again by itself. It is looked for first
    (see inbox.echoes), and people are asked only when that found nothing."""
    if _end(db, parcel, "uncertain", reason):
        tell(db, parcel, "doubted", None, now=now)


def _end(
    db: Session,
    parcel: Parcel,
    state: outgoing.State,
    reason: str | None,
    *,
    sent_check: SentCheck | None = None,
    sent_at: datetime | None = None,
) -> bool:
    return bool(
        db.change(
            "outbox.end_attempt",
            outbox_id=parcel.id,
            lease=parcel.leased_until,
            state=state,
            reason=reason,
            sent_check=sent_check,
            sent_at=sent_at,
        )
    )


def answer(db: Session, parcel: Parcel, results: list[Result]) -> None:
    """Note what became of single recipients."""
    for result in results:
        db.change(
            "outbox.answer_recipient",
            outbox_id=parcel.id,
            address=result.address,
            state=result.state,
            answer=result.answer,
        )


def tell(
    db: Session,
    parcel: Parcel,
    kind: str,
    alert: str | None,
    *,
    newer: Sequence[int] = (),
    now: datetime,
) -> None:
    """Let the conversation shout, if there is something to shout, and the diary know why. One
    that was closed meanwhile is taken up again when the customer has, or may have, no answer."""
    if alert is not None:
        _shout(db, parcel, alert)
    place = families.place(db, parcel.conversation_id)
    about: dict[str, object] = {"outbox_id": parcel.id}
    kinds = {kind: about | ({"newer": list(newer)} if newer else {})}
    if kind in UNANSWERED and db.change("outbox.take_up", conversation_id=place):
        kinds["reopened"] = about
    for each, after in kinds.items():
        events.record(
            db,
            events.SYSTEM,
            each,
            place,
            mailbox_id=parcel.mailbox_id,
            message_id=parcel.message_id,
            after=after,
            now=now,
        )


def _shout(db: Session, parcel: Parcel, alert: str) -> None:
    if parcel.conversation_id is not None:
        place = families.place(db, parcel.conversation_id)
        db.change("conversations.set_alert", conversation_id=place, alert=alert[:500])


def _refusals(trouble: list[Result]) -> str:
    return "Not delivered to " + "; ".join(f"{r.address} ({r.answer})" for r in trouble)[:450]


def pause(settings: Settings, attempts: int) -> timedelta:
    """How long to wait after so many failed attempts before this one."""
    pauses = [float(seconds) for seconds in settings.retry_seconds.split()] or [60.0]
    return timedelta(seconds=pauses[min(attempts, len(pauses) - 1)])
