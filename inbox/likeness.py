"""Which conversations may be about the same matter, and why one may think so.

Nobody joins them but an agent. What a message names that is like the number of an order is written
down when it is filed, so that looking for others who name it costs no reading of mail.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from inbox.search import WORD, fold
from inbox.store import Session

Why = Literal["token", "file", "subject"]
MOST = 3
COMMONEST, COMMONEST_MAILS = 6, 60
"""What more conversations of a mailbox name is a phone number or a logo, and tells nothing; nor
does what stands in more mails, as quoted texts do."""
THOSE_DAYS = timedelta(days=14)
SIMILAR = 0.6

_PREFIXES = {"re", "fw", "fwd", "sv", "vb", "vs", "aw", "wg", "antw", "rv", "tr", "ref"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Another conversation, and what speaks for it: `what` is the token or file that both have."""

    id: int
    subject: str
    contact_name: str
    contact_address: str
    status: str
    waiting_since: datetime | None
    last_message_at: datetime
    why: Why
    what: str


def remember(db: Session, tokens_of: Sequence[tuple[int, Iterable[str]]]) -> None:
    """Part of filing messages: what each of them names."""
    pairs = [(message_id, token) for message_id, found in tokens_of for token in found]
    if pairs:
        db.run(
            "likeness.add", message_ids=[i for i, _ in pairs], tokens=[token for _, token in pairs]
        )


def rewrite(db: Session, message_id: int, found: Iterable[str]) -> None:
    """What the message names from now on."""
    db.change("likeness.forget", message_ids=[message_id])
    remember(db, [(message_id, found)])


class _Lasting(Protocol):
    """When a conversation was begun and when it last moved."""

    @property
    def created_at(self) -> datetime: ...
    @property
    def last_message_at(self) -> datetime: ...


def is_near(one: _Lasting, other: _Lasting) -> bool:
    """Whether there is no fortnight between the two."""
    return (
        one.created_at - THOSE_DAYS <= other.last_message_at
        and other.created_at <= one.last_message_at + THOSE_DAYS
    )


def among(subject: str, candidates: Sequence[Alike], known: Mapping[str, int]) -> tuple[Alike, ...]:
    """The likeliest of them, each once: who names or holds the same before who only writes of
    something similar, then the newest. `known` tells how many conversations have what is shared.
    """
    order: list[Why] = ["token", "file", "subject"]
    able = [
        c
        for c in candidates
        if (is_similar(subject, c.subject) if c.why == "subject" else known[c.what] <= COMMONEST)
    ]
    able.sort(key=lambda c: (order.index(c.why), -len(c.what)))
    best: dict[int, Alike] = {}
    for one in able:
        best.setdefault(one.id, one)
    newest = sorted(best.values(), key=lambda c: (c.last_message_at, c.id), reverse=True)
    newest.sort(key=lambda c: c.why == "subject")
    return tuple(newest[:MOST])


def is_similar(one: str, other: str) -> bool:
    """Whether two subjects say mostly the same words, in whatever order."""
    here, there = _words(one), _words(other)
    return bool(here & there) and len(here & there) >= SIMILAR * len(here | there)


def _words(subject: str) -> set[str]:
    found = {w for w in WORD.findall(fold(subject)) if w not in _PREFIXES}
    return {w for w in found if len(w) > 2 or w.isdigit()}
