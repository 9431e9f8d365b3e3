"""A house full of mail, written in bulk by the ingest's own doors: what the benches look at."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from inbox import agents, events, house, mailboxes, messages, people, sessions
from inbox.agents import Agent
from inbox.events import SYSTEM, NewEvent
from inbox.house import House
from inbox.messages import NewMessage
from inbox.settings import Settings
from ingest.demo import letters
from ingest.demo.letters import Customer, Language

BATCH = 2_000
MESSAGES_EACH = 4
SUPPORT = "support@nordkaj.example"
_OPEN, _MINE = 0.06, 0.02


def build(data: Path, *, count: int, now: datetime) -> House:
    """Open an empty house under `data` and fill it with `count` messages of the last two years,
    four to a conversation, six conversations in a hundred still open."""
    home = house.open_up(Settings(data=data), now=now)
    with home.store.write() as db:
        agent_id = people.enrol(db, SYSTEM, "sara@nordkaj.example", "Sara", is_admin=True, now=now)
        sara = _agent(home, agent_id, db)
        mailboxes.add(db, sara, SUPPORT, name="Support", keys=home.keys, now=now)
    _fill(home, count, agent_id, now=now)
    with home.store.export() as cursor:
        cursor.execute("checkpoint").fetchall()
    return home


def cookie(home: House, agent_id: int = 1, *, now: datetime) -> str:
    """The token of a fresh session of the house's one agent."""
    with home.store.write() as db:
        return sessions.start(db, agent_id, "bench", settings=home.settings, now=now)


def _agent(home: House, agent_id: int, db: object) -> Agent:
    found = agents.by_id(db, agent_id)  # type: ignore[arg-type]
    assert found
    return found


def _fill(home: House, count: int, agent_id: int, *, now: datetime) -> None:
    chance = Random(count)
    spoken = letters.languages()["sv"]
    step = timedelta(days=730) / max(1, count)
    for start in range(0, count, BATCH):
        size = min(BATCH, count - start)
        first = now - step * (count - start)
        with home.store.write() as db:
            news = list(_messages(chance, spoken, messages.reserve(db, size), start, first, step))
            messages.add_all(db, news)
            events.record_all(db, [_filed(new) for new in news])
        _add_conversations(home, news, agent_id, chance)


def _messages(
    chance: Random,
    spoken: Language,
    ids: list[int],
    start: int,
    first: datetime,
    step: timedelta,
) -> Iterator[NewMessage]:
    for n, message_id in enumerate(ids):
        conversation_id = (start + n) // MESSAGES_EACH + 1
        who = letters.customer(Random(conversation_id), spoken, conversation_id)
        story = spoken.stories[conversation_id % len(spoken.stories)]
        about = letters.facts(Random(conversation_id), who)
        text = letters.ask(chance, who, story, about)
        turn = (start + n) % MESSAGES_EACH
        yield _message(message_id, conversation_id, turn, who, story.kind, text, first + step * n)


def _message(
    message_id: int,
    conversation_id: int,
    turn: int,
    who: Customer,
    subject: str,
    text: str,
    at: datetime,
) -> NewMessage:
    is_in = turn % 2 == 0
    return NewMessage(
        id=message_id,
        conversation_id=conversation_id,
        mailbox_id=1,
        direction="in" if is_in else "out",
        via="imap" if is_in else "sent",
        sent_at=at,
        received_at=at,
        from_name=who.name if is_in else "Sara",
        from_address=who.address if is_in else SUPPORT,
        subject=f"{subject} {conversation_id}",
        rfc_message_id=f"{message_id}@bench.test",
        thread_reason="new" if turn == 0 else "reference",
        body_text=text,
        reply_text=text,
    )


def _filed(new: NewMessage) -> NewEvent:
    return NewEvent(
        kind="received" if new.direction == "in" else "replied",
        actor=SYSTEM,
        occurred_at=new.sent_at,
        recorded_at=new.sent_at,
        mailbox_id=new.mailbox_id,
        conversation_id=new.conversation_id,
        message_id=new.id,
    )


def _add_conversations(home: House, news: list[NewMessage], agent_id: int, chance: Random) -> None:
    """The rows the queue shows, one for each conversation of the batch (BATCH holds whole ones)."""
    whole: dict[int, list[NewMessage]] = {}
    for new in news:
        whole.setdefault(new.conversation_id, []).append(new)
    rows = []
    for conversation_id, its in whole.items():
        drawn = chance.random()
        is_open = drawn < _OPEN
        last = its[-1].sent_at
        rows.append(
            (
                conversation_id,
                its[0].from_name,
                its[0].from_address,
                its[0].subject,
                its[-1].body_text[:120],
                "open" if is_open else "closed",
                agent_id if drawn < _MINE else None,
                its[0].sent_at,
                last,
                None if is_open else last,
                len(its),
            )
        )
    columns = [list(column) for column in zip(*rows, strict=True)]
    with home.store.write() as db:
        # The ids are counted here; taken from the sequence too, they stay free of later mail.
        db.column("filing.reserve", count=len(rows))
    with home.store.export() as cursor:
        cursor.execute(_INSERT, dict(zip(_NAMES, columns, strict=True))).fetchall()


_NAMES = (
    "id",
    "contact_name",
    "contact_address",
    "subject",
    "snippet",
    "status",
    "assignee_id",
    "created_at",
    "last_message_at",
    "closed_at",
    "message_count",
)
_INSERT = (Path(__file__).parent / "conversations.sql").read_text()
