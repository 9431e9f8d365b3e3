"""The page People: roles, invitations and leaving."""

import pytest

from inbox import agents, people
from tests.conftest import NOON, agent
from tests.furniture import ADA, BO, CY, EVE, SALES, SUPPORT


@pytest.fixture
def visit(at_desk):
    def come(who):
        app = at_desk(who)
        app.run()
        return app.switch_page("admin/people.py").run()

    return come


def everyone(store, viewer):
    with store.read() as session:
        return {person.id: person for person in people.everyone(session, viewer)}


def test_everyone_is_there_with_their_roles(visit):
    shown = "\n".join(m.value for m in visit("ada").markdown)

    for name in ("Ada Lind", "Bo Ek", "Cy Dahl", "Eve Holm"):
        assert name in shown
    assert "Support: manager" in shown


def test_an_agent_is_told_whose_page_it_is(visit):
    assert "for those who run the house" in visit("cy").info[0].value


def test_a_role_is_given_and_taken(visit, store):
    app = visit("ada")
    app.button(key=f"change_{EVE}").click().run()
    app.selectbox(key=f"role_{EVE}_{SUPPORT}").select("reader").run()
    assert agent(store, EVE).membership(SUPPORT).role == "reader"

    app.selectbox(key=f"role_{EVE}_{SALES}").select("none").run()
    assert agent(store, EVE).membership(SALES) is None
    assert not app.exception


def test_the_last_admin_stays(visit, store):
    app = visit("ada")
    app.button(key=f"change_{ADA}").click().run()
    app.toggle(key=f"admin_{ADA}").set_value(False).run()

    assert "last admin" in app.error[0].value
    assert agent(store, ADA).is_admin
    assert app.toggle(key=f"admin_{ADA}").value is True
    assert not app.run().error


def test_a_page_that_stood_open_changes_nothing_by_itself(visit, store, ada):
    app = visit("ada")
    app.button(key=f"change_{BO}").click().run()
    with store.write() as db:
        people.remove_from_mailbox(db, ada, BO, SUPPORT, now=NOON)
        people.set_role(db, ada, BO, SALES, "manager", "on_behalf", now=NOON)
        people.make_admin(db, ada, BO, now=NOON)

    app.button(key=f"renew_{BO}").click().run()

    assert agent(store, BO).membership(SUPPORT) is None
    assert agent(store, BO).membership(SALES).role == "manager"
    assert agent(store, BO).is_admin
    assert app.selectbox(key=f"role_{BO}_{SUPPORT}").value == "none"
    assert app.selectbox(key=f"role_{BO}_{SALES}").value == "manager"
    assert app.selectbox(key=f"sends_{BO}_{SALES}").value == "on_behalf"
    assert app.toggle(key=f"admin_{BO}").value is True


def test_a_decision_about_what_changed_meanwhile_is_asked_again(visit, store, ada):
    app = visit("ada")
    app.button(key=f"change_{BO}").click().run()
    with store.write() as db:
        people.remove_from_mailbox(db, ada, BO, SUPPORT, now=NOON)

    app.selectbox(key=f"role_{BO}_{SUPPORT}").select("manager").run()

    assert "colleague has just changed this" in app.error[0].value
    assert agent(store, BO).membership(SUPPORT) is None
    assert app.selectbox(key=f"role_{BO}_{SUPPORT}").value == "none"


def test_how_replies_name_the_sender_is_chosen(visit, store):
    app = visit("ada")
    app.button(key=f"change_{BO}").click().run()
    app.selectbox(key=f"sends_{BO}_{SUPPORT}").select("on_behalf").run()

    assert agent(store, BO).membership(SUPPORT).sends == "on_behalf"
    assert not app.exception


def test_an_invitation_shows_its_link_once(visit, store, ada):
    app = visit("ada")
    app.text_input(key="invite_name").set_value("Kim \u202eBerg")
    app.text_input(key="invite_email").set_value("kim@example.com")
    app.button(key="invite_go").click().run()
    assert app.error[0].value

    app.text_input(key="invite_name").set_value("Kim Berg")
    app.text_input(key="invite_email").set_value("kim@example.com")
    app.button(key="invite_go").click().run()
    assert "/invitation?token=" in app.code[0].value
    assert "hand over this link" in app.success[0].value

    app.run()
    assert not app.code
    assert any(p.email == "kim@example.com" for p in everyone(store, ada).values())


def test_leaving_says_what_happens_first(visit, store, ada):
    with store.export() as cursor:
        cursor.execute("update conversations set assignee_id = $bo where id = 1", {"bo": BO})
    app = visit("ada")
    app.button(key=f"change_{BO}").click().run()
    app.button(key=f"leave_{BO}_ask").click().run()
    assert "1 open conversation goes back to the queue" in app.warning[0].value
    app.button(key=f"leave_{BO}_sure").click().run()

    assert not everyone(store, ada)[BO].is_active
    with store.read() as session:
        assert agents.by_id(session, BO) is None
    app.button(key=f"change_{BO}").click().run() if not app.button(key=f"take_back_{BO}") else None
    app.button(key=f"take_back_{BO}").click().run()
    assert everyone(store, ada)[BO].is_active


def test_a_new_link_for_who_forgot(visit):
    app = visit("ada")
    app.button(key=f"change_{CY}").click().run()
    app.button(key=f"renew_{CY}").click().run()

    assert "?token=" in app.code[0].value


def shifts_file(*lines):
    return ("shifts.csv", "\n".join(("email,starts,ends", *lines)).encode(), "text/csv")


def planned(store):
    with store.export() as cursor:
        return cursor.execute("select count(*) from shifts").fetchone()[0]


@pytest.mark.feature("OW15")
def test_shifts_are_looked_at_and_then_taken_as_a_whole(visit, store):
    good = "bo@example.com,2026-03-02T08:00,2026-03-02T16:00"
    app = visit("ada")
    app.file_uploader[0].set_value(shifts_file(good, "![x](http://e.test),soon,later")).run()
    shown = "\n".join(m.value for m in app.markdown)
    assert "1 line cannot be taken" in "".join(e.value for e in app.error)
    assert "Line 3" in shown
    assert "![x](" not in shown
    assert not [b for b in app.button if b.key == "shifts_take"]
    assert planned(store) == 0

    app.file_uploader[0].set_value(shifts_file(good)).run()
    assert "Bo Ek" in "\n".join(m.value for m in app.markdown)
    app.button(key="shifts_take").click().run()
    assert not app.exception
    assert "1 shift was taken up" in app.success[0].value
    assert planned(store) == 1
