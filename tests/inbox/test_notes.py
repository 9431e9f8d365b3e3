import ast
from pathlib import Path

import pytest

from inbox import agents, attachments, conversations, draft_files, drafts, lists, messages, notes
from inbox.errors import Invalid, NotAllowed, NotFound, Stale, TooLate
from tests.conftest import NOON
from tests.furniture import INVOICE, QUOTE
from tests.inbox import post


@pytest.mark.feature("NT01", "NT02")
def test_a_note_stands_in_the_conversation_and_the_customer_still_waits(home, ada):
    with home.store.write() as db:
        before = conversations.by_id(db, ada, INVOICE)
        message_id = notes.add(db, ada, INVOICE, "Ask **Bo** <script>", now=NOON)
        after = conversations.by_id(db, ada, INVOICE)
        note = messages.in_conversation(db, ada, INVOICE)[-1]

    assert (note.id, note.direction, note.via, note.agent_id) == (message_id, "note", "app", 1)
    assert note.body_text == "Ask **Bo** <script>"
    assert note.body_html == "<p>Ask <strong>Bo</strong> &lt;script&gt;</p>\n"
    assert after.message_count == before.message_count + 1
    assert after.last_message_at == before.last_message_at
    assert after.waiting_since == before.waiting_since
    assert post.kinds(home) == ["noted"]
    assert post.one(home, "select count(*) from outbox") == (0,)


def test_an_empty_note_is_refused(db, ada):
    with pytest.raises(Invalid):
        notes.add(db, ada, INVOICE, " \n\0 ", now=NOON)


def test_readers_and_strangers_leave_no_notes(db, cy, eve):
    with pytest.raises(NotAllowed):
        notes.add(db, cy, INVOICE, "x", now=NOON)
    with pytest.raises(NotFound):
        notes.add(db, eve, INVOICE, "x", now=NOON)


def test_a_draft_becomes_one_note(home, ada):
    with home.store.write() as db:
        draft = written(db, ada)
        notes.from_draft(db, ada, INVOICE, draft.id, draft.revision, now=NOON)
    with pytest.raises(TooLate), home.store.write() as db:
        notes.from_draft(db, ada, INVOICE, draft.id, draft.revision, now=NOON)

    assert post.kinds(home) == ["noted"]


def test_a_note_stays_in_the_conversation_it_was_written_in(home, ada):
    with home.store.export() as cursor:
        cursor.execute("insert into memberships values (2, 1, 'agent', 'as')")
    with home.store.write() as db:
        ada = agents.by_id(db, ada.id)
        draft = written(db, ada)
        with pytest.raises(Invalid, match="another conversation"):
            notes.from_draft(db, ada, QUOTE, draft.id, draft.revision, now=NOON)
        assert drafts.own(db, ada, draft.id) == draft

    assert post.kinds(home) == post.kinds(home, QUOTE) == []


@pytest.mark.feature("NT02")
def test_a_reply_or_an_older_text_does_not_become_a_note(db, ada):
    draft = written(db, ada)
    with pytest.raises(Stale, match="changed on another page"):
        notes.from_draft(db, ada, INVOICE, draft.id, draft.revision - 1, now=NOON)
    reply = written(db, ada, kind="reply")
    with pytest.raises(Invalid, match="a reply, not a note"):
        notes.from_draft(db, ada, INVOICE, reply.id, reply.revision, now=NOON)

    assert messages.in_conversation(db, ada, INVOICE)[-1].direction == "in"


def test_files_go_with_the_note(home, db, ada):
    draft = written(db, ada)
    draft = draft_files.attach(
        db, ada, home.files, draft.id, "plan.pdf", "application/pdf", b"%PDF", now=NOON
    )
    message_id = notes.from_draft(db, ada, INVOICE, draft.id, draft.revision, now=NOON)
    note = messages.in_conversation(db, ada, INVOICE)[-1]
    (file,) = note.attachments

    assert (note.id, file.filename, file.size_bytes) == (message_id, "plan.pdf", 4)
    assert attachments.download(db, ada, file.id, now=NOON).sha256 == file.sha256
    (listed,) = lists.listed(db, ada, "open", now=NOON)
    assert listed.attachment_count == 1


def written(db, agent, body="Once", kind="note"):
    draft = drafts.start(db, agent, INVOICE, kind, now=NOON)
    text = {"body": body, "recipients": draft.recipients, "subject": draft.subject, "kind": kind}
    return drafts.save(db, agent, draft.id, draft.revision, **text, now=NOON)


@pytest.mark.feature("NT01")
def test_no_path_of_imports_leads_from_notes_to_the_outbox_or_a_mail():
    seen, waiting = set(), ["inbox.notes"]
    while waiting:
        module = waiting.pop()
        if module in seen or not module.startswith("inbox"):
            continue
        seen.add(module)
        for node in ast.walk(ast.parse(Path(module.replace(".", "/") + ".py").read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "inbox":
                waiting += [f"inbox.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                waiting.append(node.module)

    assert "inbox.markdown" in seen
    assert not {m for m in seen if m.split(".")[1] in {"outbox", "outgoing", "mime", "delivery"}}
