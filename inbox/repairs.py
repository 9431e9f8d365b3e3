"""What an agent can do about a mail that failed, was refused or is in doubt."""

from dataclasses import replace
from datetime import datetime

from inbox import delivery, drafts, events, families, filing, mailboxes, mime, outgoing, posting
from inbox.agents import Agent
from inbox.blobs import RawStore
from inbox.drafts import Draft
from inbox.errors import Invalid, NotFound, TooLate
from inbox.messages import Address, Recipients
from inbox.outgoing import Parcel, Result
from inbox.recipients import checked
from inbox.store import Session

CORRECTABLE = {"refused", "bounced"}


def confirm_arrived(db: Session, agent: Agent, outbox_id: int, *, now: datetime) -> None:
    """“It arrived”: a mail in doubt counts as sent and stands in its conversation.

    Confirming a sent mail changes nothing. Raises TooLate when it is in another state.
    """
    parcel = _must(db, agent, outbox_id)
    if parcel.state == "sent":
        return
    if parcel.state != "uncertain":
        raise TooLate("This mail is no longer in doubt.")
    _record(db, agent, parcel, "confirmed", now=now)
    delivery.arrived(db, parcel, now=now)


def send_again(db: Session, agent: Agent, outbox_id: int, *, now: datetime) -> int:
    """Queue a failed mail, or one in doubt, once more; answer the new row's id.

    The bytes and the Message-ID stay the same: a server or reader that got the first one can
    tell that the second is the same mail. Recipients already accepted are left out. Raises
    TooLate when the mail is neither failed nor in doubt (or was sent again already), and for one
    that was stopped: its text is an open draft.
    """
    parcel = _must(db, agent, outbox_id)
    if parcel.sent_check in outgoing.HELD_BACK:
        raise TooLate("This mail was stopped and its text is a draft again. Send it from there.")
    results = [
        replace(r, state="pending", answer=None)
        if r.state == "pending" or parcel.state == "failed"
        else r
        for r in outgoing.results(db, outbox_id)
        if r.state not in {"accepted", "corrected"}
    ]
    _withdraw(db, parcel, "Sent again.", ("failed", "uncertain"))
    new_id = outgoing.again(db, parcel, results, due_at=now, now=now, copy_state=parcel.copy_state)
    _record(db, agent, parcel, "resent", new_id=new_id, now=now)
    return new_id


def correct(
    db: Session,
    agent: Agent,
    outbox_id: int,
    wrong_address: str,
    right_address: str,
    *,
    raw: RawStore,
    now: datetime,
) -> int:
    """Send the mail again to the right address alone, in place of one that was refused or
    bounced; answer the new row's id.

    To and Cc name the right address then. Raises Invalid for an address that cannot be used,
    TooLate when that recipient has no trouble (or was corrected already).
    """
    parcel = _must(db, agent, outbox_id)
    found = outgoing.results(db, outbox_id)
    wrong = next((r for r in found if r.address == wrong_address.strip().lower()), None)
    if wrong is None or wrong.state not in CORRECTABLE or parcel.state not in {"sent", "failed"}:
        raise TooLate("There is nothing to correct about that address any more.")
    mailbox = mailboxes.by_id(db, parcel.mailbox_id or 0)
    if mailbox is not None and parcel.from_address not in mailbox.addresses:
        raise Invalid(
            "conversation",
            "This mail left as {address}, and its conversation was moved to {mailbox} since. "
            "Write to the right address anew.",
            address=parcel.from_address,
            mailbox=mailbox.name,
        )
    right = checked(Address(name="", address=right_address), "to")
    if right.address in {r.address for r in found}:
        raise Invalid("to", "{address} is already a recipient of this mail.", address=right.address)
    recipients = _swapped(Recipients.from_json(parcel.recipients), wrong.address, right)
    mail = mime.readdressed(raw.read(parcel.place), recipients)
    place = posting.store(raw, mail, parcel.mailbox_id, parcel.envelope_from, now)
    _mark_corrected(db, parcel, found, wrong, right.address)
    new_id = outgoing.again(
        db,
        parcel,
        [Result(address=right.address, kind=wrong.kind, state="pending", answer=None)],
        due_at=now,
        now=now,
        place=place,
        recipients=recipients,
    )
    _record(db, agent, parcel, "corrected", new_id=new_id, now=now)
    return new_id


def retry_now(db: Session, agent: Agent, outbox_id: int, *, now: datetime) -> None:
    """Try a waiting mail at once instead of after its pause. Raises TooLate when it has left."""
    parcel = _must(db, agent, outbox_id)
    if not db.change("outbox.hurry", outbox_id=outbox_id, now=now):
        raise TooLate("This mail is not waiting for another attempt.")
    _record(db, agent, parcel, "hurried", now=now)


def cancel(db: Session, agent: Agent, outbox_id: int, *, now: datetime) -> Draft | None:
    """Give up a mail that failed or waits for another attempt; its text is a draft again.

    Answers the draft when it is this agent's own; None when it went back to a colleague, or when
    other recipients have the mail already. Raises TooLate when the mail is on its way, in doubt
    or sent.
    """
    parcel = _must(db, agent, outbox_id)
    _withdraw(db, parcel, "Cancelled.", ("failed", "queued"))
    _record(db, agent, parcel, "cancelled", now=now)
    if parcel.draft_id is None or filing.is_filed(db, parcel):
        return None
    outgoing.give_back(db, parcel, now=now)
    return drafts.own(db, agent, parcel.draft_id) if parcel.agent_id == agent.id else None


def _must(db: Session, agent: Agent, outbox_id: int) -> Parcel:
    """The row, for an agent who may answer in its mailbox."""
    parcel = outgoing.by_id(db, outbox_id)
    if parcel.kind == "system":
        agent.must_run_the_house("health")
    elif parcel.mailbox_id is None:
        raise NotFound("outgoing mail")
    else:
        agent.must("reply", parcel.mailbox_id)
    return parcel


def _withdraw(db: Session, parcel: Parcel, reason: str, states: tuple[str, ...]) -> None:
    if not db.change("outbox.withdraw", outbox_id=parcel.id, reason=reason, states=list(states)):
        raise TooLate("This mail was dealt with meanwhile.")
    _clear_alert(db, parcel)


def _clear_alert(db: Session, parcel: Parcel) -> None:
    if parcel.conversation_id is not None:
        place = families.place(db, parcel.conversation_id)
        db.change("conversations.set_alert", conversation_id=place, alert=None)


def _mark_corrected(
    db: Session, parcel: Parcel, found: list[Result], wrong: Result, right: str
) -> None:
    """The wrong address troubles nobody any more; a failed row without other trouble ends."""
    db.change(
        "outbox.answer_recipient",
        outbox_id=parcel.id,
        address=wrong.address,
        state="corrected",
        answer=f"sent to {right} instead",
    )
    if any(r.state in CORRECTABLE for r in found if r.address != wrong.address):
        return
    _clear_alert(db, parcel)
    if parcel.state == "failed":
        _withdraw(db, parcel, "Corrected.", ("failed",))


def _swapped(recipients: Recipients, wrong: str, right: Address) -> Recipients:
    def swap(addresses: tuple[Address, ...]) -> tuple[Address, ...]:
        return tuple(
            Address(name=a.name, address=right.address) if a.address == wrong else a
            for a in addresses
        )

    return Recipients(to=swap(recipients.to), cc=swap(recipients.cc), bcc=swap(recipients.bcc))


def _record(
    db: Session,
    agent: Agent,
    parcel: Parcel,
    kind: str,
    *,
    new_id: int | None = None,
    now: datetime,
) -> None:
    after = {"outbox_id": parcel.id} | ({} if new_id is None else {"new_outbox_id": new_id})
    events.record(
        db,
        agent,
        kind,
        families.place(db, parcel.conversation_id),
        mailbox_id=parcel.mailbox_id,
        message_id=parcel.message_id,
        after=after,
        now=now,
    )
