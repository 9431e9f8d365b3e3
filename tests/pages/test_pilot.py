"""The page of a pilot, and its sheet: what stands there of nothing, of little, and of very much."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from html import escape

import pypdfium2
import pytest
from streamlit.testing.v1 import AppTest

from inbox import judging, pilot_mail, pilots, turns, words
from inbox.agents import Agent
from inbox.house import House
from inbox.pilot_plans import Plan, Rule
from pages.parts import lines, pilot_html, pilot_paper, pilot_pdf
from pages.parts.pilot_sheet import Sheet
from tests import hostile
from tests.conftest import NOON
from tests.furniture import SUPPORT

AtDesk = Callable[..., AppTest]
pytestmark = pytest.mark.feature("SP09", "SP10", "SP14", "U2", "U10")
DAY = timedelta(days=1)
START = date(2026, 2, 2)
LONG_AGO = datetime(2026, 1, 20, 9, 0)
PLAN = Plan(
    mailboxes=(SUPPORT,),
    rule=Rule(metric="first_response", target=0.3, margin=0.05),
    starts_on=START,
    weeks=5,
    weeks_before=8,
    time_zone="UTC",
)
# Conversations an hour apart up to NOON, answered after a while that is shorter from the start on;
# every twentieth is not, and of every tenth two people answered before.
MAILS = (
    "create temp table told as select 100 + n as number, $now::timestamp - n * interval 60 minute "
    "as began, n from generate_series(1, $count) as series (n)",
    "insert into conversations by name select one.* replace (number as id, began as created_at) "
    "from conversations as one, told where one.id = 1",
    "insert into messages by name select one.* replace (4 * number as id, number as "
    "conversation_id, began as sent_at, began as received_at) from messages as one, told where "
    "one.id = 1",
    "insert into messages by name select one.* replace (4 * number + part as id, number as "
    "conversation_id, began + part * to_minutes((case when began < timestamp '2026-02-02' then 200 "
    "else 70 end + n * 37 % 120)::bigint) as sent_at, began + to_minutes(60) as received_at, 'out' "
    "as direction, 'app' as via, part as agent_id, "
    '\'{"to": [["", "maria@customer.test"]]}\' as recipients, \'support@example.com\' as '
    "from_address) from messages as one, told, (values (1), (2)) as twice (part) where one.id = 1 "
    "and n % 20 > 0 and (part = 1 or (n % 10 = 1 and began < timestamp '2026-02-02'))",
    "insert into bodies select id, conversation_id, 'x', null, 'x' from messages where id >= 400",
)


def mails(house: House, count: int, minutes: int = 60) -> None:
    with house.store.export() as cursor:
        for each in MAILS:
            statement = each.replace("interval 60 minute", f"interval {minutes} minute")
            wanted = {"now": NOON, "count": count}
            given = {name: value for name, value in wanted.items() if f"${name}" in statement}
            cursor.execute(statement, given or None)


def planned(house: House, ada: Agent, wanted: Plan = PLAN, now: datetime = LONG_AGO) -> int:
    with house.store.write() as db:
        return pilots.plan(db, ada, wanted, now=now)


def visit(at_desk: AtDesk, who: str, **query: str) -> AppTest:
    app = at_desk(who).run().switch_page("insight/pilot.py")
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def shown(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(one.value for one in (*app.markdown, *app.caption, *app.info))


def press(app: AppTest, label: str) -> None:
    next(one for one in app.button if one.label == label).click().run()


def labels(app: AppTest) -> list[str]:
    return [one.label for one in app.button]


def unescaped(app: AppTest) -> str:
    return re.sub(r"\\([^\w\s])", r"\1", shown(app))


def test_who_may_configure_sets_the_rule_on_the_page(at_desk: AtDesk, home: House) -> None:
    app = visit(at_desk, "ada")
    assert "No pilot yet" in shown(app)
    app.number_input(key="pilot_plan_target").set_value(40)
    app.date_input(key="pilot_plan_day").set_value(date(2026, 3, 9))
    press(app, "Set the rule")

    assert "Planned: it begins on 9 Mar 2026" in unescaped(app)
    assert "becomes at least 40% shorter" in unescaped(app)
    assert "Set by Ada Lind on 2 Mar 2026" in unescaped(app)


def test_a_day_that_has_begun_is_refused_in_words(at_desk: AtDesk, home: House, ada: Agent) -> None:
    app = visit(at_desk, "ada")
    app.number_input(key="pilot_plan_target").set_value(3)
    press(app, "Set the rule")

    assert [one.value for one in app.error] == [
        "The target is a part of one, and more than the margin\\."
    ]


def test_who_answers_mail_sees_it_and_sets_nothing(
    at_desk: AtDesk, home: House, ada: Agent
) -> None:
    mails(home, 200)
    planned(home, ada)
    for who, sees in (("bo", True), ("cy", True), ("eve", False)):
        app = visit(at_desk, who)
        assert ("Set by Ada Lind" in shown(app)) is sees
        assert "End it early" not in labels(app)
        assert "Set the rule" not in labels(app)
    assert "End it early" in labels(visit(at_desk, "ada"))


def test_few_mails_are_not_enough_and_say_when_they_will_be(
    at_desk: AtDesk, home: House, ada: Agent
) -> None:
    mails(home, 60 * 24)
    planned(home, ada, replace(PLAN, starts_on=date(2026, 2, 25)))
    found = unescaped(visit(at_desk, "ada"))

    assert "Not enough yet: 132 mails, about 440 needed" in found
    assert "At this rate there is enough on about 16 Mar 2026." in found


def test_before_that_is_too_little_never_becomes_more(
    at_desk: AtDesk, home: House, ada: Agent
) -> None:
    mails(home, 14 * 24)
    planned(home, ada, replace(PLAN, starts_on=date(2026, 2, 25)))

    assert "“Before” has too little mail" in unescaped(visit(at_desk, "ada"))


def test_a_pilot_of_four_weeks(at_desk: AtDesk, home: House, ada: Agent) -> None:
    mails(home, 80 * 24)
    planned(home, ada)
    found = unescaped(visit(at_desk, "ada"))

    assert "Keep it" in found
    assert "median first response: 49% better (95% between 48% and 50%)" in found
    assert "**Answered within 4 h** | 32% (391 of 1 236) | 95% (647 of 681) |" in found
    assert "**Duplicates per 100 answered turns** | 10.5 (123 of 1 174) | 0.0 (0 of 64" in found
    assert "**Replies sent from Delad** | – | 100% (6" in found
    assert "Mails a working day: 34.3 before, 32.6 in the pilot" in found
    assert "look again on 9 Mar 2026" in found


def test_what_was_pressed_opens_its_conversations(at_desk: AtDesk, home: House, ada: Agent) -> None:
    mails(home, 80 * 24)
    planned(home, ada)
    app = visit(at_desk, "ada")
    app.button_group(key="opened_pilot").set_value("doubled_before").run()

    assert "Duplicates before · 123 conversations" in unescaped(app)
    assert "/?view=all&c=" in shown(app)


def test_that_it_was_ended_early_and_that_there_was_another_is_told(
    at_desk: AtDesk, home: House, ada: Agent
) -> None:
    mails(home, 20 * 24)
    number = planned(home, ada)
    with home.store.write() as db:
        pilots.end(db, ada, number, now=NOON - timedelta(days=10))
        pilots.plan(db, ada, replace(PLAN, starts_on=date(2026, 2, 23)), now=NOON - 9 * DAY)
    app = visit(at_desk, "ada")
    assert "Another pilot of these mailboxes: from 2 Feb 2026. Ended early by Ada" in unescaped(app)

    found = unescaped(visit(at_desk, "ada", pilot=str(number)))
    assert "Ended early by Ada Lind on 20 Feb 2026, 17 days before the day that was set" in found


def test_a_house_of_very_much_mail(at_desk: AtDesk, home: House, ada: Agent) -> None:
    mails(home, 21_000, minutes=5)
    with home.store.write() as db:
        turns.rebuild(db)
    planned(home, ada)
    app = visit(at_desk, "ada")
    assert "12 792 mails, 45 days" in shown(app)
    before, began = home.store.tally.statements, time.process_time()
    app.run()

    assert home.store.tally.statements - before <= 8
    assert time.process_time() - began < 1.5, "neither read nor reckoned again at each press"


# The sheet


def sheet(house: House, viewer: Agent, names: dict[int, str] | None = None) -> Sheet:
    with house.store.read() as db:
        known = pilots.of_viewer(db, viewer)
        told = pilot_mail.told(db, viewer, known[0], now=NOON)
    found = judging.verdict(known[0].plan.rule, told.before, told.pilot)
    return pilot_paper.sheet(
        known[0], known[1:], told, found, "Delad", viewer.name, names or {1: "Support"}, now=NOON
    )


def read(pdf: bytes) -> tuple[int, tuple[float, float], str]:
    """Pages, the size of the first in points, and its text in one line."""
    document = pypdfium2.PdfDocument(pdf)
    text = document[0].get_textpage().get_text_range()
    # Narrow blanks come back as nothing or as a blank, as the reader likes.
    return len(document), document[0].get_size(), squeezed(text)


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_pdf_is_one_page_of_a4_with_the_numbers_of_the_screen(
    at_desk: AtDesk, home: House, ada: Agent, language: str
) -> None:
    mails(home, 80 * 24)
    planned(home, ada)
    with words.speaking(language):
        told = sheet(home, ada)
        pages, size, text = read(pilot_pdf.pdf(told))
    page = squeezed(unescaped(visit(at_desk, "ada")))

    assert pages == 1
    assert size == pytest.approx((595.28, 841.89), abs=0.01)
    numbers = [cell for row in told.rows for cell in (row.before, row.pilot, row.change) if cell]
    assert len(numbers) > 15
    for words_ in (*numbers, told.verdict, *told.about, *told.rule, *told.caveats):
        assert squeezed(words_) in text
        assert language != "en" or squeezed(words_) in page
    for picture in told.pictures:
        assert squeezed(picture.title) in text


def test_as_html_it_holds_the_same_and_loads_nothing(home: House, ada: Agent) -> None:
    mails(home, 80 * 24)
    planned(home, ada)
    told = sheet(home, ada)
    text = pilot_html.html(told).decode()

    for row in told.rows:
        cells = (row.name, row.before, row.pilot, row.change)
        assert "".join(f"<td>{escape(cell)}</td>" for cell in cells) in text
    for line in (told.verdict, *told.about, *told.rule, *told.caveats, told.pictures[0].title):
        assert escape(line) in text
    assert set(re.findall(r'(?:src|href|url)=?["(]+([a-z+/]+)', text)) == {"data"}
    assert text.count("data:image/svg+xml;base64,") == 2
    assert "<script" not in text
    assert "default-src &#x27;none&#x27;" in text


@pytest.mark.parametrize(
    "name", [*hostile.words("h.test")[::7], "x" * 5_000, "شركة الدعم", "漢字 " * 99]
)
def test_hostile_names_stay_words_on_one_page(home: House, ada: Agent, name: str) -> None:
    planned(home, ada)
    told = sheet(home, ada, {1: name})
    pages, _size, text = read(pilot_pdf.pdf(told))

    assert pages == 1
    assert "Whatthenumberscannottell" in text
    found = pilot_html.html(told).decode()
    body = found.partition("<main>")[2]
    assert not re.search(r"<(script|iframe|img(?! alt=)|svg|style|textarea|title)", body)


def test_lines_are_broken_by_the_widths_of_letters() -> None:
    wide, narrow = (list(lines.broken(f"{letter * 9} " * 9, 12)) for letter in "Wi")
    found = list(lines.broken("x" * 60, 12))

    assert (len(wide), len(narrow)) == (9, 2)
    assert "".join(found).count("x") == 60
    assert all(lines.long(line, is_bold=False) <= 12 for line in (*wide, *narrow, *found))
