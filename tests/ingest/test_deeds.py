"""What mail does to what agents have done: it wakes what sleeps, and is spam when blocked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from inbox import blocking, conversations, putting_away, removal, snoozing, verify
from ingest import jobs, thanks
from tests.conftest import NOON, agent
from tests.furniture import ADA, BO, INVOICE
from tests.ingest.conftest import deliver, mail, rows
from tests.ingest.test_load import kinds, settle
from tests.ingest.test_threads import MARIA, answer, ours
from tests.ingest.test_worker import until

LATER = NOON + timedelta(days=3)
STANDING = "select snoozed_until, status from conversations where id = 1"


def snooze(home, stays=False, at=LATER):
    with home.store.write() as db:
        snoozing.snooze(db, agent(home.store, BO), INVOICE, at, stays, now=NOON)


def block(home):
    with home.store.write() as db:
        blocking.block(db, agent(home.store, BO), INVOICE, False, now=NOON)


def written(home, words, number=1):
    return answer(ours(home), words, sender=MARIA, message_id=f"w{number}@customer.test")


def test_a_customer_wakes_what_sleeps(home):
    snooze(home)
    deliver(home, written(home, "Where is it?"))

    assert rows(home, STANDING) == [(None, "open")]
    assert kinds(home) == ["snoozed", "received", "woken"]
    assert verify.verify(home.store) == []


@pytest.mark.parametrize(("stays", "is_asleep"), [(True, True), (False, False)])
def test_a_thanks_wakes_it_unless_it_was_asked_to_sleep_through(home, stays, is_asleep):
    snooze(home, stays)
    deliver(home, written(home, "Hi Bo,\n\nThank you so much!\n\nMaria"))

    assert (rows(home, STANDING)[0][0] == LATER) is is_asleep
    assert ("woken" in kinds(home)) is not is_asleep


def test_more_than_a_thanks_wakes_it_all_the_same(home):
    snooze(home, stays=True)
    deliver(home, written(home, "Thanks, but it is the wrong one."))

    assert rows(home, STANDING) == [(None, "open")]


def test_automatic_mail_lets_it_sleep(home):
    snooze(home)
    away = written(home, "I am away").replace(b"\r\n", b"\r\nAuto-Submitted: auto-replied\r\n", 1)
    deliver(home, away)

    assert rows(home, STANDING) == [(LATER, "open")]


def test_the_running_house_wakes_it_by_itself(home, monkeypatch):
    monkeypatch.setattr(jobs, "WAKE_SECONDS", 0.1)
    snooze(home, at=NOON + timedelta(seconds=1))  # long over by the clock of the house
    heard = []
    home.store.listen(heard.extend)
    with jobs.running(home):
        until(lambda: rows(home, STANDING) == [(None, "open")])
    assert [(c.kind, c.conversation_id) for c in heard if c.kind == "woken"] == [("woken", INVOICE)]


@pytest.mark.feature("CR20")
def test_a_blocked_sender_writes_into_spam_from_then_on(home):
    block(home)
    news = mail("Buy now", sender="Maria Holm <MARIA@customer.test>", subject="Offer")
    ((number, _reason),) = deliver(home, news)

    assert rows(
        home, "select spam_at is not null from conversations where id = $id", id=number
    ) == [(True,)]
    assert kinds(home)[1:] == ["received", "filed_as_spam"]
    assert rows(home, "select count(*) from messages where conversation_id = $id", id=number) == [
        (1,)
    ]
    assert verify.verify(home.store) == []


@pytest.mark.feature("CR20")
def test_his_own_open_conversation_becomes_spam_when_he_writes_again(home):
    block(home)
    deliver(home, written(home, "Again"), written(home, "And again", 2))

    assert rows(home, "select spam_at = $now from conversations where id = 1", now=NOON) == [
        (True,)
    ]
    assert kinds(home).count("filed_as_spam") == 1


@pytest.mark.feature("CR20")
def test_in_somebody_elses_conversation_he_hides_nothing(home):
    block(home)
    settle(home, contact_address="lena@customer.test")
    deliver(home, written(home, "Me too"))

    assert rows(home, "select spam_at from conversations where id = 1") == [(None,)]


@pytest.mark.feature("CR20")
def test_once_unblocked_he_is_heard_again(home):
    block(home)
    with home.store.write() as db:
        blocking.unblock(db, agent(home.store, BO), INVOICE, now=NOON)
    ((number, _reason),) = deliver(home, mail(sender=MARIA, subject="New"))

    with home.store.read() as db:
        assert conversations.by_id(db, agent(home.store, BO), number).spam_at is None


@pytest.mark.parametrize(
    "words",
    [
        "Thanks!",
        "Thank you so much for your quick help!",
        "Hej Bo,\n\nTack så mycket för hjälpen!\n\nMvh\nMaria Holm",
        "Super, vielen Dank!\n\nViele Grüße\nMaria",
        "Mange tak for hjælpen",
        "Tusen takk!",
        "Kiitos paljon avusta!",
        "Merci beaucoup pour votre aide",
        "Muchas gracias por su ayuda",
        "Bedankt voor de snelle hulp",
        "Grazie mille",
        "Dziękuję bardzo za pomoc",
        "Muito obrigada pela ajuda",
    ],
)
def test_a_thanks_in_the_languages_of_the_replies(words):
    assert thanks.is_all(words, "Maria Holm")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Hello",
        "No thanks",
        "Thanks, but it does not work",
        "Thanks! Can you send it again?",
        "Thanks. My new number is 0701234567",
        "Thanks!\n\nUrgent",
        "Tack, men det fungerar inte",
        "Danke, leider nicht",
        "Thanks for nothing",
        "Thanks https://evil.test",
        "Thanks " + "so " * 60,
    ],
)
def test_what_is_more_than_a_thanks(words):
    assert not thanks.is_all(words, "Maria Holm")


def erased(home):
    """Delete the newest conversation for good, as the worker then lets its bytes go."""
    ada = agent(home.store, ADA)
    number = rows(home, "select max(id) from conversations")[0][0]
    with home.store.write() as db:
        putting_away.trash(db, ada, number, now=NOON)
        removal.erase(db, ada, number, now=NOON)
    jobs.blank(home, now=NOON + timedelta(days=9))
    return number


def in_segments(home):
    return b"".join(f.read_bytes() for f in sorted(home.settings.raw.glob("*.seg")))


@pytest.mark.feature("QV07")
def test_erased_mail_that_the_server_offers_again_stays_away(home):
    letter = mail("A word like zyzzyva")
    deliver(home, letter)
    erased(home)
    before = rows(home, "select count(*) from conversations")

    # Another number on the server, other line ends, and Sent: the same mail all the same.
    assert deliver(home, letter) == []
    assert deliver(home, letter.replace(b"\r\n", b"\n")) == []
    jobs.blank(home, now=NOON + timedelta(days=9))

    assert rows(home, "select count(*) from conversations") == before
    assert b"zyzzyva" not in in_segments(home)
    assert rows(home, "select distinct state, message_id from raw_messages") == [("erased", None)]
    assert rows(home, "select * from bytes_to_erase") == []
    assert verify.verify(home.store) == []


@pytest.mark.feature("QV07")
def test_an_answer_to_what_was_erased_begins_anew(home):
    deliver(home, mail("One"))
    gone = erased(home)
    ((number, reason),) = deliver(home, answer("p1@customer.test", "Two", sender=MARIA))

    assert number != gone
    assert reason == "new"


@pytest.mark.feature("QV07")
def test_the_running_house_empties_the_trash_and_lets_the_bytes_go(home, monkeypatch):
    monkeypatch.setattr(jobs, "NIGHTLY_LOOK_SECONDS", 1)
    monkeypatch.setattr(jobs, "BLANK_SECONDS", 0.1)
    deliver(home, mail("A word like zyzzyva"))
    settle(home, trashed_at=NOON)  # years ago by the clock of the house
    with jobs.running(home):
        until(lambda: b"zyzzyva" not in in_segments(home))
    assert rows(home, "select count(*) from conversations") == [(0,)]
    assert verify.verify(home.store) == []


def test_trash_days_of_none_empties_nothing(home):
    settle(home, trashed_at=NOON - timedelta(days=999))
    kept = replace(home, settings=replace(home.settings, trash_days=0))
    assert jobs.empty_trash(kept, now=NOON) == 0
    assert jobs.empty_trash(home, now=NOON) == 2
