import pytest

from inbox import blocking, conversations, events, mailboxes, undo
from inbox.errors import Invalid, NotAllowed, NotFound
from tests.conftest import NOON
from tests.furniture import INVOICE, SUPPORT

pytestmark = pytest.mark.feature("CR20")
MARIA = "maria@customer.test"


def blocked(db, viewer):
    return [b.address for b in blocking.of_mailbox(db, viewer, SUPPORT)]


def is_spam(db, viewer):
    return conversations.by_id(db, viewer, INVOICE).spam_at is not None


def addressed(db, address):
    db._cursor.execute("update conversations set contact_address = $a where id = 1", {"a": address})


@pytest.mark.parametrize("as_spam", [True, False])
def test_blocking_with_or_without_spam_and_its_undo(db, ada, bo, as_spam):
    blocking.block(db, bo, INVOICE, as_spam, now=NOON)
    since = db.changes[-1].event_id
    assert blocked(db, ada) == [MARIA]
    assert is_spam(db, bo) is as_spam

    undo.take_back(db, bo, blocking.unblock, INVOICE, as_spam, since=since, now=NOON)

    assert blocked(db, ada) == []
    assert not is_spam(db, bo)
    assert [e.kind for e in events.of_conversation(db, bo, INVOICE)] == ["blocked", "unblocked"]


def test_blocking_twice_is_once_and_unblocking_what_is_not_is_nothing(db, ada, bo):
    blocking.unblock(db, bo, INVOICE, now=NOON)
    blocking.block(db, bo, INVOICE, False, now=NOON)
    blocking.block(db, bo, INVOICE, False, now=NOON)
    assert blocked(db, ada) == [MARIA]
    blocking.block(db, bo, INVOICE, True, now=NOON)
    assert is_spam(db, bo)
    assert len(events.of_conversation(db, bo, INVOICE)) == 2


@pytest.mark.parametrize(
    "address",
    ["support@example.com", "SALES@example.com", "help@example.com", "bo@example.com", ""],
)
def test_our_own_addresses_are_never_blocked(db, ada, bo, address):
    mailboxes.set_aliases(db, ada, SUPPORT, ["help@example.com"], now=NOON)
    addressed(db, address)
    with pytest.raises(Invalid):
        blocking.block(db, bo, INVOICE, now=NOON)
    assert blocked(db, ada) == []


def test_a_manager_lifts_it_from_the_list_and_others_may_not(db, ada, bo, cy, eve):
    blocking.block(db, bo, INVOICE, now=NOON)
    (found,) = blocking.of_mailbox(db, ada, SUPPORT)
    assert found.agent_name == "Bo Ek"
    with pytest.raises(NotAllowed):
        blocking.lift(db, bo, found.id, now=NOON)
    with pytest.raises(NotFound):
        blocking.lift(db, eve, found.id, now=NOON)
    with pytest.raises(NotAllowed):
        blocking.of_mailbox(db, bo, SUPPORT)
    with pytest.raises(NotAllowed):
        blocking.block(db, cy, INVOICE, now=NOON)
    assert blocking.addresses(db, cy, SUPPORT) == {MARIA}

    blocking.lift(db, ada, found.id, now=NOON)

    assert blocked(db, ada) == []
    with pytest.raises(NotFound):
        blocking.lift(db, ada, found.id, now=NOON)
