"""Moving a conversation to another mailbox, as the pages offer it."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from inbox import conversations, events, moving
from inbox.agents import Agent
from inbox.house import House
from pages.parts import diary
from tests.conftest import NOON, agent
from tests.furniture import ADA, INVOICE, SALES
from tests.pages.test_deeds import asked, do
from tests.pages.test_inbox import names

AtDesk = Callable[..., AppTest]


def lets_in(home: House) -> Agent:
    """Ada may handle conversations in Sales too."""
    with home.store.export() as cursor:
        cursor.execute("insert into memberships values (2, 1, 'agent', 'as')")
    return agent(home.store, ADA)


def test_the_dialog_says_what_it_means_and_undo_is_offered(at_desk: AtDesk, home: House) -> None:
    ada = lets_in(home)
    app = asked(at_desk("ada", view="open", c="1").run(), "move")
    assert any("answers leave from there" in m.value for m in app.markdown)
    app.button(key=f"move_to_{SALES}").click().run()

    assert not app.exception
    with home.store.read() as db:
        assert conversations.by_id(db, ada, INVOICE).mailbox_id == SALES
    back = app.session_state["undo"]
    assert (back.words, back.verb) == ("Moved", moving.unmove)


def test_it_is_offered_only_to_who_works_in_another_mailbox(at_desk: AtDesk, home: House) -> None:
    assert "Move to another mailbox…" not in ways(at_desk("bo", view="open", c="1").run())
    lets_in(home)
    assert "Move to another mailbox…" in ways(at_desk("ada", view="open", c="1").run())


def ways(app: AppTest) -> list[str]:
    found = [node for node in app.main if getattr(node, "type", "") == "menu_button"]
    return [option for node in found for option in node.proto.options] if found else texts(app)


def texts(app: AppTest) -> list[str]:
    return (
        [str(app._tree)]
        if "Move to another mailbox…" not in str(app._tree)
        else ["Move to another mailbox…"]
    )


def test_a_colleague_who_looks_at_it_finds_a_quiet_word(at_desk: AtDesk, home: House) -> None:
    ada = lets_in(home)
    app = at_desk("bo", view="open", c="1").run()
    assert "claim" in names(app)
    do(home, moving.move, ada, INVOICE, SALES)
    app.run()

    assert not app.exception
    assert "claim" not in names(app)
    assert any("This conversation is not here" in m.value for m in app.markdown)


def test_the_diary_tells_it_once(home: House) -> None:
    ada = lets_in(home)
    do(home, moving.move, ada, INVOICE, SALES)
    with home.store.write() as db:
        moving.unmove(db, ada, INVOICE, now=NOON)
        told = diary.once(events.of_conversation(db, ada, INVOICE), INVOICE)
    assert [diary.sentence(e, ada) for e in told] == [
        "You moved this from Support to Sales",
        "You moved this from Sales back to Support",
    ]
