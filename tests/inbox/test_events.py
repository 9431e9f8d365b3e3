import json

import pytest

from inbox import events
from inbox.errors import NotFound
from inbox.events import SYSTEM, NewEvent, SealedRow
from tests.conftest import NOON
from tests.furniture import INVOICE, SUPPORT


def news(count):
    return [
        NewEvent(
            kind="received",
            actor=SYSTEM,
            occurred_at=NOON,
            recorded_at=NOON,
            mailbox_id=SUPPORT,
            conversation_id=INVOICE,
            after={"n": n} if n % 2 else None,
        )
        for n in range(count)
    ]


def test_one_action_shares_its_id_and_keeps_the_order(db, ada):
    ids = events.record_all(db, news(5))
    found = events.of_conversation(db, ada, INVOICE)

    assert [e.event_id for e in found] == ids == list(range(1, 6))
    assert len({e.action_id for e in found}) == 1
    assert [e.after and json.loads(e.after)["n"] for e in found] == [None, 1, None, 3, None]


def test_each_seal_covers_the_row_before(store, ada):
    with store.write() as db:
        events.record_all(db, news(3))
    with store.write() as db:
        events.record(db, ada, "claimed", INVOICE, mailbox_id=SUPPORT, now=NOON)

    names = list(SealedRow.__dataclass_fields__)
    with store.export() as cursor:
        rows = cursor.execute(
            f"select {', '.join(names)}, seal from events order by event_id"
        ).fetchall()
    before = ""
    for row in rows:
        sealed = SealedRow(**dict(zip(names, row[:-1], strict=True)))
        assert events.seal(store.diary_key, before, sealed) == row[-1]
        assert events.seal(store.diary_key, "x" + before, sealed) != row[-1]
        before = row[-1]
    assert store.head.seal == before


def test_a_stranger_reads_no_diary(db, eve):
    with pytest.raises(NotFound):
        events.of_conversation(db, eve, INVOICE)
    with pytest.raises(NotFound):
        events.of_conversation(db, eve, 999)
