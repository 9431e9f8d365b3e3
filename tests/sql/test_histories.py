"""Numbers of random lives: counted bit by bit or at once, and against plain Python; how the work
stood at any moment against copies taken at that moment."""

from collections import defaultdict
from datetime import datetime, timedelta

import pytest

from inbox import past, turns
from inbox.house import open_up
from inbox.settings import Settings
from tests import furniture
from tests.conftest import agent
from tests.furniture import ADA
from tests.ingest.smtp_script import Script, serving
from tests.sql.life import Life

# A life is a few seconds of work, and longer on a machine that has other things to do.
pytestmark = pytest.mark.timeout(600)

BEGINS = datetime(2026, 3, 2, 7, 0)
DAY = timedelta(days=1)


@pytest.fixture(scope="module", params=[1, 2, 3])
def life(request, tmp_path_factory):
    """Three lives of 350 acts: 1,000 moments and more."""
    house = open_up(Settings(data=tmp_path_factory.mktemp("life") / "data"), now=BEGINS)
    furniture.furnish(house, now=BEGINS)
    with serving(Script()) as server:
        found = Life(house, request.param, BEGINS, server.port)
        found.live(350)
    yield found
    house.close()


@pytest.fixture
def home(life):
    return life.home


def ask(home, sql):
    with home.store.export() as cursor:
        return cursor.execute(sql).fetchall()


def plain_turns(home):
    """Every turn by walking through each conversation's story, step by step."""
    rows = ask(
        home,
        "select id, merged_into, contact_address, status, closed_at, spam_at, "
        "trashed_at, begun_by from conversations",
    )
    family = {number: into or number for number, into, *_ in rows}
    stories = defaultdict(list)
    customers = defaultdict(set)
    mails = ask(
        home,
        "select id, conversation_id, direction, sent_at, received_at, from_address, "
        "recipients, agent_id, is_auto or is_bounce from messages",
    )
    for _id, number, direction, *_when, sender, _to, _agent, _is_machine in mails:
        if direction == "in":
            customers[family[number]].add(sender)
    for number, into, address, status, closed_at, spam_at, trashed_at, begun_by in rows:
        if into is not None:
            continue
        customers[number].add(address)
        if status == "closed" and begun_by is None:
            stories[number].append((closed_at, 3, 0, "closed", None))
        gone = [moment for moment in (spam_at, trashed_at) if moment]
        if gone:
            stories[number].append((min(gone), 4, number, "void", None))
    for number, where, direction, sent, received, _from, to, by, is_machine in mails:
        at = received if abs((received - sent).total_seconds()) > DAY.total_seconds() else sent
        place = family[where]
        if is_machine or direction == "note":
            continue
        if direction == "in":
            stories[place].append((at, 1, number, "wait", None))
        elif any(f'"{one}"' in to for one in customers[place]):
            stories[place].append((at, 2, number, "answered", by))
    for number, where, at in closes(home):
        stories[family[where]].append((at, 3, number, "closed", None))
    return [turn for place in sorted(stories) for turn in walked(place, sorted(stories[place]))]


def closes(home):
    """Closes that were not taken back, in conversations that are still there."""
    found = []
    for number, where, at, kind, after in ask(
        home,
        "select event_id, conversation_id, occurred_at, kind, after from events left join "
        "event_payloads using (event_id) where kind in ('closed', 'reopened') and conversation_id "
        "in (select id from conversations) order by event_id",
    ):
        if kind == "closed":
            found.append((number, where, at))
        elif "takes_back" in (after or ""):
            mine = [one for one in found if one[1] == where]
            found.remove(mine[-1])
    return found


def walked(place, story):
    turns, since = [], None
    for at, _rank, _number, what, by in story:
        if what == "wait":
            since = since or at
        elif since is not None:
            state = {"closed": "closed_unanswered"}.get(what, what)
            turns.append((place, len(turns) + 1, state, since, at, by))
            since = None
        if what == "void":
            return turns
    if since is not None:
        turns.append((place, len(turns) + 1, "waiting", since, None, None))
    return turns


def told_turns(home, table):
    return ask(
        home,
        "select conversation_id, turn_no, state, waiting_since, ended_at, replied_by_id "
        f"from {table} order by conversation_id, turn_no",
    )


def test_what_is_counted_is_what_plain_python_counts(home, life):
    """The life has ended between two rounds: the view must unite what is counted and what is due.
    Of replies in one moment the first has ended the wait."""
    assert told_turns(home, "metric.turns") == plain_turns(home)
    assert min(life.done.get(name, 0) for name in ("mail", "sent", "reply", "merge", "split")) > 2


def test_bit_by_bit_and_at_once_are_the_same(home, life):
    with home.store.write() as db:
        assert turns.recount(db) == []
        assert not turns.is_late(db)
    assert told_turns(home, "main.turns") == plain_turns(home)


def test_the_past_is_as_it_was_copied_then(home, life):
    rows = ask(
        home,
        "select conversation_id, mailbox_id, is_open, assignee_id, is_here, "
        "snoozed_until, starts_at, ends_at from metric.stands",
    )
    alive = {number for (number,) in ask(home, "select id from conversations")}
    by_conversation = defaultdict(list)
    for number, *state, starts_at, ends_at in rows:
        by_conversation[number].append((tuple(state), starts_at, ends_at))
    latest = dict(life.copies)  # of what was copied twice in one moment, the last
    wrong = []
    for at, copied in latest.items():
        for number, state in copied.items():
            if number not in alive:
                continue
            stood = [
                s
                for s, since, until in by_conversation[number]
                if since <= at and (until is None or until > at)
            ]
            # Of what was merged, or lies in spam or trash, no more is told: it is nobody's work.
            here = [s for s in stood if s[3]]
            if here != ([state] if state[3] else []):
                wrong.append((at, number, state, stood))
    assert wrong == []
    assert len(latest) > 300


def test_the_queue_at_a_moment(home, life):
    viewer = agent(home.store, ADA)
    alive = {number for (number,) in ask(home, "select id from conversations")}
    for at, copied in list(dict(life.copies).items())[::25]:
        with home.store.read() as db:
            found = past.queue(db, viewer, at)
            nobodys = past.unassigned(db, viewer, at)
            load = past.load(db, viewer, at)
        open_then = {n: s for n, s in copied.items() if n in alive and s[1] and s[3]}
        assert {one.id: one.assignee_id for one in found} == {n: s[2] for n, s in open_then.items()}
        assert {one.id for one in nobodys} == {
            n for n, s in open_then.items() if s[2] is None and not (s[4] and s[4] > at)
        }
        assert sum(load.values()) == len(open_then)
