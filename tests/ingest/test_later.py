"""Replies for a later moment: they wait, they leave once, and not when somebody else was first."""

import email
from datetime import timedelta
from email import policy

import pytest

from inbox import (
    blocking,
    bulk,
    drafts,
    later,
    leftovers,
    merging,
    notes,
    notifications,
    outbox,
    outgoing,
    putting_away,
    undo,
)
from inbox import house as houses
from inbox.chosen import Choice
from inbox.errors import Invalid, NotFound, Stale, TooLate
from inbox.events import Actor
from ingest.deliver import Postman
from tests.conftest import NOON
from tests.furniture import ADA, INVOICE
from tests.inbox import post
from tests.inbox.test_outbox import hear
from tests.ingest.smtp_script import Script
from tests.ingest.test_deliver import home, run, settings, state  # noqa: F401

TOMORROW = NOON + timedelta(hours=20)
SOON = NOON + timedelta(minutes=5)
ON_TIME = TOMORROW + timedelta(seconds=1)


def plan(house, agent, at=TOMORROW, **changes):
    post.connect(house)
    return post.send(house, agent, post.written(house, agent, **changes), at=at).outbox_id


def do(house, verb, agent, outbox_id, now=SOON, **more):
    with house.store.write() as db:
        return verb(db, agent, outbox_id, now=now, **more)


def send_now(house, agent, outbox_id, now=SOON):
    more = {
        "keys": house.keys,
        "raw": house.raw,
        "files": house.files,
        "settings": house.settings,
    }
    return do(house, later.send_now, agent, outbox_id, now, **more)


def drafts_of(house, agent):
    with house.store.read() as db:
        return [d.body for d in drafts.all_of(db, agent, INVOICE)]


def told(house):
    return post.every(house, "select agent_id, kind from notifications")


def test_it_leaves_at_its_moment_and_not_before(home, ada):  # noqa: F811
    script = Script()
    outbox_id = plan(home, ada)

    assert run(home, script, now=TOMORROW - timedelta(seconds=1)) == 0
    assert run(home, script, now=ON_TIME) == 1
    assert run(home, script, now=ON_TIME + timedelta(days=1)) == 0

    (mail,) = script.accepted
    parsed = email.message_from_bytes(mail.raw, policy=policy.default)
    assert parsed["Date"].datetime.replace(tzinfo=None) == TOMORROW
    assert state(home, outbox_id)[0] == "sent"


def test_it_survives_a_restart(home, ada):  # noqa: F811
    plan(home, ada)
    home.close()
    again = houses.open_up(home.settings, now=SOON)
    try:
        script = Script()
        assert run(again, script, now=SOON) == 0
        assert run(again, script, now=ON_TIME) == 1
    finally:
        again.close()


@pytest.mark.parametrize(
    "at", [NOON - timedelta(days=1), NOON, NOON + timedelta(seconds=20), NOON + timedelta(days=367)]
)
def test_a_moment_must_be_to_come(home, ada, at):  # noqa: F811
    with pytest.raises(Invalid) as refused:
        plan(home, ada, at=at)
    assert refused.value.field == "at"
    assert post.one(home, "select count(*) from outbox") == (0,)


def test_its_author_takes_it_back(home, ada):  # noqa: F811
    outbox_id = plan(home, ada, body="Later")
    draft = do(home, later.cancel, ada, outbox_id)

    assert draft is not None and draft.body == "Later"
    assert post.kinds(home) == ["claimed", "queued", "unplanned", "released"]
    assert run(home, Script(), now=ON_TIME) == 0
    assert told(home) == []
    with pytest.raises(TooLate):
        do(home, later.cancel, ada, outbox_id)
    post.send(home, ada, draft, now=SOON)


def test_undo_takes_it_back_as_well(home, ada):  # noqa: F811
    outbox_id = plan(home, ada, body="Later")
    draft = do(home, outbox.undo, ada, outbox_id)
    assert draft.body == "Later"


def test_a_colleague_may_take_it_back_and_the_author_is_told(home, ada, bo, cy, eve):  # noqa: F811
    outbox_id = plan(home, ada, body="Later")
    for stranger in (cy, eve):
        with pytest.raises(Exception, match=r"role|no conversation"):
            do(home, later.cancel, stranger, outbox_id)

    assert do(home, later.cancel, bo, outbox_id) is None
    assert drafts_of(home, ada) == ["Later"]
    assert told(home) == [(ADA, "called_off")]
    with home.store.read() as db:
        (one,) = notifications.unseen(db, ada)
    assert one.actor_name == "Bo Ek"


def test_it_is_sent_at_once_after_all(home, ada, bo):  # noqa: F811
    outbox_id = plan(home, ada)
    with pytest.raises(NotFound):
        send_now(home, bo, outbox_id)

    queued = send_now(home, ada, outbox_id)

    assert queued.due_at == SOON + timedelta(seconds=20)
    script = Script()
    assert run(home, script, now=SOON + timedelta(seconds=21)) == 1
    assert run(home, script, now=ON_TIME) == 0
    parsed = email.message_from_bytes(script.accepted[0].raw, policy=policy.default)
    assert parsed["Date"].datetime.replace(tzinfo=None) == SOON
    with pytest.raises(TooLate):
        send_now(home, ada, outbox_id)


def test_what_is_newer_stops_the_hurry_and_it_goes_on_waiting(home, ada, bo):  # noqa: F811
    outbox_id = plan(home, ada)
    with home.store.write() as db:
        notes.add(db, bo, INVOICE, "Wait", now=SOON)

    with pytest.raises(Stale):
        send_now(home, ada, outbox_id)
    assert state(home, outbox_id)[0] == "queued"
    assert drafts_of(home, ada) == []


@pytest.mark.parametrize("name", ["reply to be frozen", "reply frozen", "reply queued"])
def test_a_crash_in_the_hurry_changes_nothing(home, ada, monkeypatch, name):  # noqa: F811
    outbox_id = plan(home, ada)

    def crash(reached):
        if reached == name:
            raise RuntimeError(name)

    monkeypatch.setattr(outbox, "failpoint", crash)
    with pytest.raises(RuntimeError):
        send_now(home, ada, outbox_id)

    assert state(home, outbox_id)[0] == "queued"
    script = Script()
    assert run(home, script, now=ON_TIME) == 1
    assert len(script.accepted) == 1


def colleague(house, bo):
    post.send(house, bo, post.written(house, bo, now=SOON), now=SOON, anyway=True)
    run(house, Script(), now=SOON + timedelta(seconds=30))


def phone(house, _bo):
    hear(house, "replied", direction="out")


def customer(house, _bo):
    hear(house)


FIRST = {"customer": customer, "colleague": colleague, "phone": phone}


@pytest.mark.parametrize("act", FIRST.values(), ids=FIRST.keys())
def test_it_is_called_off_when_somebody_else_is_first(home, ada, bo, act):  # noqa: F811
    outbox_id = plan(home, ada, body="Later")
    script = Script()
    act(home, bo)

    run(home, script, now=SOON + timedelta(seconds=40))

    assert state(home, outbox_id)[0] == "cancelled"
    assert drafts_of(home, ada) == ["Later"]
    assert told(home)[-1] == (ADA, "called_off")
    assert "called_off" in post.kinds(home)
    assert run(home, script, now=ON_TIME) == 0
    assert script.accepted == []


def test_it_is_called_off_once_and_after_a_restart_too(home, ada):  # noqa: F811
    plan(home, ada, body="Later")
    hear(home)
    for _ in range(2):
        Postman(home).round(now=SOON)

    assert post.kinds(home).count("called_off") == 1
    assert told(home) == [(ADA, "called_off")]


HARMLESS = {
    "automatic mail": lambda house, bo: hear(house, is_auto=True),
    "own act": lambda house, bo: hear(house, "noted", Actor(kind="agent", id=ADA)),
    "note": lambda house, bo: hear(house, "noted", Actor(kind="agent", id=bo.id)),
    "a colleague's that can be undone": lambda house, bo: post.send(
        house, bo, post.written(house, bo, now=SOON), now=SOON, anyway=True
    ),
    "a colleague's for later still": lambda house, bo: post.send(
        house,
        bo,
        post.written(house, bo, now=SOON),
        now=SOON,
        anyway=True,
        at=TOMORROW + timedelta(days=2),
    ),
}


@pytest.mark.parametrize("act", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_is_harmless_calls_nothing_off(home, ada, bo, act):  # noqa: F811
    outbox_id = plan(home, ada)
    act(home, bo)
    Postman(home).round(now=SOON + timedelta(seconds=1))

    assert state(home, outbox_id)[0] == "queued"


def test_of_two_for_the_same_moment_one_leaves(home, ada, bo):  # noqa: F811
    plan(home, ada, body="Ada's")
    post.send(home, bo, post.written(home, bo, body="Bo's", now=SOON), anyway=True, at=TOMORROW)
    script = Script()
    run(home, script, now=ON_TIME)
    run(home, script, now=ON_TIME + timedelta(minutes=1))

    assert len(script.accepted) == 1


def test_a_mail_in_the_last_second_holds_it_back(home, ada):  # noqa: F811
    outbox_id = plan(home, ada, body="Later")
    Postman(home).round(now=SOON)
    hear(home)
    script = Script()

    assert run(home, script, now=ON_TIME) == 0
    assert state(home, outbox_id)[0] in ("failed", "cancelled")
    assert drafts_of(home, ada) == ["Later"]


def test_a_server_that_is_down_is_tried_for_two_days_from_its_moment(home, ada):  # noqa: F811
    at = NOON + timedelta(days=10)
    outbox_id = plan(home, ada, at=at)
    run(home, Script({"greet": [421]}), now=at + timedelta(seconds=1))
    assert state(home, outbox_id)[0] == "queued"

    assert run(home, Script(), now=at + timedelta(hours=5)) == 1


def test_what_waits_for_another_attempt_is_planned_no_more(home, ada):  # noqa: F811
    outbox_id = plan(home, ada)
    run(home, Script({"greet": [421]}), now=ON_TIME)

    with pytest.raises(TooLate):
        do(home, later.cancel, ada, outbox_id, now=ON_TIME)


def test_a_clock_put_back_moves_no_chosen_moment(home, ada):  # noqa: F811
    outbox_id = plan(home, ada)
    with home.store.write() as db:
        assert leftovers.put_clock_back(db, now=NOON - timedelta(hours=3)) == 1
        assert outgoing.by_id(db, outbox_id).due_at == TOMORROW


def test_only_what_waits_can_be_hurried_or_taken_back(home, ada):  # noqa: F811
    post.connect(home)
    outbox_id = post.send(home, ada, post.written(home, ada)).outbox_id
    for verb in (lambda: do(home, later.cancel, ada, outbox_id), lambda: send_now(home, ada, 1)):
        with pytest.raises(NotFound):
            verb()


PUT_AWAY = {
    "trash": lambda db, who: putting_away.trash(db, who, INVOICE, now=SOON),
    "spam": lambda db, who: putting_away.mark_spam(db, who, INVOICE, now=SOON),
    "many to the trash": lambda db, who: bulk.trash(db, who, Choice(ids=(INVOICE,)), now=SOON),
    "many as spam": lambda db, who: bulk.mark_spam(db, who, Choice(ids=(INVOICE,)), now=SOON),
    "block": lambda db, who: blocking.block(db, who, INVOICE, now=SOON),
}


@pytest.mark.parametrize("act", PUT_AWAY.values(), ids=PUT_AWAY.keys())
def test_put_away_it_is_called_off_and_restored_it_does_not_leave(home, ada, bo, act):  # noqa: F811
    outbox_id = plan(home, ada, body="Later")
    with home.store.write() as db:
        act(db, bo)

    assert state(home, outbox_id)[0] == "cancelled"
    assert drafts_of(home, ada) == ["Later"]
    assert told(home) == [(ADA, "called_off")]
    line = post.one(
        home,
        "select events.actor_id, event_payloads.after from events inner join event_payloads "
        "on events.event_id = event_payloads.event_id where kind = 'called_off'",
    )
    assert line[0] == bo.id and "put_away" in line[1]
    with home.store.write() as db:
        putting_away.restore(db, bo, INVOICE, now=SOON)
    script = Script()
    assert run(home, script, now=ON_TIME) == 0 and script.accepted == []


def test_put_away_by_its_author_nobody_is_told(home, ada):  # noqa: F811
    plan(home, ada)
    with home.store.write() as db:
        putting_away.trash(db, ada, INVOICE, now=SOON)
    assert told(home) == []


def test_putting_away_can_be_undone_though_it_called_one_off(home, ada, bo):  # noqa: F811
    plan(home, ada)
    with home.store.write() as db:
        putting_away.trash(db, bo, INVOICE, now=SOON)
    newest = post.one(home, "select max(event_id) from events")[0]
    with home.store.write() as db:
        undo.take_back(db, bo, putting_away.restore, INVOICE, since=newest, now=SOON)
    assert post.one(home, "select trashed_at from conversations where id = 1") == (None,)


def test_what_is_merged_into_it_is_called_off_too(home, ada, bo):  # noqa: F811
    outbox_id = plan(home, ada)
    with home.store.export() as cursor:
        cursor.execute(
            "insert into conversations (id, mailbox_id, contact_name, contact_address, subject, "
            "snippet, status, created_at, last_message_at, message_count, attachment_count, "
            "is_readable) values (900, 1, '', '', '', '', 'open', '2020-01-01', '2020-01-01', 0, "
            "0, true)"
        )
    with home.store.write() as db:
        merging.merge(db, bo, INVOICE, 900, now=SOON)
        putting_away.trash(db, bo, 900, now=SOON)
    assert state(home, outbox_id)[0] == "cancelled"


def test_what_is_to_leave_now_leaves_all_the_same(home, ada, bo):  # noqa: F811
    post.connect(home)
    outbox_id = post.send(home, ada, post.written(home, ada)).outbox_id
    with home.store.write() as db:
        putting_away.trash(db, bo, INVOICE, now=NOON)
    assert state(home, outbox_id)[0] == "queued"


def test_nothing_is_planned_in_the_trash(home, ada):  # noqa: F811
    with home.store.write() as db:
        putting_away.trash(db, ada, INVOICE, now=NOON)
    with pytest.raises(Invalid) as refused:
        plan(home, ada)
    assert refused.value.field == "at"
