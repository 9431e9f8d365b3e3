"""Mail after a restore: what was sent in the lost time is answered."""

import pytest

from inbox import backup, house, message_ids
from inbox import restore as restoring
from inbox.agents import the_house
from ingest import jail
from tests.conftest import NOON
from tests.furniture import furnish
from tests.ingest.conftest import deliver, mail, rows


@pytest.fixture
def restored(settings):
    """A house that was restored; beside it the numbers it gave out in the lost time."""
    home = house.open_up(settings, now=NOON)
    furnish(home, now=NOON)
    made = backup.make(home, the_house(), now=NOON)
    lost = [
        found
        for n in range(3)
        for found, _ in deliver(home, mail(f"Lost {n}", subject=f"L{n}", message_id=f"l{n}@c.test"))
    ]
    jail.close(home.settings)
    home.close()
    restoring.restore(made.folder, settings, now=NOON)
    again = house.open_up(settings, now=NOON)
    yield again, lost
    jail.close(settings)
    again.close()


def test_an_answer_to_a_mail_of_the_lost_time_joins_nobody_elses_conversation(restored):
    home, lost = restored
    for n, number in enumerate(lost):
        ours = message_ids.make(home.keys, number, 900 + n, "example.com")
        ((other, _),) = deliver(
            home, mail("Bo here", sender="b@b.test", subject=f"B{n}", message_id=f"b{n}@b.test")
        )
        ((answer, reason),) = deliver(
            home,
            mail(
                "A secret of A",
                sender="a@a.test",
                subject=f"Re: A{n}",
                message_id=f"a{n}@a.test",
                more=f"In-Reply-To: <{ours}>",
            ),
        )
        assert answer != other
        assert reason == "new"
        assert answer > 1_000_000


def test_the_numbers_go_on_far_beyond_those_of_the_lost_time(restored):
    home, lost = restored
    deliver(home, mail("New", subject="New", message_id="new@customer.test"))
    ((conversation_id, message_id),) = rows(
        home, "select max(conversation_id), max(id) from messages"
    )
    assert conversation_id > max(lost) + 1_000_000
    assert message_id > 1_000_000


def test_restored_twice_the_numbers_of_the_first_time_stay_unused(restored):
    home, _ = restored
    deliver(home, mail("First life", subject="One", message_id="one@customer.test"))
    ((first,),) = rows(home, "select max(id) from conversations")
    (made,) = backup.every(home.settings.backups)
    jail.close(home.settings)
    home.close()

    restoring.restore(made.folder, home.settings, now=NOON.replace(hour=13))

    again = house.open_up(home.settings, now=NOON)
    ((second, _),) = deliver(again, mail("Second", subject="Two", message_id="two@customer.test"))
    again.close()
    assert second > first + 1_000_000
