"""The page of contacts and the contact pane without a browser: what they ask and show."""

import json
from collections.abc import Callable
from datetime import UTC
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from inbox import contact_history, contact_links, contacts
from inbox.agents import Agent
from inbox.house import House
from inbox.words import speak
from pages.parts import contact_acts, contact_data, desk
from pages.parts.contact_data import Look
from tests import furniture
from tests.conftest import NOON

AtDesk = Callable[..., AppTest]


def linked(home: House, who: Agent) -> int:
    with home.store.write() as db:
        return contact_links.link_writer(db, who, furniture.INVOICE, now=NOON)


def shown(home: House, who: Agent, number: int, *, conversation_id: int | None = None) -> Any:
    """What the pane's component gets, as it would reach the browser."""
    speak("en")
    look = Look(may_edit=True, now=NOON, where=UTC, mailboxes={2: "Sales"})
    with home.store.read() as db:
        contact = contacts.by_id(db, who, number)
        history = contact_history.of(db, who, contact)
    data = contact_data.of_contact(contact, history, look, conversation_id=conversation_id)
    return json.loads(json.dumps(data))


@pytest.mark.feature("CX15")
@pytest.mark.parametrize("who", ["ada", "bo", "cy", "eve"])
def test_the_page_stands_without_any_contact(at_desk: AtDesk, who: str) -> None:
    app = at_desk(who, contact="99")
    app.switch_page("work/contacts.py")
    app.run()

    assert not app.exception


def test_who_is_signed_out_sees_nothing(at_desk: AtDesk) -> None:
    app = at_desk(None)
    app.switch_page("work/contacts.py")

    assert [title.value for title in app.run().title] == ["You are signed out"]


@pytest.mark.feature("CX15")
def test_a_thousand_contacts_keep_to_the_statements(at_desk: AtDesk, home: House) -> None:
    with home.store.export() as cursor:
        cursor.execute(
            "insert into contacts (mailbox_id, address, name, created_at) select 1, "
            "'p' || n || '@firm.test', repeat('Åsa 👩‍💻 ', 20), $now from range(1000) as r (n)",
            {"now": NOON},
        ).fetchall()
    app = at_desk("bo")
    app.switch_page("work/contacts.py")
    before = home.store.tally.statements
    app.run()

    assert not app.exception
    assert home.store.tally.statements - before <= 8


def test_only_managers_are_offered_the_table(at_desk: AtDesk) -> None:
    for who, is_offered in (("ada", True), ("bo", False), ("cy", False)):
        app = at_desk(who)
        app.switch_page("work/contacts.py")
        offers = [caption.value for caption in app.run().caption]
        assert ("All contacts of a mailbox as a table" in offers) is is_offered, who


@pytest.mark.feature("QV23")
def test_a_closed_pane_costs_nothing_and_an_open_one_two_statements(
    at_desk: AtDesk, home: House, bo: Agent
) -> None:
    linked(home, bo)
    at_desk("bo", view="open", c="1").run()

    def cost(**query: str) -> int:
        before = home.store.tally.statements
        assert not at_desk("bo", view="open", c="1", **query).run().exception
        return home.store.tally.statements - before

    closed = cost(pane="closed")
    assert cost() == closed
    assert cost(pane="open") <= closed + 2
    assert cost(pane="open") == closed
    assert cost(pane="<script>") == closed


@pytest.mark.feature("CX01", "CX03")
def test_what_the_pane_shows(home: House, bo: Agent) -> None:
    number = linked(home, bo)
    here = shown(home, bo, number, conversation_id=furniture.INVOICE)
    alone = shown(home, bo, number)

    assert here["who"] == "Maria Holm" and here["company"] == "customer.test"
    assert here["sections"] == []
    assert [row["subject"] for row in alone["sections"][0]["rows"]] == ["Invoice 12"]
    assert ["Conversations", "1, 1 open"] in alone["facts"]


def test_a_link_that_stands_in_the_database_and_may_not_be_followed_is_text(
    home: House, bo: Agent
) -> None:
    number = linked(home, bo)
    stored = [{"name": "x", "kind": "link", "value": "javascript:alert(1)"}]
    with home.store.export() as cursor:
        cursor.execute(
            "update contacts set properties = $p, name = 'boss@bank.test'",
            {"p": json.dumps(stored)},
        ).fetchall()
    found = shown(home, bo, number)

    assert found["properties"][0]["href"] == ""
    assert found["who"] == "maria@customer.test"


FORGED = (
    {},
    {"verb": "drop"},
    {"verb": ["edit"]},
    {"verb": "edit"},
    {"verb": "edit", "facts": {"is_vip": True}},
    {"verb": "edit", "facts": {"properties": [[]]}},
    {"verb": "edit", "facts": {"company_name": 7}},
    {"verb": "merge", "id": "1"},
    {"verb": "merge", "id": True},
    {"verb": "merge", "id": 1e300},
    {"verb": "merge", "id": float("nan")},
    {"verb": "relink", "id": -1},
    {"verb": "part", "id": 999},
    {"verb": "add_address", "address": None},
)


@pytest.mark.parametrize("said", FORGED, ids=str)
def test_what_a_browser_makes_up_changes_nothing(
    at_desk: AtDesk, home: House, bo: Agent, monkeypatch: pytest.MonkeyPatch, said: dict[str, Any]
) -> None:
    number = linked(home, bo)
    at_desk("bo")
    monkeypatch.setattr(desk, "me", lambda: bo)
    newest = home.store.head.event_id
    answer = contact_acts.done({"token": "t" * 99, **said}, number, furniture.INVOICE)

    assert len(answer["token"]) <= 40
    assert home.store.head.event_id == newest
