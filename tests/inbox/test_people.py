import json

import pytest

from inbox import agents, conversations, events, people, sessions
from inbox.errors import Invalid, NotAllowed, NotFound
from tests.conftest import NOON, agent
from tests.furniture import ADA, BO, CY, EVE, INVOICE, SALES, SUPPORT

HASH = "$2b$04$8wf2jA4SDfnakL0SmgKLueUdXP6aWpp8ghuulSgMZ1Lx.t7g9RE9K"


@pytest.fixture(autouse=True)
def joined(store):
    with store.export() as cursor:
        cursor.execute("update agents set password_hash = $hash", {"hash": HASH})


@pytest.fixture
def manager(store):
    """Bo as manager of support, without being an admin."""
    with store.export() as cursor:
        cursor.execute("update memberships set role = 'manager' where agent_id = 2")
    return agent(store, BO)


def role(db, agent_id, mailbox_id):
    found = agents.by_id(db, agent_id).membership(mailbox_id)
    return found and found.role


def of(db, viewer, agent_id):
    return next(p for p in people.everyone(db, viewer) if p.id == agent_id)


def test_an_admin_sees_everyone_with_every_role(db, ada):
    found = {p.id: p for p in people.everyone(db, ada)}

    assert set(found) == {ADA, BO, CY, EVE}
    assert found[EVE].memberships[0].mailbox_id == SALES


def test_a_manager_sees_the_roles_of_his_mailbox_only(db, manager):
    found = {p.id: p for p in people.everyone(db, manager)}

    assert found[EVE].memberships == ()
    assert found[CY].memberships[0].role == "reader"


def test_others_see_nobody(db, cy, eve):
    for viewer in (cy, eve):
        with pytest.raises(NotAllowed):
            people.everyone(db, viewer)


def test_an_admin_gives_and_takes_any_role_with_one_event_each(store, db, ada):
    people.set_role(db, ada, EVE, SUPPORT, "manager", "on_behalf", now=NOON)
    people.set_role(db, ada, EVE, SUPPORT, "manager", "on_behalf", now=NOON)
    assert role(db, EVE, SUPPORT) == "manager"
    people.remove_from_mailbox(db, ada, EVE, SUPPORT, now=NOON)
    people.remove_from_mailbox(db, ada, EVE, SUPPORT, now=NOON)

    assert role(db, EVE, SUPPORT) is None
    assert [c.kind for c in db.changes] == ["role_given", "role_taken"]


def test_a_manager_makes_others_reader_or_agent(db, manager):
    people.set_role(db, manager, CY, SUPPORT, "agent", now=NOON)
    people.set_role(db, manager, EVE, SUPPORT, "reader", now=NOON)

    assert (role(db, CY, SUPPORT), role(db, EVE, SUPPORT)) == ("agent", "reader")


@pytest.mark.parametrize(
    ("agent_id", "mailbox_id", "wanted", "refusal"),
    [
        (CY, SUPPORT, "manager", NotAllowed),
        (BO, SUPPORT, "agent", NotAllowed),
        (BO, SUPPORT, "manager", NotAllowed),
        (ADA, SUPPORT, "reader", NotAllowed),
        (CY, SALES, "reader", NotFound),
        (BO, SALES, "agent", NotFound),
        (CY, SUPPORT, "owner", Invalid),
        (99, SUPPORT, "reader", NotFound),
    ],
)
def test_a_manager_makes_no_managers_and_does_not_touch_himself(
    db, manager, agent_id, mailbox_id, wanted, refusal
):
    with pytest.raises(refusal):
        people.set_role(db, manager, agent_id, mailbox_id, wanted, now=NOON)


def test_a_manager_cannot_remove_a_manager_or_himself(db, manager):
    for agent_id in (ADA, BO):
        with pytest.raises(NotAllowed):
            people.remove_from_mailbox(db, manager, agent_id, SUPPORT, now=NOON)


@pytest.mark.parametrize("name", ["bo", "cy", "eve"])
def test_no_one_raises_himself(db, request, name):
    who = request.getfixturevalue(name)
    for mailbox_id in (SUPPORT, SALES):
        with pytest.raises((NotAllowed, NotFound)):
            people.set_role(db, who, who.id, mailbox_id, "manager", now=NOON)
    with pytest.raises(NotAllowed):
        people.make_admin(db, who, who.id, now=NOON)


def test_an_unknown_mailbox_is_not_found(db, ada):
    with pytest.raises(NotFound):
        people.set_role(db, ada, BO, 99, "agent", now=NOON)


def test_the_last_admin_stays(db, ada):
    for verb in (people.unmake_admin, people.deactivate):
        with pytest.raises(Invalid, match="last admin"):
            verb(db, ada, ADA, now=NOON)

    people.make_admin(db, ada, BO, now=NOON)
    people.unmake_admin(db, ada, ADA, now=NOON)
    assert not agents.by_id(db, ADA).is_admin


def test_an_admin_who_never_joined_does_not_count(db, ada):
    dan = people.add(db, ada, "dan@example.com", "Dan", now=NOON)
    people.make_admin(db, ada, dan, now=NOON)

    with pytest.raises(Invalid, match="last admin"):
        people.unmake_admin(db, ada, ADA, now=NOON)


@pytest.mark.feature("OW12")
def test_deactivation_releases_open_work_and_keeps_the_name(db, ada, bo):
    conversations.claim(db, bo, INVOICE, now=NOON)
    people.deactivate(db, ada, BO, now=NOON)
    people.deactivate(db, ada, BO, now=NOON)

    assert conversations.by_id(db, ada, INVOICE).assignee_id is None
    claimed, released = events.of_conversation(db, ada, INVOICE)
    assert (claimed.kind, claimed.actor_name) == ("claimed", "Bo Ek")
    assert (released.kind, released.actor_name) == ("released", "Ada Lind")
    assert json.loads(released.before) == {"assignee_id": BO}
    assert [c.kind for c in db.changes].count("deactivated") == 1


def test_closed_work_keeps_its_assignee(db, ada, bo):
    conversations.claim(db, bo, INVOICE, now=NOON)
    conversations.close(db, bo, INVOICE, now=NOON)
    people.deactivate(db, ada, BO, now=NOON)

    assert conversations.by_id(db, ada, INVOICE).assignee_name == "Bo Ek"


@pytest.mark.feature("OW12")
def test_leaving_a_mailbox_releases_its_work(db, ada, bo):
    conversations.claim(db, bo, INVOICE, now=NOON)
    people.remove_from_mailbox(db, ada, BO, SUPPORT, now=NOON)

    assert conversations.by_id(db, ada, INVOICE).assignee_id is None


def test_who_may_only_read_from_now_on_gives_back_the_work(db, ada, bo):
    conversations.claim(db, bo, INVOICE, now=NOON)
    people.set_role(db, ada, BO, SUPPORT, "manager", now=NOON)
    assert conversations.by_id(db, ada, INVOICE).assignee_id == BO

    people.set_role(db, ada, BO, SUPPORT, "reader", now=NOON)

    assert conversations.by_id(db, ada, INVOICE).assignee_id is None
    assert [e.kind for e in events.of_conversation(db, ada, INVOICE)] == ["claimed", "released"]


@pytest.mark.parametrize("standing", [None, ("reader", "as"), ("agent", "on_behalf")])
def test_a_role_is_changed_only_as_it_was_seen(db, ada, standing):
    for decide in (
        lambda: people.set_role(db, ada, BO, SUPPORT, "manager", saw=standing, now=NOON),
        lambda: people.remove_from_mailbox(db, ada, BO, SUPPORT, saw=standing, now=NOON),
    ):
        with pytest.raises(Invalid, match="just changed"):
            decide()

    people.set_role(db, ada, BO, SUPPORT, "manager", saw=("agent", "as"), now=NOON)
    assert role(db, BO, SUPPORT) == "manager"


def test_who_comes_back_has_his_roles_but_is_no_admin(db, ada):
    people.make_admin(db, ada, BO, now=NOON)
    people.deactivate(db, ada, BO, now=NOON)
    assert agents.by_id(db, BO) is None
    people.reactivate(db, ada, BO, now=NOON)

    back = agents.by_id(db, BO)
    assert (back.is_admin, role(db, BO, SUPPORT)) == (False, "agent")


def test_an_address_has_one_account(db, ada):
    with pytest.raises(Invalid) as refusal:
        people.add(db, ada, "BO@example.com", "Bo Two", now=NOON)
    assert refusal.value.field == "email"


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "Bo\x00", "B\u200bo", "\u202eoB"])
def test_a_name_that_could_mislead_is_refused(db, bo, name):
    with pytest.raises(Invalid) as refusal:
        people.set_profile(db, bo, name, "", now=NOON)
    assert refusal.value.field == "name"


def test_a_profile_is_ones_own(db, bo):
    people.set_profile(db, bo, " Bo  Ekman ", "Regards\n", now=NOON)

    changed = agents.by_id(db, BO)
    assert (changed.name, changed.signature) == ("Bo Ekman", "Regards")


def test_a_new_password_keeps_this_browser_only(db, settings, bo):
    here, there = (sessions.start(db, BO, "x", settings=settings, now=NOON) for _ in range(2))
    with pytest.raises(Invalid):
        people.change_password(db, bo, False, "new", sessions.digest(here), now=NOON)
    people.change_password(db, bo, True, "new", sessions.digest(here), now=NOON)

    assert sessions.by_digest(db, sessions.digest(here), now=NOON)
    assert sessions.by_digest(db, sessions.digest(there), now=NOON) is None
    assert sessions.guess(db, bo.email, "x", settings=settings, now=NOON) == "new"


@pytest.mark.feature("OW16")
def test_language_and_time_zone_are_ones_own_and_known(store, bo):
    with store.write() as db:
        people.set_preferences(db, bo, "sv", "Asia/Tokyo", now=NOON)
        found = agents.by_id(db, bo.id)
        for wrong in (("../..", ""), ("sv", "Nowhere/Atlantis")):
            with pytest.raises(Invalid):
                people.set_preferences(db, bo, *wrong, now=NOON)
    assert (found.language, found.time_zone) == ("sv", "Asia/Tokyo")
