from dataclasses import replace

import pytest

from inbox import agents, answering, conversations, draft_files, drafts, events, notes
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


@pytest.mark.parametrize("revision", [0, 2, 99])
def test_only_the_newest_revision_is_written_on(db, ada, revision):
    draft = save(db, ada, start(db, ada), body="same")

    with pytest.raises(Stale):
        save(db, ada, draft, revision=revision, body="guessed")
    assert drafts.of(db, ada, INVOICE) == draft


def test_beginning_to_write_never_takes_a_draft_that_has_a_text(db, ada):
    first = save(db, ada, start(db, ada), body="The first answer")
    second = start(db, ada)

    assert second.id != first.id
    assert drafts.all_of(db, ada, INVOICE) == [second, first]


@pytest.mark.parametrize(("told", "kept"), [(0, 0), (1, 1), (10**12, 2)])
def test_what_was_seen_is_what_the_browser_had_drawn(db, ada, bo, told, kept):
    conversations.claim(db, bo, INVOICE, now=NOON)
    notes.add(db, bo, INVOICE, "Wait", now=NOON)

    assert start(db, ada, seen_event_id=told).seen_event_id == kept


@pytest.mark.parametrize("role", ["reader", None])
def test_who_was_taken_out_of_the_mailbox_writes_no_further(home, bo, role):
    with home.store.write() as db:
        draft = save(db, bo, start(db, bo), body="Mine")
    with home.store.export() as cursor:
        cursor.execute("delete from memberships where agent_id = 2")
        if role:
            cursor.execute("insert into memberships values (1, 2, $role, 'as')", {"role": role})
    with home.store.write() as db:
        reduced = agents.by_id(db, bo.id)
        for touch in (
            lambda: save(db, reduced, draft, body="On I go"),
            lambda: draft_files.attach(
                db, reduced, home.files, draft.id, "a", "text/plain", b"a", now=NOON
            ),
            lambda: draft_files.detach(db, reduced, draft.id, 1, now=NOON),
            lambda: drafts.acknowledge(db, reduced, draft.id, 5, now=NOON),
            lambda: drafts.discard(db, reduced, draft.id, now=NOON),
            lambda: drafts.restore(db, reduced, draft.id, now=NOON),
            lambda: notes.from_draft(db, reduced, INVOICE, draft.id, draft.revision, now=NOON),
        ):
            with pytest.raises(NotAllowed):
                touch()
        assert drafts.all_of(db, reduced, INVOICE) == ([draft] if role else [])
        assert drafts.own(db, bo, draft.id) == draft
        if role is None:
            with pytest.raises(NotFound):
                drafts.own(db, reduced, draft.id)


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
    file = (home.files, draft.id, name, "application/pdf", b"%PDF")
    attached = draft_files.attach(db, ada, *file, now=NOON)
    (kept,) = attached.attachments

    assert attached.revision == draft.revision + 1
    assert (kept.filename, kept.size_bytes) == ("pass wd .pdf", 4)
    assert home.files.path(kept.sha256).read_bytes() == b"%PDF"
    assert drafts.of(db, ada, INVOICE).attachments == (kept,)
    detached = draft_files.detach(db, ada, draft.id, kept.id, now=NOON)
    assert (detached.attachments, detached.revision) == ((), attached.revision + 1)
    assert draft_files.detach(db, ada, draft.id, kept.id, now=NOON) == detached


def test_files_too_big_to_mail_are_refused(home, db, ada, monkeypatch):
    monkeypatch.setattr(draft_files, "MOST_BYTES", 10)
    draft = start(db, ada)
    draft_files.attach(db, ada, home.files, draft.id, "a", "text/plain", b"123456", now=NOON)

    with pytest.raises(Invalid, match="at most"):
        draft_files.attach(db, ada, home.files, draft.id, "b", "text/plain", b"123456", now=NOON)


def test_a_discarded_draft_is_gone_and_a_new_one_is_empty(db, ada):
    draft = save(db, ada, start(db, ada), body="no")
    drafts.discard(db, ada, draft.id, now=NOON)
    drafts.discard(db, ada, draft.id, now=NOON)

    assert drafts.of(db, ada, INVOICE) is None
    with pytest.raises(TooLate):
        save(db, ada, draft, body="still here?")
    assert start(db, ada).body == ""


def test_a_discarded_draft_comes_back_as_it_was(home, db, ada):
    draft = save(db, ada, start(db, ada), body="Worth it")
    draft = draft_files.attach(db, ada, home.files, draft.id, "a", "text/plain", b"a", now=NOON)
    drafts.discard(db, ada, draft.id, now=NOON)
    back = drafts.restore(db, ada, draft.id, now=NOON)

    assert back == replace(draft, revision=draft.revision + 1)
    assert drafts.restore(db, ada, draft.id, now=NOON) == back
    assert drafts.of(db, ada, INVOICE) == back


def test_what_was_sent_is_not_restored(db, ada):
    draft = save(db, ada, start(db, ada), body="Gone", kind="note")
    notes.from_draft(db, ada, INVOICE, draft.id, draft.revision, now=NOON)

    with pytest.raises(TooLate):
        drafts.restore(db, ada, draft.id, now=NOON)
