"""The second transaction: parsed mails become messages, conversations and events, in bulk."""

from collections.abc import Callable, Sequence
from datetime import datetime

from inbox import contacts, echoes, merging, messages, removal
from inbox.bounces import NewBounce
from inbox.keys import Keys
from inbox.mailboxes import Mailbox
from inbox.messages import NewMessage
from inbox.store import Session
from ingest import quotes, standing, threads
from ingest.intake import Batch, Item, Result, keys_of, prepare, settle, write
from ingest.standing import Standing
from ingest.traces import bounces_of, contact_of, message_of, tell


def file_all(
    db: Session, keys: Keys, mailbox: Mailbox, items: Sequence[Item], *, now: datetime
) -> Result:
    """File the mails, in order, in the caller's transaction; what is known changes nothing, nor
    does what another thread has filed since these were read."""
    waiting = set(db.column("raw_messages.waiting", ids=[i.raw_id for i in items if i.raw_id]))
    items = [item for item in items if item.raw_id is None or item.raw_id in waiting]
    batch = prepare(db, keys, mailbox, items, now)
    fresh = _fresh(batch, items)
    _place_all(batch, fresh)
    write(batch)
    contacts.hasten(batch.db, list(batch.standings), batch.contacts)
    _make_one(batch)
    batch.result.arrived = echoes.named(db, mailbox.id, list(batch.outbox), now=now)
    return batch.result


def as_read_again(
    db: Session,
    keys: Keys,
    mailbox: Mailbox,
    item: Item,
    conversation: Standing,
    *,
    sent_at: datetime,
    reason: str,
    now: datetime,
) -> tuple[NewMessage, int | None, Callable[[], list[NewBounce]]]:
    """The message as it would be written now, the id of another that is the same mail, and what
    tells, once it is filled in, whom a report in it gives up on."""
    assert item.message_id is not None
    batch = prepare(db, keys, mailbox, [item], now)
    twins = {batch.known[k] for k in keys_of(item) if k in batch.known} - {item.message_id}
    new = message_of(batch, conversation, item, item.message_id, sent_at, reason)
    return new, min(twins, default=None), lambda: bounces_of(batch, new, item.parsed)


def _fresh(batch: Batch, items: Sequence[Item]) -> list[tuple[Item, int]]:
    """The mails not known yet, each with the id its message will have."""
    taken = messages.reserve(batch.db, len(items))
    found: list[tuple[Item, int]] = []
    for item, message_id in zip(items, taken, strict=True):
        keys = keys_of(item)
        if batch.erased.intersection(keys):
            _leave_erased(batch, item)
            continue
        earlier = next((batch.known[k] for k in keys if k in batch.known), None)
        ours = batch.outbox.get(item.parsed.rfc_message_id or "")
        if earlier is not None or ours is not None:
            batch.result.known += 1
            settle(batch, item, "known", earlier or (ours.message_id if ours else None))
        else:
            batch.known.update(dict.fromkeys(keys, message_id))
            found.append((item, message_id))
    return found


def _leave_erased(batch: Batch, item: Item) -> None:
    """Mail that was deleted for good does not come back, and what was just stored of it goes."""
    batch.result.known += 1
    settle(batch, item, "erased", None)
    ids = [] if item.raw_id is None else [item.raw_id]
    removal.came_again(batch.db, ids, [a.sha256 for a in item.attachments])


def _place_all(batch: Batch, fresh: Sequence[tuple[Item, int]]) -> None:
    everybody: dict[str, str] = {}
    for item, _ in fresh:
        contact = contact_of(batch.mailbox, item)
        if contact.address:
            everybody.setdefault(contact.address, contact.name)
    batch.contacts = contacts.known(batch.db, batch.mailbox.id, everybody, now=batch.now)
    spare = batch.db.column("filing.reserve", count=len(fresh))
    placed: list[tuple[Item, int, datetime, datetime, threads.Place, int]] = []
    for (item, message_id), own_id in zip(fresh, spare, strict=True):
        sent_at, heard_at = _moments(item, batch.now)
        place = threads.place(batch.atlas, item.parsed, is_sent=item.is_sent, sent_at=sent_at)
        conversation_id = place.conversation_id or own_id
        batch.atlas.add(item.parsed, conversation_id, sent_at, place.reason, is_sent=item.is_sent)
        batch.joins += [(*link, message_id) for link in batch.atlas.links[len(batch.joins) :]]
        batch.hints += [(conversation_id, other, message_id) for other in place.related]
        placed.append((item, message_id, sent_at, heard_at, place, conversation_id))
    _look_up(batch, {batch.atlas.now(p[5]) for p in placed} - set(spare))
    for item, message_id, sent_at, heard_at, place, own in placed:
        conversation_id = batch.atlas.now(own)
        now_standing = batch.standings.get(conversation_id) or _begin(
            batch, item, conversation_id, sent_at
        )
        _join(batch, now_standing, item, message_id, sent_at, heard_at, place.reason)


def _make_one(batch: Batch) -> None:
    """Conversations of which a mail has shown that they are one, or said so without proof."""
    for one, other, message_id in batch.joins:
        merging.found_to_be_one(batch.db, one, other, message_id=message_id, now=batch.now)
    now = batch.atlas.now
    for one, other, message_id in batch.hints:
        merging.hint(batch.db, now(one), now(other), message_id=message_id, now=batch.now)


def _moments(item: Item, now: datetime) -> tuple[datetime, datetime]:
    """(sent, heard). An archive's own dates often tell when it was made: they only fill in."""
    fills_in = item.via == "import" and item.parsed.date is not None
    return standing.moments(item.parsed.date, None if fills_in else item.server_date, now=now)


def _look_up(batch: Batch, conversation_ids: set[int]) -> None:
    """The rows of conversations that existed before this batch."""
    if not conversation_ids:
        return
    asked = sorted(conversation_ids)
    found = batch.db.all("filing.standing", Standing, conversation_ids=asked)
    batch.standings = {row.id: row for row in found}
    for conversation_id, moment in batch.db.rows("filing.customer_times", conversation_ids=asked):
        batch.times.setdefault(conversation_id, []).append(moment)


def _begin(batch: Batch, item: Item, conversation_id: int, sent_at: datetime) -> Standing:
    contact = contact_of(batch.mailbox, item)
    known = batch.contacts.get(contact.address)
    is_closed = item.is_sent or item.via == "import"
    begun = Standing(
        id=conversation_id,
        mailbox_id=batch.mailbox.id,
        contact_id=known.id if known else None,
        contact_name=known.name if known and known.name else contact.name,
        contact_address=contact.address,
        subject=_title(item),
        snippet="",
        status="closed" if is_closed else "open",
        created_at=sent_at,
        last_message_at=sent_at,
        closed_at=sent_at if is_closed else None,
    )
    batch.standings[conversation_id] = begun
    batch.begun.append(conversation_id)
    return begun


def _title(item: Item) -> str:
    """The subject; of one that begins with an answer, what it answers."""
    subject = item.parsed.subject
    title = quotes.bare_subject(subject) if quotes.has_reply_prefix(subject) else subject
    return title or ("(could not be read)" if item.trouble else "(no subject)")


def _join(
    batch: Batch,
    conversation: Standing,
    item: Item,
    message_id: int,
    sent_at: datetime,
    heard_at: datetime,
    reason: str,
) -> None:
    mail = item.parsed
    new = message_of(batch, conversation, item, message_id, sent_at, reason)
    batch.news.append(new)
    if mail.rfc_message_id:
        batch.by_rfc_id.setdefault(mail.rfc_message_id, message_id)
    shown = sum(not a.is_inline for a in item.attachments)
    was_closed_at_its_end = conversation.closed_at == conversation.last_message_at
    conversation.count(message_id, sent_at, new.reply_text, shown, new.is_readable)
    if item.via == "import" and was_closed_at_its_end and conversation.closed_at is not None:
        conversation.closed_at = conversation.last_message_at
    tell(batch, new, item, conversation, heard_at)
    batch.result.filed += 1
    batch.result.unreadable += bool(item.trouble)
    settle(batch, item, item.state, message_id)
