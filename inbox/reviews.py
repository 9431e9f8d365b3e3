"""Shared drafts: a reply that its author lets colleagues see, to be approved or given back."""

from collections.abc import Mapping
from datetime import datetime

from inbox import agents, conversations, drafts, events, families, notes, notifications
from inbox.agents import Agent
from inbox.drafts import Draft
from inbox.errors import Invalid, NotFound
from inbox.notifications import Kind
from inbox.store import Session


def ask(
    db: Session, agent: Agent, draft_id: int, reviewer_id: int | None = None, *, now: datetime
) -> Draft:
    """Let whoever may answer here see the draft, change it, and approve or give it back; a named
    colleague is told. Asking again asks somebody else."""
    draft = _own(db, agent, draft_id)
    agent.must("reply", draft.mailbox_id)
    drafts.must_be_open(draft)
    if draft.kind != "reply":
        raise Invalid("kind", "Notes are for colleagues as they are.")
    if not draft.body.strip():
        raise Invalid("body", "There is nothing to look at yet: the text is empty.")
    if conversations.by_id(db, agent, draft.conversation_id).begun_by is not None:
        raise Invalid("kind", "A new mail is its author's alone until it is sent.")
    able = {c.id: c.name for c in agents.colleagues(db, agent, draft.mailbox_id)}
    if reviewer_id is not None and (reviewer_id not in able or reviewer_id == agent.id):
        raise Invalid("reviewer", "That colleague cannot answer mail in this mailbox.")
    if draft.shared_at is not None and draft.reviewer_id == reviewer_id:
        return draft
    db.change("drafts.share", draft_id=draft.id, shared_at=now, reviewer_id=reviewer_id)
    more = {"reviewer_id": reviewer_id, "whom": able.get(reviewer_id or 0)}
    _record(db, agent, "review_asked", draft, more, now=now)
    if reviewer_id is not None:
        _tell(db, agent, "review", reviewer_id, draft, now=now)
    return drafts.own(db, agent, draft.id)


def withdraw(db: Session, agent: Agent, draft_id: int, *, now: datetime) -> Draft:
    """It is its author's alone again."""
    draft = _own(db, agent, draft_id)
    if draft.shared_at is not None:
        _unshare(db, draft)
        _record(db, agent, "review_withdrawn", draft, {}, now=now)
    return drafts.own(db, agent, draft.id)


def give_back(db: Session, agent: Agent, draft_id: int, words: str, *, now: datetime) -> None:
    """A colleague gives the draft back to its author, who is told, with a word that stands as a
    note."""
    draft = drafts.own(db, agent, draft_id)
    if draft.agent_id == agent.id:
        raise NotFound("draft")
    drafts.must_be_open(draft)
    _unshare(db, draft)
    if words.strip():
        notes.add(db, agent, draft.conversation_id, words, now=now)
    author = agents.by_id(db, draft.agent_id)
    more = {"author_id": draft.agent_id, "whom": author.name if author else None}
    _record(db, agent, "review_returned", draft, more, now=now)
    _tell(db, agent, "returned", draft.agent_id, draft, now=now)


def approved(
    db: Session, approver: Agent, author: Agent, draft: Draft, outbox_id: int, *, now: datetime
) -> None:
    """For Send: leave in the diary who let whose reply leave, and tell its author."""
    more = {"author_id": author.id, "whom": author.name, "outbox_id": outbox_id}
    _record(db, approver, "approved", draft, more, now=now)
    _tell(db, approver, "approved", author.id, draft, now=now)


def author_of(db: Session, agent: Agent, draft: Draft) -> Agent:
    """Under whose name a draft leaves: its author's; who has left signs nothing any more."""
    if draft.agent_id == agent.id:
        return agent
    author = agents.by_id(db, draft.agent_id)
    return author if author and author.may("reply", draft.mailbox_id) else agent


def _own(db: Session, agent: Agent, draft_id: int) -> Draft:
    draft = drafts.own(db, agent, draft_id)
    if draft.agent_id != agent.id:
        raise NotFound("draft")
    return draft


def _unshare(db: Session, draft: Draft) -> None:
    db.change("drafts.share", draft_id=draft.id, shared_at=None, reviewer_id=None)


def _tell(
    db: Session, actor: Agent, kind: Kind, agent_id: int, draft: Draft, *, now: datetime
) -> None:
    place = families.of(db, draft.conversation_id).id
    notifications.make(db, actor, kind, [agent_id], place, draft.mailbox_id, now=now)


def _record(
    db: Session, agent: Agent, kind: str, draft: Draft, more: Mapping[str, object], *, now: datetime
) -> None:
    place = families.of(db, draft.conversation_id).id
    after = {"draft_id": draft.id, **more}
    events.record(db, agent, kind, place, mailbox_id=draft.mailbox_id, after=after, now=now)
