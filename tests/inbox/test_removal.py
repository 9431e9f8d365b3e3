"""Deleting for good: what goes, what stays, what may not go, and that it does not come back."""

from datetime import timedelta

import pytest

from inbox import conversations, events, house_mail, merging, putting_away, removal, verify
from inbox.errors import Invalid, NotAllowed, NotFound
from inbox.settings import HOUSE
from tests.conftest import NOON
from tests.furniture import INVOICE, QUOTE, SUPPORT
from tests.inbox.post import connect, every, kinds, one, send, written
from tests.inbox.test_merging import another

pytestmark = pytest.mark.feature("QV07")
SECRET = b"a word like zyzzyva"
DAY = timedelta(days=1)


def stored(home, number=1, conversation_id=INVOICE):
    """The mail of the furniture, with its bytes in a segment and a file beside them."""
    (place,) = home.raw.append([(SECRET + b"%d" % number, {})])
    sha256 = home.files.put(SECRET)
    with home.store.export() as cursor:
        given = {"id": number, "sha": place.sha256, "at": place.position, "n": place.size_bytes}
        cursor.execute(
            "insert into raw_messages (mailbox_id, folder, uidvalidity, uid, sha256, head_sha256, "
            "segment, position, size_bytes, fetched_at, state, message_id) values (1, 'INBOX', 1, "
            "$id, $sha, '', 1, $at, $n, now()::timestamp, 'filed', $id)",
            given,
        )
        cursor.execute(
            "update messages set raw_sha256 = $sha where id = $id",
            {"id": number, "sha": place.sha256},
        )
        cursor.execute(
            "insert into attachments (message_id, conversation_id, filename, content_type, "
            "size_bytes, sha256, is_inline) values ($id, $c, 'zyzzyva.txt', 'x', 1, $sha, true)",
            {"id": number, "c": conversation_id, "sha": sha256},
        )
    return place, home.files.path(sha256)


def trash(home, agent, number=INVOICE, now=NOON):
    with home.store.write() as db:
        putting_away.trash(db, agent, number, now=now)


def erase(home, agent, number=INVOICE):
    with home.store.write() as db:
        removal.erase(db, agent, number, now=NOON)


def clear(home, now=NOON + 9 * DAY):
    """As the worker does; `now` is far from when the files were kept."""
    with home.store.write() as db:
        for found in removal.pending(db):
            removal.clear(db, home.raw, home.files, found, now=now)
        return removal.pending(db)


def traces(home, number):
    """Tables in which a row still names this conversation."""
    tables = every(
        home,
        "select distinct table_name from information_schema.columns where table_schema = 'main' "
        "and column_name = 'conversation_id' and table_name in (select table_name from "
        "information_schema.tables where table_type = 'BASE TABLE')",
    )
    return {
        table
        for (table,) in tables
        if one(home, f"select count(*) from {table} where conversation_id = $id", id=number)[0]
    }


def test_every_table_that_names_a_conversation_is_known_to_the_removal(home):
    tables = every(
        home,
        "select distinct table_name from information_schema.columns where table_schema = 'main' "
        "and column_name = 'conversation_id' and table_name in (select table_name from "
        "information_schema.tables where table_type = 'BASE TABLE')",
    )
    known = (HOUSE / "sql" / "queries" / "removal.sql").read_text()
    # The diary keeps its line; what it said is emptied. What is due is so within one transaction.
    forgotten = {table for (table,) in tables if f"delete from {table}\n" in known}
    assert {table for (table,) in tables} - forgotten == {"events", "due"}


def test_everything_that_could_tell_goes_and_the_house_stays_sound(home, ada, bo):
    place, file = stored(home)
    with home.store.write() as db:
        events.record(db, bo, "noted", INVOICE, mailbox_id=1, after={"says": "zyzzyva"}, now=NOON)
    trash(home, ada)
    with home.store.read() as db:
        assert removal.contents(db, ada, INVOICE) == removal.Contents(
            mails=1, notes=0, files=0, drafts=0
        )
    erase(home, ada)

    assert traces(home, INVOICE) == {"events"}
    assert kinds(home) == ["noted", "trashed", "erased"]
    assert every(home, "select before, after from event_payloads") == [(None, '{"mails": 1}')]
    assert verify.verify(home.store) == []
    with home.store.read() as db, pytest.raises(NotFound):
        conversations.by_id(db, ada, INVOICE)

    assert clear(home) == []
    assert not file.exists()
    segment = home.settings.raw / "000001.seg"
    assert b"zyzzyva" not in segment.read_bytes()
    with pytest.raises(NotFound):
        home.raw.read(place)
    assert [p.sha256 for p, _ in home.raw.records()] == [place.sha256]
    assert verify.verify(home.store) == []


def test_of_the_database_file_nothing_can_be_read_by_asking(home, ada):
    stored(home)
    trash(home, ada)
    erase(home, ada)
    columns = every(
        home,
        "select table_name, column_name from information_schema.columns where table_schema = "
        "'main' "
        "and data_type = 'VARCHAR' and table_name in (select table_name from "
        "information_schema.tables where table_type = 'BASE TABLE' and table_schema = 'main')",
    )
    assert len(columns) > 50
    for table, column in columns:
        found = one(home, f"select count(*) from {table} where {column} like '%zyzzyva%'")
        assert found == (0,), (table, column)


def test_what_another_mail_needs_too_stays(home, ada):
    place, file = stored(home)
    with home.store.export() as cursor:
        cursor.execute(
            "insert into attachments (message_id, conversation_id, filename, content_type, "
            "size_bytes, sha256, is_inline) values (2, 2, 'a', 'x', 1, $sha, true)",
            {"sha": file.name},
        )
        cursor.execute(
            "insert into raw_messages select * replace (nextval('raw_ids') as id, 2 as mailbox_id, "
            "2 as message_id) from raw_messages"
        )
    trash(home, ada)
    erase(home, ada)
    assert clear(home) == []

    assert file.exists()
    assert home.raw.read(place)


def test_a_file_that_is_just_being_filed_again_waits(home, ada):
    _place, file = stored(home)
    trash(home, ada)
    erase(home, ada)
    from inbox import clock

    assert [b.kind for b in clear(home, now=clock.now())] == ["file"]
    assert file.exists()
    assert clear(home) == []
    assert not file.exists()


def test_only_from_the_trash_and_only_by_a_manager(home, ada, bo):
    with pytest.raises(Invalid, match="in the trash"):
        erase(home, ada)
    trash(home, ada)
    with pytest.raises(NotAllowed):
        erase(home, bo)
    assert kinds(home) == ["trashed"]


@pytest.mark.parametrize("state", ["queued", "sending", "uncertain", "failed"])
def test_never_while_a_mail_of_it_is_unsettled(home, ada, state):
    connect(home)
    send(home, ada, written(home, ada))
    with home.store.export() as cursor:
        cursor.execute("update outbox set state = $state", {"state": state})
    trash(home, ada)
    with pytest.raises(Invalid, match="on its way"):
        erase(home, ada)
    with home.store.write() as db:
        assert removal.empty_trash(db, days=30, now=NOON + 99 * DAY) == 0
    assert traces(home, INVOICE) >= {"messages", "outbox"}


def test_a_reply_that_was_cancelled_goes_with_its_bytes_and_its_draft(home, ada):
    connect(home)
    send(home, ada, written(home, ada, body="zyzzyva"))
    with home.store.export() as cursor:
        cursor.execute("update outbox set state = 'cancelled', copy_state = 'none'")
    trash(home, ada)
    erase(home, ada)
    clear(home)

    assert traces(home, INVOICE) == {"events"}
    assert every(home, "select * from outbox_recipients") == []
    assert b"zyzzyva" not in (home.settings.raw / "000001.seg").read_bytes()
    assert verify.verify(home.store) == []


def test_a_family_goes_together_and_its_neighbours_stay(home, ada):
    second = another(home)
    with home.store.write() as db:
        merging.merge(db, ada, second, INVOICE, now=NOON)
    trash(home, ada, second)
    erase(home, ada, second)

    assert traces(home, INVOICE) == traces(home, second) == {"events"}
    assert kinds(home, second)[-1] == kinds(home, INVOICE)[-1] == "erased"
    assert traces(home, QUOTE) >= {"messages", "bodies"}
    assert verify.verify(home.store) == []


def test_the_trash_is_emptied_after_its_days_the_house_says_so_and_no_sooner(home, ada):
    trash(home, ada)
    with home.store.write() as db:
        assert removal.empty_trash(db, days=30, now=NOON + 30 * DAY - timedelta(seconds=1)) == 0
        assert removal.empty_trash(db, days=30, now=NOON + 30 * DAY) == 1
    (actor,) = every(home, "select actor_kind from events where kind = 'erased'")
    assert actor == ("system",)
    assert verify.verify(home.store) == []


def test_what_is_remembered_tells_nothing(home, ada):
    place, _file = stored(home)
    trash(home, ada)
    erase(home, ada)
    ((mailbox_id, digest, _at),) = every(home, "select * from erased_mail")

    assert (mailbox_id, digest) == (SUPPORT, removal.digest(place.sha256))
    with home.store.read() as db:
        assert removal.known_again(db, SUPPORT, [place.sha256, "x"]) == {place.sha256}
        assert removal.known_again(db, 2, [place.sha256]) == set()


def digest_of(home, about, state="queued"):
    """A digest to Ada that names these conversations, in which she was told of each."""
    text = "\n".join(f"- [zyzzyva {number}](http://x.test/?c={number})" for number in about)
    with home.store.write() as db:
        queued = house_mail.queue_system(
            db, None, "ada@example.com", "Things wait", text, raw=home.raw, now=NOON
        )
    with home.store.export() as cursor:
        cursor.execute("update outbox set state = $s where id = $id", {"s": state, "id": queued})
        for number in about:
            cursor.execute(
                "insert into notifications (agent_id, kind, conversation_id, mailbox_id, "
                "made_at, mailed_at) values (1, 'mention', $c, 1, $now, $now)",
                {"c": number, "now": NOON},
            )


@pytest.mark.parametrize("state", ["queued", "failed", "sent", "uncertain", "cancelled"])
def test_a_digest_that_names_it_goes_too_and_the_rest_comes_with_the_next(home, ada, state):
    connect(home)
    digest_of(home, [INVOICE, QUOTE], state)
    place = one(home, "select segment, position from outbox")
    trash(home, ada)
    erase(home, ada)

    assert every(home, "select * from outbox") == every(home, "select * from outbox_recipients")
    assert (
        every(home, "select segment, position from bytes_to_erase where kind = 'raw'")[0] == place
    )
    again = every(home, "select conversation_id from notifications where mailed_at is null")
    assert again == ([(QUOTE,)] if state == "queued" else [])


def test_a_digest_of_others_stays(home, ada):
    connect(home)
    digest_of(home, [INVOICE * 10, QUOTE])
    trash(home, ada)
    erase(home, ada)
    assert one(home, "select count(*) from outbox") == (1,)
