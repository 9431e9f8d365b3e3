"""Recipients to look at twice: Send refuses until their author says that they are meant."""

import pytest

from inbox import drafts, messages, newcomers
from inbox.errors import NotFound, TooLate, Unconfirmed
from inbox.messages import Address, Recipients
from tests.conftest import NOON, agent
from tests.furniture import ADA, BO, INVOICE, SUPPORT
from tests.inbox.post import MARIA, connect, every, one, send, to, written

pytestmark = pytest.mark.feature("CR27")
KIM = Address(name="Kim", address="kim@store.test")


@pytest.fixture
def bo(home):
    connect(home)
    return agent(home.store, BO)


def asked(house, who, draft):
    with house.store.read() as db:
        return {n.address: n.why for n in newcomers.of_draft(db, who, draft)}


def meant(house, who, draft, *addresses):
    with house.store.write() as db:
        newcomers.confirm(db, who, draft.id, addresses, now=NOON)


def test_whoever_wrote_is_asked_about_by_nobody(home, bo):
    send(home, bo, written(home, bo), is_sure=False)

    assert one(home, "select count(*) from outbox") == (1,)


@pytest.mark.parametrize("kind", ["cc", "bcc"])
def test_somebody_new_holds_send_back_until_confirmed(home, bo, kind):
    draft = written(home, bo, recipients=Recipients(to=(MARIA,), **{kind: (KIM,)}))
    with pytest.raises(Unconfirmed) as refusal:
        send(home, bo, draft, is_sure=False)

    assert refusal.value.people == [("Kim", "kim@store.test", "new")]
    assert one(home, "select count(*) from outbox") == (0,)
    meant(home, bo, draft, "kim@store.test")
    send(home, bo, draft, is_sure=False)
    assert one(home, "select count(*) from outbox") == (1,)


@pytest.mark.feature("NT04")
@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("ada@example.com", "colleague"),
        ("EVE@Example.com", "colleague"),
        ("sales@example.com", "mailbox"),
        ("support@example.com", "mailbox"),
        ("help@example.com", "mailbox"),
    ],
)
def test_one_of_us_is_told_apart(home, bo, address, why):
    with home.store.export() as cursor:
        cursor.execute("insert into aliases values ($id, 'help@example.com')", {"id": SUPPORT})
    draft = written(home, bo, recipients=to("maria@customer.test", address))

    assert asked(home, bo, draft) == {address.lower(): why}
    with pytest.raises(Unconfirmed):
        send(home, bo, draft, is_sure=False)


@pytest.mark.feature("NT04")
def test_a_note_can_speak_to_who_reads_here_alone(home, bo):
    draft = written(home, bo, recipients=to("ada@example.com", "eve@example.com"))
    with home.store.read() as db:
        found = {n.address: n.mention for n in newcomers.of_draft(db, bo, draft)}

    assert found == {"ada@example.com": "Ada Lind", "eve@example.com": ""}


def test_a_colleague_who_wrote_as_a_customer_is_one(home, bo):
    with home.store.export() as cursor:
        cursor.execute("update messages set from_address = 'ada@example.com' where id = 1")

    assert asked(home, bo, written(home, bo, recipients=to("ada@example.com"))) == {}


def test_everybody_of_an_earlier_mail_is_known(home, bo):
    people = Recipients(cc=(KIM,)).as_json()
    with home.store.export() as cursor:
        cursor.execute("update messages set recipients = $people where id = 1", {"people": people})

    assert asked(home, bo, written(home, bo, recipients=to("KIM@store.test"))) == {}


def test_what_was_confirmed_covers_nobody_else(home, bo):
    draft = written(home, bo, recipients=to("maria@customer.test", "kim@store.test"))
    meant(home, bo, draft, "kim@store.test", "somebody@else.test")
    with home.store.write() as db:
        draft = drafts.save(
            *(db, bo, draft.id, draft.revision),
            body="x",
            recipients=to("maria@customer.test", "kim@store.test", "somebody@else.test"),
            subject="x",
            kind="reply",
            now=NOON,
        )
    with pytest.raises(Unconfirmed) as refusal:
        send(home, bo, draft, is_sure=False)

    assert [address for _, address, _ in refusal.value.people] == ["somebody@else.test"]


def test_an_address_that_differs_in_writing_alone_slips_by_nobody(home, bo):
    draft = written(home, bo, recipients=to("maria@customer.test", " Kim@STORE.test "))
    with pytest.raises(Unconfirmed):
        send(home, bo, draft, is_sure=False)


def test_the_diary_tells_who_was_confirmed(home, bo):
    draft = written(home, bo, recipients=to("maria@customer.test", "kim@store.test"))
    send(home, bo, draft)
    (payload,) = one(
        home,
        "select after from events join event_payloads using (event_id) where kind = 'queued'",
    )

    assert '"confirmed": ["kim@store.test"]' in payload


def test_only_its_author_confirms_and_only_while_it_is_open(home, bo):
    draft = written(home, bo, recipients=to("kim@store.test"))
    with pytest.raises(NotFound):
        meant(home, agent(home.store, ADA), draft, "kim@store.test")
    send(home, bo, draft)
    with pytest.raises(TooLate):
        meant(home, bo, draft, "kim@store.test")


def test_the_screen_and_send_know_the_same_people(home, bo):
    draft = written(home, bo, recipients=to("kim@store.test", "ada@example.com"))
    with home.store.read() as db:
        mails = messages.in_conversation(db, bo, INVOICE, (INVOICE,))
        here = newcomers.company(mails, "maria@customer.test")
        shown = newcomers.among(draft.recipients, here, newcomers.ours(db, bo, SUPPORT))

        assert shown == newcomers.of_draft(db, bo, draft)
    assert every(home, "select confirmed from drafts") == [("[]",)]
