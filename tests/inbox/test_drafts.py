import pytest

from inbox import answering, conversations, drafts, events, notes
from inbox.errors import Invalid, NotAllowed, NotFound, Stale, TooLate
from inbox.messages import Address, Recipients
from tests.conftest import NOON
from tests.furniture import INVOICE
from tests.inbox import post

TEAM = Address(name="Team", address="team@customer.test")


def start(db, agent, **options):
    return drafts.start(db, agent, INVOICE, "reply", now=NOON, **options)


def save(db, agent, draft, revision=None, **changes):
    given = {
        "body": draft.body,
        "recipients": draft.recipients,
        "subject": draft.subject,
        "kind": draft.kind,
    }
    revision = draft.revision if revision is None else revision
    return drafts.save(db, agent, draft.id, revision, **(given | changes), now=NOON)


def address_first_mail(home, **kinds):
    """Rewrite whom the furnished mail of the customer was sent to."""
    with home.store.export() as cursor:
        cursor.execute(
            "update messages set recipients = $recipients where id = 1",
            {"recipients": Recipients(**kinds).as_json()},
        )


def test_a_reply_begins_addressed_to_the_customer(db, ada):
    draft = start(db, ada)

    assert draft.recipients == Recipients(to=(post.MARIA,))
    assert (draft.subject, draft.body, draft.answers_message_id) == ("Re: Invoice 12", "", 1)
    assert (draft.kind, draft.state, draft.revision) == ("reply", "open", 0)


def test_starting_again_gives_the_same_draft(db, ada, bo):
    assert start(db, ada) == start(db, ada) == drafts.of(db, ada, INVOICE)
    assert drafts.of(db, bo, INVOICE) is None


def test_reply_to_wins_over_from(home, ada):
    address_first_mail(home, reply_to=(TEAM,))
    with home.store.write() as db:
        assert start(db, ada).recipients.to == (TEAM,)


def test_reply_all_leaves_ourselves_out_and_doubles_nobody(home, ada):
    ours = Address(name="Support", address="support@example.com")
    jo = Address(name="Jo\r\nBcc: x", address="jo@customer.test")
    address_first_mail(home, to=(ours, TEAM), cc=(jo, post.MARIA, TEAM))
    with home.store.write() as db:
        found = start(db, ada, everybody=True).recipients
        assert found == answering.recipients(db, ada, INVOICE, everybody=True)

    assert found.to == (post.MARIA,)
    assert found.cc == (TEAM, Address(name="Jo Bcc: x", address="jo@customer.test"))


def test_what_was_seen_is_the_newest_event_at_the_start(db, ada, bo):
    conversations.claim(db, bo, INVOICE, now=NOON)
    newest = events.of_conversation(db, ada, INVOICE)[-1].event_id

    assert start(db, ada).seen_event_id == newest


def test_saving_leaves_no_event_and_survives(db, ada):
    draft = save(db, ada, start(db, ada), body="Half a sen")

    assert (draft.body, draft.revision) == ("Half a sen", 1)
    assert drafts.of(db, ada, INVOICE) == draft
    assert events.of_conversation(db, ada, INVOICE) == []


def test_an_older_text_never_overwrites_a_newer(db, ada):
    draft = save(db, ada, start(db, ada), body="newer")

    with pytest.raises(Stale, match="changed on another page"):
        save(db, ada, draft, revision=0, body="older")
    assert drafts.of(db, ada, INVOICE).body == "newer"


def test_saving_the_same_text_twice_changes_nothing(db, ada):
    first = save(db, ada, start(db, ada), body="same")

    assert save(db, ada, first, revision=0) == first


def test_only_its_author_touches_a_draft(db, ada, bo):
    draft = start(db, ada)

    for touch in (
        lambda: save(db, bo, draft, body="mine now"),
        lambda: drafts.discard(db, bo, draft.id, now=NOON),
        lambda: drafts.acknowledge(db, bo, draft.id, 5, now=NOON),
        lambda: drafts.own(db, bo, draft.id),
    ):
        with pytest.raises(NotFound):
            touch()


def test_readers_and_strangers_write_no_drafts(db, cy, eve):
    with pytest.raises(NotAllowed):
        start(db, cy)
    with pytest.raises(NotFound):
        start(db, eve)


def test_nobody_acknowledges_what_has_not_happened(db, ada, bo):
    draft = start(db, ada)
    notes.add(db, bo, INVOICE, "Wait", now=NOON)
    newest = events.of_conversation(db, ada, INVOICE)[-1].event_id

    assert drafts.acknowledge(db, ada, draft.id, 10**12, now=NOON).seen_event_id == newest
    assert drafts.acknowledge(db, ada, draft.id, 0, now=NOON).seen_event_id == newest


def test_files_are_kept_and_named_safely(home, db, ada):
    draft = start(db, ada)
    name = "..\\..\\etc/pass\r\nwd\u2028.pdf"
    kept = drafts.attach(db, ada, home.files, draft.id, name, "application/pdf", b"%PDF", now=NOON)

    assert (kept.filename, kept.size_bytes) == ("pass wd .pdf", 4)
    assert home.files.path(kept.sha256).read_bytes() == b"%PDF"
    assert drafts.of(db, ada, INVOICE).attachments == (kept,)
    drafts.detach(db, ada, draft.id, kept.id, now=NOON)
    assert drafts.of(db, ada, INVOICE).attachments == ()


def test_files_too_big_to_mail_are_refused(home, db, ada, monkeypatch):
    monkeypatch.setattr(drafts, "ATTACHMENTS_BYTES", 10)
    draft = start(db, ada)
    drafts.attach(db, ada, home.files, draft.id, "a", "text/plain", b"123456", now=NOON)

    with pytest.raises(Invalid, match="at most"):
        drafts.attach(db, ada, home.files, draft.id, "b", "text/plain", b"123456", now=NOON)


def test_a_discarded_draft_is_gone_and_a_new_one_is_empty(db, ada):
    draft = save(db, ada, start(db, ada), body="no")
    drafts.discard(db, ada, draft.id, now=NOON)
    drafts.discard(db, ada, draft.id, now=NOON)

    assert drafts.of(db, ada, INVOICE) is None
    with pytest.raises(TooLate):
        save(db, ada, draft, body="still here?")
    assert start(db, ada).body == ""
