"""Whom a note speaks to: “@Bo Ek”, “@bo” or “@bo.ek” among the members of the mailbox."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from inbox.agents import Agent
from inbox.store import Session

# An address is no mention: what stands before the sign must not be part of a word.
_AT = re.compile(r"(?<![\w.@-])@(?=\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who reads this mailbox, and can be spoken to in its notes."""

    id: int
    name: str
    email: str


def members(db: Session, viewer: Agent, mailbox_id: int) -> list[Member]:
    """Everybody who may read the mailbox, by name."""
    viewer.must("read", mailbox_id)
    return db.all("agents.members", Member, mailbox_id=mailbox_id)


def found(text: str, known: Sequence[Member]) -> tuple[int, ...]:
    """The ids of those whom the text names after an “@”, in the order of their first mention.

    The longest name that fits counts: with a Bo and a Bo Ek, “@Bo Ek” is the second. A first name
    or an account's name alone counts if it is one member's only.
    """
    named = _names(known)
    ids: dict[int, None] = {}
    folded = text.casefold()
    for sign in _AT.finditer(folded):
        fitting = [name for name in named if _stands(folded, sign.end(), name)]
        if fitting:
            ids[named[max(fitting, key=len)]] = None
    return tuple(ids)


def _names(known: Sequence[Member]) -> dict[str, int]:
    """What each can be called, without what two are called."""
    called: dict[str, set[int]] = {}
    for member in known:
        first = member.name.split(" ", 1)[0]
        for name in (member.name, first, member.email.partition("@")[0]):
            if name.strip():
                called.setdefault(name.strip().casefold(), set()).add(member.id)
    return {name: next(iter(ids)) for name, ids in called.items() if len(ids) == 1}


def _stands(text: str, at: int, name: str) -> bool:
    end = at + len(name)
    return text.startswith(name, at) and not re.match(r"\w", text[end : end + 1])
