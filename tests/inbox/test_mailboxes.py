"""Setting up mailboxes: who may, what is refused, and what the diary learns of it."""

import pytest

from inbox import events, mailboxes
from inbox.errors import Invalid, NotAllowed, NotFound
from tests.conftest import NOON, agent
from tests.furniture import ADA, BO, EVE, SALES, SUPPORT


@pytest.fixture
def add(db, ada, home):
    def put_up(address="info@example.com", **given):
        return mailboxes.add(
            db, given.pop("agent", ada), address, keys=home.keys, now=NOON, **given
        )

    return put_up


def written(store):
    """(kind, mailbox, before, after) of every event so far."""
    with store.export() as cursor:
        return cursor.execute(
            "select kind, mailbox_id, before, after from events "
            "left join event_payloads using (event_id) order by event_id"
        ).fetchall()


def test_a_new_mailbox_has_its_defaults_and_its_maker_manages_it(store, ada, home):
    with store.write() as db:
        new = mailboxes.add(
            db,
            ada,
            " Info@Example.COM ",
            imap_url="imaps://info@mail.example.com",
            secret="hunter-secret",
            aliases=["Hello@example.com", "", "info@example.com"],
            keys=home.keys,
            now=NOON,
        )
        found = mailboxes.by_id(db, new)

    assert (found.address, found.name) == ("info@example.com", "info@example.com")
    assert found.addresses == {"info@example.com", "hello@example.com"}
    assert (found.save_sent, found.folders, found.poll_seconds) == ("auto", "[]", 60)
    assert home.keys.decrypt(found.secret) == "hunter-secret"
    assert agent(store, ADA).membership(new).role == "manager"
    assert agent(store, BO).membership(new) is None


def test_no_event_holds_a_secret(store, ada, home):
    with store.write() as db:
        new = mailboxes.add(
            db, ada, "info@example.com", secret="canary-1", keys=home.keys, now=NOON
        )
        mailboxes.set_secret(db, ada, new, "canary-2", keys=home.keys, now=NOON)
        mailboxes.change(db, ada, new, token_command="fetch --secret canary-3", now=NOON)

    assert [kind for kind, *_ in written(store)] == ["connected", "secret_replaced", "configured"]
    assert "canary" not in repr(written(store))


def test_the_command_line_makes_every_admin_a_manager(store, home):
    with store.write() as db:
        new = mailboxes.add(db, events.SYSTEM, "info@example.com", keys=home.keys, now=NOON)

    assert agent(store, ADA).membership(new).role == "manager"
    assert agent(store, EVE).membership(new) is None


@pytest.mark.parametrize("who", ["bo", "cy", "eve"])
def test_only_an_admin_adds(add, request, who):
    with pytest.raises(NotAllowed):
        add(agent=request.getfixturevalue(who))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "info",
        "@example.com",
        "a@b@c",
        "a b@example.com",
        'a"b@example.com',
        "a@example..com",
        "a@-example.com",
        "a\n@example.com",
        "å@example.com",
        f"{'a' * 65}@example.com",
        "a\\@x",
    ],
)
def test_what_is_no_address_is_refused(add, address):
    with pytest.raises(Invalid) as refusal:
        add(address)

    assert refusal.value.field == "address"


def test_an_address_stands_once_over_mailboxes_and_aliases(add):
    add(aliases=["hello@example.com"])

    for taken in ("support@example.com", "INFO@example.com", "hello@example.com"):
        with pytest.raises(Invalid, match="belongs to the mailbox"):
            add(taken)
    with pytest.raises(Invalid, match="belongs to the mailbox"):
        add("other@example.com", aliases=["sales@example.com"])


@pytest.mark.parametrize(
    ("field", "value"),
    [("poll_seconds", 1), ("auth", "magic"), ("save_sent", "maybe"), ("name", "a\x00b")],
)
def test_settings_out_of_range_are_refused(add, field, value):
    with pytest.raises(Invalid) as refusal:
        add(**{field: value})

    assert refusal.value.field == field


def test_change_sets_what_is_given_and_says_what_changed(store, ada):
    with store.write() as db:
        mailboxes.change(db, ada, SUPPORT, poll_seconds=120, folders=["Archiv"], now=NOON)
        mailboxes.change(db, ada, SUPPORT, poll_seconds=120, now=NOON)
        found = mailboxes.by_id(db, SUPPORT)

    assert (found.poll_seconds, found.folders, found.save_sent) == (120, '["Archiv"]', "auto")
    ((kind, mailbox_id, before, after),) = written(store)
    assert (kind, mailbox_id) == ("configured", SUPPORT)
    assert before == '{"folders": "[]", "poll_seconds": 60}'
    assert after == '{"folders": "[\\"Archiv\\"]", "poll_seconds": 120}'


def test_aliases_are_replaced_as_a_whole(store, db, ada):
    mailboxes.set_aliases(db, ada, SUPPORT, ["help@example.com", "hjalp@example.com"], now=NOON)
    mailboxes.set_aliases(db, ada, SUPPORT, ["Help@example.com"], now=NOON)

    assert mailboxes.by_id(db, SUPPORT).addresses == {"support@example.com", "help@example.com"}
    with pytest.raises(Invalid):
        mailboxes.set_aliases(db, ada, SALES, ["help@example.com"], now=NOON)
    assert mailboxes.by_address(db, "HELP@example.com").id == SUPPORT


@pytest.mark.feature("OW11")
def test_a_manager_names_and_signs_but_does_not_rewire(store, ada, bo):
    manager = agent(store, ADA)
    lead = type(manager)(
        id=BO, name="Bo Ek", email="bo@example.com", memberships=manager.memberships
    )
    with store.write() as db:
        mailboxes.rename(db, lead, SUPPORT, "  Customer   care ", now=NOON)
        mailboxes.set_signature(db, lead, SUPPORT, "Best wishes", now=NOON)
        found = mailboxes.by_id(db, SUPPORT)
        with pytest.raises(NotAllowed):
            mailboxes.change(db, lead, SUPPORT, poll_seconds=30, now=NOON)
        with pytest.raises(NotAllowed):
            mailboxes.rename(db, bo, SUPPORT, "Mine", now=NOON)
        with pytest.raises(NotFound):
            mailboxes.rename(db, lead, SALES, "Mine", now=NOON)

    assert (found.name, found.signature) == ("Customer care", "Best wishes")
    assert [kind for kind, *_ in written(store)] == ["mailbox_renamed", "signature_set"]


def test_a_deactivated_mailbox_is_no_longer_polled_and_comes_back(store, ada):
    with store.write() as db:
        mailboxes.deactivate(db, ada, SUPPORT, now=NOON)
        mailboxes.deactivate(db, ada, SUPPORT, now=NOON)
        assert [m.id for m in mailboxes.active(db)] == [SALES]
        mailboxes.reactivate(db, ada, SUPPORT, now=NOON)
        assert [m.id for m in mailboxes.active(db)] == [SUPPORT, SALES]

    assert [kind for kind, *_ in written(store)] == ["disconnected", "reconnected"]


@pytest.mark.feature("OW11")
def test_an_admin_sets_up_all_a_manager_their_own(store, db, ada, bo):
    lead = type(bo)(id=BO, name="Bo", email="bo@example.com", memberships=ada.memberships)

    assert [m.id for m in mailboxes.configurable(db, ada)] == [SUPPORT, SALES]
    assert [m.id for m in mailboxes.configurable(db, lead)] == [SUPPORT]
    assert mailboxes.configurable(db, bo) == []


def test_an_unknown_mailbox_is_not_found(db, ada):
    with pytest.raises(NotFound):
        mailboxes.deactivate(db, ada, 99, now=NOON)
