"""Merging conversations, and taking them apart again: a link that can be undone.

Nothing moves. The conversation that was merged keeps its rows and stands as it stood; the one that
stays stands for both, by what the messages of both say. What comes after goes to the one that
stays, and is not taken back when they are parted.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inbox import conversations, events, families, handover, standings, tags
from inbox.agents import Agent
from inbox.errors import Invalid
from inbox.events import SYSTEM, Actor, NewEvent
from inbox.families import Family
from inbox.standings import Row
from inbox.store import Session

LONGEST_NUMBER = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    """One merge that holds, and how the conversation that stayed stood before it."""

    id: int
    into_id: int
    event_id: int
    status: str
    assignee_id: int | None
    waiting_since: datetime | None
    closed_at: datetime | None
    trashed_at: datetime | None
    took_alert: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A conversation that another can be merged with."""

    id: int
    subject: str
    contact_name: str
    contact_address: str
    status: str
    created_at: datetime
    last_message_at: datetime
    message_count: int


def candidates(
    db: Session, viewer: Agent, conversation_id: int, words: str = "", *, limit: int = 6
) -> list[Candidate]:
    """With which conversations of the mailbox this one can be merged: found by number (“#12”) or
    by words of the subject or the contact; without words, those with the same contact."""
    found = conversations.by_id(db, viewer, conversation_id)
    wanted = " ".join(words.split()).lower()
    named = wanted.removeprefix("#")
    is_number = named.isascii() and named.isdigit() and len(named) < LONGEST_NUMBER
    return db.all(
        "merging.candidates",
        Candidate,
        mailbox_id=found.mailbox_id,
        conversation_id=found.id,
        words=named if is_number else wanted,
        number=int(named) if is_number else None,
        address=found.contact_address.lower(),
        most=limit,
    )


def merge(db: Session, agent: Agent, conversation_id: int, into_id: int, *, now: datetime) -> None:
    """Make the first conversation part of the second, of the same mailbox. It is undone with
    `unmerge`. Into one that was merged itself means into the one it is in now.

    Raises Invalid for two that cannot be merged: in two mailboxes, one and the same, merged
    already, in spam or in the trash.
    """
    one = conversations.by_id(db, agent, conversation_id)
    agent.must("triage", one.mailbox_id)
    into = conversations.by_id(db, agent, into_id)
    if one.id == into.id:
        raise Invalid("conversation", "These are one conversation already.")
    if one.id != conversation_id:
        raise Invalid(
            "conversation", "This conversation was merged into #{number} before.", number=one.id
        )
    if one.mailbox_id != into.mailbox_id:
        raise Invalid("conversation", "Conversations of two mailboxes cannot be merged.")
    if any(c.spam_at or c.trashed_at for c in (one, into)):
        raise Invalid("conversation", "Take it out of spam or the trash before it is merged.")
    _link(db, events.as_actor(agent), one.id, into.id, None, now)


def unmerge(db: Session, agent: Agent, conversation_id: int, *, now: datetime) -> None:
    """Let a conversation that was merged stand alone again, with what was merged into it before.

    Both stand as before the merge if nothing has happened since; otherwise the one that stayed
    keeps its status and its assignee. Raises Invalid for one that is not merged.
    """
    whole = conversations.by_id(db, agent, conversation_id)
    agent.must("triage", whole.mailbox_id)
    link = db.one("merging.link_of", _Link, conversation_id=conversation_id)
    if link is None:
        raise Invalid("conversation", "This conversation is not merged into another.")
    is_as_it_was = link.into_id == whole.id and not events.is_touched(
        db, whole.family, link.event_id
    )
    db.change("merging.unlink", id=link.id, now=now)
    leaving, staying = _parted(db, whole, conversation_id)
    tags.bring_up_to_date(db, [leaving.id, staying.id])
    left, stayed = standings.rows(db, conversation_id, whole.id)
    waited_since = left.waiting_since
    _share_alert(left, stayed, link)
    standings.alone(db, left, leaving)
    standings.alone(db, stayed, staying)
    if is_as_it_was:
        left.waiting_since = waited_since
        stayed.status, stayed.assignee_id = link.status, link.assignee_id
        stayed.waiting_since, stayed.closed_at = link.waiting_since, link.closed_at
        stayed.trashed_at = link.trashed_at
    standings.write(db, left, leaving)
    standings.write(db, stayed, staying)
    _tell(db, events.as_actor(agent), "unmerged", left, stayed, None, now)
    handover.let_go(db, [r.id for r in (left, stayed) if r.status == "open"], now=now)


def found_to_be_one(
    db: Session, one_id: int, other_id: int, *, message_id: int, now: datetime
) -> bool:
    """A mail has shown that the two are one: merge them into the older, in the house's own name.

    Answers False, and leaves a hint in both, where an agent has taken them apart before or called
    one of them spam. The caller has made sure that the mail is to be believed.
    """
    one, other = families.of(db, one_id), families.of(db, other_id)
    if one.id == other.id:
        return True
    rows = standings.rows(db, one.id, other.id)
    older, younger = sorted(rows, key=lambda row: (row.created_at, row.id))
    members = [*one.members, *other.members]
    if older.mailbox_id != younger.mailbox_id:
        return False
    if (older.spam_at is None) != (younger.spam_at is None) or db.rows(
        "merging.parted", ids=members
    ):
        hint(db, one_id, other_id, message_id=message_id, now=now)
        return False
    _link(db, SYSTEM, younger.id, older.id, message_id, now)
    return True


def hint(db: Session, one_id: int, other_id: int, *, message_id: int, now: datetime) -> None:
    """Say in both, once, that they may belong together: a mail names both and proves nothing. What
    stands in another mailbox is nobody's business here, and what was split is known to be two."""
    one, other = families.of(db, one_id), families.of(db, other_id)
    if one.id == other.id:
        return
    mailbox_id = db.value("conversations.mailbox_of", conversation_id=one.id)
    if mailbox_id != db.value("conversations.mailbox_of", conversation_id=other.id):
        return
    if db.value("splitting.are_apart", ids=[*one.members, *other.members]):
        return
    news = [
        NewEvent(
            kind="looks_related",
            actor=SYSTEM,
            occurred_at=now,
            recorded_at=now,
            mailbox_id=mailbox_id,
            conversation_id=here.id,
            message_id=message_id,
            after={"conversation_id": there.id},
        )
        for here, there in ((one, other), (other, one))
        if not db.value(
            "merging.hinted", family=here.ids, told=f'{{"conversation_id": {there.id}}}'
        )
    ]
    events.record_all(db, news)


def _link(
    db: Session,
    actor: Actor,
    conversation_id: int,
    into_id: int,
    message_id: int | None,
    now: datetime,
) -> None:
    leaving, staying = families.of(db, conversation_id), families.of(db, into_id)
    left, stayed = standings.rows(db, conversation_id, into_id)
    (stood,) = standings.rows(db, into_id)
    standings.together(db, stayed, staying, left, leaving)
    standings.write(db, stayed, Family(id=into_id, members=(*staying.members, *leaving.members)))
    db.change("merging.point", ids=leaving.ids, into_id=into_id)
    tags.bring_up_to_date(db, [into_id])
    action_id, event_id = _tell(db, actor, "merged", left, stayed, message_id, now)
    db.change(
        "merging.link",
        mailbox_id=left.mailbox_id,
        conversation_id=left.id,
        into_id=into_id,
        action_id=action_id,
        event_id=event_id,
        status=stood.status,
        assignee_id=stood.assignee_id,
        waiting_since=stood.waiting_since,
        closed_at=stood.closed_at,
        trashed_at=stood.trashed_at,
        took_alert=stood.alert is None and left.alert is not None,
        now=now,
    )
    handover.let_go(db, [stayed.id] if stayed.status == "open" else [], now=now)


def _parted(
    db: Session, whole: conversations.Conversation, conversation_id: int
) -> tuple[Family, Family]:
    """The two families after a link is gone, with every member pointing where it stands now."""
    parent = dict(db.rows("merging.links_of", mailbox_id=whole.mailbox_id))

    def root(member: int) -> int:
        while member in parent:
            member = parent[member]
        return member

    leaving = [m for m in whole.family if m != conversation_id and root(m) == conversation_id]
    gone = {conversation_id, *leaving}
    db.change("merging.point", ids=[conversation_id], into_id=None)
    if leaving:
        db.change("merging.point", ids=leaving, into_id=conversation_id)
    return (
        Family(id=conversation_id, members=(conversation_id, *leaving)),
        Family(id=whole.id, members=tuple(m for m in whole.family if m not in gone)),
    )


def _share_alert(left: Row, stayed: Row, link: _Link) -> None:
    """What shouted in the one that leaves goes with it, unless it was acknowledged meanwhile."""
    if not link.took_alert:
        return
    if stayed.alert is None:
        left.alert = None
    elif stayed.alert == left.alert:
        stayed.alert = None


def _tell(
    db: Session,
    actor: Actor,
    kind: str,
    left: Row,
    stayed: Row,
    message_id: int | None,
    now: datetime,
) -> tuple[str, int]:
    """Both diaries, as one action; answer it, and its last event."""
    action_id = uuid.uuid4().hex
    way = "into" if kind == "merged" else "out_of"
    told: Sequence[tuple[Row, dict[str, object]]] = (
        (left, {way: stayed.id}),
        (stayed, {"from": left.id}),
    )
    news = [
        NewEvent(
            kind=kind,
            actor=actor,
            occurred_at=now,
            recorded_at=now,
            mailbox_id=row.mailbox_id,
            conversation_id=row.id,
            message_id=message_id,
            after={
                **about,
                "assignee_id": row.assignee_id,
                "status": row.status,
                "trashed": row.trashed_at is not None,
                "snoozed_until": row.snoozed_until and row.snoozed_until.isoformat(),
            },
        )
        for row, about in told
    ]
    return action_id, events.record_all(db, news, action_id=action_id)[-1]
