"""One act on many conversations at once: a few statements, one action, and one way back.

Each verb takes a Choice, does what it can, and tells how many it left alone. What needs nothing
done (closing what is closed) counts as neither. See inbox.bulk_undo for the way back.
"""

from datetime import datetime

from inbox import agents, availability, calling_off, notifications, reads, snoozing
from inbox.agents import Agent
from inbox.chosen import Choice, Done, able, ids, told
from inbox.errors import Invalid
from inbox.store import Session


def close(db: Session, agent: Agent, choice: Choice, *, now: datetime) -> Done:
    """Nobody waits in these any more."""
    may, left_out = able(db, agent, choice, "triage", now)
    rows = [row for row in may if row.status == "open"]
    db.change("bulk.close", ids=ids(rows), now=now)
    return told(db, agent, "closed", rows, left_out, ("status", "waiting_since"), now=now)


def assign(db: Session, agent: Agent, choice: Choice, assignee_id: int, *, now: datetime) -> Done:
    """Give them to a colleague, as far as he may answer there. Raises Invalid while he is away."""
    may, left_out = able(db, agent, choice, "triage", now)
    fitting = {
        mailbox_id
        for mailbox_id in {row.mailbox_id for row in may}
        if assignee_id in {c.id for c in agents.colleagues(db, agent, mailbox_id)}
    }
    if not fitting:
        raise Invalid("assignee", "That colleague cannot answer mail in this mailbox.")
    availability.must_be_here(db, agent, assignee_id, now=now)
    left_out += sum(row.mailbox_id not in fitting for row in may)
    rows = [r for r in may if r.mailbox_id in fitting and r.assignee_id != assignee_id]
    db.change("bulk.assign", ids=ids(rows), assignee_id=assignee_id)
    if rows:
        # One word for all of it: whoever is given a hundred is not told a hundred times.
        first = rows[0]
        notifications.make(
            db,
            agent,
            "assigned",
            [assignee_id],
            first.id,
            first.mailbox_id,
            how_many=len(rows),
            now=now,
        )
    after = {"assignee_id": assignee_id}
    return told(db, agent, "assigned", rows, left_out, ("assignee_id",), after, now=now)


def snooze(db: Session, agent: Agent, choice: Choice, until: datetime, *, now: datetime) -> Done:
    """Let what is open of them sleep until then. Raises Invalid as `snoozing.snooze` does."""
    snoozing.check(until, now)
    may, left_out = able(db, agent, choice, "triage", now)
    open_ones = [r for r in may if r.status == "open" and not (r.spam_at or r.trashed_at)]
    left_out += len(may) - len(open_ones)
    rows = [r for r in open_ones if r.snoozed_until != until]
    db.change("bulk.snooze", ids=ids(rows), until=until)
    after = {"until": until.isoformat(), "stays": False}
    changed = ("snoozed_until", "snooze_stays")
    return told(db, agent, "snoozed", rows, left_out, changed, after, now=now)


def mark_spam(db: Session, agent: Agent, choice: Choice, *, now: datetime) -> Done:
    """Take them out of every queue as junk; nothing is deleted."""
    may, left_out = able(db, agent, choice, "triage", now)
    rows = [row for row in may if row.spam_at is None]
    db.change("bulk.mark_spam", ids=ids(rows), now=now)
    calling_off.with_conversations(db, agent, ids(rows), now=now)
    return told(db, agent, "marked_spam", rows, left_out, ("spam_at",), now=now)


def trash(db: Session, agent: Agent, choice: Choice, *, now: datetime) -> Done:
    """Put them in the trash, from which they can be restored."""
    may, left_out = able(db, agent, choice, "triage", now)
    rows = [row for row in may if row.trashed_at is None]
    db.change("bulk.trash", ids=ids(rows), now=now)
    calling_off.with_conversations(db, agent, ids(rows), now=now)
    return told(db, agent, "trashed", rows, left_out, ("trashed_at",), now=now)


def restore(db: Session, agent: Agent, choice: Choice, *, now: datetime) -> Done:
    """Take them out of trash, or else out of spam."""
    may, left_out = able(db, agent, choice, "triage", now)
    rows = [row for row in may if row.spam_at is not None or row.trashed_at is not None]
    db.change("bulk.restore", ids=ids(rows))
    return told(db, agent, "restored", rows, left_out, ("spam_at", "trashed_at"), now=now)


def mark_read(db: Session, agent: Agent, choice: Choice, *, now: datetime) -> Done:
    """Nothing in them is new to the agent any more; for colleagues nothing changes."""
    may, left_out = able(db, agent, choice, "read", now)
    rows = [row for row in may if row.is_unread]
    reads.saw(db, agent.id, ids(rows), now=now)
    return told(db, agent, "marked_read", rows, left_out, now=now)


def mark_unread(db: Session, agent: Agent, choice: Choice, *, now: datetime) -> Done:
    """They stand out for the agent as what is new does; for colleagues nothing changes."""
    may, left_out = able(db, agent, choice, "read", now)
    rows = [row for row in may if not row.is_unread]
    reads.forget(db, agent.id, ids(rows), now=now)
    return told(db, agent, "marked_unread", rows, left_out, now=now)
