"""The page Templates: who writes which, and what is refused."""

import pytest

from inbox import templates
from inbox.templates import Written
from tests.conftest import NOON
from tests.furniture import SUPPORT

HOSTILE = "<img src=x onerror=alert(1)> ![x](http://evil.test/p.png) **bold**"
pytestmark = pytest.mark.feature("CR07", "CR09")


@pytest.fixture
def visit(at_desk):
    def come(who):
        app = at_desk(who)
        app.run()
        return app.switch_page("admin/templates.py").run()

    return come


@pytest.fixture
def known(home, ada):
    with home.store.write() as db:
        given = Written(name=HOSTILE, body=HOSTILE, folder=HOSTILE)
        return templates.create(db, ada, given, mailbox_id=SUPPORT, now=NOON)


def texts(app):
    shown = [*app.markdown, *app.info, *app.error, *app.caption, *app.warning, *app.subheader]
    return "\n".join(str(element.value) for element in shown)


def of(home, viewer):
    with home.store.read() as db:
        return templates.of_viewer(db, viewer)


def test_an_admin_writes_one_for_all_mailboxes(visit, home, ada):
    app = visit("ada")
    assert "No template yet" in app.info[0].value

    app.button(key="new").click().run()
    app.text_input(key="name_t0").set_value("Thanks")
    app.text_area(key="body_t0").set_value("Hello {{contact.first_name|there}}")
    app.checkbox(key="closes_t0").set_value(True)
    app.button(key="save_t0").click().run()

    (found,) = of(home, ada)
    assert not app.exception
    assert (found.name, found.mailbox_id, found.effects.closes) == ("Thanks", None, True)
    assert "never used" in texts(app)


def test_a_refusal_stands_below_what_was_typed(visit, home, ada):
    app = visit("ada")
    app.button(key="new").click().run()
    app.text_input(key="name_t0").set_value("Thanks")
    app.text_area(key="body_t0").set_value("Hello {{contact.nickname}}")
    app.button(key="save_t0").click().run()

    assert "There is no placeholder" in app.error[0].value
    assert app.text_area(key="body_t0").value == "Hello {{contact.nickname}}"
    assert of(home, ada) == []


def test_it_is_changed_and_deleted(visit, home, ada, known):
    app = visit("ada")
    app.button(key=f"change_{known}").click().run()
    app.text_input(key=f"name_t{known}").set_value("Plain")
    app.button(key=f"save_t{known}").click().run()
    assert of(home, ada)[0].name == "Plain"

    app.button(key=f"change_{known}").click().run()
    app.button(key=f"delete_t{known}_ask").click().run()
    app.button(key=f"delete_t{known}_sure").click().run()
    assert of(home, ada) == []
    assert not app.exception


def test_names_and_texts_are_shown_as_text_only(visit, known):
    app = visit("ada")

    assert not app.exception
    assert "\\<img src\\=x" in texts(app)
    assert "![x](" not in texts(app)


def test_an_agent_is_told_whose_page_it_is(visit, known):
    app = visit("bo")

    assert "for those who run the house" in app.info[0].value
    assert not app.exception
