"""What an agent is told without having looked: mentions, conversations given to them, answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from inbox import families
from inbox.agents import NOBODY, Agent
from inbox.errors import Invalid
from inbox.store import Session

Kind = Literal[
    "mention",
    "assigned",
    "answered",
    "review",
    "returned",
    "approved",
    "called_off",
    "moved",
    "explained",
]
Way = Literal["ring", "mail"]
KINDS: tuple[Kind, ...] = ("mention", "assigned", "answered")
"""What there is a wish for."""
_TOLD_WITH: dict[Kind, Kind] = {
    "review": "mention",
    "returned": "mention",
    "approved": "mention",
    "called_off": "answered",
    "moved": "assigned",
    "explained": "mention",
}
"""What comes along with the wish for another kind: who is told that he was given a conversation is
told that he lost one."""
WAYS: tuple[Way, ...] = ("ring", "mail")
# A kind that is not told has no entry.
Wishes = dict[Kind, frozenset[Way]]
MOST_SHOWN = 50
# Mail older than this is history that is read only now.
RECENT = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One thing to look at. `actor_name` is empty when a customer did it; `how_many` conversations
    were given at once, of which this is the first."""

    id: int
    conversation_id: int
    message_id: int | None
    kind: Kind
    actor_name: str
    how_many: int
    subject: str
    contact_name: str
    made_at: datetime


def make(
    db: Session,
    actor: Agent | None,
    kind: Kind,
    agent_ids: Iterable[int],
    conversation_id: int,
    mailbox_id: int,
    *,
    message_id: int | None = None,
    how_many: int = 1,
    now: datetime,
) -> None:
    """For verbs: tell these agents, if they wish to be told of this kind, and not the actor (None
    for the house). A text that came back is told to everybody."""
    doer = actor.id if actor else NOBODY
    ids = [agent_id for agent_id in agent_ids if agent_id != doer]
    if ids:
        db.run(
            "notifications.make",
            agent_ids=ids,
            kind=kind,
            conversation_id=conversation_id,
            mailbox_id=mailbox_id,
            message_id=message_id,
            how_many=how_many,
            actor_id=doer,
            wish="" if kind == "called_off" else _TOLD_WITH.get(kind, kind),
            now=now,
        )


def of_answers(db: Session, answers: Sequence[tuple[int, int]], *, now: datetime) -> None:
    """For the ingest: customers' mails as (conversation, message), told to whoever has or follows
    the conversation."""
    if answers:
        db.run(
            "notifications.of_answers",
            conversation_ids=[conversation for conversation, _message in answers],
            message_ids=[message for _conversation, message in answers],
            now=now,
        )


def unseen(db: Session, viewer: Agent) -> list[Notification]:
    """What the viewer has not looked at, newest first, at most fifty; of readable mailboxes."""
    return db.all(
        "notifications.unseen",
        Notification,
        agent_id=viewer.id,
        mailboxes=viewer.readable,
        most=MOST_SHOWN,
    )


def see(db: Session, agent: Agent, conversation_id: int | None = None, *, now: datetime) -> None:
    """The agent has looked at all, or at those of one conversation and of what was merged into it.
    Leaves no event."""
    family = None if conversation_id is None else families.of(db, conversation_id).ids
    db.change("notifications.see", agent_id=agent.id, family=family, now=now)


def wishes(db: Session, viewer: Agent) -> Wishes:
    """What the viewer wants to be told of, and how besides the list."""
    return understood(str(db.value("notifications.wishes", agent_id=viewer.id)))


def set_wishes(db: Session, agent: Agent, wanted: Wishes, *, now: datetime) -> None:
    """Choose what one is told of. Leaves no event: it is nobody else's business."""
    if any(kind not in KINDS or not ways <= set(WAYS) for kind, ways in wanted.items()):
        raise Invalid("notify", "There is no such notification.")
    lines = [" ".join((kind, *sorted(wanted[kind]))) for kind in KINDS if kind in wanted]
    db.change("notifications.set_wishes", agent_id=agent.id, notify="\n".join(lines))


def ways(notify: Wishes, kind: Kind) -> frozenset[Way]:
    """By which ways besides the list this kind comes."""
    return notify.get(_TOLD_WITH.get(kind, kind), frozenset())


def understood(notify: str) -> Wishes:
    """The wishes as they are kept on the agent's row."""
    found: Wishes = {}
    for line in notify.splitlines():
        kind, *ways = line.split()
        if kind in KINDS:
            found[kind] = frozenset(way for way in WAYS if way in ways)
    return found
