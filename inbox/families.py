"""A conversation and those that were merged into it: what of them is asked together.

No row of a message, event, draft or mail on its way moves when conversations are merged, so
whoever asks for them asks for the whole family.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inbox.store import Session

AT_ONCE = 6
"""How many members the one statement that must be quick names one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """`id` is the conversation that stands for all; it comes first in `members`."""

    id: int
    members: tuple[int, ...]

    @property
    def ids(self) -> list[int]:
        return list(self.members)


def of(db: Session, conversation_id: int) -> Family:
    """The family this conversation is in; one that nobody knows is alone."""
    found = db.column("families.of", conversation_id=conversation_id) or [conversation_id]
    return Family(id=found[0], members=tuple(found))


def place(db: Session, conversation_id: int | None) -> int | None:
    """The conversation whose row and diary tell what goes on: this one, or the one it was merged
    into. None for a mail of the house, which is in none."""
    return None if conversation_id is None else of(db, conversation_id).id


def by_turns(members: Sequence[int]) -> Iterator[dict[str, int]]:
    """The members as the parameters of a statement, few at once: a larger family takes several."""
    for start in range(0, len(members), AT_ONCE):
        some = members[start : start + AT_ONCE]
        filled = [*some, *[some[0]] * (AT_ONCE - len(some))]
        yield {f"member_{n}": member for n, member in enumerate(filled, start=1)}
