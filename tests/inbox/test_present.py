"""How the work stands now: what is open, with whom, who waits, and what is late."""

from datetime import timedelta

import pandas as pd
import pytest

from inbox import availability, conversations, present, putting_away, snoozing, tags, targets
from inbox.agents import Agent
from inbox.house import House
from tests.conftest import NOON
from tests.furniture import BO, INVOICE, QUOTE, SALES, SUPPORT

pytestmark = pytest.mark.feature("AN13", "AN04")
HOUR = timedelta(hours=1)
LATER = NOON + 3 * HOUR


def queue(house: House, viewer: Agent, *where: object, now=LATER) -> pd.DataFrame:
    with house.store.read() as db:
        return present.queue(db, viewer, *where, now=now)


def late(house: House, viewer: Agent, *, now=LATER) -> list[tuple[int, str, str]]:
    with house.store.read() as db:
        found = present.late(db, viewer, now=now)
    return list(zip(found["conversation_id"], found["kind"], found["state"], strict=True))


def test_who_has_it_and_for_how_long_its_customer_has_waited(home: House, ada: Agent) -> None:
    (one,) = queue(home, ada).to_dict("records")
    assert (one["conversation_id"], one["agent_id"], one["seconds"]) == (INVOICE, 0, 3 * 3600)

    with home.store.write() as db:
        conversations.assign(db, ada, INVOICE, BO, now=NOON + HOUR)
    (one,) = queue(home, ada).to_dict("records")
    assert (one["agent_id"], one["seconds"], one["stands_seconds"]) == (BO, 10_800, 7200)


@pytest.mark.parametrize(
    ("where", "is_in"),
    [
        ((SUPPORT, None), True),
        ((SALES, None), False),
        ((None, "billing"), True),
        ((None, "bill"), False),
        ((None, ""), True),
    ],
)
def test_what_is_asked_for(home: House, ada: Agent, where: tuple[object, ...], is_in: bool) -> None:
    with home.store.write() as db:
        tags.add(db, ada, INVOICE, "billing", now=NOON)
    assert len(queue(home, ada, *where)) == is_in


@pytest.mark.parametrize("verb", [conversations.close, putting_away.mark_spam, putting_away.trash])
def test_what_is_not_open_is_not_in_it(home: House, ada: Agent, verb: object) -> None:
    with home.store.write() as db:
        verb(db, ada, INVOICE, now=NOON)  # type: ignore[operator]
    assert queue(home, ada).empty


def test_what_is_snoozed_is_open_and_asleep(home: House, ada: Agent) -> None:
    with home.store.write() as db:
        snoozing.snooze(db, ada, INVOICE, LATER + HOUR, now=NOON)
    assert list(queue(home, ada)["is_asleep"]) == [True]
    assert list(queue(home, ada, now=LATER + 2 * HOUR)["is_asleep"]) == [False]


def test_each_sees_what_they_may_read(home: House, ada: Agent, eve: Agent) -> None:
    assert list(queue(home, eve)["conversation_id"]) == [QUOTE]
    assert list(queue(home, ada)["conversation_id"]) == [INVOICE]
    assert queue(home, eve, SUPPORT).empty
    with home.store.read() as db:
        team = availability.of_teams(db, eve, now=NOON)
        assert [one.name for one in team] == ["Eve Holm"]
        team = availability.of_teams(db, ada, SUPPORT, now=NOON)
        assert [one.name for one in team] == ["Ada Lind", "Bo Ek"]


def test_late_is_what_was_promised_and_is_over_or_nearly(
    home: House, ada: Agent, eve: Agent
) -> None:
    with home.store.write() as db:
        assert not present.promises(db, ada)
        targets.set_target(db, ada, SUPPORT, "first_reply", 4 * 3600, since=NOON - HOUR, now=NOON)
        assert present.promises(db, ada)
        assert not present.promises(db, ada, SALES)
        assert not present.promises(db, eve)

    assert late(home, ada, now=NOON + 2 * HOUR) == []
    assert late(home, ada, now=NOON + 3.5 * HOUR) == [(INVOICE, "first_reply", "at_risk")]
    assert late(home, ada, now=NOON + 5 * HOUR) == [(INVOICE, "first_reply", "breached")]
    assert late(home, eve, now=NOON + 5 * HOUR) == []
    with home.store.write() as db:
        conversations.close(db, ada, INVOICE, now=NOON + HOUR)
    assert late(home, ada, now=NOON + 5 * HOUR) == []
