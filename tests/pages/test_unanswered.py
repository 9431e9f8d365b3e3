"""Unanswered: nobody's mail, one mail, many."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from inbox import unanswered
from inbox.agents import Agent
from inbox.house import House
from inbox.insight import Asked
from tests.conftest import NOON
from tests.pages.test_duplicates import shown, tiles
from tests.pages.test_insight import many

AtDesk = Callable[..., AppTest]
pytestmark = pytest.mark.feature("AN19", "U10")
HOSTILE = "![x](http://evil.test/p.png) <script> [y](z)"
OPEN, CLOSED, OVER = "Never answered, open", "Never answered, closed", "Closed over the last mail"


def visit(at_desk: AtDesk, who: str, **chosen: object) -> AppTest:
    app = at_desk(who).run()
    app = app.switch_page("insight/unanswered.py")
    for name, value in chosen.items():
        app.query_params[name] = str(value)
    return app.run()


def close(home: House, which: str) -> None:
    with home.store.export() as cursor:
        cursor.execute(
            "update conversations set status = 'closed', closed_at = $now where " + which,
            {"now": NOON},
        )


def again(home: House, which: str) -> None:
    """These customers wrote once more, two hours before NOON."""
    with home.store.export() as cursor:
        cursor.execute(
            "insert into messages by name select one.* replace (100000 + conversation_id as id, "
            "$now::timestamp - interval 2 hour as sent_at, $now::timestamp - interval 2 hour as "
            f"received_at) from messages as one where one.direction = 'in' and {which}",
            {"now": NOON},
        )


def test_an_empty_house(at_desk: AtDesk, home: House) -> None:
    with home.store.export() as cursor:
        for table in ("conversations", "messages", "events"):
            cursor.execute(f"delete from {table}")
    app = visit(at_desk, "ada")

    assert tiles(app) == {OPEN: "0", CLOSED: "0", OVER: "0"}
    assert "**Every customer got an answer**" in shown(app)


def test_one_mail_that_waits(at_desk: AtDesk) -> None:
    app = visit(at_desk, "ada")

    assert tiles(app) == {OPEN: "1", CLOSED: "0", OVER: "0"}
    assert "[Invoice 12](/?view=all&c=1)" in shown(app)


def test_open_closed_and_closed_over(at_desk: AtDesk, home: House) -> None:
    # Of sixty every tenth was never answered: 110 to 160, an hour older each.
    many(home, 60)
    again(home, "conversation_id in (103, 104, 105)")
    close(home, "id in (103, 104, 110, 120, 130)")
    app = visit(at_desk, "ada")

    # 105 was answered and waits now: that is no customer whom nobody answered.
    assert tiles(app) == {OPEN: "4", CLOSED: "3", OVER: "2"}
    assert "**7 customers never got an answer, the oldest for 2 d 12 h**" in shown(app)
    rows = [line for line in shown(app).splitlines() if "c=" in line]
    assert ["c=160" in rows[0], "c=150" in rows[1]] == [True, True]

    app.button_group(key="kind").set_value("last_word").run()
    assert f"{OVER} · 2 conversations" in shown(app)
    assert "c=104" in shown(app)
    assert "c=160" not in shown(app)


def test_a_reply_after_the_close_is_an_answer(at_desk: AtDesk, home: House) -> None:
    many(home, 12)
    close(home, "id = 111")
    with home.store.export() as cursor:
        cursor.execute(
            "update conversations set closed_at = created_at + interval 1 minute where id = 111"
        )

    assert tiles(visit(at_desk, "ada")) == {OPEN: "2", CLOSED: "0", OVER: "0"}


def test_spam_and_trash_are_nobodys_fault(at_desk: AtDesk, home: House) -> None:
    many(home, 20)
    with home.store.export() as cursor:
        cursor.execute("update conversations set spam_at = $x where id = 110", {"x": NOON})
        cursor.execute("update conversations set trashed_at = $x where id = 120", {"x": NOON})

    assert tiles(visit(at_desk, "ada"))[OPEN] == "1"


def test_open_ones_are_told_however_old_closed_ones_by_the_period(
    at_desk: AtDesk, home: House
) -> None:
    many(home, 24 * 20)
    close(home, "id % 20 = 0")
    app = visit(at_desk, "ada", days=7)
    hours = 6 * 24 + 12

    assert tiles(app)[CLOSED] == str(hours // 20)
    assert tiles(app)[OPEN] == "25"


def test_another_mailboxs_mails_are_nobodys_business(at_desk: AtDesk, home: House) -> None:
    many(home, 40)
    app = visit(at_desk, "eve")

    assert tiles(app)[OPEN] == "1"
    assert "Invoice 12" not in shown(app)


def test_strangers_words_stay_text(at_desk: AtDesk, home: House) -> None:
    with home.store.export() as cursor:
        cursor.execute(
            "update conversations set subject = $x, contact_name = $x where id = 1", {"x": HOSTILE}
        )
    app = visit(at_desk, "ada")

    assert tiles(app)[OPEN] == "1"
    for raw in ("](http", "<script>", "[y](z)"):
        assert raw not in shown(app)


def test_very_many(at_desk: AtDesk, home: House) -> None:
    many(home, 20_000)
    app = visit(at_desk, "ada", days=365)

    assert tiles(app)[OPEN] == "2001".replace("2001", "2 001")
    assert "The first 50 are shown" in shown(app)


def test_both_roads_to_who_waits_agree(home: House, ada: Agent) -> None:
    """Whom nobody ever answered and who is open waits in report.still_waiting too."""
    many(home, 200)
    asked = Asked(since=NOON - timedelta(days=400), until=NOON)
    with home.store.read() as db:
        found = unanswered.listed(db, ada, asked, now=NOON)
    with home.store.export() as cursor:
        waiting = cursor.execute(
            "select conversation_id from report.still_waiting where turn_no = 1 "
            "and mailbox = 'support@example.com'"
        ).fetchall()
    assert set(found["conversation_id"]) == {one for (one,) in waiting}


def test_a_period_that_is_over_stands_in_the_address_until_it_is_pressed_away(
    at_desk: AtDesk, home: House
) -> None:
    many(home, 24 * 20)
    close(home, "id > 100")
    app = visit(at_desk, "ada", days=7, to="2026-02-22")
    # From Monday the 16th until Sunday the 22nd is over: every tenth hour.
    ages = range(24 * 7 + 12 + 1, 24 * 14 + 12 + 1)
    assert tiles(app)[CLOSED] == str(sum(n % 10 == 0 for n in ages))

    app.button(key="period_to").click().run()
    assert tiles(app)[CLOSED] == str(sum(n % 10 == 0 for n in range(1, 6 * 24 + 12 + 1)))
    assert "to" not in app.query_params


@pytest.mark.parametrize("to", ["2026-03-02", "2999-01-01", "x", "9999-12-31"])
def test_a_day_that_is_not_over_or_none_is_now(at_desk: AtDesk, to: str) -> None:
    app = visit(at_desk, "ada", to=to)
    assert tiles(app)[OPEN] == "1"
    assert "period_to" not in [one.key for one in app.button]
