"""The same mail in two mailboxes: two messages in two conversations, which know of each other."""

from dataclasses import dataclass

from inbox import conversations
from inbox.agents import Agent
from inbox.store import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosslink:
    """A conversation in another mailbox that holds a mail of this one."""

    conversation_id: int
    mailbox_id: int
    mailbox_name: str


def elsewhere(db: Session, viewer: Agent, conversation_id: int) -> list[Crosslink]:
    """Where else its mails stand (by their bytes or their Message-ID), in mailboxes the viewer
    may read.

    It looks through every message, as no index helps it: ask when somebody wants to know, not on
    every page. Raises NotFound for a conversation the viewer may not read.
    """
    found = conversations.by_id(db, viewer, conversation_id)
    return db.all(
        "crosslinks.elsewhere",
        Crosslink,
        family=list(found.family),
        mailboxes=[m for m in viewer.readable if m != found.mailbox_id],
    )
