"""A pilot's rule is set before it begins, frozen from then on, and every word on it is told."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from inbox import conversations, judging, pilot, pilot_mail, pilots, putting_away, tongues
from inbox.agents import Agent
from inbox.errors import Invalid, NotAllowed, NotFound, TooLate
from inbox.house import House
from inbox.pilot_plans import Pilot, Plan, Rule
from inbox.store import Session
from tests.conftest import NOON
from tests.furniture import INVOICE, SALES, SUPPORT

pytestmark = pytest.mark.feature("SP09", "SP10", "U2")
DAY = timedelta(days=1)
START = date(2026, 3, 9)
MIDNIGHT = datetime(2026, 3, 8, 23, 0)
PLAN = Plan(
    mailboxes=(SUPPORT,),
    rule=Rule(metric="first_response", target=0.3, margin=0.05),
    starts_on=START,
    weeks=4,
    weeks_before=8,
    time_zone="Europe/Stockholm",
)


def only(db: Session, viewer: Agent) -> Pilot:
    (found,) = pilots.of_viewer(db, viewer)
    return found


def test_a_rule_that_was_set_before_is_told_with_who_set_it(db: Session, ada: Agent) -> None:
    number = pilots.plan(db, ada, PLAN, now=NOON)
    found = only(db, ada)

    assert (found.id, found.plan) == (number, PLAN)
    assert (found.set_at.by, found.set_at.at) == ("Ada Lind", NOON)
    assert found.plan.since == MIDNIGHT
    states = [found.state(MIDNIGHT + gap) for gap in (-DAY, 0 * DAY, 27 * DAY, 28 * DAY)]
    # The clocks go forward on 29 March: its last day is an hour shorter.
    assert states == ["planned", "running", "running", "over"]
    assert found.plan.until == datetime(2026, 4, 5, 22, 0)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"starts_on": NOON.date()}, "starts_on"),
        ({"starts_on": date(2028, 1, 1)}, "starts_on"),
        ({"mailboxes": ()}, "mailboxes"),
        ({"mailboxes": (SUPPORT, 999)}, "mailboxes"),
        ({"weeks": 0}, "weeks"),
        ({"weeks_before": 27}, "weeks"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"is_business": True}, "is_business"),
        ({"rule": Rule(metric="within", target=0.1, margin=0.2)}, "target"),
    ],
)
def test_what_decides_nothing_is_refused(
    db: Session, ada: Agent, wrong: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        pilots.plan(db, ada, replace(PLAN, **wrong), now=NOON)
    assert refusal.value.field == field
    assert pilots.of_viewer(db, ada) == []


def test_until_its_first_day_it_may_be_changed_and_then_no_more(db: Session, ada: Agent) -> None:
    number = pilots.plan(db, ada, PLAN, now=NOON)
    stricter = replace(PLAN, rule=replace(PLAN.rule, target=0.5))
    pilots.change(db, ada, number, stricter, now=NOON + DAY)
    pilots.change(db, ada, number, stricter, now=NOON + DAY)
    found = only(db, ada)

    assert found.plan == stricter
    assert [word.kind for word in found.words] == ["planned", "changed"]
    assert found.set_at.at == NOON + DAY
    for verb, args in ((pilots.change, (PLAN,)), (pilots.withdraw, ())):
        with pytest.raises(TooLate):
            verb(db, ada, number, *args, now=MIDNIGHT)
    assert [change.kind for change in db.changes] == ["pilot_planned", "pilot_changed"]


def test_it_can_be_ended_early_once_and_is_told_so(db: Session, ada: Agent) -> None:
    number = pilots.plan(db, ada, PLAN, now=NOON)
    with pytest.raises(TooLate):
        pilots.end(db, ada, number, now=NOON)
    pilots.end(db, ada, number, now=MIDNIGHT + 5 * DAY)
    with pytest.raises(TooLate):
        pilots.end(db, ada, number, now=MIDNIGHT + 6 * DAY)
    found = only(db, ada)

    assert found.state(MIDNIGHT + 90 * DAY) == "ended"
    assert found.until == MIDNIGHT + 5 * DAY
    assert found.ended
    assert found.ended.by == "Ada Lind"


def test_of_a_mailbox_one_pilot_is_under_way_and_others_stay_told(db: Session, ada: Agent) -> None:
    first = pilots.plan(db, ada, PLAN, now=NOON)
    with pytest.raises(Invalid):
        pilots.plan(db, ada, replace(PLAN, starts_on=START + 60 * DAY), now=NOON)
    pilots.withdraw(db, ada, first, now=NOON)
    second = pilots.plan(db, ada, PLAN, now=NOON)

    assert [one.id for one in pilots.of_viewer(db, ada)] == [second, first]
    assert pilots.of_viewer(db, ada)[1].state(NOON) == "withdrawn"


def test_who_may_not_read_all_of_its_mailboxes_does_not_see_it(
    db: Session, ada: Agent, bo: Agent, eve: Agent
) -> None:
    number = pilots.plan(db, ada, replace(PLAN, mailboxes=(SUPPORT, SALES)), now=NOON)

    assert pilots.of_viewer(db, ada) == pilots.of_viewer(db, bo) == []
    with pytest.raises(NotFound):
        pilots.withdraw(db, bo, number, now=NOON)
    with pytest.raises(NotFound):
        pilots.plan(db, eve, PLAN, now=NOON)
    with pytest.raises(NotAllowed):
        pilots.plan(db, bo, PLAN, now=NOON)
    # Whoever runs the house sets rules; the mail behind them is told to its readers alone.
    pilots.withdraw(db, ada, number, now=NOON)


def told(house: House, viewer: Agent, now: datetime = MIDNIGHT + 10 * DAY) -> pilot_mail.Told:
    with house.store.write() as db:
        found = pilots.of_viewer(db, viewer)
        if not found:
            pilots.plan(db, viewer, PLAN, now=NOON)
            found = pilots.of_viewer(db, viewer)
        return pilot_mail.told(db, viewer, found[0], now=now)


def written(house: House, number: int, at: datetime, *, to: int = INVOICE, by: int = 0) -> None:
    """Maria's mail, or the answer of a colleague; the first in a conversation of its own."""
    with house.store.export() as cursor:
        if not by and to != INVOICE:
            cursor.execute(
                "insert into conversations by name select one.* replace ($to as id, $at as "
                "created_at) from conversations as one where id = 1",
                {"to": to, "at": at},
            )
        cursor.execute(
            "insert into messages by name select one.* replace ($id as id, $to as "
            "conversation_id, $at as sent_at, $at as received_at, $direction as direction, $via as "
            "via, $by as agent_id, $from as from_address, "
            '\'{"to": [["", "maria@customer.test"]]}\' as recipients) from messages as one where '
            "one.id = 1",
            {
                "id": number,
                "to": to,
                "at": at,
                "direction": "out" if by else "in",
                "via": "sent" if by == 2 else "app" if by else "imap",
                "by": by or None,
                "from": "support@example.com" if by else "maria@customer.test",
            },
        )
        cursor.execute(
            "insert into bodies values ($id, $to, 'x', null, 'Hej, jag har en fråga om det')",
            {"id": number, "to": to},
        )


def test_a_close_ends_no_wait_but_a_reply_does(home: House, ada: Agent) -> None:
    """History knows no closes: a pilot would look faster for every wait it only put away."""
    written(home, 500, MIDNIGHT + DAY, to=50)
    written(home, 510, MIDNIGHT + DAY, to=51)
    with home.store.write() as db:
        for number in (50, 51):
            conversations.close(db, ada, number, now=MIDNIGHT + DAY + timedelta(hours=1))
    written(home, 501, MIDNIGHT + 2 * DAY, to=50, by=1)
    found = told(home, ada).waits.set_index("conversation_id")

    assert found.loc[50, ["is_answered", "seconds"]].tolist() == [True, 86_400]
    assert found.loc[51, ["is_answered", "seconds"]].tolist() == [False, 9 * 86_400]
    assert not found.loc[INVOICE, "is_pilot"]


def test_what_came_after_the_moment_has_not_happened(home: House, ada: Agent) -> None:
    written(home, 500, MIDNIGHT + DAY, to=50)
    written(home, 501, MIDNIGHT + 3 * DAY, to=50, by=1)
    early, late = (told(home, ada, MIDNIGHT + n * DAY) for n in (2, 4))

    assert (early.pilot.mails, early.pilot.turns, early.here) == (1, 0, 0)
    assert (late.pilot.mails, late.pilot.turns, late.here) == (1, 1, 1)
    assert early.waits["seconds"].max() < late.waits["seconds"].max()


def test_replies_from_elsewhere_lower_the_adoption_and_are_at_hand(home: House, ada: Agent) -> None:
    for number in (50, 51, 52, 53):
        written(home, 10 * number, MIDNIGHT + DAY, to=number)
        written(home, 10 * number + 1, MIDNIGHT + 2 * DAY, to=number, by=2 if number == 53 else 1)
    found = told(home, ada)

    assert (found.here, found.outside, found.elsewhere) == (3, 1, [53])
    assert found.adoption == 0.75


def test_two_answers_to_one_mail_are_counted_on_their_side(home: House, ada: Agent) -> None:
    for number, at in ((50, MIDNIGHT - DAY), (51, MIDNIGHT + DAY)):
        written(home, 10 * number, at, to=number)
        written(home, 10 * number + 1, at + timedelta(hours=1), to=number, by=1)
        if number == 50:
            written(home, 10 * number + 2, at + timedelta(hours=2), to=number, by=2)
    found = told(home, ada)

    assert found.doubled == ([50], [])
    assert (found.before.turns, found.before.turns_with_duplicates) == (1, 1)
    assert (found.pilot.turns, found.pilot.turns_with_duplicates) == (1, 0)


def test_the_queue_at_the_end_of_days_and_what_was_carried_in(home: House, ada: Agent) -> None:
    """Three wait since the day before the start, one of whom is answered two days later."""
    for number in (50, 51, 52):
        written(home, 10 * number, MIDNIGHT - timedelta(hours=6), to=number)
    written(home, 505, MIDNIGHT + DAY + timedelta(hours=12), to=50, by=1)
    found = told(home, ada, MIDNIGHT + 4 * DAY)

    # Maria's own mail of a week before is in it as well, until that week is over.
    assert found.pilot.carried_in == 4
    assert (found.depths[1].worst, found.depths[1].days) == (3, 4)
    assert found.depths[1].median == 2
    # Nobody stays in the queue for more than a week.
    assert told(home, ada, MIDNIGHT + 20 * DAY).depths[1].median == 0


def test_spam_is_in_no_figure_and_its_number_is_told(home: House, ada: Agent) -> None:
    written(home, 500, MIDNIGHT + DAY, to=50)
    with home.store.write() as db:
        putting_away.mark_spam(db, ada, 50, now=MIDNIGHT + 2 * DAY)
    found = told(home, ada)

    assert found.voids == (0, 1)
    assert found.pilot.mails == 0


def test_an_empty_house_is_not_enough(home: House, ada: Agent) -> None:
    with home.store.export() as cursor:
        for table in ("conversations", "messages", "events"):
            cursor.execute(f"delete from {table}")
    found = told(home, ada)
    verdict = judging.verdict(PLAN.rule, found.before, found.pilot)

    assert (verdict.kind, verdict.mails, found.adoption) == ("not_enough", (0, 0), None)


def test_a_verdict_is_reckoned_once(
    home: House, ada: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = []
    reckon = pilot.judge
    monkeypatch.setattr(pilot, "judge", lambda *args: judged.append(1) or reckon(*args))
    written(home, 500, MIDNIGHT + DAY, to=50)
    for _n in range(3):
        found = told(home, ada)
        judging.verdict(PLAN.rule, found.before, found.pilot)
    assert len(judged) == 1

    judging.verdict(replace(PLAN.rule, target=0.4), found.before, found.pilot)
    written(home, 501, MIDNIGHT + 2 * DAY, to=50, by=1)
    found = told(home, ada)
    judging.verdict(PLAN.rule, found.before, found.pilot)
    assert len(judged) == 3


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hej, jag undrar när min beställning kommer, den är inte här", "sv"),
        ("Guten Tag, ich habe eine Frage und bitte um Antwort", "de"),
        ("Hello, when will my order be here? I have not heard from you", "en"),
        ("4711", "other"),
        ("", "other"),
    ],
)
def test_languages_are_told_by_their_smallest_words(text: str, language: str) -> None:
    assert tongues.guess(text) == language
