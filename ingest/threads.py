"""Which conversation a mail belongs to, always inside one mailbox.

In this order, and the reason is stored with the message:

* `signed`: it answers one of our Message-IDs. Only whoever got that mail (or was shown it) knows
  the id, and nobody can make one, so it joins whoever sends it. An id of our shape whose seal
  does not verify is a forgery: it is neither followed nor remembered.
* `plus_address`: it came to `support+token@…` with a token of ours.
* `reference`: In-Reply-To or References name an id this mailbox knows, be it only from other
  mails' References; newest first. Or its own Message-ID was named before it came (a late parent).
* `reference_stranger`: the same, from an address that took no part so far. Message-IDs of other
  people's mail are not secret: they stand in every copy and archive, and some are guessable. But
  a colleague who answers for the customer is an everyday case, and a mail set apart is a mail
  answered twice. So it joins and is marked: the page warns before anyone answers it, it never
  changes the conversation's contact, and an answer goes to whoever is shown as its recipient.
* `subject`: a reply prefix, the same bare subject, and a sender who took part within 30 days.
* `late_parent`: it was named before it came, and names mails of another conversation itself: the
  two are one. They are merged, if the mail is to be believed (see ingest.company). If not, it is
  placed by what it names, marked like a stranger's, and both conversations get a hint.
* `new`: none of these.

A mail that names mails of several conversations joins these too, under the same condition. So one
thread becomes one conversation in whatever order its mails come. It does not where nothing proves
that it is one (nobody took part on both sides yet), where only the subject tells, and where an
agent has taken it apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from inbox import message_ids
from inbox.keys import Keys
from inbox.mailboxes import Mailbox
from inbox.messages import Recipients
from inbox.store import Session
from ingest import company, quotes
from ingest.company import Company
from ingest.parse import Parsed

SUBJECT_DAYS = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`conversation_id` is None for a new conversation. `related` are others that the mail names
    and that nothing proves to be one with it."""

    conversation_id: int | None
    reason: str
    related: tuple[int, ...] = ()


@dataclass(slots=True)
class Atlas:
    """What is known of the mailbox's conversations, kept up as a batch is placed.

    `begun` says since when a conversation has been in the database; one of this batch is not
    there. `one_with` leads from a conversation to the one it is found to be one with, `links` are
    those found between two of the database; `parted` were taken apart by an agent.
    """

    keys: Keys
    mailbox: Mailbox
    ids: dict[str, int] = field(default_factory=dict)
    here: set[int] = field(default_factory=set)
    begun: dict[int, datetime] = field(default_factory=dict)
    one_with: dict[int, int] = field(default_factory=dict)
    links: list[tuple[int, int]] = field(default_factory=list)
    spam: set[int] = field(default_factory=set)
    parted: list[tuple[int, int]] = field(default_factory=list)
    people: dict[int, Company] = field(default_factory=dict)
    subjects: dict[tuple[str, str], tuple[datetime, int]] = field(default_factory=dict)

    def now(self, conversation_id: int) -> int:
        """The conversation that this one is part of, as far as this batch has come."""
        while conversation_id in self.one_with:
            conversation_id = self.one_with[conversation_id]
        return conversation_id

    def company(self, conversation_id: int) -> Company:
        return self.people.setdefault(conversation_id, Company())

    def join(self, one: int, other: int) -> int:
        """The two are one; answer which stays: one of the database, and of two the older."""
        stays, goes = sorted(
            (one, other), key=lambda c: (c not in self.begun, self.begun.get(c, c), c)
        )
        self.one_with[goes] = stays
        self.company(stays).merge(self.company(goes))
        if goes in self.begun:
            self.links.append((goes, stays))
        return stays

    def is_kept_apart(self, one: int, other: int) -> bool:
        """Whether people want them apart, whatever a mail says."""
        if (one in self.spam) != (other in self.spam):
            return True
        return any({self.now(a), self.now(b)} == {one, other} for a, b in self.parted)

    def add(
        self, parsed: Parsed, conversation_id: int, sent_at: datetime, reason: str, *, is_sent: bool
    ) -> None:
        """Remember a mail that was placed, for the next ones of the batch."""
        self.here.add(conversation_id)
        own = (parsed.rfc_message_id,) if parsed.rfc_message_id else ()
        for rfc_id in (*own, *references(self.keys, parsed)):
            self.ids.setdefault(rfc_id, conversation_id)
        ours = self.mailbox.addresses
        people = self.company(conversation_id)
        reason = "reference_stranger" if parsed.is_bounce else reason
        people.add(parsed.from_.address, addresses(parsed), reason, ours, is_sent=is_sent)
        for address in people.everybody:
            self.subjects[address, _bare(parsed.subject)] = (sent_at, conversation_id)


def survey(db: Session, keys: Keys, mailbox: Mailbox, mails: Sequence[Parsed]) -> Atlas:
    """Everything needed to place these mails, in at most five statements. What was merged is
    known as the conversation it is in now."""
    atlas = Atlas(keys=keys, mailbox=mailbox)
    ids = {i for mail in mails for i in (*references(keys, mail), mail.rfc_message_id) if i}
    if ids:
        atlas.ids.update(db.rows("threads.known_ids", mailbox_id=mailbox.id, ids=list(ids)))
    signed = {ours[0] for i in ids if (ours := message_ids.read(keys, i))}
    signed |= {named for mail in mails if (named := _token(keys, mail)) is not None}
    replies = [m for m in mails if quotes.has_reply_prefix(m.subject)]
    if senders := sorted({a for m in replies for a in addresses(m)}):
        for address, conversation_id, subject, last in db.rows(
            "threads.subjects", mailbox_id=mailbox.id, addresses=senders
        ):
            atlas.subjects[address, _bare(subject)] = (last, conversation_id)
    alike = {
        atlas.subjects[key][1]
        for m in replies
        for a in addresses(m)
        if (key := (a, _bare(m.subject))) in atlas.subjects
    }
    if asked := sorted({*atlas.ids.values(), *signed, *alike}):
        for member, family, begun, is_spam in db.rows(
            "threads.here", mailbox_id=mailbox.id, conversation_ids=asked
        ):
            atlas.here.add(member)
            atlas.begun[family] = begun
            if member != family:
                atlas.one_with[member] = family
            if is_spam:
                atlas.spam.add(family)
    if len(atlas.begun) > 1:
        atlas.parted = db.rows("merging.parted", ids=sorted({*atlas.here, *atlas.begun}))
    if atlas.begun:
        for conversation_id, sender, recipients, reason, is_sent in db.rows(
            "threads.participants", conversation_ids=sorted(atlas.begun)
        ):
            addressed = _everybody(Recipients.from_json(recipients))
            atlas.company(conversation_id).add(
                sender, addressed, reason, mailbox.addresses, is_sent=is_sent
            )
    return atlas


def place(atlas: Atlas, mail: Parsed, *, is_sent: bool, sent_at: datetime) -> Place:
    """Where the mail belongs; `is_sent` for one from our own Sent folder."""
    named = _named(atlas, mail)
    known_as = atlas.ids.get(mail.rfc_message_id or "")
    parent_of = None if known_as is None else atlas.now(known_as)
    if not named and parent_of is None:
        return _by_subject(atlas, mail, is_sent, sent_at) or Place(
            conversation_id=None, reason="new"
        )
    joined, reason = named[0] if named else (parent_of or 0, "reference")
    if reason == "reference" and not is_sent:
        took_part = mail.from_.address in atlas.company(joined).everybody
        reason = "reference" if took_part else "reference_stranger"
    if mail.is_bounce or (not is_sent and message_ids.looks_like_ours(mail.rfc_message_id or "")):
        # A stranger may give his mail the very Message-ID of one of ours.
        return Place(conversation_id=joined, reason=reason)
    return _with_others(atlas, mail, joined, reason, named, parent_of, is_sent=is_sent)


def _named(atlas: Atlas, mail: Parsed) -> list[tuple[int, str]]:
    """The conversations that a mail names, each once, with what decides for it; the first counts.
    One that is named by our own signature or token counts more than any other."""
    known = references(atlas.keys, mail)
    signed = [ours[0] for i in known if (ours := message_ids.read(atlas.keys, i))]
    token = _token(atlas.keys, mail)
    found = [(c, "signed") for c in signed if c in atlas.here]
    found += [(token, "plus_address")] if token is not None and token in atlas.here else []
    found += [(atlas.ids[i], "reference") for i in known if i in atlas.ids]
    reasons: dict[int, str] = {}
    for conversation_id, reason in found:
        reasons.setdefault(atlas.now(conversation_id), reason)
    return list(reasons.items())


def _with_others(
    atlas: Atlas,
    mail: Parsed,
    joined: int,
    reason: str,
    named: list[tuple[int, str]],
    parent_of: int | None,
    *,
    is_sent: bool,
) -> Place:
    """Join the other conversations a mail names, as far as it is to be believed."""
    others = dict.fromkeys([c for c, why in named if why != "plus_address"])
    if parent_of is not None:
        others.setdefault(parent_of)
    recipients = addresses(mail)
    related = []
    for other in others:
        if (here := atlas.now(joined)) == (there := atlas.now(other)):
            continue
        sound = company.are_one(
            atlas.company(here),
            atlas.company(there),
            mail.from_.address,
            recipients,
            is_sent=is_sent,
        )
        if sound and not atlas.is_kept_apart(here, there):
            joined = atlas.join(here, there)
            reason = "late_parent" if other == parent_of else reason
        else:
            related.append(there)
            reason = "reference_stranger" if other == parent_of else reason
    return Place(conversation_id=atlas.now(joined), reason=reason, related=tuple(related))


def references(keys: Keys, mail: Parsed) -> list[str]:
    """The ids a mail answers, likeliest first, without forgeries of ours."""
    first = (mail.bounced_message_id,) if mail.bounced_message_id else ()
    return [
        rfc_id
        for rfc_id in dict.fromkeys((*first, *mail.known_ids))
        if not message_ids.looks_like_ours(rfc_id) or message_ids.read(keys, rfc_id)
    ]


def addresses(mail: Parsed) -> set[str]:
    """Everybody a mail names as sender or recipient."""
    return {a.address for a in (mail.from_, *mail.to, *mail.cc, *mail.reply_to) if a.address}


def _by_subject(atlas: Atlas, mail: Parsed, is_sent: bool, sent_at: datetime) -> Place | None:
    if mail.is_auto or not quotes.has_reply_prefix(mail.subject):
        return None
    key = _bare(mail.subject)
    others = [a.address for a in mail.to] if is_sent else [mail.from_.address]
    for address in set(others) - atlas.mailbox.addresses:
        last, conversation_id = atlas.subjects.get((address, key), (None, 0))
        if key and last is not None and abs(sent_at - last) <= SUBJECT_DAYS:
            return Place(conversation_id=atlas.now(conversation_id), reason="subject")
    return None


def _bare(subject: str) -> str:
    return quotes.bare_subject(subject).casefold()


def _token(keys: Keys, mail: Parsed) -> int | None:
    for address in (*mail.delivered_to, *(a.address for a in (*mail.to, *mail.cc))):
        local, _, _ = address.partition("@")
        _, plus, token = local.partition("+")
        if plus and (found := message_ids.read_token(keys, token)) is not None:
            return found
    return None


def _everybody(recipients: Recipients) -> set[str]:
    return {a.address for a in (*recipients.to, *recipients.cc, *recipients.bcc)}
