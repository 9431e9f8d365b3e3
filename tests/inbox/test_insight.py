"""What the numbers of a period are made of: whose mail, of which days, and who may know by whom."""

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest

from inbox import calendars, insight, mailboxes, tags
from inbox.agents import Agent
from inbox.house import House
from inbox.insight import Asked
from tests.conftest import NOON
from tests.furniture import INVOICE, QUOTE, SALES, SUPPORT

HOUR = timedelta(hours=1)
LATER = NOON + 3 * HOUR
DAY = Asked(since=NOON - timedelta(days=1), until=NOON + timedelta(days=1))


def waits(house: House, viewer: Agent, asked: Asked = DAY) -> pd.DataFrame:
    with house.store.read() as db:
        return insight.first_waits(db, viewer, asked, now=LATER)


def answered(house: House) -> None:
    """Bo has answered Maria after an hour."""
    with house.store.export() as cursor:
        cursor.execute(
            "insert into messages by name select one.* replace (99 as id, 'out' as direction, "
            '$at as sent_at, $at as received_at, \'{"to": [["", "maria@customer.test"]]}\' as '
            "recipients, 'support@example.com' as from_address, 2 as agent_id) from messages as "
            "one where one.id = $message_id",
            {"at": NOON + HOUR, "message_id": INVOICE},
        )


def test_who_waits_has_waited_until_now(home: House, ada: Agent) -> None:
    found = waits(home, ada)

    assert list(found["conversation_id"]) == [INVOICE]
    assert list(found["state"]) == ["waiting"]
    assert list(found["seconds"]) == [3 * 3600]
    assert found["business_seconds"].isna().all()


def test_an_answer_ends_it_and_only_who_may_compare_learns_whose(
    home: House, ada: Agent, bo: Agent
) -> None:
    answered(home)

    assert list(waits(home, ada)["seconds"]) == [3600]
    assert list(waits(home, ada)["agent_id"]) == [bo.id]
    assert list(waits(home, bo)["seconds"]) == [3600]
    assert waits(home, bo)["agent_id"].isna().all()
    with home.store.read() as db:
        assert insight.names(db, ada)[bo.id] == "Bo Ek"
        assert insight.names(db, bo) == {}


@pytest.mark.parametrize(
    ("changes", "is_in"),
    [
        ({"since": NOON, "until": NOON + HOUR}, True),
        ({"since": NOON - HOUR, "until": NOON}, False),
        ({"since": NOON + timedelta(seconds=1)}, False),
        ({"mailbox_id": SUPPORT}, True),
        ({"mailbox_id": SALES}, False),
        ({"tag": "billing"}, True),
        ({"tag": "bill"}, False),
    ],
)
def test_what_is_asked_for(
    home: House, ada: Agent, changes: dict[str, object], is_in: bool
) -> None:
    with home.store.write() as db:
        tags.add(db, ada, INVOICE, "billing", now=NOON)

    assert len(waits(home, ada, replace(DAY, **changes))) == is_in


def test_in_business_time_who_waits_has_waited_in_the_open_hours(home: House, ada: Agent) -> None:
    """NOON is 12:00 in UTC; the mailbox closes at 13:30 there."""
    with home.store.write() as db:
        lines = ["08:00-13:30"] * 7
        calendars.save(db, ada, "Office", time_zone="UTC", lines=lines, now=NOON)
        mailboxes.change(db, ada, SUPPORT, calendar="Office", now=NOON)

    assert list(waits(home, ada)["business_seconds"]) == [5400]


def test_still_waiting_is_about_now_and_behind_stands_only_what_may_be_read(
    home: House, ada: Agent, eve: Agent
) -> None:
    with home.store.read() as db:
        hers = insight.still_waiting(db, ada, None, None, now=LATER)
        others = insight.still_waiting(db, eve, None, None, now=LATER)
        told = insight.behind(db, ada, [QUOTE, INVOICE, INVOICE + 40])

    assert list(hers["conversation_id"]) == [INVOICE]
    assert list(hers["seconds"]) == [3 * 3600]
    assert list(others["conversation_id"]) == [QUOTE]
    assert [one.subject for one in told] == ["Invoice 12"]
