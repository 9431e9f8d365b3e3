"""Last week's numbers by mail: once, on Monday at seven, through a real SMTP server."""

import email
import statistics
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.policy import default

import pytest
from aiosmtpd.controller import Controller

from inbox import agents, house, weekly
from inbox.errors import NotAllowed
from ingest import jobs
from tests.conftest import NOON
from tests.furniture import ADA, BO, EVE
from tests.inbox import post
from tests.ingest import errands
from tests.pages.test_insight import many
from tests.servers import free_port

pytestmark = pytest.mark.feature("NT07")
# Seven in Stockholm, on NOON's Monday.
SEVEN = datetime(2026, 3, 2, 6)
MINUTE = timedelta(minutes=1)
WEDNESDAY = SEVEN - timedelta(days=5)


class Sink:
    """Accepts mail and keeps it."""

    def __init__(self):
        self.taken = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.taken.append((envelope.rcpt_tos, envelope.content))
        return "250 2.0.0 Taken"

    def words(self):
        return [
            (to, mail["Subject"], mail.get_body(("plain",)).get_content())
            for to, raw in self.taken
            for mail in [email.message_from_bytes(raw, policy=default)]
        ]


@pytest.fixture
def sink() -> Iterator[Sink]:
    found = Sink()
    controller = Controller(found, hostname="127.0.0.1", port=free_port())
    controller.start()
    found.port = controller.port
    yield found
    controller.stop()


@pytest.fixture
def home(home, sink):
    post.connect(home, f"smtp://127.0.0.1:{sink.port}")
    with home.store.export() as cursor:
        cursor.execute("update agents set time_zone = 'Europe/Stockholm'")
        # A day's answers and duplicates of another mailbox, which only Eve may read.
        cursor.execute("update memberships set role = 'manager' where agent_id = $id", {"id": EVE})
    many(home, 400)
    return home


def want(home, agent_id=ADA, is_wanted=True, now=WEDNESDAY):
    with home.store.write() as db:
        weekly.set_wanted(db, agents.by_id(db, agent_id), is_wanted, now=now)


def round_at(home, now):
    """What the running house does at this moment; answers how many mails were queued."""
    found = jobs.mail_weekly(home, now=now)
    errands.deliver_due(home, now=now)
    return found


def test_on_monday_at_seven_and_once(home, sink):
    want(home)
    assert round_at(home, SEVEN - MINUTE) == 0
    assert round_at(home, SEVEN) == 1
    assert round_at(home, SEVEN + MINUTE) == 0
    ((to, subject, text),) = sink.words()
    assert to == ["ada@example.com"]
    assert subject == "Last week in numbers: 2026-02-23 to 2026-03-01"
    # Monday's first hour there is Sunday's last here; every tenth waits still.
    answered = [n for n in range(14, 182) if n % 10 > 0]
    median = round(statistics.median(answered))
    assert f"median {median // 60} h {median % 60} min (" in text
    assert f"n = {len(answered)} (" in text
    assert "41, the longest for" in text
    assert "/response-time?days=7&to=2026-03-01" in text
    assert "/unanswered?days=7&to=2026-03-01" in text
    assert "In Support," in text
    assert "Sales" not in text


def test_it_comes_again_after_a_week(home, sink):
    want(home)
    assert [round_at(home, SEVEN + n * weekly.WEEK) for n in range(3)] == [1, 1, 1]
    assert len({subject for _to, subject, _text in sink.words()}) == 3


def test_a_house_that_was_down_at_seven_mails_later_and_once(home, sink, settings):
    want(home)
    home.close()
    again = house.open_up(settings, now=SEVEN + timedelta(days=1))
    assert round_at(again, SEVEN + timedelta(days=1)) == 1
    again.close()
    again = house.open_up(settings, now=SEVEN + timedelta(days=2))
    assert round_at(again, SEVEN + timedelta(days=2)) == 0
    again.close()
    assert len(sink.taken) == 1


def test_a_letter_that_two_rounds_wrote_is_queued_once(home):
    want(home)
    with home.store.read() as db:
        (letter,) = weekly.due(db, home.settings, now=SEVEN)
    for expected in (True, False):
        with home.store.write() as db:
            assert weekly.queue(db, letter, home.raw, now=SEVEN) is expected


def test_in_the_language_of_the_reader(home, sink):
    with home.store.export() as cursor:
        cursor.execute("update agents set language = 'sv' where id = $id", {"id": ADA})
    want(home)
    round_at(home, SEVEN)
    ((_to, subject, text),) = sink.words()
    assert subject == "Förra veckan i siffror: 2026-02-23 till 2026-03-01"
    assert "Första svar" in text
    assert "median" in text
    assert "First response" not in text


def test_each_reads_her_own_mailboxes(home, sink):
    want(home)
    want(home, EVE)
    assert round_at(home, SEVEN) == 2
    told = {to[0]: text for to, _subject, text in sink.words()}
    assert "In Sales," in told["eve@example.com"]
    assert "n = 0 (" in told["eve@example.com"]


def test_who_manages_nothing_is_refused_and_who_no_longer_does_is_not_mailed(home, sink):
    with pytest.raises(NotAllowed):
        want(home, BO)
    want(home)
    with home.store.export() as cursor:
        cursor.execute("update memberships set role = 'agent' where agent_id = $id", {"id": ADA})
    assert round_at(home, SEVEN) == 0


def test_whom_no_mailbox_can_write_to_is_tried_again(home, sink):
    want(home)
    with home.store.export() as cursor:
        cursor.execute("update mailboxes set smtp_url = null")
    assert round_at(home, SEVEN) == 0
    post.connect(home, f"smtp://127.0.0.1:{sink.port}")
    assert round_at(home, SEVEN + MINUTE) == 1


def test_switched_off_it_ends_and_on_again_it_waits_for_monday(home):
    want(home)
    want(home, is_wanted=False)
    assert round_at(home, SEVEN) == 0
    want(home, now=NOON)
    assert round_at(home, NOON + MINUTE) == 0
    assert round_at(home, SEVEN + weekly.WEEK) == 1
