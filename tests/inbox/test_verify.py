import contextlib
import dataclasses
import random
import threading
from datetime import datetime, timedelta

import duckdb
import pytest

from inbox import conversations, events, house, outbox, putting_away, verify
from inbox import head as heads
from inbox.errors import StoreDamaged
from inbox.events import SealedRow
from inbox.head import Head
from inbox.verify import Link, broken_links
from tests import houses
from tests.conftest import NOON, agent
from tests.furniture import ADA, BO, INVOICE
from tests.inbox import post

KEY = b"k" * 32
TRIES = 1_000


def diary(length=30, *, key=KEY):
    """A whole chain, every third link with a payload."""
    links, previous = [], ""
    for n in range(1, length + 1):
        salt, before, after = ("salt", None, f'{{"n": {n}}}') if n % 3 == 0 else (None,) * 3
        row = SealedRow(
            event_id=n,
            action_id=f"action {n // 2}",
            occurred_at=NOON + timedelta(seconds=n),
            recorded_at=NOON + timedelta(minutes=n),
            actor_kind=("agent", "system")[n % 2],
            actor_id=n % 4 or None,
            mailbox_id=n % 3 or None,
            conversation_id=n % 7,
            message_id=n % 5 or None,
            kind=("claimed", "closed", "reopened")[n % 3],
            digest=events.digest(salt, before, after) if salt else "",
        )
        previous = events.seal(key, previous, row)
        links.append(Link(row=row, seal=previous, salt=salt, before=before, after=after))
    return links


def head_of(links):
    return [Head(event_id=links[-1].row.event_id, seal=links[-1].seal)]


def changed(value, dice):
    """Another value of the same kind, now and then none at all."""
    if value is not None and dice.random() < 0.2 and not isinstance(value, datetime):
        return None
    if isinstance(value, str):
        return value[:-1] if value and dice.random() < 0.5 else value + "x"
    if isinstance(value, int) or value is None:
        return (value or 0) + dice.choice([-1, 1, 1000])
    return value + timedelta(microseconds=dice.choice([-1, 1, 10**9]))


def edit(links, dice):
    at = dice.randrange(len(links))
    link = links[at]
    names = [f.name for f in dataclasses.fields(SealedRow)] + ["seal", "salt", "before", "after"]
    name = dice.choice(names)
    if name in {"salt", "before", "after"}:
        old = getattr(link, name)
        link = dataclasses.replace(link, **{name: "x" if old is None else changed(old, dice)})
    elif name == "seal":
        link = dataclasses.replace(link, seal=changed(link.seal, dice) or "")
    else:
        value = changed(getattr(link.row, name), dice)
        if name == "event_id" and value is None:
            value = 0
        link = dataclasses.replace(link, row=dataclasses.replace(link.row, **{name: value}))
    return [*links[:at], link, *links[at + 1 :]]


def delete(links, dice):
    """Remove a run of rows that is not the end of the diary."""
    at = dice.randrange(len(links) - 1)
    until = dice.randrange(at + 1, len(links))
    return links[:at] + links[until:]


def reorder(links, dice):
    """Exchange two rows, keeping or exchanging their ids."""
    a, b = sorted(dice.sample(range(len(links)), 2))
    moved = list(links)
    moved[a], moved[b] = links[b], links[a]
    if dice.random() < 0.5:
        for at in (a, b):
            row = dataclasses.replace(moved[at].row, event_id=at + 1)
            moved[at] = dataclasses.replace(moved[at], row=row)
    return moved


def insert(links, dice):
    """Add a row: a copy or one sealed with another key, as its own id or in place of the rest."""
    at = dice.randrange(len(links) + 1)
    source = dice.choice(links if dice.random() < 0.5 else diary(len(links), key=b"other"))
    new = dataclasses.replace(source, row=dataclasses.replace(source.row, event_id=at + 1))
    rest = links[at:]
    if dice.random() < 0.5:
        rest = [
            dataclasses.replace(
                link, row=dataclasses.replace(link.row, event_id=link.row.event_id + 1)
            )
            for link in rest
        ]
    return [*links[:at], new, *rest]


def truncate(links, dice):
    return links[: dice.randrange(len(links))]


@pytest.mark.parametrize("tamper", [edit, delete, reorder, insert, truncate])
def test_every_tampering_is_found(tamper):
    dice = random.Random(tamper.__name__)
    links = diary()
    missed = [
        n
        for n in range(TRIES)
        if (bad := tamper(links, dice)) != links
        and not broken_links(iter(bad), KEY, head_of(links))
    ]
    assert missed == []


def test_a_whole_diary_has_no_finding():
    links = diary()
    assert broken_links(links, KEY, head_of(links)) == []
    assert broken_links(links, KEY, [Head(event_id=12, seal=links[11].seal)]) == []
    assert broken_links([], KEY, []) == []


def test_with_another_key_nothing_holds():
    links = diary()
    assert len(broken_links(links, b"other", head_of(links))) >= len(links)
    assert len(broken_links(links, b"other", head_of(links), most=5)) == 5


def test_an_emptied_payload_needs_an_erasure_of_that_conversation_after_it():
    links = diary()
    at = 11
    emptied = dataclasses.replace(links[at], salt=None, before=None, after=None)
    emptied_diary = [*links[:at], emptied, *links[at + 1 :]]
    conversation = emptied.row.conversation_id

    def findings(erasures):
        return broken_links(emptied_diary, KEY, head_of(links), erasures=erasures)

    assert findings({conversation: 20}) == []
    assert "no erasure" in findings({})[0].fault
    assert "no erasure" in findings({conversation: 5})[0].fault
    assert "no erasure" in findings({conversation + 1: 20})[0].fault


@pytest.fixture
def lived_in(settings):
    """A house where something happened."""
    home = houses.furnished(settings, now=NOON)
    ada, bo = agent(home.store, ADA), agent(home.store, BO)
    for who, verb in ((ada, conversations.claim), (bo, conversations.close)) * 3:
        with home.store.write() as db:
            verb(db, who, INVOICE, now=NOON)
        with home.store.write() as db:
            conversations.reopen(db, ada, INVOICE, now=NOON)
            conversations.release(db, ada, INVOICE, now=NOON)
    yield home
    with contextlib.suppress(duckdb.Error):
        home.close()


def chain_findings(opened):
    return [f for f in verify.verify(opened.store) if f.subject in {"diary", "head"}]


def tampered(opened, statement):
    with opened.store.export() as cursor:
        cursor.execute(statement).fetchall()
    return chain_findings(opened)


def test_a_house_in_use_is_sound(lived_in):
    told = []
    assert verify.verify(lived_in.store, progress=told.append) == []
    assert any("events of the diary" in line for line in told)


@pytest.mark.parametrize(
    "statement",
    [
        "update events set action_id = 'x' where event_id = 3",
        "update events set occurred_at = occurred_at + interval 1 second where event_id = 3",
        "update events set recorded_at = recorded_at + interval 1 second where event_id = 3",
        "update events set actor_kind = 'rule' where event_id = 3",
        "update events set actor_id = 77 where event_id = 3",
        "update events set mailbox_id = 2 where event_id = 3",
        "update events set conversation_id = 2 where event_id = 3",
        "update events set message_id = 1 where event_id = 3",
        "update events set kind = 'assigned' where event_id = 3",
        "update events set digest = 'x' where event_id = 3",
        "update events set digest = '' where event_id = 1",
        "update events set seal = 'x' where event_id = 3",
        "update event_payloads set after = '{}' where event_id = 1",
        "update event_payloads set salt = null, before = null, after = null where event_id = 1",
        "delete from event_payloads where event_id = 1",
        "delete from events where event_id = 3",
        "delete from events where event_id > 4",
        "delete from events",
        "insert into events select event_id + 1, * exclude (event_id) from events "
        "order by event_id desc limit 1",
    ],
)
def test_tampering_with_the_file_is_found(lived_in, statement):
    assert tampered(lived_in, statement)


def test_a_truncation_is_still_found_after_a_restart_and_new_events(lived_in):
    ada = agent(lived_in.store, ADA)
    with lived_in.store.export() as cursor:
        cursor.execute("delete from events where event_id > 4").fetchall()
        cursor.execute("delete from event_payloads where event_id > 4").fetchall()
    lived_in.store.close()

    again = house.open_up(lived_in.settings, now=NOON)
    with again.store.write() as db:
        putting_away.trash(db, ada, INVOICE, now=NOON)
    assert any("Rows are missing" in f.fault for f in chain_findings(again))
    again.close()
    third = house.open_up(lived_in.settings, now=NOON)
    with third.store.write() as db:
        for _ in range(5):
            putting_away.restore(db, ada, INVOICE, now=NOON)
            putting_away.trash(db, ada, INVOICE, now=NOON)
    assert any("head file" in f.fault for f in chain_findings(third))
    third.close()


def test_a_removed_head_is_still_missed_after_a_restart(lived_in):
    ada = agent(lived_in.store, ADA)
    lived_in.store.head_file.unlink()
    assert [f.subject for f in chain_findings(lived_in)] == ["head"]
    lived_in.store.close()

    again = house.open_up(lived_in.settings, now=NOON)
    with again.store.write() as db:
        putting_away.trash(db, ada, INVOICE, now=NOON)
    assert [f.subject for f in chain_findings(again)] == ["head"]
    again.close()


def test_the_head_follows_every_commit_and_no_rollback(home, ada):
    with home.store.write() as db:
        conversations.claim(db, ada, INVOICE, now=NOON)
    assert heads.read(home.store.head_file, home.keys.diary) == home.store.head
    assert home.store.head.event_id == 1
    assert home.store.head_file.stat().st_mode & 0o777 == 0o600

    with pytest.raises(ZeroDivisionError), home.store.write() as db:
        conversations.close(db, ada, INVOICE, now=NOON)
        raise ZeroDivisionError
    assert heads.read(home.store.head_file, home.keys.diary).event_id == 1


def test_a_head_made_of_an_old_row_is_not_believed(lived_in):
    with lived_in.store.export() as cursor:
        (old,) = cursor.execute("select seal from events where event_id = 4").fetchall()
        cursor.execute("delete from events where event_id > 4").fetchall()
    heads.keep(lived_in.store.head_file, Head(event_id=4, seal=old[0]), b"another key")
    with pytest.raises(StoreDamaged):
        heads.read(lived_in.store.head_file, lived_in.keys.diary)
    assert chain_findings(lived_in)


def test_verify_runs_while_others_write(lived_in):
    ada = agent(lived_in.store, ADA)
    stop = threading.Event()

    def work():
        while not stop.is_set():
            with lived_in.store.write() as db:
                putting_away.trash(db, ada, INVOICE, now=NOON)
                putting_away.restore(db, ada, INVOICE, now=NOON)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        found = [chain_findings(lived_in) for _ in range(5)]
    finally:
        stop.set()
        worker.join()
    assert found == [[]] * 5


def test_a_reply_that_waits_or_was_undone_is_no_damage(home, ada):
    post.connect(home)
    queued = post.send(home, ada, post.written(home, ada))
    assert verify.verify(home.store) == []
    with home.store.write() as db:
        outbox.undo(db, ada, queued.outbox_id, now=NOON)
    assert verify.verify(home.store) == []
