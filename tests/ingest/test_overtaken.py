"""The guard between Send and DATA: what came in meanwhile holds a reply back, and is told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from inbox import drafts, notes, outbox
from inbox.errors import TooLate
from ingest import smtp
from tests.conftest import NOON
from tests.furniture import INVOICE
from tests.houses import furnished
from tests.inbox import post
from tests.inbox.test_outbox import hear
from tests.ingest import errands
from tests.ingest.smtp_script import Script, serving

DUE = NOON + timedelta(seconds=21)
LATER = DUE + timedelta(seconds=70)
DOWN = {"greet": [421]}


@pytest.fixture
def home(settings):
    opened = furnished(replace(settings, connect_seconds=1, read_seconds=1), now=NOON)
    post.connect(opened)
    yield opened
    opened.close()


def run(home, script, now=DUE):
    with serving(script) as server:
        post.connect(home, f"smtp://127.0.0.1:{server.port}")
        return errands.deliver_due(home, now=now)


def colleague(home, bo):
    post.send(home, bo, post.written(home, bo, body="Bo's"), anyway=True)


def colleague_who_looked(home, bo):
    draft = post.written(home, bo, body="Bo's")
    newest = post.one(home, "select max(event_id) from events")[0]
    with home.store.write() as db:
        drafts.acknowledge(db, bo, draft.id, newest, now=NOON)
    post.send(home, bo, draft)


def phone(home, bo):
    hear(home, "replied", direction="out")


def customer(home, bo):
    hear(home)


def note(home, bo):
    with home.store.write() as db:
        notes.add(db, bo, INVOICE, "Wait", now=NOON)


def undone(home, bo):
    queued = post.send(home, bo, post.written(home, bo), anyway=True)
    with home.store.write() as db:
        outbox.undo(db, bo, queued.outbox_id, now=NOON)


REPLIES = [colleague, colleague_who_looked, phone]
HARMLESS = [note, undone, lambda home, bo: hear(home, is_auto=True)]


def shown(home, ada):
    with home.store.read() as db:
        rows = {row.agent_id: row for row in outbox.of_conversation(db, ada, INVOICE)}
        return rows.get(ada.id), drafts.of(db, ada, INVOICE)


@pytest.mark.parametrize("waits", [False, True], ids=["undo window", "back-off"])
@pytest.mark.parametrize("act", REPLIES)
def test_a_colleagues_reply_stops_it_and_gives_the_draft_back(home, ada, bo, act, waits):
    mine = post.send(home, ada, post.written(home, ada, body="Mine"))
    if waits:
        run(home, Script(steps=DOWN))
    act(home, bo)
    run(home, script := Script(), now=LATER)

    assert [b"Mine" in mail.raw for mail in script.accepted] == [False] * len(script.accepted)
    assert len(script.accepted) == (act is not phone)
    row, draft = shown(home, ada)
    assert (row.id, row.state, row.sent_check) == (mine.outbox_id, "failed", "overtaken")
    who = "somebody" if act is phone else "Bo Ek"
    assert row.error.startswith(f"Stopped: {who} answered")
    assert (draft.body, draft.state) == ("Mine", "open")
    assert "stopped" in post.kinds(home)
    with pytest.raises(TooLate), home.store.write() as db:
        outbox.send_again(db, ada, mine.outbox_id, now=LATER)


@pytest.mark.parametrize("act", HARMLESS, ids=["note", "undone", "automatic"])
def test_what_is_no_answer_stops_nothing(home, ada, bo, act):
    post.send(home, ada, post.written(home, ada, body="Mine"))
    run(home, Script(steps=DOWN))
    act(home, bo)

    assert run(home, Script(), now=LATER) == 1


def test_a_customers_mail_stops_what_has_waited_for_long(home, ada, bo):
    post.send(home, ada, post.written(home, ada, body="Mine"))
    run(home, Script(steps=DOWN))
    hear(home)

    assert run(home, script := Script(), now=LATER) == 0
    row, draft = shown(home, ada)
    assert row.error.startswith("Stopped: the customer wrote again")
    assert (script.accepted, draft.body) == ([], "Mine")


@pytest.mark.parametrize("kind", ["received", "replied"])
@pytest.mark.parametrize("change", ["sent_at = sent_at - interval 30 day", "via = 'import'"])
def test_history_that_is_read_meanwhile_stops_nothing(home, ada, kind, change):
    post.send(home, ada, post.written(home, ada))
    run(home, Script(steps=DOWN))
    hear(home, kind, direction="in" if kind == "received" else "out")
    with home.store.export() as cursor:
        cursor.execute(f"update messages set {change} where subject = 'More'")

    assert run(home, Script(), now=LATER) == 1


def test_a_customers_mail_in_the_undo_window_stops_nothing(home, ada):
    post.send(home, ada, post.written(home, ada))
    hear(home)

    assert run(home, Script()) == 1


@pytest.mark.parametrize("act", [*REPLIES, customer])
def test_what_is_sent_anyway_leaves(home, ada, bo, act):
    hear(home)
    post.send(home, ada, post.written(home, ada, body="Mine"), anyway=True)
    run(home, Script(steps=DOWN))
    act(home, bo)
    run(home, script := Script(), now=LATER)

    assert any(b"Mine" in mail.raw for mail in script.accepted)


@pytest.mark.parametrize("act", REPLIES)
def test_nothing_slips_in_between_the_look_and_the_first_byte(home, ada, bo, monkeypatch, act):
    post.send(home, ada, post.written(home, ada, body="Mine"))
    envelope = smtp.Connection.envelope

    async def meanwhile(self, *args, **kwargs):
        monkeypatch.undo()
        act(home, bo)
        return await envelope(self, *args, **kwargs)

    monkeypatch.setattr(smtp.Connection, "envelope", meanwhile)
    assert run(home, script := Script()) == 0
    assert "DATA" not in script.commands
    row, draft = shown(home, ada)
    assert (row.sent_check, draft.body) == ("overtaken", "Mine")


def test_a_colleagues_failed_reply_sent_again_stops_it_too(home, ada, bo):
    first = post.send(home, bo, post.written(home, bo, body="Bo's"))
    run(home, Script(steps={"rcpt": [550]}))
    post.send(home, ada, post.written(home, ada, body="Mine", now=DUE), now=DUE)
    with home.store.write() as db:
        outbox.send_again(db, bo, first.outbox_id, now=DUE)
    run(home, script := Script(), now=DUE + timedelta(seconds=21))

    assert len(script.accepted) == 1
    assert b"Bo's" in script.accepted[0].raw


def test_a_stopped_reply_is_sent_once_its_author_has_looked(home, ada, bo):
    post.send(home, ada, post.written(home, ada, body="Mine"))
    colleague(home, bo)
    run(home, Script(), now=DUE)
    _, draft = shown(home, ada)
    newest = post.one(home, "select max(event_id) from events")[0]
    with home.store.write() as db:
        draft = drafts.acknowledge(db, ada, draft.id, newest, now=DUE)
    post.send(home, ada, draft, now=DUE)

    assert run(home, Script(), now=DUE + timedelta(seconds=21)) == 1
    assert shown(home, ada) == (None, None)


def test_a_stopped_reply_can_be_put_aside(home, ada, bo):
    mine = post.send(home, ada, post.written(home, ada, body="Mine"))
    colleague(home, bo)
    run(home, Script(), now=DUE)
    with home.store.write() as db:
        assert outbox.cancel(db, ada, mine.outbox_id, now=DUE).body == "Mine"

    assert shown(home, ada)[0] is None
