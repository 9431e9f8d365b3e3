"""Deleting for good: what lies in the trash goes, with everything that could tell what it said.

The rows go in one transaction; the bytes on the disk are noted in it, and blanked right after by
the worker, which takes up after a crash what is left (`clear`). What stays is the diary without its
details (see docs/diary.md), the places on the mail server, so that they count as read, and digests
by which the mail is known should the server offer it again.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox import conversations, events, families
from inbox.agents import Agent
from inbox.blobs import Files, Place, RawStore
from inbox.errors import Invalid
from inbox.events import SYSTEM, Actor, NewEvent
from inbox.families import Family
from inbox.store import Session

AT_ONCE = 50
UNSETTLED = (
    "A mail of this conversation is still on its way, or nobody knows whether it arrived. Settle "
    "that first; then it can be deleted."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What would go."""

    mails: int
    notes: int
    files: int
    drafts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bytes:
    """Bytes that are to go: a mail's in its segment (`raw`), or a file's."""

    kind: str
    sha256: str
    segment: int | None
    position: int | None
    size_bytes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    id: int
    raw_sha256: str | None
    identity: str | None
    rfc_message_id: str | None
    direction: str


def contents(db: Session, viewer: Agent, conversation_id: int) -> Contents:
    """What deleting this conversation for good would take away, for those who may."""
    found = conversations.by_id(db, viewer, conversation_id)
    viewer.must("erase", found.mailbox_id)
    told = db.one("removal.contents", Contents, family=list(found.family))
    assert told is not None
    return told


def erase(db: Session, agent: Agent, conversation_id: int, *, now: datetime) -> None:
    """Delete a conversation in the trash for good, with all that was merged into it.

    Raises Invalid for one that is not in the trash, and while mail of it is on its way or in doubt.
    """
    found = conversations.by_id(db, agent, conversation_id)
    agent.must("erase", found.mailbox_id)
    if found.trashed_at is None:
        raise Invalid("conversation", "Only what lies in the trash can be deleted for good.")
    if db.value("removal.unsettled", family=list(found.family)):
        raise Invalid("conversation", UNSETTLED)
    _forget(db, events.as_actor(agent), families.of(db, found.id), found.mailbox_id, now)


def empty_trash(db: Session, *, days: float, now: datetime, most: int = AT_ONCE) -> int:
    """Delete for good what has lain in the trash for so many days, the oldest first; answer how
    many conversations went. The house does so by itself, and the diary says it."""
    before = now - timedelta(days=days)
    found = db.rows("removal.long_in_trash", before=before, most=most)
    for conversation_id, mailbox_id in found:
        _forget(db, SYSTEM, families.of(db, conversation_id), mailbox_id, now)
    return len(found)


def known_again(db: Session, mailbox_id: int, keys: Sequence[str]) -> set[str]:
    """Which of these keys (see ingest.intake.keys_of) are those of mail that was erased."""
    digests = {digest(key): key for key in keys}
    found = db.column("removal.is_erased", mailbox_id=mailbox_id, digests=list(digests))
    return {digests[one] for one in found}


def digest(key: str) -> str:
    """What is remembered of a key: enough to know it again, nothing to read."""
    return hashlib.sha256(key.encode()).hexdigest()


def came_again(db: Session, raw_ids: Sequence[int], files: Sequence[str]) -> None:
    """The server has offered erased mail once more: its bytes go again."""
    _want_gone(db, db.all("removal.places_of", Place, ids=list(raw_ids)), files)


def pending(db: Session) -> list[Bytes]:
    """The bytes that are still to go."""
    return db.all("removal.bytes", Bytes)


def clear(db: Session, raw: RawStore, files: Files, found: Bytes, *, now: datetime) -> None:
    """Let these bytes go, unless a mail that is not erased needs them too, and forget them."""
    if found.kind == "raw":
        assert found.segment is not None
        assert found.position is not None
        assert found.size_bytes is not None
        if not db.value("removal.raw_in_use", segment=found.segment, position=found.position):
            raw.blank(
                Place(
                    sha256=found.sha256,
                    segment=found.segment,
                    position=found.position,
                    size_bytes=found.size_bytes,
                )
            )
    elif not db.value("removal.file_in_use", sha256=found.sha256) and not files.remove(
        found.sha256, now=now
    ):
        return
    db.change(
        "removal.bytes_gone",
        kind=found.kind,
        sha256=found.sha256,
        segment=found.segment,
        position=found.position,
    )


def _forget(db: Session, actor: Actor, family: Family, mailbox_id: int, now: datetime) -> None:
    mails = db.all("removal.messages", _Message, family=family.ids)
    ids = [mail.id for mail in mails]
    for place in {mailbox_id, *db.column("moving.left_places", family=family.ids)}:
        _remember(db, place, mails, now)
    digests = db.column("removal.digests", family=family.ids)
    places = db.all("removal.places", Place, family=family.ids, messages=ids, digests=digests)
    _want_gone(db, places, db.column("removal.files", family=family.ids))
    db.change("removal.forget_raw", messages=ids)
    db.change("removal.forget_bodies", family=family.ids)
    db.change("removal.forget_words", family=family.ids)
    db.change("likeness.forget", message_ids=ids)
    db.change("removal.forget_attachments", family=family.ids)
    db.change("removal.forget_bounces", family=family.ids)
    db.change("removal.forget_references", family=family.ids)
    db.change("removal.mail_again", digests=digests)
    db.change("removal.forget_recipients", family=family.ids, digests=digests)
    db.change("removal.forget_outbox", family=family.ids, digests=digests)
    db.change("removal.forget_uploads", family=family.ids)
    db.change("removal.forget_drafts", family=family.ids)
    db.change("removal.forget_tags", family=family.ids)
    db.change("removal.forget_follows", family=family.ids)
    db.change("removal.forget_reads", family=family.ids)
    db.change("removal.forget_notifications", family=family.ids)
    db.change("removal.forget_stops", family=family.ids)
    db.change("removal.forget_lapses", family=family.ids)
    db.change("removal.forget_merges", family=family.ids)
    db.change("removal.forget_moves", family=family.ids)
    db.change("removal.forget_splits", family=family.ids)
    db.change("removal.forget_intended", messages=ids)
    db.change("removal.forget_steps", family=family.ids)
    db.change("removal.forget_turns", family=family.ids)
    db.change("removal.forget_pairs", family=family.ids)
    db.change("removal.forget_stands", family=family.ids)
    db.change("removal.forget_payloads", family=family.ids)
    db.change("removal.forget_messages", family=family.ids)
    db.change("removal.forget_conversations", family=family.ids)
    _tell(db, actor, family, mailbox_id, len(mails), now)


def _remember(db: Session, mailbox_id: int, mails: Sequence[_Message], now: datetime) -> None:
    keys = {key for m in mails for key in (m.raw_sha256, m.identity) if key}
    # Our own is known in the Sent folder by its Message-ID alone.
    keys |= {f"out {m.rfc_message_id}" for m in mails if m.direction == "out" and m.rfc_message_id}
    if keys:
        digests = sorted(digest(key) for key in keys)
        db.run("removal.remember", mailbox_id=mailbox_id, digests=digests, now=now)


def _want_gone(db: Session, places: Sequence[Place], files: Sequence[str]) -> None:
    kinds = ["raw"] * len(places) + ["file"] * len(files)
    if not kinds:
        return
    nothing = [None] * len(files)
    db.run(
        "removal.want_gone",
        kinds=kinds,
        digests=[*(p.sha256 for p in places), *files],
        segments=[*(p.segment for p in places), *nothing],
        positions=[*(p.position for p in places), *nothing],
        sizes=[*(p.size_bytes for p in places), *nothing],
    )


def _tell(
    db: Session, actor: Actor, family: Family, mailbox_id: int, mails: int, now: datetime
) -> None:
    """In the diary of each that went: this is why its details are gone."""
    events.record_all(
        db,
        [
            NewEvent(
                kind="erased",
                actor=actor,
                occurred_at=now,
                recorded_at=now,
                mailbox_id=mailbox_id,
                conversation_id=member,
                after={"mails": mails},
            )
            for member in family.members
        ],
    )
