"""How much there was to do and who did it, against lives worked out by hand."""

from datetime import date, datetime, timedelta

import pandas as pd
import pytest

from inbox import calendars, conversations, events, levels, mailboxes, tags, workload
from inbox.agents import Agent
from inbox.house import House
from inbox.insight import Asked
from inbox.workload import NOBODY, Grid, Moment
from tests.conftest import NOON
from tests.furniture import ADA, BO, INVOICE, SALES, SUPPORT

pytestmark = pytest.mark.feature("AN03", "AN04")
HOUR = timedelta(hours=1)
MORNING = NOON - 4 * HOUR
DAY = Asked(since=NOON - 12 * HOUR, until=NOON + 12 * HOUR)
NAMES = {ADA: "Ada Lind", BO: "Bo Ek"}


def came(house: House, at: datetime = NOON) -> None:
    """What stands in the test house has come without a line in the diary."""
    with house.store.export() as cursor:
        cursor.execute("delete from events")
    with house.store.write() as db:
        events.record(db, events.SYSTEM, "received", INVOICE, mailbox_id=SUPPORT, now=at)


@pytest.fixture
def lived(home: House, ada: Agent, bo: Agent) -> House:
    """Maria's mail comes at noon, Bo has it from one to three, then Ada, who closes it at five."""
    came(home)
    with home.store.write() as db:
        conversations.claim(db, bo, INVOICE, now=NOON + HOUR)
        conversations.assign(db, bo, INVOICE, ADA, now=NOON + 3 * HOUR)
        conversations.close(db, ada, INVOICE, now=NOON + 5 * HOUR)
    return home


def hourly() -> Grid:
    return Grid(since=NOON - 2 * HOUR, until=NOON + 6 * HOUR, step=3600)


def ask(house: House, question: object, *args: object, **more: object) -> object:
    with house.store.read() as db:
        return question(db, *args, **more)  # type: ignore[operator]


def test_the_queue_hour_by_hour(lived: House, ada: Agent) -> None:
    changes = ask(lived, workload.depth, ada, DAY, hourly())
    found = levels.depth(changes, hourly())

    assert list(found["at"]) == [NOON + n * HOUR for n in range(7)]
    assert list(found["open"]) == [1, 1, 1, 1, 1, 0, 0]
    assert list(found["unassigned"]) == [1, 0, 0, 0, 0, 0, 0]
    assert list(found["waiting"]) == [1, 1, 1, 1, 1, 0, 0]
    mine = levels.by_colleague(changes, hourly(), NAMES).pivot(
        index="at", columns="agent", values="open"
    )
    assert list(mine["Bo Ek"]) == [0, 1, 1, 0, 0, 0, 0]
    assert list(mine["Ada Lind"]) == [0, 0, 0, 1, 1, 0, 0]


def test_between_two_moments_nothing_is_lost_that_is_so_at_the_last(
    lived: House, ada: Agent
) -> None:
    grid = Grid(since=NOON - HOUR, until=NOON + 4.5 * HOUR, step=4 * 3600)
    found = levels.depth(ask(lived, workload.depth, ada, DAY, grid), grid)

    assert list(found["at"]) == [NOON + 3 * HOUR, NOON + 4.5 * HOUR]
    # The last is what it comes to: it was closed after it, and the step goes beyond.
    assert list(found["open"]) == [1, 0]


@pytest.mark.parametrize("is_team", [False, True])
def test_who_had_it_is_for_whoever_may_compare(
    lived: House, ada: Agent, bo: Agent, is_team: bool
) -> None:
    who = ada if is_team else bo
    changes = ask(lived, workload.depth, who, DAY, hourly(), is_team=is_team)
    assert set(changes["agent_id"].dropna()) <= {NOBODY, -1}
    assert levels.by_colleague(changes, hourly(), NAMES).empty
    assert list(levels.depth(changes, hourly())["open"]) == [1, 1, 1, 1, 1, 0, 0]
    days = ask(lived, workload.handled, who, DAY, is_team=is_team)
    assert list(days["handled"]) == [1]
    assert days["agent_id"].isna().all()
    loads = ask(lived, workload.loads, bo, DAY, is_business=False)
    assert loads.empty
    at = Moment(at=NOON + 2 * HOUR, agent_id=BO)
    assert ask(lived, workload.open_then, bo, DAY, at) == []
    assert ask(lived, workload.handled_then, bo, DAY, ADA) == []


def test_what_was_handled_is_told_by_day_and_opens(lived: House, ada: Agent, eve: Agent) -> None:
    days = ask(lived, workload.handled, ada, DAY)
    told = [(pd.Timestamp(r.day).date(), r.handled) for r in days.itertuples()]
    assert told == [(NOON.date(), 1)] * 2
    assert list(levels.handled(days)["agent_id"]) == [ADA]
    assert ask(lived, workload.handled_then, ada, DAY, ADA) == [INVOICE]
    assert ask(lived, workload.handled_then, ada, DAY, BO) == []
    assert ask(lived, workload.handled_then, ada, DAY, first=date(2026, 3, 3)) == []
    assert ask(lived, workload.handled_then, eve, DAY) == []


def test_a_moment_opens(lived: House, ada: Agent, eve: Agent) -> None:
    def then(hours: float, **more: object) -> list[int]:
        moment = Moment(at=NOON + hours * HOUR, **more)  # type: ignore[arg-type]
        return ask(lived, workload.open_then, ada, DAY, moment)  # type: ignore[return-value]

    assert then(-1) == []
    assert then(0) == then(0, agent_id=NOBODY) == then(0, stood_in=(SUPPORT,)) == [INVOICE]
    assert then(0, stood_in=(SALES,)) == then(1, agent_id=NOBODY) == then(5) == []
    assert then(1, agent_id=BO) == then(3, agent_id=ADA) == [INVOICE]
    assert ask(lived, workload.open_then, eve, DAY, Moment(at=NOON)) == []
    assert ask(lived, workload.waiting_then, ada, DAY, NOON + 4 * HOUR) == [INVOICE]
    assert ask(lived, workload.waiting_then, ada, DAY, NOON + 5 * HOUR) == []


def test_load_is_weighed_by_time_and_by_open_hours_where_asked(lived: House, ada: Agent) -> None:
    """Bo had one for two of the eleven hours from one o'clock on: at nine tenths, one."""
    found = ask(lived, workload.loads, ada, DAY, is_business=False).set_index("agent_id")
    assert found.loc[BO, "mean"] == pytest.approx(2 / 11)
    assert found.loc[BO, "p90"] == 1
    with lived.store.write() as db:
        lines = ["08:00-14:00"] * 7
        calendars.save(db, ada, "Office", time_zone="UTC", lines=lines, now=NOON - 12 * HOUR)
        mailboxes.change(db, ada, SUPPORT, calendar="Office", now=NOON - 12 * HOUR)
    found = ask(lived, workload.loads, ada, DAY, is_business=True).set_index("agent_id")
    assert found.loc[BO, "mean"] == pytest.approx(1)
    # Ada has had hers only when it was closed.
    assert ADA not in found.index


def test_what_nobody_had_when_the_mailbox_closed(lived: House, ada: Agent, eve: Agent) -> None:
    assert ask(lived, workload.shift_ends, ada, DAY).empty
    with lived.store.write() as db:
        lines = ["08:00-12:30 13:00-16:00"] * 7
        calendars.save(db, ada, "Office", time_zone="UTC", lines=lines, now=NOON - 12 * HOUR)
        mailboxes.change(db, ada, SUPPORT, calendar="Office", now=NOON - 12 * HOUR)
    found = ask(lived, workload.shift_ends, ada, DAY)
    assert list(found["unassigned"]) == [1, 0]
    assert found["longest_seconds"].iloc[0] == 1800
    assert ask(lived, workload.shift_ends, eve, DAY).empty


def test_a_tag_is_asked_for(lived: House, ada: Agent) -> None:
    with lived.store.write() as db:
        tags.add(db, ada, INVOICE, "billing", now=NOON)
    for tag, n in (("billing", 1), ("bill", 0)):
        asked = Asked(since=DAY.since, until=DAY.until, tag=tag)
        stood = levels.depth(ask(lived, workload.depth, ada, asked, hourly()), hourly())
        assert stood["open"].max() == n or (stood.empty and not n)
        assert len(ask(lived, workload.handled, ada, asked)) == 2 * n
        assert len(ask(lived, workload.loads, ada, asked, is_business=False)) == 2 * n
        assert len(ask(lived, workload.open_then, ada, asked, Moment(at=NOON))) == n
        assert len(ask(lived, workload.waiting_then, ada, asked, NOON)) == n
        assert len(ask(lived, workload.handled_then, ada, asked)) == n


@pytest.mark.parametrize(
    ("days", "step", "moments"), [(7, 2, 84), (28, 6, 112), (91, 12, 182), (365, 24, 365)]
)
def test_a_period_is_looked_at_often_enough_and_no_more(days: int, step: int, moments: int) -> None:
    asked = Asked(since=NOON - timedelta(days=days), until=NOON)
    found = levels.grid(asked)
    assert found.step == step * 3600
    assert len(found.moments()) == moments + 1
    assert found.moments()[-1] == NOON
    assert found.moments()[0] == asked.since + timedelta(hours=step / 2)


def test_a_fair_share_and_what_is_more_than_chance() -> None:
    def shared(*handled: int) -> levels.Shared | None:
        days = pd.DataFrame({"agent_id": range(1, len(handled) + 1), "handled": handled})
        return levels.shared(levels.handled(days))

    assert shared(40) is None
    one = shared(25, 60, 15)
    assert one is not None and one.agent_id == 2
    assert (one.share.value, one.fair, one.is_much) == (0.6, pytest.approx(1 / 3), True)
    few = shared(2, 4, 1)
    assert few is not None and not few.is_much
    many = shared(50_000, 53_000)
    assert many is not None and many.share.low > 0.5 and not many.is_much


def test_namesakes_are_told_apart() -> None:
    assert levels.distinct({1: "Ada", 2: "Bo", 5: "Ada"}) == {1: "Ada", 2: "Bo", 5: "Ada (2)"}
