import pytest

from inbox import messages, search
from inbox.messages import NewMessage, Recipients
from tests.conftest import NOON
from tests.furniture import INVOICE, QUOTE, SALES, SUPPORT


@pytest.fixture
def written(db):
    first, second = messages.reserve(db, 2)
    messages.add_all(
        db,
        [
            NewMessage(
                id=message_id,
                conversation_id=conversation_id,
                mailbox_id=mailbox_id,
                direction="in",
                via="imap",
                sent_at=NOON,
                received_at=NOON,
                from_name="Åsa Öberg",
                from_address="asa@malmo-frakt.test",
                recipients=Recipients(),
                subject="Frakt till Malmö",
                thread_reason="new",
                body_text="Order 100% klar, se faktura_12 och o'brien.",
                reply_text="",
            )
            for message_id, conversation_id, mailbox_id in (
                (first, INVOICE, SUPPORT),
                (second, QUOTE, SALES),
            )
        ],
    )
    return first


@pytest.mark.parametrize(
    "words",
    ["malmö", "MALMO", "frakt malm", "asa@malmo-frakt.test", "oberg", "faktura_12", "o'brien"],
)
def test_words_are_found_however_they_are_written(db, ada, written, words):
    assert [f.message_id for f in search.find(db, ada, words)] == [written]


@pytest.mark.parametrize("words", ["", "%", "_", "malmö stockholm", "almö", "\0"])
def test_what_is_not_there_is_not_found(db, ada, written, words):
    assert search.find(db, ada, words) == []


def test_only_readable_mail_is_found(db, eve, cy, written):
    assert [f.conversation_id for f in search.find(db, eve, "malmö")] == [QUOTE]
    assert [f.conversation_id for f in search.find(db, cy, "malmö")] == [INVOICE]
