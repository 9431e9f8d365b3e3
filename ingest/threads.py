"""Which conversation a mail belongs to, always inside one mailbox.

In this order, and the reason is stored with the message:

* `signed`: it answers one of our Message-IDs. Only whoever got that mail (or was shown it) knows
  the id, and nobody can make one, so it joins whoever sends it. An id of our shape whose seal
  does not verify is a forgery: it is neither followed nor remembered.
* `plus_address`: it came to `support+token@…` with a token of ours.
* `reference`: In-Reply-To or References name an id this mailbox knows, be it only from other
  mails' References; newest first. Or its own Message-ID was named before it came (a late
  parent). The case of letters does not count: some programs answer in another.
* `reference_stranger`: the same, from an address that took no part so far. Message-IDs of other
  people's mail are not secret: they stand in every copy and archive, and some are guessable. But
  a colleague who answers for the customer is an everyday case, and a mail set apart is a mail
  answered twice. So it joins and is marked: the page warns before anyone answers it, it never
  changes the conversation's contact, and an answer goes to whoever is shown as its recipient.
* `subject`: a reply prefix, the same bare subject, and a sender who took part within 30 days.
* `new`: none of these.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from inbox import message_ids
from inbox.keys import Keys
from inbox.mailboxes import Mailbox
from inbox.messages import Recipients
from inbox.store import Session
from ingest import quotes
from ingest.parse import Parsed

SUBJECT_DAYS = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`conversation_id` is None for a new conversation."""

    conversation_id: int | None
    reason: str


@dataclass(slots=True)
class Atlas:
    """What is known of the mailbox's conversations, kept up as a batch is placed.

    `ids` are in small letters, each with its conversations, the likeliest last; `carried` are
    those that a message here has as its own.
    """

    keys: Keys
    mailbox: Mailbox
    ids: dict[str, list[int]] = field(default_factory=dict)
    carried: set[str] = field(default_factory=set)
    here: set[int] = field(default_factory=set)
    people: dict[int, set[str]] = field(default_factory=dict)
    subjects: dict[tuple[str, str], tuple[datetime, int]] = field(default_factory=dict)

    def add(self, parsed: Parsed, conversation_id: int, sent_at: datetime) -> None:
        """Remember a mail that was placed, for the next ones of the batch."""
        self.here.add(conversation_id)
        own = (parsed.rfc_message_id.lower(),) if parsed.rfc_message_id else ()
        self.carried.update(own)
        for rfc_id in (*own, *references(self.keys, parsed)):
            known = self.ids.setdefault(rfc_id.lower(), [])
            if conversation_id not in known:
                known.insert(0, conversation_id)
        people = self.people.setdefault(conversation_id, set())
        people.update(addresses(parsed) - self.mailbox.addresses)
        key = quotes.bare_subject(parsed.subject).casefold()
        for address in people:
            self.subjects[address, key] = (sent_at, conversation_id)


def survey(db: Session, keys: Keys, mailbox: Mailbox, mails: Sequence[Parsed]) -> Atlas:
    """Everything needed to place these mails, in at most four statements."""
    atlas = Atlas(keys=keys, mailbox=mailbox)
    ids = {i for mail in mails for i in (*references(keys, mail), mail.rfc_message_id) if i}
    if ids:
        asked = list({*ids, *(i.lower() for i in ids)})
        for rfc_id, conversation_id, is_message in db.rows(
            "threads.known_ids", mailbox_id=mailbox.id, ids=asked
        ):
            atlas.ids.setdefault(rfc_id.lower(), []).append(conversation_id)
            atlas.carried.update({rfc_id.lower()} if is_message else ())
    signed = {ours[0] for i in ids if (ours := message_ids.read(keys, i.lower()))}
    signed |= {named for mail in mails if (named := _token(keys, mail)) is not None}
    if signed:
        atlas.here.update(
            db.column("threads.here", mailbox_id=mailbox.id, conversation_ids=list(signed))
        )
    wanted = sorted({*itertools.chain(*atlas.ids.values()), *atlas.here})
    if wanted:
        for conversation_id, sender, recipients in db.rows(
            "threads.participants", conversation_ids=wanted
        ):
            people = atlas.people.setdefault(conversation_id, set())
            everybody = {sender, *_everybody(Recipients.from_json(recipients))}
            people.update(everybody - mailbox.addresses)
    senders = sorted({a for m in mails if quotes.has_reply_prefix(m.subject) for a in addresses(m)})
    if senders:
        for address, conversation_id, subject, last in db.rows(
            "threads.subjects", mailbox_id=mailbox.id, addresses=senders
        ):
            key = quotes.bare_subject(subject).casefold()
            atlas.subjects[address, key] = (last, conversation_id)
    return atlas


def place(atlas: Atlas, mail: Parsed, *, is_sent: bool, sent_at: datetime) -> Place:
    """Where the mail belongs; `is_sent` for one from our own Sent folder."""
    known = references(atlas.keys, mail)
    for rfc_id in known:
        ours = message_ids.read(atlas.keys, rfc_id.lower())
        if ours and ours[0] in atlas.here:
            return Place(conversation_id=ours[0], reason="signed")
    named = _token(atlas.keys, mail)
    if named is not None and named in atlas.here:
        return Place(conversation_id=named, reason="plus_address")
    for joined in (*(_named(atlas, mail, i) for i in known), _late_parent(atlas, mail)):
        if joined is not None:
            took_part = is_sent or mail.from_.address in atlas.people.get(joined, ())
            return Place(
                conversation_id=joined, reason="reference" if took_part else "reference_stranger"
            )
    return _by_subject(atlas, mail, is_sent, sent_at) or Place(conversation_id=None, reason="new")


def references(keys: Keys, mail: Parsed) -> list[str]:
    """The ids a mail answers, likeliest first, without forgeries of ours."""
    first = (mail.bounced_message_id,) if mail.bounced_message_id else ()
    return [
        rfc_id
        for rfc_id in dict.fromkeys((*first, *mail.known_ids))
        if not message_ids.looks_like_ours(rfc_id.lower()) or message_ids.read(keys, rfc_id.lower())
    ]


def addresses(mail: Parsed) -> set[str]:
    """Everybody a mail names as sender or recipient."""
    return {a.address for a in (mail.from_, *mail.to, *mail.cc, *mail.reply_to) if a.address}


def _named(atlas: Atlas, mail: Parsed, rfc_id: str) -> int | None:
    """The conversation that knows the id; of several the one in which the sender took part."""
    known = atlas.ids.get(rfc_id.lower(), [])
    own = [i for i in known if mail.from_.address in atlas.people.get(i, ())]
    return next(reversed(own or known), None)


def _late_parent(atlas: Atlas, mail: Parsed) -> int | None:
    """The conversation that named this mail before it came.

    Where a message carries its id already it is another mail (the same one is never filed twice):
    a copy through a list, which names somebody who took part, or one of a form that gives every
    mail the same id, and then of another customer.
    """
    own = (mail.rfc_message_id or "").lower()
    joined = _named(atlas, mail, own)
    if joined is not None and own in atlas.carried:
        return joined if addresses(mail) & atlas.people.get(joined, set()) else None
    return joined


def _by_subject(atlas: Atlas, mail: Parsed, is_sent: bool, sent_at: datetime) -> Place | None:
    if mail.is_auto or not quotes.has_reply_prefix(mail.subject):
        return None
    key = quotes.bare_subject(mail.subject).casefold()
    others = [a.address for a in mail.to] if is_sent else [mail.from_.address]
    for address in set(others) - atlas.mailbox.addresses:
        last, conversation_id = atlas.subjects.get((address, key), (None, 0))
        if key and last is not None and abs(sent_at - last) <= SUBJECT_DAYS:
            return Place(conversation_id=conversation_id, reason="subject")
    return None


def _token(keys: Keys, mail: Parsed) -> int | None:
    for address in (*mail.delivered_to, *(a.address for a in (*mail.to, *mail.cc))):
        local, _, _ = address.partition("@")
        _, plus, token = local.partition("+")
        if plus and (found := message_ids.read_token(keys, token)) is not None:
            return found
    return None


def _everybody(recipients: Recipients) -> set[str]:
    return {a.address for a in (*recipients.to, *recipients.cc, *recipients.bcc)}
