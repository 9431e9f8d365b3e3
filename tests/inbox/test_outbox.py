import email
import threading
from dataclasses import fields
from datetime import timedelta
from email import policy

import pytest

from inbox import (
    conversations,
    draft_files,
    drafts,
    events,
    message_ids,
    messages,
    notes,
    outbox,
    outgoing,
)
from inbox.errors import Invalid, NotAllowed, NotFound, Stale, TooLate
from inbox.events import Actor, record
from inbox.messages import Address, NewMessage, Recipients
from tests.conftest import NOON
from tests.conftest import agent as load
from tests.furniture import INVOICE, SUPPORT
from tests.inbox import post

SOON = NOON + timedelta(seconds=5)
DUE = NOON + timedelta(seconds=20)


@pytest.fixture
def home(home):
    post.connect(home)
    return home


def mail_of(home, outbox_id):
    with home.store.read() as db:
        raw = home.raw.read(outgoing.by_id(db, outbox_id).place)
    return email.message_from_bytes(raw, policy=policy.default)


def rows(home):
    return post.one(home, "select count(*) from outbox")[0]


def hear(home, kind="received", actor=None, *, is_auto=False, direction="in"):
    """A mail arrives (or is found in the Sent folder), as ingest files it."""
    with home.store.write() as db:
        (message_id,) = messages.reserve(db, 1)
        messages.add_all(
            db,
            [
                NewMessage(
                    id=message_id,
                    conversation_id=INVOICE,
                    mailbox_id=SUPPORT,
                    direction=direction,
                    via="imap" if direction == "in" else "sent",
                    sent_at=SOON,
                    received_at=SOON,
                    from_name="Maria",
                    from_address="maria@customer.test",
                    subject="More",
                    is_auto=is_auto,
                    thread_reason="references",
                    body_text="More",
                    reply_text="More",
                )
            ],
        )
        return record(
            db,
            actor or Actor(kind="contact"),
            kind,
            INVOICE,
            mailbox_id=SUPPORT,
            message_id=message_id,
            now=SOON,
        )


@pytest.mark.feature("CR01")
def test_send_freezes_the_mail_and_uses_up_the_draft(home, ada):
    draft = post.written(home, ada, body="Thank you.")
    queued = post.send(home, ada, draft)

    assert queued.due_at == DUE
    mail = mail_of(home, queued.outbox_id)
    ours = mail["Message-ID"].strip("<>")
    message_id = post.one(home, "select message_id from outbox")[0]
    assert message_ids.read(home.keys, ours) == (INVOICE, message_id)
    assert ours.endswith("@example.com")
    assert mail["References"] == mail["In-Reply-To"] == "<m1@customer.test>"
    assert "wrote:" in mail.get_body(("plain",)).get_content()
    with home.store.read() as db:
        assert drafts.of(db, ada, INVOICE) is None
        (shown,) = outbox.of_conversation(db, ada, INVOICE)
    assert (shown.state, shown.reply_text, shown.agent_name) == ("queued", "Thank you.", "Ada Lind")
    assert shown.results == (
        outgoing.Result(address="maria@customer.test", kind="to", state="pending", answer=None),
    )
    assert post.kinds(home) == ["claimed", "queued"]
    records = [meta["kind"] for _, meta in home.raw.records()]
    assert records == ["outbox"]


def test_a_double_click_adds_nothing(home, ada):
    draft = post.written(home, ada)

    assert post.send(home, ada, draft) == post.send(home, ada, draft, now=SOON)
    assert (rows(home), post.kinds(home)) == (1, ["claimed", "queued"])


def test_of_twenty_threads_pressing_send_one_row_comes(home, ada):
    draft = post.written(home, ada)
    gate, answers = threading.Barrier(20), []

    def press():
        gate.wait()
        answers.append(post.send(home, ada, draft))

    threads = [threading.Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 20
    assert len(set(answers)) == 1
    assert (rows(home), post.kinds(home)) == (1, ["claimed", "queued"])


def test_undo_gives_the_draft_back_exactly(home, ada):
    with home.store.write() as db:
        started = drafts.start(db, ada, INVOICE, "reply", now=NOON)
        draft_files.attach(db, ada, home.files, started.id, "å.pdf", "a/b", b"%PDF", now=NOON)
    people = Recipients(
        to=(post.MARIA,),
        cc=(Address(name="Jo", address="jo@x.test"),),
        bcc=(Address(name="", address="bo@x.test"),),
    )
    draft = post.written(
        home, ada, body=" Dear *Maria*,\n\n  x ", recipients=people, subject=" Re: Åäö "
    )
    queued = post.send(home, ada, draft)

    with home.store.write() as db:
        back = outbox.undo(db, ada, queued.outbox_id, now=SOON)

    for name in (f.name for f in fields(drafts.Draft)):
        if name not in {"revision", "updated_at", "confirmed"}:
            assert getattr(back, name) == getattr(draft, name), name
    assert back.revision == draft.revision + 1
    assert post.kinds(home) == ["claimed", "queued", "undone", "released"]
    again = post.send(home, ada, back, now=SOON)
    assert again.outbox_id != queued.outbox_id
    assert [s for (s,) in post.every(home, "select state from outbox order by id")] == [
        "cancelled",
        "queued",
    ]


def test_undo_is_refused_when_it_is_too_late(home, ada, bo):
    queued = post.send(home, ada, post.written(home, ada))

    def undo(agent, now):
        with home.store.write() as db:
            return outbox.undo(db, agent, queued.outbox_id, now=now)

    with pytest.raises(NotFound):
        undo(bo, SOON)
    with pytest.raises(TooLate):
        undo(ada, DUE + timedelta(microseconds=1))
    undo(ada, DUE)
    with pytest.raises(TooLate):
        undo(ada, SOON)


def test_a_leased_mail_cannot_be_undone(home, ada):
    queued = post.send(home, ada, post.written(home, ada))
    with home.store.export() as cursor:
        cursor.execute("update outbox set leased_until = $until", {"until": DUE})

    with pytest.raises(TooLate), home.store.write() as db:
        outbox.undo(db, ada, queued.outbox_id, now=SOON)


def note(home, agent):
    with home.store.write() as db:
        notes.add(db, agent, INVOICE, "Wait", now=SOON)


BETWEEN = {
    "customer mail": lambda home, bo: hear(home),
    "note": note,
    "queued reply": lambda home, bo: post.send(home, bo, post.written(home, bo)),
    "reply from a phone": lambda home, bo: hear(home, "replied", direction="out"),
}


@pytest.mark.parametrize("act", BETWEEN.values(), ids=BETWEEN.keys())
def test_the_guard_stops_a_stale_reply(home, ada, bo, act):
    draft = post.written(home, ada)
    act(home, bo)
    newest = post.one(home, "select max(event_id) from events")[0]
    before = rows(home)

    with pytest.raises(Stale) as stopped:
        post.send(home, ada, draft, now=SOON)

    assert stopped.value.newer == (newest,)
    assert rows(home) == before
    with home.store.read() as db:
        assert drafts.of(db, ada, INVOICE) == draft


@pytest.mark.parametrize("act", BETWEEN.values(), ids=BETWEEN.keys())
def test_what_was_acknowledged_stops_nothing(home, ada, bo, act):
    draft = post.written(home, ada)
    act(home, bo)
    newest = post.one(home, "select max(event_id) from events")[0]
    with home.store.write() as db:
        drafts.acknowledge(db, ada, draft.id, newest, now=SOON)

    post.send(home, ada, draft, now=SOON)


def test_send_anyway_is_recorded(home, ada):
    draft = post.written(home, ada)
    heard = hear(home)
    post.send(home, ada, draft, now=SOON, anyway=True)

    assert post.kinds(home) == ["received", "claimed", "queued", "sent_anyway"]
    with home.store.read() as db:
        after = events.of_conversation(db, ada, INVOICE)[-1].after
    assert after == f'{{"newer": [{heard}]}}'


def test_anyway_covers_what_was_shown_and_nothing_later(home, ada):
    draft = post.written(home, ada)
    shown = hear(home)
    later = hear(home)

    with pytest.raises(Stale) as stale:
        post.send(home, ada, draft, now=SOON, anyway=True, shown=shown)
    assert stale.value.newer == (shown, later)
    assert post.one(home, "select count(*) from outbox") == (0,)

    post.send(home, ada, draft, now=SOON, anyway=True, shown=later)
    assert post.one(home, "select count(*) from outbox") == (1,)


def test_own_acts_and_harmless_ones_stop_nothing(home, ada, bo):
    draft = post.written(home, ada)
    note(home, ada)
    hear(home, is_auto=True)
    with home.store.write() as db:
        conversations.claim(db, ada, INVOICE, now=SOON)
        conversations.assign(db, bo, INVOICE, bo.id, now=SOON)
    undone = post.send(home, bo, post.written(home, bo, now=SOON), now=SOON)
    with home.store.write() as db:
        outbox.undo(db, bo, undone.outbox_id, now=SOON)

    post.send(home, ada, draft, now=SOON)


def test_readers_strangers_and_colleagues_cannot_send_a_draft(home, ada, bo, cy, eve):
    draft = post.written(home, ada)
    for agent in (bo, cy, eve):
        with pytest.raises(NotFound):
            post.send(home, agent, draft)
    with home.store.export() as cursor:
        cursor.execute("update memberships set role = 'reader' where agent_id = 1")

    with pytest.raises(NotAllowed):
        post.send(home, load(home.store, 1), draft)
    assert rows(home) == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"body": " \n "}, "body"),
        ({"subject": "  "}, "subject"),
        ({"subject": "a\r\nBcc: evil@evil.test"}, "subject"),
        ({"recipients": Recipients()}, "to"),
        ({"recipients": Recipients(cc=(post.MARIA,))}, "to"),
        ({"recipients": post.to("a@x.test, b@y.test")}, "to"),
        ({"recipients": post.to("a@x.test\r\nRCPT TO:<evil@evil.test>")}, "to"),
        ({"recipients": Recipients(to=(Address(name="a\nBcc: x", address="a@x.test"),))}, "to"),
        ({"kind": "note"}, "kind"),
    ],
)
def test_what_cannot_be_mailed_is_refused_with_the_field(home, ada, changes, field):
    draft = post.written(home, ada, **changes)
    with pytest.raises(Invalid) as refused:
        post.send(home, ada, draft)

    assert refused.value.field == field
    assert rows(home) == 0
    with home.store.read() as db:
        assert drafts.of(db, ada, INVOICE) == draft


def test_an_older_revision_is_not_sent(home, ada):
    old = post.written(home, ada, body="old")
    text = {"recipients": old.recipients, "subject": old.subject, "kind": "reply"}
    with home.store.write() as db:
        drafts.save(db, ada, old.id, old.revision, body="new", **text, now=NOON)

    with pytest.raises(Stale):
        post.send(home, ada, old)


def test_without_a_server_nothing_is_queued(home, ada):
    post.connect(home, smtp_url=None)
    with pytest.raises(Invalid, match="can send mail"):
        post.send(home, ada, post.written(home, ada))


@pytest.mark.feature("CR03")
def test_on_behalf_names_the_agent(home, ada):
    with home.store.export() as cursor:
        cursor.execute("update memberships set sends = 'on_behalf' where agent_id = 1")

    ada = load(home.store, 1)
    mail = mail_of(home, post.send(home, ada, post.written(home, ada)).outbox_id)

    assert mail["From"] == "Ada Lind <support@example.com>"
    assert mail["Sender"] == "Ada Lind <ada@example.com>"


def test_the_signature_is_the_agents_else_the_mailboxs(home, ada, bo):
    post.connect(home, signature="The team")
    with home.store.export() as cursor:
        cursor.execute("update agents set signature = 'Bo from support' where id = 2")

    first = mail_of(home, post.send(home, ada, post.written(home, ada)).outbox_id)
    bo = load(home.store, 2)
    second = mail_of(home, post.send(home, bo, post.written(home, bo)).outbox_id)

    assert "\r\n-- \r\nThe team\r\n" in first.get_body(("plain",)).get_content()
    assert "\r\n-- \r\nBo from support\r\n" in second.get_body(("plain",)).get_content()


@pytest.mark.feature("CR04")
def test_a_copy_is_kept_where_the_provider_does_not(home, ada):
    wanted = {}
    for host, save_sent in (
        ("mail.example.com", "auto"),
        ("smtp.gmail.com", "auto"),
        ("smtp.office365.com", "auto"),
        ("smtp.gmail.com", "always"),
        ("mail.example.com", "never"),
    ):
        url = f"smtps://support@{host}:465"
        post.connect(home, url, imap_url="imaps://x@mail.example.com", save_sent=save_sent)
        outbox_id = post.send(home, ada, post.written(home, ada, body=host + save_sent)).outbox_id
        state = post.one(home, "select copy_state from outbox where id = $id", id=outbox_id)
        wanted[host, save_sent] = state[0]

    assert list(wanted.values()) == ["due", "none", "none", "due", "none"]


def test_a_system_mail_is_a_row_like_any_other(home, ada):
    with home.store.write() as db:
        outbox_id = outbox.queue_system(
            db, None, "New@Example.com", "Welcome", "Your **link**", raw=home.raw, now=NOON
        )
    mail = mail_of(home, outbox_id)

    assert (mail["From"], mail["To"]) == ("Support <support@example.com>", "new@example.com")
    assert mail["Auto-Submitted"] == "auto-generated"
    with home.store.read() as db:
        (trouble,) = outbox.troubles(db, ada)
    assert (trouble.state, trouble.row_count) == ("queued", 1)
    with pytest.raises(Invalid), home.store.write() as db:
        outbox.queue_system(db, None, "a@x.test\r\n", "x\r\ny", "z", raw=home.raw, now=NOON)


def test_what_waits_is_seen_by_its_readers_alone(home, ada, bo, eve):
    post.send(home, ada, post.written(home, ada))

    with home.store.read() as db:
        assert outbox.troubles(db, eve) == []
        assert [t.state for t in outbox.troubles(db, bo)] == ["queued"]
        assert outbox.of_conversation(db, eve, INVOICE) == []
        assert len(outbox.of_conversation(db, bo, INVOICE)) == 1


@pytest.mark.parametrize("who", ["cy", "eve"])
def test_repairs_need_the_right_to_answer(home, ada, who, request):
    agent = request.getfixturevalue(who)
    outbox_id = post.send(home, ada, post.written(home, ada)).outbox_id
    refused = NotFound if who == "eve" else NotAllowed
    with home.store.write() as db:
        for verb in (
            outbox.undo,
            outbox.confirm_arrived,
            outbox.send_again,
            outbox.retry_now,
            outbox.cancel,
        ):
            with pytest.raises(refused):
                verb(db, agent, outbox_id, now=SOON)
        with pytest.raises(refused):
            outbox.correct(db, agent, outbox_id, "a@x.test", "b@x.test", raw=home.raw, now=SOON)


def test_repairs_refuse_a_mail_that_waits_for_its_first_attempt(home, ada):
    outbox_id = post.send(home, ada, post.written(home, ada)).outbox_id
    with home.store.write() as db:
        for verb in (outbox.confirm_arrived, outbox.send_again, outbox.retry_now):
            with pytest.raises(TooLate):
                verb(db, ada, outbox_id, now=SOON)
