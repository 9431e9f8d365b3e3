"""An older state of the house takes the place of a newer one that was lost: what must not happen
twice is held, and numbers of the lost time are not given out again."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inbox import events
from inbox.events import SYSTEM, NewEvent
from inbox.store import Session

GAP = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unsent:
    id: int
    mailbox_id: int | None
    conversation_id: int | None


def begin(
    db: Session,
    kind: str,
    *,
    held: str,
    newest: tuple[int, int],
    after: dict[str, Any] | None = None,
    now: datetime,
) -> int:
    """Leave out the numbers of the lost time, hold what was waiting to be sent (answering how
    many; `held` tells agents why), and write both into the diary, as an event of this `kind`.

    `newest` are the last numbers of a conversation and a message in the lost time, as far as they
    are known.
    """
    _leave_numbers_out(db, newest)
    unsent = db.all("restore.unsent", _Unsent)
    db.change("restore.hold_unsent", error=held, now=now)
    news = [
        NewEvent(
            kind="held",
            actor=SYSTEM,
            occurred_at=now,
            recorded_at=now,
            mailbox_id=mail.mailbox_id,
            conversation_id=mail.conversation_id,
            after={"outbox_id": mail.id},
        )
        for mail in unsent
    ]
    begun = NewEvent(kind=kind, actor=SYSTEM, occurred_at=now, recorded_at=now, after=after)
    events.record_all(db, [begun, *news], action_id=uuid.uuid4().hex)
    return len(unsent)


def _leave_numbers_out(db: Session, newest: tuple[int, int]) -> None:
    """Our mails of the lost time name a conversation in their Message-IDs, and their signatures
    are good for ever: a number given out again would bring one customer's answer into another
    customer's conversation. How far the lost house had counted is known only where it stood in
    this folder; elsewhere the gap must be wide enough. Its width is drawn, so that a state that
    is brought back twice does not count the same way twice."""
    gap = GAP + secrets.randbelow(GAP)
    conversations = newest[0] - db.value("restore.newest_conversation")
    messages = newest[1] - db.value("restore.newest_message")
    db.run("restore.skip_conversations", count=max(conversations, 0) + gap)
    db.run("restore.skip_messages", count=max(messages, 0) + gap)
