"""A back-up is restored and the mail server is read again: the lost time comes back, once."""

from datetime import timedelta

import pytest

from inbox import backup, verify
from inbox import house as houses
from inbox import restore as restoring
from inbox.agents import the_house
from ingest import jail, poll
from tests.conftest import NOON, agent
from tests.faults.length import rounds
from tests.furniture import ADA, INVOICE, furnish
from tests.inbox import post
from tests.ingest import errands
from tests.ingest.conftest import connect, dovecot, mail, one_dovecot, rows
from tests.ingest.smtp_script import Script, serving

__all__ = ["dovecot", "one_dovecot"]
LATER = NOON + timedelta(hours=1)


def subjects(home):
    return sorted(s for (s,) in rows(home, "select subject from messages where id > 2"))


def came(number):
    return mail(f"{number}", subject=f"N{number:03}", message_id=f"n{number}@x.test")


@pytest.mark.parametrize("before", range(rounds(sample=1, long=6)))
def test_the_lost_time_comes_back_once_and_nothing_is_sent_again(settings, dovecot, before):
    """One reply waited when the back-up was made and left since; one was written since."""
    script = Script()
    with serving(script) as server:
        home = houses.open_up(settings, now=NOON)
        furnish(home, now=NOON)
        mailbox = connect(home, dovecot.url)
        post.connect(home, f"smtp://127.0.0.1:{server.port}", save_sent="always")
        ada = agent(home.store, ADA)
        dovecot.append(*(came(n) for n in range(before)))
        poll.poll(home, mailbox, now=NOON)
        post.send(home, ada, post.written(home, ada, body="Waits."))
        made = backup.make(home, the_house(), now=NOON + timedelta(seconds=5))

        dovecot.append(*(came(n) for n in range(before, before + 5)))
        poll.poll(home, mailbox, now=NOON + timedelta(minutes=1))
        lost = rows(
            home, "select conversation_id from messages where subject = $s", s=f"N{before:03}"
        )[0][0]
        post.send(home, ada, post.written(home, ada, conversation_id=lost, body="Lost."))
        for minutes in (2, 3):
            errands.deliver_due(home, now=NOON + timedelta(minutes=minutes))
            errands.copy_to_sent(home, now=NOON + timedelta(minutes=minutes))
        assert len(script.accepted) == 2
        waited, written = (
            rfc for (rfc,) in rows(home, "select rfc_message_id from outbox order by id")
        )
        jail.close(settings)
        home.close()

        restoring.restore(made.folder, settings, now=LATER)
        again = houses.open_up(settings, now=LATER)
        dovecot.append(
            mail(
                "To the first",
                subject="Re: Invoice 12",
                sender="maria@customer.test",
                message_id="a1@x.test",
                more=f"In-Reply-To: <{waited}>",
            ),
            mail(
                "To the second",
                subject=f"Re: N{before:03}",
                message_id="a2@x.test",
                more=f"In-Reply-To: <{written}>",
            ),
        )
        for minutes in (1, 10, 40):
            now = LATER + timedelta(minutes=minutes)
            poll.poll(again, mailbox, now=now)
            errands.deliver_due(again, now=now)
            errands.copy_to_sent(again, now=now)
            errands.settle_doubts(again, now=now)
        try:
            assert len(script.accepted) == 2
            found = subjects(again)
            for n in range(before + 5):
                assert found.count(f"N{n:03}") == 1
            joined = dict(rows(again, "select rfc_message_id, conversation_id from messages"))
            assert joined["a1@x.test"] == joined[waited] == INVOICE
            assert joined["a2@x.test"] == joined[written] == joined[f"n{before}@x.test"]
            assert rows(again, "select state from outbox") == [("sent",)]
            assert verify.verify(again.store) == []
            with dovecot.client() as client:
                client.select_folder("Skickat", readonly=True)
                assert len(client.search("ALL")) == 2
        finally:
            jail.close(settings)
            again.close()
