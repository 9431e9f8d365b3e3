"""The odd ways in which mail comes and is answered, each through the real filing and the real
verbs, with the waits that were worked out by hand beside it."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from email.utils import format_datetime
from functools import partial

import pytest

from inbox import (
    bulk,
    bulk_undo,
    calendars,
    conversations,
    mailboxes,
    merging,
    notes,
    outbox,
    people,
    putting_away,
    splitting,
    turns,
)
from inbox.chosen import Choice
from inbox.house import House
from ingest import jail
from tests.conftest import NOON, agent
from tests.furniture import ADA, BO, SUPPORT
from tests.inbox.post import connect, every, send, written
from tests.ingest.conftest import deliver, mail
from tests.ingest.errands import deliver_due
from tests.ingest.smtp_script import Script, serving
from tests.sql.test_business_time import TELL

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
NILS = "Nils Berg <nils@customer.test>"
AWAY = "Auto-Submitted: auto-replied"
BOUNCE = (
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n"
    "Auto-Submitted: auto-replied"
)
# (conversation, state, from which minute, until which, who answered)
Wait = tuple[str, str, float, float | None, str | None]


class Story:
    """Minutes are counted from NOON; conversations are called by the letter of their mails."""

    def __init__(self, home: House) -> None:
        self.home = home
        self.places: dict[str, int] = {}
        self.mails = 0

    def writes(
        self,
        minute: float,
        name: str = "a",
        *,
        sender: str = NILS,
        more: str = "",
        dated: float | None = None,
        arrives: float | None = None,
        sent: bool = False,
        to: str = "support@example.com",
    ) -> None:
        """A mail comes in at `arrives`, or the minute that it says it was written in (`dated`
        where its Date field is wrong)."""
        self.mails += 1
        at = NOON + (minute if dated is None else dated) * MINUTE
        came = NOON + (minute if arrives is None else arrives) * MINUTE
        own = f"{name}{self.mails}@customer.test"
        if name in self.places:
            more += f"\nIn-Reply-To: <{name}1@customer.test>"
        else:
            own = f"{name}1@customer.test"
        raw = mail(
            f"Words {self.mails}",
            subject=f"About {name}",
            sender=sender,
            to=to,
            message_id=own,
            date=format_datetime(at),
            more=more,
        )
        server = NOON + minute * MINUTE
        (found,) = deliver(self.home, raw, sent=sent, now=came, arrived=server)
        self.places.setdefault(name, found[0])

    def sends(self, minute: float, name: str = "a", **more: object) -> None:
        """We answered from another program; it lies in Sent."""
        how = {"sender": "Support <support@example.com>", "to": "nils@customer.test"} | more
        self.writes(minute, name, sent=True, **how)

    def answers(self, minute: float, who: int = BO, name: str = "a", pressed: float = 1) -> None:
        """Send was pressed some time before the server took it."""
        at = NOON + minute * MINUTE
        me = agent(self.home.store, who)
        before = at - pressed * MINUTE
        draft = written(self.home, me, f"Answer {minute}", self.places[name], now=before)
        send(self.home, me, draft, now=before)
        deliver_due(self.home, now=at)

    def changes_mind(self, minute: float) -> None:
        at, me = NOON + minute * MINUTE, agent(self.home.store, BO)
        queued = send(self.home, me, written(self.home, me, "No", self.places["a"], now=at), now=at)
        with self.home.store.write() as db:
            outbox.undo(db, me, queued.outbox_id, now=at + 5 * SECOND)
        deliver_due(self.home, now=at + 2 * MINUTE)

    def does(self, minute: float, verb: Callable[..., object], *args: object) -> object:
        """Ada does something; a letter stands for its conversation."""
        given = [self.places.get(one, one) if isinstance(one, str) else one for one in args]
        with self.home.store.write() as db:
            me = agent(self.home.store, ADA)
            return verb(db, me, *given, now=NOON + minute * MINUTE)

    def counts(self) -> None:
        """The house counts what there is so far."""
        with self.home.store.write() as db:
            turns.bring_up_to_date(db)


def in_bulk(story: Story, minute: float, *names: str) -> object:
    return story.does(minute, bulk.close, Choice(ids=tuple(story.places[one] for one in names)))


def burst(s: Story) -> None:
    for minute in (0, 1, 2, 30):
        s.writes(minute)
    s.answers(40)


def merged(s: Story) -> None:
    s.writes(0)
    s.writes(10, "b", sender=NILS)
    s.counts()
    s.does(20, merging.merge, "b", "a")
    s.answers(30)


def merged_and_not(s: Story) -> None:
    merged(s)
    s.counts()
    s.does(40, merging.unmerge, "b")


def parted(s: Story) -> None:
    s.writes(0)
    s.writes(10)
    s.counts()
    ((last,),) = every(s.home, "select max(id) from messages where conversation_id > 2")
    s.does(20, partial(splitting.split, alone=True), "a", last)
    ((s.places["b"],),) = every(s.home, "select max(id) from conversations")
    s.answers(30)


def reassigned(s: Story) -> None:
    s.writes(0)
    s.does(5, conversations.claim, "a")
    s.does(10, conversations.assign, "a", BO)
    s.answers(20, ADA)


def machine_then_person(s: Story) -> None:
    s.writes(0)
    s.sends(1, more="Auto-Submitted: auto-replied")
    s.answers(25)


def bounced(s: Story) -> None:
    s.writes(0)
    s.answers(10)
    s.writes(11, sender="<MAILER-DAEMON@customer.test>", more=BOUNCE)


def away(s: Story) -> None:
    s.writes(0)
    s.answers(10)
    s.writes(11, more=AWAY)


def colleague_of_the_customer(s: Story) -> None:
    s.writes(0)
    s.answers(10)
    s.writes(20, sender="Eva Ek <eva@customer.test>")
    s.answers(35)


def alias(s: Story) -> None:
    s.does(0, mailboxes.set_aliases, SUPPORT, ["help@example.com"])
    s.writes(1)
    s.sends(8, sender="Help <help@example.com>")


def late_from_sent(s: Story) -> None:
    """It is counted as waiting, twice, before the reply is found that was written long before."""
    s.writes(0)
    s.writes(60)
    s.counts()
    s.sends(15, arrives=90)


def in_the_future(s: Story) -> None:
    s.writes(0, dated=3 * 1440)
    s.answers(20)


def clock_that_is_slow(s: Story) -> None:
    s.writes(0, dated=-3 * 1440)
    s.answers(20)


def same_second(s: Story) -> None:
    s.writes(0)
    s.sends(0)


def notes_alone(s: Story) -> None:
    s.writes(0, more=AWAY)
    s.does(5, notes.add, "a", "Nobody wrote this")


def note_on_a_wait(s: Story) -> None:
    s.writes(0)
    s.does(5, notes.add, "a", "I look into it")


def spam_alone(s: Story) -> None:
    s.writes(0)
    s.does(4, putting_away.mark_spam, "a")


def back_from_trash(s: Story) -> None:
    s.writes(0)
    s.does(5, putting_away.trash, "a")
    s.counts()
    s.does(50, putting_away.restore, "a")
    s.answers(60)


def left_the_firm(s: Story) -> None:
    s.writes(0)
    s.answers(10)
    s.does(20, people.deactivate, BO)


def undone(s: Story) -> None:
    s.writes(0)
    s.changes_mind(10)
    s.answers(30)


def accepted_late(s: Story) -> None:
    s.writes(0)
    s.answers(30, pressed=20)


def closed_in_bulk(s: Story) -> None:
    s.writes(0)
    s.writes(1, "b", sender="Eva Ek <eva@other.test>")
    in_bulk(s, 10, "a", "b")


def bulk_taken_back(s: Story) -> None:
    s.writes(0)
    s.writes(1, "b", sender="Eva Ek <eva@other.test>")
    done = in_bulk(s, 10, "a", "b")
    s.counts()
    s.does(10.2, lambda db, me, now: bulk_undo.take_back(db, me, done.action_id, now=now))
    s.answers(20)


CASES: dict[str, tuple[Callable[[Story], None], list[Wait]]] = {
    "burst of follow-ups": (burst, [("a", "answered", 0, 40, "bo")]),
    # Two that wait since 0 and 10 are one that waits since 0.
    "merge": (merged, [("a", "answered", 0, 30, "bo")]),
    # The answer was written in the one that stays; the other waits again, since its own mail.
    "unmerge": (
        merged_and_not,
        [("a", "answered", 0, 30, "bo"), ("b", "waiting", 10, None, None)],
    ),
    # What was split off waits since its own mail, and no answer in the first is its own.
    "split": (parted, [("a", "answered", 0, 30, "bo"), ("b", "waiting", 10, None, None)]),
    # Bo has it; Ada sent.
    "reassigned while waiting": (reassigned, [("a", "answered", 0, 20, "ada")]),
    "auto-reply, then a person": (machine_then_person, [("a", "answered", 0, 25, "bo")]),
    "bounce after the reply": (bounced, [("a", "answered", 0, 10, "bo")]),
    "the customer is away": (away, [("a", "answered", 0, 10, "bo")]),
    "a colleague of the customer answers": (
        colleague_of_the_customer,
        [("a", "answered", 0, 10, "bo"), ("a", "answered", 20, 35, "bo")],
    ),
    "written from an alias": (alias, [("a", "answered", 1, 8, None)]),
    "a reply in Sent that is found late": (
        late_from_sent,
        [("a", "answered", 0, 15, None), ("a", "waiting", 60, None, None)],
    ),
    "Date field in the future": (in_the_future, [("a", "answered", 0, 20, "bo")]),
    "Date field three days back": (clock_that_is_slow, [("a", "answered", 0, 20, "bo")]),
    "same second": (same_second, [("a", "answered", 0, 0, None)]),
    "only notes": (notes_alone, []),
    "a note is no answer": (note_on_a_wait, [("a", "waiting", 0, None, None)]),
    "only spam": (spam_alone, [("a", "void", 0, 4, None)]),
    # It was in the trash for a while; its customer waited all the time.
    "restored from trash": (back_from_trash, [("a", "answered", 0, 60, "bo")]),
    "agent deactivated": (left_the_firm, [("a", "answered", 0, 10, "bo")]),
    "undone before it left": (undone, [("a", "answered", 0, 30, "bo")]),
    "counts when the server took it": (accepted_late, [("a", "answered", 0, 30, "bo")]),
    "bulk close": (
        closed_in_bulk,
        [("a", "closed_unanswered", 0, 10, None), ("b", "closed_unanswered", 1, 10, None)],
    ),
    "bulk close that was taken back": (
        bulk_taken_back,
        [("a", "answered", 0, 20, "bo"), ("b", "waiting", 1, None, None)],
    ),
}


@pytest.fixture
def story(home: House) -> Iterator[Story]:
    with serving(Script()) as server:
        connect(home, f"smtp://127.0.0.1:{server.port}", SUPPORT)
        yield Story(home)
    jail.close(home.settings)


@pytest.mark.parametrize(("told", "waits"), CASES.values(), ids=CASES)
def test_waits_of_odd_stories(
    story: Story, told: Callable[[Story], None], waits: list[Wait]
) -> None:
    told(story)
    names = {number: name for name, number in story.places.items()}
    found = every(
        story.home,
        "select conversation_id, state, waiting_since, ended_at, replied_by from report.turns "
        "where conversation_id > 2 order by conversation_id, turn_no",
    )

    # The server takes its time with what is sent: tenths of a second.
    def minutes(at: datetime | None) -> float | None:
        return None if at is None else round((at - NOON) / MINUTE)

    assert [
        (names[number], state, minutes(since), minutes(until), who and who.partition("@")[0])
        for number, state, since, until, who in found
    ] == waits


ALWAYS = ["00:00-24:00"] * 7
SUNDAYS = [""] * 6 + ["10:00-12:00"]
OFFICE = ["08:00-17:00"] * 5 + ["", ""]
# Stockholm is an hour before UTC, two from 29 March 2026 to 25 October.
HOURS: dict[str, tuple[list[str], datetime, datetime, float]] = {
    # Midnight to midnight in the night that has 23 hours: 23, whatever the wall says.
    "24/7 across DST": (ALWAYS, datetime(2026, 3, 28, 23), datetime(2026, 3, 29, 22), 23 * 3600),
    "24/7": (ALWAYS, datetime(2026, 3, 2, 1, 2, 3), datetime(2026, 3, 4, 1, 2, 3), 48 * 3600),
    # Friday 16:00 to Monday 09:00 there, over the change: one hour and one.
    "across DST": (OFFICE, datetime(2026, 3, 27, 15), datetime(2026, 3, 30, 7), 7200),
    # Good Friday and Easter Monday are holidays: Thursday's last hour, Tuesday's first.
    "holiday": (OFFICE, datetime(2026, 4, 2, 14), datetime(2026, 4, 7, 7), 7200),
    # Half past five at night to half past six in the morning.
    "outside hours at both ends": (
        OFFICE,
        datetime(2026, 3, 2, 16, 30),
        datetime(2026, 3, 3, 5, 30),
        0,
    ),
    "nothing open in between": (SUNDAYS, datetime(2026, 3, 2), datetime(2026, 3, 8, 9), 0),
    "same second": (ALWAYS, NOON, NOON, 0),
    "the last second": (
        OFFICE,
        datetime(2026, 3, 2, 15, 59, 59),
        datetime(2026, 3, 2, 16, 0, 1),
        1,
    ),
}


@pytest.mark.parametrize(("lines", "began", "ended", "seconds"), HOURS.values(), ids=HOURS)
def test_open_seconds_of_odd_hours(
    home: House, lines: list[str], began: datetime, ended: datetime, seconds: float
) -> None:
    with home.store.write() as db:
        ada = agent(home.store, ADA)
        start = datetime(2026, 1, 1)
        how = {"time_zone": "Europe/Stockholm", "country": "SE", "now": start}
        calendars.save(db, ada, "Odd", lines=lines, **how)
        # Newer hours, which do not hold yet when it begins.
        calendars.save(db, ada, "Odd", lines=ALWAYS, since=date(2026, 4, 10), **how)
        mailboxes.change(db, ada, SUPPORT, calendar="Odd", now=start)
    with home.store.export() as cursor:
        for statement in TELL:
            wanted = {"began": [began], "ended": [ended]} if "$" in statement else {}
            cursor.execute(statement, wanted).fetchall()
    found = every(
        home,
        "select wait_business_seconds, final_resolution_business_seconds from report.turns "
        "inner join report.resolution using (conversation_id) where conversation_id > 100",
    )
    assert found == [(seconds, seconds)]
