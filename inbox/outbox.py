"""The outbox: a reply is a row before it is a mail, and its bytes are frozen at Send.

Nothing else leads to SMTP; ingest.deliver carries the rows there (see inbox.delivery).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from inbox import (
    claiming,
    conversations,
    drafts,
    effecting,
    events,
    families,
    filing,
    guard,
    message_ids,
    messages,
    new_mail,
    newcomers,
    outgoing,
    placeholders,
    posting,
    reviews,
    sendings,
)
from inbox.agents import Agent
from inbox.blobs import Files, RawStore
from inbox.drafts import Draft
from inbox.errors import Invalid, NotFound, Stale, TooLate
from inbox.failpoints import failpoint
from inbox.house_mail import queue_system
from inbox.keys import Keys
from inbox.mailboxes import Mailbox
from inbox.messages import Recipients
from inbox.outgoing import SentCheck
from inbox.recipients import sendable
from inbox.repairs import cancel, confirm_arrived, correct, retry_now, send_again
from inbox.settings import Settings
from inbox.store import Session
from inbox.undelivered import Outgoing, Trouble, of_conversation, troubles

__all__ = [
    "Outgoing",
    "Queued",
    "Trouble",
    "cancel",
    "confirm_arrived",
    "correct",
    "of_conversation",
    "queue_system",
    "retry_now",
    "send",
    "send_again",
    "troubles",
    "undo",
]


LATEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """`anyway` passes the guard, up to the event `shown`, and is recorded; `closes` closes the
    conversation once the server has accepted the mail. With `at` it leaves at that later moment,
    unless somebody else is first (see inbox.later)."""

    anyway: bool = False
    shown: int | None = None
    closes: bool = False
    at: datetime | None = None


AT_ONCE = How()


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A reply on its way; until `due_at` it can be undone."""

    outbox_id: int
    due_at: datetime


def send(
    db: Session,
    agent: Agent,
    draft_id: int,
    revision: int,
    *,
    keys: Keys,
    raw: RawStore,
    files: Files,
    settings: Settings,
    how: How = AT_ONCE,
    now: datetime,
) -> Queued:
    """Queue the draft as it was saved with this revision; answer when it leaves. Its author has
    the conversation from then on, if nobody had it (see inbox.claiming). A colleague's, when it is
    shared, leaves under the author's name (see inbox.reviews).

    One call inside one transaction, which takes one fsync for the mail's bytes. Pressing Send
    twice on one revision answers the same Queued and adds nothing.

    Raises Unconfirmed for a recipient to look at twice, Stale when the conversation moved on or
    the draft was changed elsewhere, Invalid for what cannot be mailed (a placeholder that nothing
    was put into), TooLate when the draft was discarded.
    """
    draft = drafts.own(db, agent, draft_id)
    author = reviews.author_of(db, agent, draft)
    conversation = conversations.by_id(db, agent, draft.conversation_id)
    agent.must("reply", conversation.mailbox_id)
    queued = db.one("outbox.of_draft", _Found, draft_id=draft_id, draft_revision=revision)
    if queued is not None:
        return Queued(outbox_id=queued.id, due_at=queued.due_at)
    recipients = _ready(draft, revision)
    confirmed = newcomers.must_be_confirmed(db, agent, replace(draft, recipients=recipients))
    due_at = _due_at(how.at, settings, now)
    if how.at is not None and (conversation.spam_at or conversation.trashed_at):
        raise Invalid(
            "at", "Take this out of spam or the trash first: nothing is sent later from there."
        )
    does = effecting.checked(db, agent, conversation.mailbox_id, draft.effects)
    newer = guard.check(db, agent, draft, anyway=how.anyway, shown=how.shown, now=now)
    mailbox = posting.sender(db, conversation.mailbox_id)
    sent_check = _sent_check(db, mailbox, draft_id, anyway=how.anyway)
    is_new = new_mail.send(db, agent, conversation, draft, recipients, now=now)
    (message_id,) = messages.reserve(db, 1)
    rfc_message_id = message_ids.make(
        keys, conversation.id, message_id, mailbox.address.rpartition("@")[2]
    )
    body = posting.body_of(db, author, mailbox, draft)
    letter = posting.letter_of(
        db, author, mailbox, draft, recipients, body, files, rfc_message_id, how.at or now
    )
    failpoint("reply to be frozen")
    place = posting.freeze(raw, letter, mailbox.id, now)
    failpoint("reply frozen")
    db.change("outbox.supersede", draft_id=draft_id)
    outbox_id = outgoing.add(
        db,
        place=place,
        recipients=recipients,
        results=outgoing.pending(recipients),
        files=drafts.files_of(draft),
        kind="reply",
        mailbox_id=mailbox.id,
        conversation_id=conversation.id,
        message_id=message_id,
        agent_id=author.id,
        approver_id=None if author.id == agent.id else agent.id,
        draft_id=draft_id,
        draft_revision=revision,
        answers_message_id=draft.answers_message_id,
        rfc_message_id=rfc_message_id,
        envelope_from=mailbox.address,
        from_name=author.name,
        from_address=mailbox.address,
        subject=draft.subject.strip(),
        body_text=body.text,
        body_html=body.html,
        reply_text=body.reply_text,
        seen_event_id=max((draft.seen_event_id, *newer)),
        due_at=due_at,
        planned_at=how.at,
        closes=how.closes or does.closes,
        effects=does.as_json(),
        sent_check=sent_check,
        copy_state="due" if posting.keeps_copy(mailbox) else "none",
        now=now,
    )
    db.change("drafts.consume", draft_id=draft_id, state="sent")
    claimed = claiming.with_answer(db, agent, conversation, settings, author_id=author.id, now=now)
    about = sendings.about(outbox_id, due_at, recipients, confirmed)
    told = sendings.told(agent, conversation, message_id, about, newer, is_new=is_new, now=now)
    events.record_all(db, claimed + told)
    if author.id != agent.id:
        reviews.approved(db, agent, author, draft, outbox_id, now=now)
    failpoint("reply queued")
    db.after_commit(lambda: failpoint("queued reply recorded"))
    return Queued(outbox_id=outbox_id, due_at=due_at)


def undo(db: Session, agent: Agent, outbox_id: int, *, now: datetime) -> Draft:
    """Take a reply of one's own back before it leaves; answer the draft, as it was. What Send had
    taken is nobody's again.

    Its revision is the next one, so that it can be sent again. Raises TooLate once the undo
    window is over or the mail is on its way.
    """
    parcel = outgoing.by_id(db, outbox_id)
    agent.must("reply", parcel.mailbox_id or 0)
    if agent.id not in (parcel.agent_id, parcel.approver_id) or parcel.draft_id is None:
        raise NotFound("reply")
    has_left = filing.is_filed(db, parcel)
    if has_left or not db.change("outbox.undo", outbox_id=outbox_id, now=now):
        raise TooLate("It is too late to undo: the reply is on its way or was taken back before.")
    outgoing.give_back(db, parcel, now=now)
    undone = events.NewEvent(
        kind="undone",
        actor=events.as_actor(agent),
        occurred_at=now,
        recorded_at=now,
        mailbox_id=parcel.mailbox_id,
        conversation_id=families.place(db, parcel.conversation_id),
        message_id=parcel.message_id,
        after={"outbox_id": outbox_id},
    )
    events.record_all(db, [undone, *claiming.given_back(db, agent, parcel, now=now)])
    return drafts.own(db, agent, parcel.draft_id)


def _sent_check(db: Session, mailbox: Mailbox, draft_id: int, *, anyway: bool) -> SentCheck:
    """A draft that an answer in Sent gave back is not stopped by that answer again."""
    if anyway:
        return "waived"
    if not mailbox.imap_url:
        return "none"
    return "done" if db.value("outbox.was_stopped", draft_id=draft_id) else "due"


def _due_at(at: datetime | None, settings: Settings, now: datetime) -> datetime:
    """When it leaves; not before it can be undone no more."""
    soonest = now + timedelta(seconds=settings.undo_seconds)
    if at is not None and not soonest < at <= now + LATEST:
        raise Invalid("at", "Choose a moment that is still to come, within a year.")
    return at or soonest


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    id: int
    due_at: datetime


def _ready(draft: Draft, revision: int) -> Recipients:
    """The draft's recipients, checked, when it is open, unchanged and has something to say."""
    drafts.must_be_open(draft)
    if draft.revision != revision:
        raise Stale(
            "This draft was changed on another page or device meanwhile. Nothing was sent; "
            "reload to see the newer text.",
            (),
        )
    if draft.kind != "reply":
        raise Invalid("kind", "This is a note. Notes are not mailed.")
    if not draft.body.strip():
        raise Invalid("body", "There is nothing to send yet: the text is empty.")
    if not draft.subject.strip():
        raise Invalid("subject", "Write a subject before sending.")
    placeholders.must_be_filled(draft.body, "body")
    placeholders.must_be_filled(draft.subject, "subject")
    return sendable(draft.recipients)
