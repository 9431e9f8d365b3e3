from datetime import timedelta

import pytest

from inbox import invitations, people, sessions
from inbox.errors import Invalid, LinkVoid, NotAllowed, NotFound
from inbox.settings import INVITATION_HOURS, RESET_HOURS
from tests.conftest import NOON, agent
from tests.furniture import ADA, BO

HASH = "$2b$04$8wf2jA4SDfnakL0SmgKLueUdXP6aWpp8ghuulSgMZ1Lx.t7g9RE9K"


@pytest.fixture
def joined(store):
    with store.export() as cursor:
        cursor.execute("update agents set password_hash = $hash", {"hash": HASH})


def redeem(db, token, now=NOON, **more):
    return invitations.redeem(db, token, HASH, now=now, **more)


def test_the_set_up_link_names_the_first_admin_once(db, store):
    token = invitations.set_up_link(db, now=NOON)
    agent_id = redeem(db, token, name="Nils Frid", email="Nils@example.com")

    nils = next(p for p in people.everyone(db, agents_admin(db, agent_id)) if p.id == agent_id)
    assert (nils.name, nils.email, nils.is_admin, nils.has_joined) == (
        "Nils Frid",
        "nils@example.com",
        True,
        True,
    )
    with pytest.raises(LinkVoid):
        redeem(db, token, name="Mallory", email="m@example.com")
    with pytest.raises(Invalid, match="has an admin"):
        invitations.set_up_link(db, now=NOON)


def agents_admin(db, agent_id):
    from inbox import agents

    return agents.by_id(db, agent_id)


def test_a_newer_set_up_link_voids_the_older(db):
    older = invitations.set_up_link(db, now=NOON)
    newer = invitations.set_up_link(db, now=NOON)

    with pytest.raises(LinkVoid):
        invitations.by_token(db, older, now=NOON)
    assert invitations.by_token(db, newer, now=NOON).kind == "setup"


def test_a_set_up_link_is_dead_once_there_is_an_admin(store, db, ada):
    set_up = invitations.set_up_link(db, now=NOON)
    redeem(db, invitations.renew(db, ada, ADA, now=NOON))

    with pytest.raises(Invalid, match="has an admin"):
        redeem(db, set_up, name="Mallory", email="m@example.com")


def test_an_invitation_makes_an_account_and_opens_once(db, ada):
    token = invitations.invite(db, ada, "Dan@example.com", "Dan Öst", now=NOON)
    found = invitations.by_token(db, token, now=NOON)
    assert (found.kind, found.name, found.email) == ("invitation", "Dan Öst", "dan@example.com")

    agent_id = redeem(db, token, name="Dan  Östen")

    assert found.agent_id == agent_id
    assert next(p for p in people.everyone(db, ada) if p.id == agent_id).name == "Dan Östen"
    with pytest.raises(LinkVoid):
        redeem(db, token)
    with pytest.raises(Invalid, match="works here already"):
        invitations.invite(db, ada, "dan@example.com", "Dan", now=NOON)


def test_inviting_again_replaces_the_link(db, ada):
    first = invitations.invite(db, ada, "dan@example.com", "Dan", now=NOON)
    second = invitations.invite(db, ada, "dan@example.com", "Dan", now=NOON)

    with pytest.raises(LinkVoid):
        redeem(db, first)
    redeem(db, second)


@pytest.mark.usefixtures("joined")
def test_links_expire(db, ada):
    invited = invitations.invite(db, ada, "dan@example.com", "Dan", now=NOON)
    asked = invitations.reset(db, "bo@example.com", now=NOON)

    for token, hours in ((invited, INVITATION_HOURS), (asked, RESET_HOURS)):
        end = NOON + timedelta(hours=hours)
        invitations.by_token(db, token, now=end - timedelta(seconds=1))
        with pytest.raises(LinkVoid):
            redeem(db, token, now=end)


@pytest.mark.usefixtures("joined")
def test_a_reset_ends_every_session_and_other_links(db, settings):
    session = sessions.start(db, BO, "x", settings=settings, now=NOON)
    older = invitations.reset(db, "bo@example.com", now=NOON)
    token = invitations.reset(db, "BO@example.com ", now=NOON)
    with pytest.raises(LinkVoid):
        redeem(db, older)

    assert redeem(db, token) == BO
    assert sessions.by_digest(db, sessions.digest(session), now=NOON) is None


def test_nobody_unknown_or_uninvited_gets_a_reset(db):
    assert invitations.reset(db, "nobody@example.com", now=NOON) is None
    assert invitations.reset(db, "bo@example.com", now=NOON) is None


@pytest.mark.usefixtures("joined")
def test_a_reset_cannot_rename(db):
    redeem(db, invitations.reset(db, "bo@example.com", now=NOON), name="Ada Lind")

    assert agents_admin(db, BO).name == "Bo Ek"


@pytest.mark.usefixtures("joined")
def test_who_left_cannot_use_a_link(db, ada):
    token = invitations.reset(db, "bo@example.com", now=NOON)
    people.deactivate(db, ada, BO, now=NOON)

    with pytest.raises(LinkVoid):
        redeem(db, token)
    with pytest.raises(NotFound):
        invitations.renew(db, ada, BO, now=NOON)
    with pytest.raises(Invalid, match="worked here before"):
        invitations.invite(db, ada, "bo@example.com", "Bo", now=NOON)


def test_tokens_are_stored_as_digests_only(store, ada):
    with store.write() as db:
        tokens = [
            invitations.set_up_link(db, now=NOON),
            invitations.invite(db, ada, "dan@example.com", "Dan", now=NOON),
        ]
    with store.export() as cursor:
        stored = str(
            [
                cursor.execute(f"select * from {t}").fetchall()
                for t in ("invitations", "event_payloads")
            ]
        )
    assert all(len(token) >= 43 and token not in stored for token in tokens)


@pytest.mark.parametrize("token", ["", "x", "'; drop table invitations; --", "å" * 5000])
def test_an_invented_link_opens_nothing(db, token):
    with pytest.raises(LinkVoid):
        redeem(db, token)


@pytest.mark.parametrize("name", ["bo", "cy", "eve"])
def test_only_an_admin_invites(store, db, request, name):
    who = request.getfixturevalue(name)
    with pytest.raises(NotAllowed):
        invitations.invite(db, who, "dan@example.com", "Dan", now=NOON)
    with pytest.raises(NotAllowed):
        invitations.renew(db, who, ADA, now=NOON)


def test_a_bad_address_or_name_leaves_the_link_usable(store, ada):
    with store.write() as db:
        token = invitations.set_up_link(db, now=NOON)
    for name, email in (
        ("", "n@example.com"),
        ("Nils", "nowhere"),
        ("N\x00", "new@example.com"),
        ("Nils", "ada@example.com"),
    ):
        with pytest.raises(Invalid), store.write() as db:
            redeem(db, token, name=name, email=email)
    with store.write() as db:
        redeem(db, token, name="Nils", email="n@example.com")
    assert agent(store, ADA)
