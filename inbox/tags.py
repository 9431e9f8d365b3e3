"""Tags: a mailbox's own words for what its conversations are about.

Their names stand on the conversation's own row too (`conversations.tags`), which is kept in step
here and compared by sql/checks. What was merged brings its tags along, and takes them with it.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inbox import conversations, events
from inbox.agents import Agent
from inbox.errors import Invalid, NotFound
from inbox.store import Session

LONGEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """`uses` is how many conversations bear it; one that is retired is offered no more."""

    id: int
    mailbox_id: int
    name: str
    retired_at: datetime | None
    uses: int


def of_mailbox(db: Session, viewer: Agent, mailbox_id: int) -> list[Tag]:
    """All tags of a mailbox by name, the retired ones too."""
    viewer.must("read", mailbox_id)
    return db.all("tags.of_mailbox", Tag, mailbox_id=mailbox_id)


def offered(db: Session, viewer: Agent, mailbox_id: int) -> list[str]:
    """The names to choose from."""
    viewer.must("read", mailbox_id)
    return db.column("tags.offered", mailbox_id=mailbox_id)


def add(db: Session, agent: Agent, conversation_id: int, name: str, *, now: datetime) -> None:
    """Tag the conversation; a name that the mailbox does not know yet becomes a tag of it.

    One that it bears already changes nothing. Raises Invalid for a name that cannot be one, and
    for a tag that was retired.
    """
    found = conversations.by_id(db, agent, conversation_id)
    agent.must("triage", found.mailbox_id)
    wanted = checked(name)
    if wanted.casefold() in {tag.casefold() for tag in found.tags}:
        return
    tag = known_or_new(db, found.mailbox_id, wanted, now)
    db.run(
        "tags.put",
        conversation_id=found.id,
        tag_id=tag.id,
        mailbox_id=found.mailbox_id,
        now=now,
    )
    bring_up_to_date(db, [found.id])
    events.record(
        db,
        agent,
        "tagged",
        found.id,
        mailbox_id=found.mailbox_id,
        after={"tag": tag.name},
        now=now,
    )


def remove(db: Session, agent: Agent, conversation_id: int, name: str, *, now: datetime) -> None:
    """Take the tag off, wherever in the conversation's family it stands."""
    found = conversations.by_id(db, agent, conversation_id)
    agent.must("triage", found.mailbox_id)
    tag = _named(db, found.mailbox_id, checked(name))
    if tag is None or not db.change("tags.take", family=list(found.family), tag_id=tag.id):
        return
    bring_up_to_date(db, [found.id])
    events.record(
        db,
        agent,
        "untagged",
        found.id,
        mailbox_id=found.mailbox_id,
        before={"tag": tag.name},
        now=now,
    )


def rename(db: Session, agent: Agent, tag_id: int, name: str, *, now: datetime) -> None:
    """Call it otherwise, wherever it stands. Raises Invalid for the name of another tag."""
    tag = _managed(db, agent, tag_id)
    wanted = checked(name)
    other = _named(db, tag.mailbox_id, wanted)
    if other is not None and other.id != tag.id:
        raise Invalid(
            "name", "There is a tag “{name}” already. Merge the two instead.", name=other.name
        )
    if wanted == tag.name:
        return
    db.change("tags.rename", tag_id=tag.id, name=wanted)
    bring_up_to_date(db, db.column("tags.where_it_stands", tag_id=tag.id))
    _tell(db, agent, tag, "tag_renamed", now, after={"tag": wanted})


def retire(db: Session, agent: Agent, tag_id: int, *, now: datetime) -> None:
    """Offer it no more; it stays where it stands, until it is taken off there."""
    tag = _managed(db, agent, tag_id)
    if tag.retired_at is None:
        db.change("tags.retire", tag_id=tag.id, now=now)
        _tell(db, agent, tag, "tag_retired", now)


def bring_back(db: Session, agent: Agent, tag_id: int, *, now: datetime) -> None:
    """Offer a retired tag again."""
    tag = _managed(db, agent, tag_id)
    if tag.retired_at is not None:
        db.change("tags.retire", tag_id=tag.id, now=None)
        _tell(db, agent, tag, "tag_brought_back", now)


def merge(db: Session, agent: Agent, tag_id: int, into_id: int, *, now: datetime) -> None:
    """Put the second tag wherever the first stands, and retire the first.

    Raises Invalid for tags of two mailboxes, and for one and the same.
    """
    tag = _managed(db, agent, tag_id)
    into = _managed(db, agent, into_id)
    if tag.id == into.id or tag.mailbox_id != into.mailbox_id:
        raise Invalid("tag", "Choose another tag of the same mailbox.")
    touched = db.column("tags.where_it_stands", tag_id=tag.id)
    db.run("tags.put_instead", tag_id=tag.id, into_id=into.id, now=now)
    db.change("tags.take_everywhere", tag_id=tag.id)
    db.change("tags.retire", tag_id=tag.id, now=now)
    bring_up_to_date(db, touched)
    _tell(db, agent, tag, "tag_merged", now, after={"tag": into.name})


def known_or_new(db: Session, mailbox_id: int, name: str, now: datetime) -> Tag:
    """For verbs: the mailbox's tag of this name, made if there is none. Raises Invalid for one that
    was retired."""
    tag = _named(db, mailbox_id, name) or _created(db, mailbox_id, name, now)
    if tag.retired_at is not None:
        raise Invalid("name", "“{name}” is retired. A manager can bring it back.", name=tag.name)
    return tag


def bring_up_to_date(db: Session, conversation_ids: Sequence[int]) -> None:
    """Write the names of their tags anew onto the rows of these conversations."""
    if conversation_ids:
        db.change("tags.bring_up_to_date", ids=list(conversation_ids))


def checked(name: str) -> str:
    """The name as a tag bears it: one line, no marks that cannot be seen. Raises Invalid."""
    letters = unicodedata.normalize("NFC", name)
    seen = "".join(
        c for c in letters if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co")
    )
    wanted = " ".join(seen.split())
    if not wanted:
        raise Invalid("name", "A tag needs a name.")
    if len(wanted) > LONGEST:
        raise Invalid("name", "A tag's name has at most {most} letters.", most=LONGEST)
    return wanted


def _named(db: Session, mailbox_id: int, name: str) -> Tag | None:
    """Whatever the case: “Invoice” and “invoice” are one tag."""
    every = db.all("tags.of_mailbox", Tag, mailbox_id=mailbox_id)
    return next((t for t in every if t.name.casefold() == name.casefold()), None)


def _created(db: Session, mailbox_id: int, name: str, now: datetime) -> Tag:
    tag_id = db.value("tags.reserve")
    db.run("tags.create", id=tag_id, mailbox_id=mailbox_id, name=name, now=now)
    return Tag(id=tag_id, mailbox_id=mailbox_id, name=name, retired_at=None, uses=0)


def _managed(db: Session, agent: Agent, tag_id: int) -> Tag:
    tag = db.one("tags.by_id", Tag, tag_id=tag_id)
    if tag is None or not agent.may("read", tag.mailbox_id):
        raise NotFound("tag")
    agent.must("configure", tag.mailbox_id)
    return tag


def _tell(
    db: Session,
    agent: Agent,
    tag: Tag,
    kind: str,
    now: datetime,
    after: dict[str, object] | None = None,
) -> None:
    events.record(
        db,
        agent,
        kind,
        None,
        mailbox_id=tag.mailbox_id,
        before={"tag": tag.name},
        after=after,
        now=now,
    )
