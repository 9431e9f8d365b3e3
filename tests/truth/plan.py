"""Mails in the order in which they arrive, and what can be known of where they belong."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.truth.letters import Letter


@dataclass(frozen=True, slots=True)
class Post:
    """One mail on the server; copies of a letter are posts of their own."""

    raw: bytes
    folder: str
    letter: Letter


@dataclass(slots=True)
class Plan:
    posts: list[Post] = field(default_factory=list)

    @property
    def letters(self) -> dict[int, Letter]:
        return {post.letter.number: post.letter for post in self.posts}


def delayed(random: Random, posts: Sequence[Post], *, share: float, most: int) -> list[Post]:
    """Some of the mails arrive later than they were written, by so many places at most."""
    places = [
        (place + (random.randint(1, most) if random.random() < share else 0), place)
        for place in range(len(posts))
    ]
    return [posts[place] for _, place in sorted(places)]


def tellable(written: dict[int, tuple[str | None, tuple[str, ...]]]) -> list[set[int]]:
    """Letters that belong together by ids: Message-IDs, In-Reply-To and References as far as
    the mails really hold them (`written`: letter → its id, ids it names), whatever the order.
    """
    groups: dict[object, object] = {}

    def top(one: object) -> object:
        while groups.setdefault(one, one) != one:
            one = groups[one]
        return one

    for number, (own, named) in written.items():
        for id_ in filter(None, (own, *named)):
            groups[top(number)] = top(id_)
    found: dict[object, set[int]] = defaultdict(set)
    for number in written:
        found[top(number)].add(number)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Account:
    """What became of a plan: letters that are not there, there twice, in a conversation with
    another thread's, apart from what ids tie them to, or shown with other words."""

    lost: list[int]
    doubled: list[int]
    merged_wrongly: list[set[int]]
    split: list[set[int]]
    garbled: list[int]
    conversations: int


def account(
    plan: Plan,
    groups: Iterable[set[int]],
    shown: Sequence[tuple[int, int, bool]],
) -> Account:
    """`shown` are the messages as (letter, conversation, whether it reads as it was written)."""
    places: dict[int, list[int]] = defaultdict(list)
    threads: dict[int, set[int]] = defaultdict(set)
    for number, conversation_id, _ in shown:
        places[number].append(conversation_id)
        threads[conversation_id].add(plan.letters[number].thread)
    return Account(
        lost=[n for n in plan.letters if n not in places],
        doubled=[n for n, found in places.items() if len(found) > 1],
        merged_wrongly=[found for found in threads.values() if len(found) > 1],
        split=[g for g in groups if len({c for n in g for c in places.get(n, ())}) > 1],
        garbled=[n for n, _, is_right in shown if not is_right],
        conversations=len(threads),
    )
