"""The page Health: empty, troubled, and for admins only."""

import pytest

HOSTILE = "![x](http://evil.test/p.png) <script>"


@pytest.fixture
def visit(at_desk):
    def come(who):
        app = at_desk(who)
        app.run()
        return app.switch_page("admin/health.py").run()

    return come


def shown(app):
    return "\n".join(m.value for m in [*app.markdown, *app.error, *app.success, *app.info])


def test_a_quiet_house(visit):
    app = visit("ada")

    assert not app.exception
    for words in ("Nothing was sent yet.", "Every mail could be read.", "No job has run yet."):
        assert words in shown(app)
    assert not app.error


def test_only_admins_look(visit):
    app = visit("bo")

    assert "for those who run the house" in app.info[0].value
    assert not app.button


def test_trouble_is_named_and_linked_and_strangers_text_stays_text(visit, store):
    with store.export() as cursor:
        cursor.execute("update messages set is_readable = false, from_address = $t", {"t": HOSTILE})
        cursor.execute(
            "insert into job_runs (job, mailbox_id, started_at, ended_at, is_ok, detail) "
            "select 'poll', 1, m, m, false, $t from (select timestamp '2026-03-02 11:00' as m)",
            {"t": HOSTILE},
        )
        cursor.execute("update mailboxes set imap_url = 'imaps://a@localhost' where id = 1")
        cursor.execute(
            "insert into outbox by name select 'reply' as kind, 1 as mailbox_id, "
            "1 as conversation_id, 'x' as rfc_message_id, '' as raw_sha256, 0 as segment, "
            "0 as position, 0 as size_bytes, '' as envelope_from, '' as from_name, "
            "'' as from_address, '{}' as recipients, $t as subject, '' as body_text, "
            "'' as body_html, '' as reply_text, '[]' as attachments, 0 as seen_event_id, "
            "timestamp '2026-03-02 11:00' as queued_at, timestamp '2026-03-02 11:00' as due_at, "
            "'failed' as state, '' as stage, false as closes, 1 as attempts, $t as error, "
            "'' as copy_state, '' as sent_check",
            {"t": HOSTILE},
        )
    app = visit("ada")

    assert not app.exception
    assert "(/original/1)" in shown(app)
    assert "(/?c=1)" in shown(app)
    assert "1 mail was not delivered" in shown(app)
    assert "![x](" not in shown(app)
    assert "<script>" not in shown(app)


def test_a_back_up_is_made_now(visit, settings):
    app = visit("ada")
    app.button(key="back_up").click().run()

    assert not app.exception
    assert "Backed up" in app.success[0].value
    assert len(list(settings.backups.iterdir())) == 1
