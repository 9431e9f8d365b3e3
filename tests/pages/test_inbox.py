from collections.abc import Callable
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from inbox import conversations, events, lists, merging, messages, notes
from inbox.agents import Agent
from inbox.conversations import Conversation
from inbox.filters import Filter
from inbox.house import House
from pages.parts import conversation_list, diary
from tests import furniture
from tests.conftest import NOON, agent

AtDesk = Callable[..., AppTest]


def standing(home: House, viewer: Agent) -> Conversation:
    with home.store.read() as db:
        return conversations.by_id(db, viewer, furniture.INVOICE)


def names(app: AppTest) -> set[str]:
    return {button.key or "" for button in app.button}


def test_nobody_sees_the_inbox_signed_out(at_desk: AtDesk) -> None:
    app = at_desk(None).run()

    assert [title.value for title in app.title] == ["You are signed out"]
    assert not names(app)


def test_claiming_closing_and_reopening(at_desk: AtDesk, home: House, bo: Agent) -> None:
    app = at_desk("bo", view="unassigned", c="1").run()
    app.button(key="claim").click().run()
    assert standing(home, bo).assignee_id == bo.id
    assert "claim" not in names(app) and "release" in names(app)

    app.button(key="close").click().run()
    assert standing(home, bo).status == "closed"

    app.button(key="reopen").click().run()
    assert standing(home, bo).status == "open"
    assert not app.exception


def test_a_lost_race_is_told_in_words(at_desk: AtDesk, home: House, ada: Agent, bo: Agent) -> None:
    app = at_desk("bo", view="unassigned", c="1").run()
    with home.store.write() as db:
        conversations.claim(db, ada, furniture.INVOICE, now=NOON)

    app.button(key="claim").click().run()

    assert [toast.value for toast in app.toast] == ["Ada Lind has this conversation\\."]
    assert standing(home, bo).assignee_id == ada.id


def test_a_reader_gets_no_button_that_changes_anything(at_desk: AtDesk) -> None:
    app = at_desk("cy", view="open", c="1").run()

    assert names(app) == {"back", "next", "follow", "person_toggle"}
    assert app.button(key="next").disabled
    assert not app.exception


def test_a_strangers_conversation_and_nonsense_ids_say_the_same(at_desk: AtDesk) -> None:
    for wrong in ("1", "999", "9" * 30):
        app = at_desk("eve", c=wrong).run()
        assert not app.exception
        assert "claim" not in names(app)


def test_opening_leaves_one_line_in_the_diary_however_often_it_is_drawn(
    at_desk: AtDesk, home: House
) -> None:
    app = at_desk("bo", c="1").run()
    app.run()
    app.run()

    with home.store.export() as cursor:
        opened = cursor.execute("select count(*) from events where kind = 'opened'").fetchone()
    assert opened == (1,)


def test_a_page_costs_at_most_eight_statements(at_desk: AtDesk, home: House) -> None:
    at_desk("bo", view="open", c="1").run()  # the opening itself is noted once in five minutes

    def cost(**query: str) -> int:
        before = home.store.tally.statements
        assert not at_desk("bo", view="open", **query).run().exception
        return home.store.tally.statements - before

    assert cost() <= 4
    assert cost(c="1") <= 8


def test_mails_are_asked_for_anew_when_there_is_another_and_only_then(
    at_desk: AtDesk, home: House, bo: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, question = [], messages.in_conversation
    monkeypatch.setattr(
        messages, "in_conversation", lambda *what: asked.append(1) or question(*what)
    )
    app = at_desk("bo", view="open", c="1").run()
    app.button(key="claim").click().run()
    assert len(asked) == 1

    with home.store.write() as db:
        notes.add(db, bo, 1, "Only just written", now=NOON)
    app.run()
    assert len(asked) == 2
    assert not app.exception


def merged(home: House, who: Agent) -> int:
    """A second conversation, merged into the first; its id."""
    with home.store.export() as cursor:
        cursor.execute(
            "insert into conversations (mailbox_id, contact_name, contact_address, subject, "
            "snippet, status, created_at, last_message_at, message_count, attachment_count, "
            "is_readable) select mailbox_id, contact_name, contact_address, 'Twin', '', 'open', "
            "created_at, last_message_at, 0, 0, true from conversations where id = 1"
        ).fetchall()
        (number,) = cursor.execute("select max(id) from conversations").fetchone() or (0,)
    with home.store.write() as db:
        merging.merge(db, who, number, furniture.INVOICE, now=NOON)
    return int(number)


def test_an_old_link_of_a_merged_conversation_leads_to_where_it_is(
    at_desk: AtDesk, home: House, bo: Agent
) -> None:
    number = merged(home, bo)
    app = at_desk("bo", view="open", c=str(number), m="1").run()

    assert not app.exception
    assert app.query_params["c"] == str(furniture.INVOICE)
    assert app.query_params["m"] == "1"
    app.button(key="claim").click().run()
    assert standing(home, bo).assignee_id == bo.id


def test_a_merged_conversation_costs_at_most_eight_statements_too(
    at_desk: AtDesk, home: House, bo: Agent
) -> None:
    merged(home, bo)
    app = at_desk("bo", view="open", c="1").run()
    before = home.store.tally.statements
    app.run()

    assert home.store.tally.statements - before <= 8


def test_take_next_claims_who_has_waited_longest(at_desk: AtDesk, home: House, bo: Agent) -> None:
    app = at_desk("bo").run()
    app.button(key="next").click().run()

    assert standing(home, bo).assignee_id == bo.id
    assert app.query_params["c"] in ("1", ["1"])

    app.button(key="next").click().run()
    assert app.toast[0].value.startswith("Nobody waits")


def test_what_must_not_be_missed_stands_above_every_page(at_desk: AtDesk, home: House) -> None:
    assert not at_desk("bo").run().error

    with home.store.export() as cursor:
        cursor.execute(
            "update mailboxes set imap_url = 'imaps://a@localhost', created_at = $since "
            "where id = 1",
            {"since": NOON - timedelta(days=1)},
        )
    with home.store.write() as db:
        db.change("mailboxes.rename", mailbox_id=1, name="Helpdesk")

    app = at_desk("bo", view="open").run()

    assert "Helpdesk was not read since" in app.error[0].value
    assert not at_desk("eve").run().error


def test_undo_is_offered_for_half_a_minute_and_then_forgotten(
    at_desk: AtDesk, home: House, bo: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = at_desk("bo", view="unassigned", c="1").run()
    app.button(key="claim").click().run()
    assert app.session_state["undo"].words == "Claimed"
    monkeypatch.setattr("inbox.clock.now", lambda: NOON + timedelta(seconds=31))

    app.run()

    assert app.session_state["undo"] is None
    assert standing(home, bo).assignee_id == bo.id


def test_who_has_no_mailbox_is_led_to_the_first_step(at_desk: AtDesk, home: House) -> None:
    with home.store.export() as cursor:
        cursor.execute("delete from memberships")

    app = at_desk("bo").run()
    assert "Ask an admin to let you into a mailbox" in app.caption[0].value
    assert "connect_first" not in names(app)
    assert app.button(key="next").disabled

    app = at_desk("ada").run()
    app.button(key="connect_first").click().run()
    assert [title.value for title in app.title] == ["Mailboxes"]
    assert not app.exception


def test_a_list_that_is_cut_says_so_and_search_finds_the_rest(
    at_desk: AtDesk, home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, object]] = []
    monkeypatch.setattr(conversation_list, "show", lambda rows, **more: told.append(more))
    with home.store.export() as cursor:
        cursor.execute(
            "insert into conversations (mailbox_id, contact_name, contact_address, subject, "
            "snippet, status, created_at, last_message_at, message_count, attachment_count, "
            "is_readable) select 1, 'x', 'x', 'x', 'x', 'open', $now, $now + to_minutes(n), 1, 0, "
            "true from range(1, 600) r(n)",
            {"now": NOON},
        )
    app = at_desk("bo", view="open")
    app.run()
    assert told[-1]["below"] == (True, "")

    app.session_state["shown"] = 500
    app.run()
    assert told[-1]["below"] == (
        False,
        "These are the newest 500; search finds the older ones.",
    )

    with home.store.read() as db:
        found = lists.listed(
            db, agent(home.store, 2), "open", filters=Filter(words="invoice"), now=NOON
        )
    assert [f.id for f in found] == [furniture.INVOICE]


def test_a_merge_is_told_once_and_from_the_side_one_stands_on(
    at_desk: AtDesk, home: House, bo: Agent
) -> None:
    number = merged(home, bo)
    with home.store.write() as db:
        told = [diary.sentence(e, bo) for e in events.of_conversation(db, bo, furniture.INVOICE)]
        assert told == [
            f"You merged this into #{furniture.INVOICE}",
            f"You merged #{number} into this",
        ]
        merging.unmerge(db, bo, number, now=NOON)
        merging.hint(db, number, furniture.INVOICE, message_id=1, now=NOON)
        alone = [diary.sentence(e, bo) for e in events.of_conversation(db, bo, number)]
    assert alone[1:] == ["You took this out of #1 again", "This may belong together with #1"]
