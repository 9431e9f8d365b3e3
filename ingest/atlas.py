"""What a mailbox's conversations are known by, as far as placing a batch of mails asks for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from inbox import message_ids
from inbox.keys import Keys
from inbox.mailboxes import Mailbox
from inbox.messages import Recipients
from inbox.store import Session
from ingest import quotes
from ingest.company import Company
from ingest.parse import Parsed

WORDS_OF_MESSAGES = 30
LONGEST_WORDS = 20_000


@dataclass(slots=True)
class Atlas:
    """What is known of the mailbox's conversations, kept up as a batch is placed.

    `ids` are in small letters, each with its conversations, the likeliest last; `carried` are
    those that a message here has as its own, with the moments at which these were sent.
    `begun` says since when a conversation has been in the database; one of this batch is not
    there. `one_with` leads from a conversation to the one it is found to be one with, `links` are
    those found between two of the database; `parted` were taken apart by an agent, `elsewhere` have
    left the mailbox, each for which: their answers follow them; `split_off` tells of messages in
    which conversation they are since. `subjects`
    leads from a person and a bare subject to conversations and when these last went on, `words`
    are the texts of those.
    """

    keys: Keys
    mailbox: Mailbox
    ids: dict[str, list[int]] = field(default_factory=dict)
    carried: dict[str, set[datetime]] = field(default_factory=dict)
    here: set[int] = field(default_factory=set)
    begun: dict[int, datetime] = field(default_factory=dict)
    one_with: dict[int, int] = field(default_factory=dict)
    links: list[tuple[int, int]] = field(default_factory=list)
    spam: set[int] = field(default_factory=set)
    parted: list[tuple[int, int]] = field(default_factory=list)
    elsewhere: dict[int, int] = field(default_factory=dict)
    split_off: dict[int, int] = field(default_factory=dict)
    people: dict[int, Company] = field(default_factory=dict)
    subjects: dict[tuple[str, str], dict[int, datetime]] = field(default_factory=dict)
    words: dict[int, list[str]] = field(default_factory=dict)

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
        self.words.setdefault(stays, []).extend(self.words.pop(goes, ()))
        if goes in self.begun:
            self.links.append((goes, stays))
        return stays

    def is_kept_apart(self, one: int, other: int) -> bool:
        """Whether people want them apart, whatever a mail says; those of two mailboxes are."""
        if self.elsewhere.get(one) != self.elsewhere.get(other):
            return True
        if (one in self.spam) != (other in self.spam):
            return True
        return any({self.now(a), self.now(b)} == {one, other} for a, b in self.parted)

    def add(
        self, mail: Parsed, conversation_id: int, sent_at: datetime, reason: str, *, is_sent: bool
    ) -> None:
        """Remember a mail that was placed, for the next ones of the batch."""
        self.here.add(conversation_id)
        if own := (mail.rfc_message_id or "").lower():
            self.carried.setdefault(own, set()).add(sent_at)
        for rfc_id in (own, *references(self.keys, mail)):
            known = self.ids.setdefault(rfc_id.lower(), [])
            if rfc_id and conversation_id not in known:
                known.insert(0, conversation_id)
        ours = self.mailbox.addresses
        people = self.company(conversation_id)
        reason = "reference_stranger" if mail.is_bounce else reason
        people.add(mail.from_.address, addresses(mail), reason, ours, is_sent=is_sent)
        for address in people.everybody:
            self._goes_on(address, bare(mail.subject), conversation_id, sent_at)
        self.words.setdefault(conversation_id, []).append(mail.text[:LONGEST_WORDS])

    def _goes_on(self, address: str, subject: str, conversation_id: int, at: datetime) -> None:
        known = self.subjects.setdefault((address, subject), {})
        known[conversation_id] = max(at, known.get(conversation_id, at))

    def alike(self, people: Iterable[str], subject: str) -> dict[int, datetime]:
        """Conversations of one of these people under this subject, and when each last went on."""
        found: dict[int, datetime] = {}
        for address in people:
            for one, last in self.subjects.get((address, bare(subject)), {}).items():
                found[self.now(one)] = max(last, found.get(self.now(one), last))
        return found


def survey(db: Session, keys: Keys, mailbox: Mailbox, mails: Sequence[Parsed]) -> Atlas:
    """Everything needed to place these mails, in at most seven statements. What was merged is
    known as the conversation it is in now."""
    atlas = Atlas(keys=keys, mailbox=mailbox)
    asked = _by_ids(db, atlas, mails)
    alike = _by_subjects(db, atlas, mails)
    if asked | alike:
        _stand(db, atlas, asked | alike)
    if len(atlas.begun) > 1:
        atlas.parted = db.rows("merging.parted", ids=sorted({*atlas.here, *atlas.begun}))
    if atlas.begun:
        _meet(db, atlas)
    _listen(db, atlas, mails)
    return atlas


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


def token(keys: Keys, mail: Parsed) -> int | None:
    """The conversation whose plus-address the mail came to."""
    for address in (*mail.delivered_to, *(a.address for a in (*mail.to, *mail.cc))):
        local, _, _ = address.partition("@")
        _, plus, given = local.partition("+")
        if plus and (found := message_ids.read_token(keys, given)) is not None:
            return found
    return None


def bare(subject: str) -> str:
    """What answers to one subject have in common."""
    return quotes.bare_subject(subject).casefold()


def _by_ids(db: Session, atlas: Atlas, mails: Sequence[Parsed]) -> set[int]:
    """The conversations that ids and tokens of these mails lead to."""
    keys = atlas.keys
    ids = {i for mail in mails for i in (*references(keys, mail), mail.rfc_message_id) if i}
    if ids:
        asked = list({*ids, *(i.lower() for i in ids)})
        for rfc_id, conversation_id in db.rows(
            "threads.known_ids", mailbox_id=atlas.mailbox.id, ids=asked
        ):
            atlas.ids.setdefault(rfc_id.lower(), []).append(conversation_id)
    ours = {found for i in ids if (found := message_ids.read(keys, i.lower()))}
    if ours:
        messages = [message_id for _conversation_id, message_id in ours]
        atlas.split_off = dict(db.rows("threads.split_off", message_ids=messages))
    signed = {atlas.split_off.get(message_id, number) for number, message_id in ours}
    signed |= {named for mail in mails if (named := token(keys, mail)) is not None}
    return signed.union(*atlas.ids.values())


def _by_subjects(db: Session, atlas: Atlas, mails: Sequence[Parsed]) -> set[int]:
    """The conversations of the same people under the same subject."""
    replies = [m for m in mails if quotes.has_reply_prefix(m.subject)]
    wanted = {(a, bare(m.subject)) for m in replies for a in addresses(m) - atlas.mailbox.addresses}
    if not wanted:
        return set()
    for address, conversation_id, subject, last in db.rows(
        "threads.subjects",
        mailbox_id=atlas.mailbox.id,
        addresses=sorted({address for address, _ in wanted}),
    ):
        if (key := (address, bare(subject))) in wanted:
            atlas.subjects.setdefault(key, {})[conversation_id] = last
    return {one for found in atlas.subjects.values() for one in found}


def _stand(db: Session, atlas: Atlas, asked: set[int]) -> None:
    for member, family, begun, is_spam, mailbox_id in db.rows(
        "threads.here", mailbox_id=atlas.mailbox.id, conversation_ids=sorted(asked)
    ):
        atlas.here.add(member)
        atlas.begun[family] = begun
        if member != family:
            atlas.one_with[member] = family
        if is_spam:
            atlas.spam.add(family)
        if mailbox_id != atlas.mailbox.id:
            atlas.elsewhere[family] = mailbox_id


def _meet(db: Session, atlas: Atlas) -> None:
    for conversation_id, sender, recipients, reason, is_sent, rfc_id, sent_at in db.rows(
        "threads.participants", conversation_ids=sorted(atlas.begun)
    ):
        named = Recipients.from_json(recipients)
        everybody = {a.address for a in (*named.to, *named.cc, *named.bcc, *named.reply_to)}
        company = atlas.company(conversation_id)
        company.add(sender, everybody, reason, atlas.mailbox.addresses, is_sent=is_sent)
        if rfc_id:
            atlas.carried.setdefault(rfc_id.lower(), set()).add(sent_at)


def _listen(db: Session, atlas: Atlas, mails: Sequence[Parsed]) -> None:
    """What is said where only the subject may place a mail: to read it costs more than all else."""
    loose = [m for m in mails if not _is_placed_by_ids(atlas, m)]
    keys = {(a, bare(m.subject)) for m in loose for a in addresses(m)}
    families = {atlas.now(c) for key in keys for c in atlas.subjects.get(key, ())}
    if families:
        for conversation_id, words in db.rows(
            "threads.words",
            conversation_ids=sorted(families),
            most=WORDS_OF_MESSAGES,
            longest=LONGEST_WORDS,
        ):
            atlas.words.setdefault(conversation_id, []).append(words)


def _is_placed_by_ids(atlas: Atlas, mail: Parsed) -> bool:
    """Whether an id that one mail alone carries leads somewhere."""
    return any(
        rfc_id.lower() in atlas.ids and len(atlas.carried.get(rfc_id.lower(), ())) < 2
        for rfc_id in references(atlas.keys, mail)
    )
