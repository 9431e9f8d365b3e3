"""Cards: questions that an admin has asked on the SQL page and the house keeps on Boards."""

from dataclasses import dataclass
from datetime import datetime

from inbox import boards, events
from inbox.agents import Agent
from inbox.errors import Invalid, NotFound
from inbox.store import Session

LONGEST_TITLE = 80
LONGEST_DEFINITION = 300
LONGEST_QUESTION = 20_000
MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """`saved_by` is a name."""

    id: int
    title: str
    definition: str
    question: str
    saved_by: str
    created_at: datetime


def of_house(db: Session, viewer: Agent) -> list[Card]:
    """All of them, by title: what they ask is no secret, and answers only what a viewer may
    read."""
    return db.all("cards.of_house", Card)


def columns(db: Session, viewer: Agent) -> dict[str, list[tuple[str, str]]]:
    """What can be asked: {report table: its columns with their types}."""
    viewer.must_run_the_house("sql")
    found: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in db.rows("cards.columns"):
        found.setdefault(table, []).append((column, kind))
    return found


def save(
    db: Session, agent: Agent, title: str, definition: str, question: str, *, now: datetime
) -> int:
    """Keep a question under a title, with its definition in a sentence; answer its id."""
    agent.must_run_the_house("sql")
    found = of_house(db, agent)
    title, definition = " ".join(title.split()), " ".join(definition.split())
    if len(found) >= MOST:
        raise Invalid("title", "There are {most} cards already. Remove one first.", most=MOST)
    if not title or len(title) > LONGEST_TITLE:
        raise Invalid(
            "title", "A card needs a title of at most {most} letters.", most=LONGEST_TITLE
        )
    if not definition or len(definition) > LONGEST_DEFINITION:
        raise Invalid(
            "definition",
            "A card needs a sentence that says what it counts, of at most {most} letters.",
            most=LONGEST_DEFINITION,
        )
    if any(card.title.casefold() == title.casefold() for card in found):
        raise Invalid("title", "There is a card of this title already.")
    must_be_short(question)
    boards.chart_of(question)
    card_id: int = db.value(
        "cards.save",
        title=title,
        definition=definition,
        question=question,
        agent_id=agent.id,
        now=now,
    )
    _record(db, agent, "card_saved", card_id, now=now)
    return card_id


def remove(db: Session, agent: Agent, card_id: int, *, now: datetime) -> None:
    """It is shown no more."""
    agent.must_run_the_house("sql")
    if not db.change("cards.remove", card_id=card_id, now=now):
        raise NotFound("card")
    _record(db, agent, "card_removed", card_id, now=now)


def bring_back(db: Session, agent: Agent, card_id: int, *, now: datetime) -> None:
    """It is shown again as it was."""
    agent.must_run_the_house("sql")
    if not db.change("cards.bring_back", card_id=card_id):
        raise NotFound("card")
    _record(db, agent, "card_brought_back", card_id, now=now)


def must_be_short(question: str) -> None:
    """Raises Invalid."""
    if not question.strip() or len(question) > LONGEST_QUESTION:
        raise Invalid(
            "sql",
            "A question has at most {most:,} letters, and at least one.",
            most=LONGEST_QUESTION,
        )


def _record(db: Session, agent: Agent, kind: str, card_id: int, *, now: datetime) -> None:
    events.record(db, agent, kind, None, after={"card_id": card_id}, now=now)
