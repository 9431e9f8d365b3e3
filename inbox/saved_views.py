"""Saved views: what a list shows, under a name; one's own, or the team's of one mailbox."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from inbox import events, filters
from inbox.agents import Agent
from inbox.errors import Invalid, NotAllowed, NotFound
from inbox.filters import VIEWS
from inbox.store import Session

LONGEST_TITLE = 60
MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """`query` is what the address says of it: view, mailbox, words and filters. `mailbox_id` is
    whose team's it is, None for one's own."""

    id: int
    title: str
    mailbox_id: int | None
    query: dict[str, str]
    may_change: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    id: int
    agent_id: int
    mailbox_id: int | None
    title: str
    query: str


def of_viewer(db: Session, viewer: Agent) -> list[SavedView]:
    """One's own and those of the teams one is in, by title."""
    rows = db.all("saved_views.of_viewer", _Row, agent_id=viewer.id, mailboxes=viewer.readable)
    return [
        SavedView(
            id=row.id,
            title=row.title,
            mailbox_id=row.mailbox_id,
            query=kept(json.loads(row.query)),
            may_change=_may_change(viewer, row),
        )
        for row in rows
    ]


def create(
    db: Session,
    agent: Agent,
    title: str,
    query: Mapping[str, str],
    *,
    mailbox_id: int | None = None,
    now: datetime,
) -> int:
    """Keep what the address says under this title; for the whole team with a mailbox, which takes
    who may configure it. Answer its id."""
    if mailbox_id is None and not agent.readable:
        raise NotAllowed("read")
    if mailbox_id is not None:
        agent.must("configure", mailbox_id)
    if len(of_viewer(db, agent)) >= MOST:
        raise Invalid("title", "There are {most} saved views already. Delete one first.", most=MOST)
    found: int = db.value(
        "saved_views.create",
        agent_id=agent.id,
        mailbox_id=mailbox_id,
        title=_title(title),
        address=json.dumps(kept(query), ensure_ascii=False),
        now=now,
    )
    _record(db, agent, "view_saved", found, mailbox_id, now=now)
    return found


def rename(db: Session, agent: Agent, view_id: int, title: str, *, now: datetime) -> None:
    """Call it something else; the team's takes who may configure its mailbox."""
    row = _must(db, agent, view_id)
    if row.title != _title(title):
        db.change("saved_views.rename", view_id=row.id, title=_title(title))
        _record(db, agent, "view_renamed", row.id, row.mailbox_id, now=now)


def remove(db: Session, agent: Agent, view_id: int, *, now: datetime) -> None:
    """Nobody sees it any more; the conversations stay where they are."""
    row = _must(db, agent, view_id)
    db.change("saved_views.remove", view_id=row.id, now=now)
    _record(db, agent, "view_removed", row.id, row.mailbox_id, now=now)


def kept(query: Mapping[str, str]) -> dict[str, str]:
    """Of an address, what a saved view consists of."""
    found = filters.clean(query)
    view, box = str(query.get("view") or ""), str(query.get("box") or "")
    words = str(query.get("q") or "").strip()[: filters.LONGEST]
    found |= {"view": view if view in VIEWS else "mine"}
    found |= {"box": box} if box.isascii() and box.isdigit() else {}
    return found | ({"q": words} if words else {})


def _must(db: Session, agent: Agent, view_id: int) -> _Row:
    rows = db.all("saved_views.of_viewer", _Row, agent_id=agent.id, mailboxes=agent.readable)
    row = next((r for r in rows if r.id == view_id), None)
    if row is None:
        raise NotFound("view")
    if not _may_change(agent, row):
        raise NotAllowed("configure")
    return row


def _may_change(agent: Agent, row: _Row) -> bool:
    if row.mailbox_id is None:
        return row.agent_id == agent.id
    return agent.may("configure", row.mailbox_id)


def _title(title: str) -> str:
    kept_title = " ".join(title.replace("\0", "").split())
    if not kept_title:
        raise Invalid("title", "A view needs a name.")
    if len(kept_title) > LONGEST_TITLE:
        raise Invalid("title", "A view's name has at most {most} characters.", most=LONGEST_TITLE)
    return kept_title


def _record(
    db: Session, agent: Agent, kind: str, view_id: int, mailbox_id: int | None, *, now: datetime
) -> None:
    after = {"view_id": view_id}
    events.record(db, agent, kind, None, mailbox_id=mailbox_id, after=after, now=now)
