"""The page Mailboxes: states in words, the wizard, and setting up."""

import pytest

from inbox import mailboxes
from tests import servers
from tests.furniture import SALES, SUPPORT
from tests.ingest.test_connect import MAIL, outgoing  # noqa: F401
from tests.servers import PASSWORD, free_port

HOSTILE = "<img src=x onerror=alert(1)> ![x](http://evil.test/p.png) **bold**"


@pytest.fixture
def visit(at_desk):
    def come(who):
        app = at_desk(who)
        app.run()
        return app.switch_page("admin/mailboxes.py").run()

    return come


def texts(app):
    shown = [*app.markdown, *app.info, *app.error, *app.caption, *app.warning, *app.success]
    return "\n".join(str(element.value) for element in shown)


def fill(app, **values):
    for key, value in values.items():
        app.text_input(key=key).set_value(value)
    return app


def test_an_admin_sees_every_mailbox_in_words(visit):
    app = visit("ada")

    assert not app.exception
    assert ":gray[support]:gray[\\@example\\.com]" in texts(app)  # in two, or it becomes a link
    assert texts(app).count("Holds imported mail only.") == 2
    assert app.button(key="connect_begin").label == "Connect a mailbox"


@pytest.mark.feature("OW11")
def test_an_agent_is_told_whose_page_it_is(visit):
    app = visit("bo")

    assert "for those who run the house" in app.info[0].value
    assert not app.exception


def test_names_are_shown_as_text_only(visit, db, ada):
    db.run("mailboxes.rename", mailbox_id=SUPPORT, name=HOSTILE)
    db._cursor.commit()
    db._cursor.begin()

    app = visit("ada")

    assert not app.exception
    assert "\\<img src\\=x" in texts(app)
    assert "![x](" not in texts(app)


def test_a_new_name_signature_and_address_are_kept(visit, store):
    app = visit("ada")
    app.button(key=f"set_up_{SUPPORT}").click().run()
    app.text_input(key=f"name_{SUPPORT}").set_value("Customer care")
    app.text_area(key=f"signature_{SUPPORT}").set_value("Best wishes")
    app.button(key=f"save_manners_{SUPPORT}").click().run()
    app.text_area(key=f"aliases_text_{SUPPORT}").set_value("help@example.com\n")
    app.button(key=f"save_aliases_{SUPPORT}").click().run()

    assert not app.exception
    with store.read() as session:
        found = mailboxes.by_id(session, SUPPORT)
    assert (found.name, found.signature) == ("Customer care", "Best wishes")
    assert "help@example.com" in found.addresses


def test_a_refused_alias_says_why(visit):
    app = visit("ada")
    app.button(key=f"set_up_{SUPPORT}").click().run()
    app.text_area(key=f"aliases_text_{SUPPORT}").set_value("sales@example.com")
    app.button(key=f"save_aliases_{SUPPORT}").click().run()

    assert "belongs to the mailbox" in app.error[0].value


def test_a_server_without_tls_is_refused_in_words(visit, store):
    app = visit("ada")
    app.button(key=f"set_up_{SUPPORT}").click().run()
    fill(app, **{f"imap_{SUPPORT}": "imap://a@mail.example.com"})
    app.button(key=f"save_servers_{SUPPORT}").click().run()

    assert "would be reached without TLS" in app.error[0].value
    with store.read() as session:
        assert mailboxes.by_id(session, SUPPORT).imap_url is None


def test_resting_asks_once_more(visit, store):
    app = visit("ada")
    app.button(key=f"set_up_{SALES}").click().run()
    app.button(key=f"rest_{SALES}_ask").click().run()
    assert "stays readable" in app.warning[0].value
    app.button(key=f"rest_{SALES}_sure").click().run()

    with store.read() as session:
        assert [m.id for m in mailboxes.active(session)] == [SUPPORT]
    assert "At rest." in texts(app)


def test_the_wizard_goes_from_address_to_import(visit, store, home, outgoing, monkeypatch):  # noqa: F811
    with servers.pymap() as server:
        server.append(MAIL, MAIL)
        monkeypatch.setattr(
            "ingest.providers.likely",
            lambda _: ([f"imap://127.0.0.1:{server.port}"], [f"smtp://127.0.0.1:{outgoing.port}"]),
        )
        app = visit("ada")
        app.button(key="connect_begin").click().run()
        fill(app, c_address="new@example.com", c_password="wrong")
        app.button(key="c_go").click().run()
        assert "cannot be read yet" in texts(app)
        app.button(key="c_change").click().run()
        fill(
            app,
            c_imap_=f"imap://support@127.0.0.1:{server.port}",
            c_smtp_=f"smtp://support@127.0.0.1:{outgoing.port}",
            c_again=PASSWORD,
        )
        app.button(key="c_test").click().run()
        assert "Nothing will be deleted, marked read or answered. Import?" in texts(app)
        app.selectbox(key="c_window_again").select("everything").run()
        assert "**2 mails" in texts(app) or "mails.**" in texts(app)
        app.button(key="c_import").click().run()

    assert not app.exception
    with store.read() as session:
        found = mailboxes.by_address(session, "new@example.com")
    assert home.keys.decrypt(found.secret) == PASSWORD
    assert found.import_since is None
    assert "connecting" not in app.session_state


def test_a_server_that_is_not_there_stores_nothing(visit, store, monkeypatch):
    monkeypatch.setattr("ingest.providers.likely", lambda _: ([], []))
    app = visit("ada")
    app.button(key="connect_begin").click().run()
    fill(app, c_address="new@example.com", c_password="x")
    app.button(key="c_go").click().run()
    assert "does not tell where its mail is kept" in texts(app)
    fill(
        app,
        c_imap_=f"imap://a@127.0.0.1:{free_port()}",
        c_smtp_=f"smtp://a@127.0.0.1:{free_port()}",
    )
    app.button(key="c_test").click().run()

    assert "takes no connections" in texts(app).replace("\\", "")
    with store.read() as session:
        assert mailboxes.by_address(session, "new@example.com") is None


def test_microsoft_is_told_the_way_by_token(visit):
    app = visit("ada")
    app.button(key="connect_begin").click().run()
    fill(app, c_address="team@outlook.com", c_password="x")
    app.button(key="c_go").click().run()

    assert "token command" in app.warning[0].value
    assert "--auth xoauth2" in app.code[0].value
