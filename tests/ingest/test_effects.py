"""What sending does besides is done when the mail has been accepted, with it, or not at all."""

from datetime import timedelta

import pytest

from inbox import conversations, effects, outbox, tags
from inbox.effects import Effects
from tests.conftest import NOON
from tests.furniture import ADA, BO, INVOICE, SUPPORT
from tests.ingest.smtp_script import Script
from tests.ingest.test_deliver import home, post, run, settings, state  # noqa: F401

pytestmark = pytest.mark.feature("CR07")


def send(home, ada, **effects):  # noqa: F811
    post.connect(home)
    return post.send(home, ada, post.written(home, ada, does=Effects(**effects)))


def now_is(home):  # noqa: F811
    return post.one(home, "select tags, assignee_id, status from conversations where id = 1")


def test_it_tags_assigns_and_closes_with_the_reply(home, ada):  # noqa: F811
    queued = send(home, ada, tag="Invoice", assign=str(BO), closes=True)
    assert now_is(home) == ("", ADA, "open")

    run(home, Script())

    assert state(home, queued.outbox_id)[0] == "sent"
    assert now_is(home) == ("Invoice", BO, "closed")
    assert post.kinds(home) == ["claimed", "queued", "replied", "closed", "tagged", "assigned"]
    assert post.one(home, "select distinct actor_id from events where kind in ('tagged')") == (ADA,)
    assert post.one(home, "select agent_id, kind from notifications") == (BO, "assigned")


@pytest.mark.parametrize(("assign", "found"), [("me", ADA), ("nobody", None)])
def test_it_is_taken_or_given_back(home, ada, assign, found):  # noqa: F811
    send(home, ada, assign=assign)
    run(home, Script())

    assert now_is(home) == ("", found, "open")


def test_a_reply_that_was_undone_has_done_nothing(home, ada):  # noqa: F811
    queued = send(home, ada, tag="Invoice", assign=str(BO), closes=True)
    with home.store.write() as db:
        draft = outbox.undo(db, ada, queued.outbox_id, now=NOON + timedelta(seconds=5))
    run(home, Script())

    assert now_is(home) == ("", None, "open")
    assert draft.effects == Effects(tag="Invoice", assign=str(BO), closes=True)


def test_a_refused_reply_has_done_nothing(home, ada):  # noqa: F811
    send(home, ada, tag="Invoice", closes=True)
    run(home, Script({"rcpt": [550]}))

    assert now_is(home) == ("", ADA, "open")


def test_what_cannot_be_done_any_more_keeps_no_mail(home, ada):  # noqa: F811
    queued = send(home, ada, tag="Invoice", assign=str(BO))
    with home.store.write() as db:
        tags.add(db, ada, INVOICE, "Invoice", now=NOON)
        tags.remove(db, ada, INVOICE, "Invoice", now=NOON)
        tags.retire(db, ada, tags.of_mailbox(db, ada, SUPPORT)[0].id, now=NOON)
    with home.store.export() as cursor:
        cursor.execute("update agents set stance = 'away' where id = 2")
    run(home, Script())

    assert state(home, queued.outbox_id)[0] == "sent"
    assert now_is(home) == ("", ADA, "open")
    with home.store.read() as db:
        assert conversations.by_id(db, ada, INVOICE).message_count == 2
    assert effects.from_json("") == Effects()
