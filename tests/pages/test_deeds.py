"""What the buttons and dialogs of a conversation do, without a browser."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from inbox import blocking, conversations, events, merging, putting_away, snoozing, tags
from inbox.agents import Agent
from inbox.conversations import Conversation
from inbox.house import House
from pages.parts import diary
from tests.conftest import NOON
from tests.furniture import INVOICE, SUPPORT
from tests.pages.test_inbox import merged, names, standing

AtDesk = Callable[..., AppTest]


def found(home: House, viewer: Agent) -> Conversation:
    return standing(home, viewer)


def do(home: House, verb: Callable[..., Any], *args: Any) -> None:
    with home.store.write() as db:
        verb(db, *args, now=NOON)


def asked(app: AppTest, name: str, **about: Any) -> AppTest:
    """The dialog stands open, as after its button."""
    app.session_state["asked"] = {"name": name, "id": INVOICE, **about}
    return app.run()


def test_snoozing_until_an_offered_moment_and_undo(at_desk: AtDesk, home: House, bo: Agent) -> None:
    app = at_desk("bo", view="open", c="1").run()
    app.button(key="snooze").click().run()
    asked(app, "snooze")
    app.checkbox(key="snooze_stays").check().run()
    app.button(key="snooze_3_hours").click().run()

    assert found(home, bo).snoozed_until == NOON + timedelta(hours=3)
    assert found(home, bo).snooze_stays
    assert app.session_state["undo"].words == "Snoozed until 15:00"
    assert not app.exception
    back = app.session_state["undo"]
    do(home, back.verb, bo, *back.args)
    assert found(home, bo).snoozed_until is None


def test_waking_by_hand_with_the_way_back(at_desk: AtDesk, home: House, bo: Agent) -> None:
    until = NOON + timedelta(days=2)
    do(home, snoozing.snooze, bo, INVOICE, until)
    app = asked(at_desk("bo", view="open", c="1").run(), "snooze")
    app.button(key="wake").click().run()

    assert found(home, bo).snoozed_until is None
    back = app.session_state["undo"]
    do(home, back.verb, bo, *back.args)
    assert found(home, bo).snoozed_until == until


def test_following_is_for_readers_too(at_desk: AtDesk, home: House, cy: Agent) -> None:
    app = at_desk("cy", view="open", c="1").run()
    app.button(key="follow").click().run()
    assert found(home, cy).is_followed
    assert app.session_state["undo"].words == "You follow this now"
    app.button(key="unfollow").click().run()
    assert not found(home, cy).is_followed


@pytest.mark.feature("CR20")
def test_blocking_with_the_conversation_left_where_it_is(
    at_desk: AtDesk, home: House, ada: Agent
) -> None:
    app = asked(at_desk("ada", view="open", c="1").run(), "block")
    app.checkbox(key="block_spam").uncheck().run()
    app.button(key="block").click().run()

    assert found(home, ada).spam_at is None
    with home.store.read() as db:
        assert blocking.addresses(db, ada, SUPPORT) == {"maria@customer.test"}
    back = app.session_state["undo"]
    do(home, back.verb, ada, *back.args)
    with home.store.read() as db:
        assert blocking.addresses(db, ada, SUPPORT) == frozenset()


def test_merging_with_what_the_search_found(at_desk: AtDesk, home: House, bo: Agent) -> None:
    number = merged(home, bo)
    do(home, merging.unmerge, bo, number)
    app = asked(at_desk("bo", view="open", c="1").run(), "merge", other=None)
    assert f"merge_{number}" in names(app)  # of the same contact, without a word
    app.text_input(key="merge_words").set_value("nothing like it").run()
    assert f"merge_{number}" not in names(app)
    app.text_input(key="merge_words").set_value(f"#{number}").run()
    app.button(key=f"merge_{number}").click().run()
    asked(app, "merge", other=number)
    app.button(key="merge").click().run()

    assert set(found(home, bo).family) == {INVOICE, number}
    assert app.session_state["undo"].words == "Merged"
    assert not app.exception


def test_the_line_of_a_merge_takes_it_apart_and_a_hint_leads_to_the_dialog(
    home: House, bo: Agent
) -> None:
    number = merged(home, bo)
    with home.store.read() as db:
        one = conversations.by_id(db, bo, INVOICE)
        told = events.of_conversation(db, bo, INVOICE, one.family)
    (line,) = [e for e in told if e.kind == "merged" and e.conversation_id == INVOICE]
    assert diary.ways(line, one.family, may_triage=True) == [
        {"act": "unmerge", "label": "Take apart", "number": number}
    ]
    assert diary.ways(line, (INVOICE,), may_triage=True) == []
    do(home, merging.unmerge, bo, number)
    with home.store.write() as db:
        merging.hint(db, INVOICE, number, message_id=1, now=NOON)
        hint = events.of_conversation(db, bo, INVOICE)[-1]
    assert diary.ways(hint, (INVOICE,), may_triage=True) == [
        {"act": "merge", "label": "Merge…", "number": number}
    ]
    assert diary.ways(hint, (INVOICE, number), may_triage=True) == []


@pytest.mark.feature("QV07")
def test_deleting_for_good_asks_twice_and_only_managers(
    at_desk: AtDesk, home: House, ada: Agent, bo: Agent
) -> None:
    do(home, putting_away.trash, ada, INVOICE)
    assert not asked(at_desk("bo", view="trash", c="1").run(), "erase", is_sure=False).exception
    app = asked(at_desk("bo", view="trash", c="1").run(), "erase", is_sure=True)
    assert "erase" not in names(app)

    app = asked(at_desk("ada", view="trash", c="1").run(), "erase", is_sure=False)
    assert "erase" not in names(app)
    assert any("What goes: 1 mail" in m.value for m in app.markdown)
    app.button(key="erase_ask").click().run()
    asked(app, "erase", is_sure=True)
    assert "cannot be undone" in app.warning[0].value
    app.button(key="erase").click().run()

    assert not app.exception
    assert app.session_state["undo"] is None
    with home.store.export() as cursor:
        assert cursor.execute("select count(*) from messages where id = 1").fetchone() == (0,)


def test_dialogs_are_of_one_conversation(at_desk: AtDesk) -> None:
    app = at_desk("bo", view="open", c="1").run()
    app.session_state["asked"] = {"name": "block", "id": 99}
    app.run()
    assert "block" not in names(app)


@pytest.mark.feature("QV18")
def test_a_manager_renames_merges_and_retires_tags_and_unblocks(
    at_desk: AtDesk, home: House, ada: Agent
) -> None:
    for name in ("[evil](http://x.test)", "vip"):
        do(home, tags.add, ada, INVOICE, name)
    do(home, blocking.block, ada, INVOICE, False)
    app = at_desk("ada").run()
    app.session_state["wanted_page"] = "mailboxes"
    app.session_state["set_up"] = SUPPORT
    app.run()
    assert not app.exception
    with home.store.read() as db:
        evil, _vip = tags.of_mailbox(db, ada, SUPPORT)
    app.text_input(key=f"tag_name_{evil.id}").set_value("Bill")
    app.button(key=f"tag_rename_{evil.id}").click().run()
    assert found(home, ada).tags == ("Bill", "vip")
    app.selectbox(key=f"tag_into_{evil.id}").set_value("vip").run()
    app.button(key=f"tag_merge_{evil.id}").click().run()
    assert found(home, ada).tags == ("vip",)
    (row,) = [b.key for b in app.button if (b.key or "").startswith("unblock_")]
    app.button(key=row).click().run()
    with home.store.read() as db:
        assert blocking.addresses(db, ada, SUPPORT) == frozenset()
    assert not app.exception
