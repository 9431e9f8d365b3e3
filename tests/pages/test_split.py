"""Splitting a conversation, as the pages offer it."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from inbox import conversations, events, splitting
from inbox.agents import Agent
from inbox.house import House
from pages.parts import diary, split, thread
from tests.conftest import NOON
from tests.furniture import INVOICE
from tests.inbox.test_merging import another, merge

AtDesk = Callable[..., AppTest]


@pytest.fixture
def two_mails(home: House, bo: Agent) -> int:
    """The second of two mails of one conversation; its number."""
    number = another(home)
    merge(home, bo, number, INVOICE)
    with home.store.export() as cursor:
        cursor.execute("delete from attachments").fetchall()
        cursor.execute("update messages set attachment_count = 0").fetchall()
        (found,) = cursor.execute("select max(id) from messages").fetchone() or (0,)
    return int(found)


def test_a_link_to_a_message_leads_to_where_it_is_now(
    at_desk: AtDesk, home: House, bo: Agent, two_mails: int
) -> None:
    with home.store.write() as db:
        number = splitting.split(db, bo, INVOICE, two_mails, alone=True, now=NOON)
    app = at_desk("bo", view="open", c="1", m=str(two_mails)).run()
    assert not app.exception
    assert app.query_params["c"] == str(number)


def test_a_link_to_a_message_of_another_mailbox_leads_nowhere(
    at_desk: AtDesk, two_mails: int
) -> None:
    app = at_desk("bo", view="open", c="1", m="2").run()
    assert not app.exception
    assert app.query_params["c"] == "1"
    assert two_mails != 2


def test_both_diaries_lead_to_each_other(home: House, bo: Agent, two_mails: int) -> None:
    with home.store.write() as db:
        number = splitting.split(db, bo, INVOICE, two_mails, alone=True, now=NOON)
        here = events.of_conversation(db, bo, INVOICE)[-1]
        there = events.of_conversation(db, bo, number)[-1]
        family = conversations.by_id(db, bo, INVOICE).family
    assert diary.sentence(here, bo) == f"You split a part of this off to #{number}"
    assert diary.sentence(there, bo) == "You split this off from #1"
    opens = [{"act": "open", "label": "Open", "number": number}]
    assert diary.ways(here, family, may_triage=False) == opens
    assert diary.ways(here, (*family, number), may_triage=False) == []


def test_only_who_may_is_offered_it_and_never_for_a_note() -> None:
    assert set(split.WAYS) <= set(thread._WORDS)
