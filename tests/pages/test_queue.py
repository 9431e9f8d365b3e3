"""The line above the list, chosen rows and the rail, without a browser."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from inbox import conversations, saved_views
from inbox.agents import Agent
from inbox.house import House
from pages.parts import bulk_acts, conversation_list, filter_bar, rail
from tests.conftest import NOON
from tests.furniture import BO, INVOICE, SUPPORT
from tests.inbox.queue_rows import row

AtDesk = Callable[..., AppTest]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What each component was last given."""
    found: dict[str, Any] = {}
    for name, module in (
        ("list", conversation_list),
        ("filters", filter_bar),
        ("rail", rail),
    ):

        def keep(name: str = name, **given: Any) -> None:
            found[name] = given["data"]

        monkeypatch.setattr(module, "_component", keep)
    return found


@pytest.mark.feature("QV01", "QV02")
def test_ones_own_work_is_first_and_what_nobody_has_stands_beside_it(
    at_desk: AtDesk, home: House, told: dict[str, Any]
) -> None:
    with home.store.write() as db:
        row(db, waiting_since=NOON - timedelta(hours=3))
        mine = row(db, assignee_id=BO)

    app = at_desk("bo").run()

    assert not app.exception
    assert [r["id"] for r in told["list"]["rows"]] == [mine]
    beside = told["filters"]["beside"]
    assert beside == {"text": "2 unassigned, oldest 3 h", "go": "unassigned"}


@pytest.mark.feature("QV11", "QV15")
def test_what_the_address_says_is_filtered_and_shown(
    at_desk: AtDesk, home: House, told: dict[str, Any]
) -> None:
    with home.store.write() as db:
        vip = row(db, tags="vip\norder", assignee_id=BO, channel="phone")
        row(db, tags="order")

    app = at_desk("bo", view="open", tag="vip", channel="phone", until="2026-03-02")
    app.query_params["who"] = "2"
    app.run()

    assert not app.exception
    assert [r["id"] for r in told["list"]["rows"]] == [vip]
    assert [label for _n, _v, label in told["filters"]["chips"]] == [
        "Bo Ek",
        "vip",
        "Phone",
        "to 2026-03-02",
    ]


def test_an_empty_list_under_filters_says_how_to_leave_them(
    at_desk: AtDesk, told: dict[str, Any]
) -> None:
    assert not at_desk("bo", view="open", tag="nowhere").run().exception
    assert told["list"]["empty"]["title"] == "Nothing matches"

    assert not at_desk("bo", view="all", sql="gone").run().exception
    assert told["list"]["empty"]["text"] == "This view is not here any more."


@pytest.mark.feature("QV16", "QV18", "QV09")
def test_main_views_stand_in_the_rail_and_the_rest_lies_in_a_fold(
    at_desk: AtDesk, home: House, bo: Agent, told: dict[str, Any]
) -> None:
    with home.store.write() as db:
        row(db, tags="vip")
        saved_views.create(db, bo, "Gold", {"view": "open", "tag": "vip"}, now=NOON)

    at_desk("bo", view="open").run()
    main, fold = told["rail"]["sections"][:2]
    assert [i["label"] for i in main["items"]][:3] == ["Mine", "Unassigned", "All open"]
    titles = [item["label"] for part in fold["sections"] for item in part["items"]]
    assert titles[:5] == ["Everything", "Closed", "Sent", "Spam", "Trash"]
    assert titles[5:] == ["Gold", "Waits more than a day", "vip"]
    assert not fold["open"]

    at_desk("bo", view="open", tag="vip").run()
    main, fold = told["rail"]["sections"][:2]
    assert fold["open"]
    assert not any(item["chosen"] for item in main["items"])


@pytest.mark.feature("QV22")
def test_a_row_says_who_has_it_who_answered_last_and_how_long_one_waits(
    at_desk: AtDesk, home: House, ada: Agent, told: dict[str, Any]
) -> None:
    with home.store.write() as db:
        conversations.claim(db, ada, INVOICE, now=NOON)
        db._cursor.execute(
            "update conversations set last_reply_agent_id = 2, is_urgent = true, "
            "waiting_since = $then, tags = $tags, last_message_id = 1 where id = 1",
            {"then": NOON - timedelta(minutes=80), "tags": "a\nb\nc"},
        )

    at_desk("bo", view="open").run()

    (found,) = told["list"]["rows"]
    assert (found["assignee"], found["answered"]) == ("Ada Lind", "You")
    assert (found["waits"], found["urgent"], found["unread"]) == ("1 h", True, True)
    assert (found["tags"], found["moretags"]) == (["a", "b"], "c")
    assert "New to you, Urgent, Waiting for an answer" in found["spoken"]


def test_what_can_be_done_with_chosen_rows_depends_on_role_and_view(
    at_desk: AtDesk, home: House, told: dict[str, Any]
) -> None:
    at_desk("bo", view="open").run()
    assert told["list"]["bulk"]["verbs"][0] == "close"
    assert told["list"]["bulk"]["matching"] == 1
    assert [name for _id, name in told["list"]["bulk"]["choices"]["assign"]] == [
        "Ada Lind",
        "Bo Ek",
    ]

    at_desk("cy", view="open").run()
    assert told["list"]["bulk"]["verbs"] == ["mark_read", "mark_unread"]

    with home.store.write() as db:
        row(db, trashed_at=NOON)
    at_desk("bo", view="trash").run()
    assert told["list"]["bulk"]["verbs"] == ["restore", "mark_read", "mark_unread"]


def test_the_list_costs_one_statement_when_the_rest_is_remembered(
    at_desk: AtDesk, home: House
) -> None:
    app = at_desk("bo", view="open", tag="vip").run()
    before = home.store.tally.statements
    app.run()

    assert home.store.tally.statements - before <= 2


def test_only_a_manager_is_offered_to_save_for_the_team(
    at_desk: AtDesk, told: dict[str, Any]
) -> None:
    at_desk("ada", view="open", tag="vip").run()
    assert told["filters"]["teams"] == [[str(SUPPORT), "Team of Support"]]
    at_desk("bo", view="open", tag="vip").run()
    assert told["filters"]["teams"] == []


def test_nonsense_from_the_browser_is_no_conversation() -> None:
    assert bulk_acts.numbers(["1", None, -1, 2**80, True, 7.0, 3]) == (7, 3)
    assert bulk_acts.numbers("12") == bulk_acts.numbers(None) == ()
