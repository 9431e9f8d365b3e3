import dataclasses

import pytest

from inbox import crosslinks
from inbox.agents import Membership
from inbox.crosslinks import Crosslink
from inbox.errors import NotFound
from tests.furniture import INVOICE, SALES

QUOTE = 2


def both(agent):
    """The agent, who may read sales too."""
    sales = Membership(mailbox_id=SALES, role="reader")
    return dataclasses.replace(agent, memberships=(*agent.memberships, sales))


def share(store, **columns):
    """Give the mails of both conversations these columns in common."""
    with store.export() as cursor:
        for name, value in columns.items():
            cursor.execute(f"update messages set {name} = $value", {"value": value}).fetchall()


@pytest.mark.parametrize("columns", [{"raw_sha256": "a" * 64}, {"rfc_message_id": "1@x.test"}])
def test_the_same_mail_in_two_mailboxes_is_found_from_both(store, bo, columns):
    share(store, **columns)
    with store.read() as db:
        assert crosslinks.elsewhere(db, both(bo), INVOICE) == [
            Crosslink(conversation_id=QUOTE, mailbox_id=SALES, mailbox_name="Sales")
        ]
        (back,) = crosslinks.elsewhere(db, both(bo), QUOTE)
        assert back.conversation_id == INVOICE


def test_nobody_learns_of_a_mailbox_he_may_not_read(store, bo, eve):
    share(store, rfc_message_id="1@x.test")
    with store.read() as db:
        assert crosslinks.elsewhere(db, bo, INVOICE) == []
        with pytest.raises(NotFound):
            crosslinks.elsewhere(db, eve, INVOICE)


def test_other_mail_and_mail_without_an_id_is_not_the_same(store, bo):
    share(store, raw_sha256=None, rfc_message_id=None)
    with store.read() as db:
        assert crosslinks.elsewhere(db, both(bo), INVOICE) == []
