"""What the stream shows of a conversation, as data for its component."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from inbox import hiding, messages, restricting
from inbox.agents import Agent
from inbox.house import House
from inbox.messages import Attachment, Message
from inbox.store import Store
from pages.parts import details, earlier, papers, thread
from pages.parts.thread import Look
from tests.conftest import NOON
from tests.furniture import INVOICE

AtDesk = Callable[..., AppTest]
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 300


def mails(store: Store, who: Agent) -> list[Message]:
    with store.read() as db:
        return messages.in_conversation(db, who, INVOICE)


def look(home: House, who: Agent, **more: Any) -> Look:
    given = {"may_triage": True, "mailbox_id": 1, "now": NOON, "where": UTC, **more}
    return Look(viewer=who, files=home.files, **given)


def file(home: House, name: str, content: bytes = b"x", **more: Any) -> Attachment:
    columns = {
        "id": 7,
        "filename": name,
        "content_type": "application/octet-stream",
        "size_bytes": len(content),
        "sha256": home.files.put(content),
        "content_id": None,
        "is_inline": False,
        **more,
    }
    return Attachment(**columns)


@pytest.mark.feature("CR15")
def test_a_hidden_message_is_a_line_that_says_who_hid_it(
    home: House, ada: Agent, bo: Agent
) -> None:
    with home.store.write() as db:
        hiding.hide(db, bo, INVOICE, 1, now=NOON)
    (message,) = mails(home.store, bo)

    own, admins = (thread.mail(message, look(home, who)) for who in (bo, ada))
    assert (own["kind"], own["text"], own["can_show"]) == (
        "hidden",
        "You hid this message 12:00.",
        True,
    )
    assert (admins["text"], admins["can_show"]) == ("Bo Ek hid this message 12:00.", True)
    others = thread.mail(message, look(home, replace(ada, is_admin=False)))
    assert not others["can_show"]


@pytest.mark.parametrize(
    ("name", "content", "kind", "view", "small"),
    [
        ("a.png", PNG, "picture", "picture", True),
        ("a.png", b"<svg onload=alert(1)>", "picture", "", False),
        ("a.html", PNG, "picture", "picture", True),
        ("a.pdf", b"%PDF-1.4", "page", "page", False),
        ("a.pdf", b"MZ", "page", "", False),
        ("a.xlsx", b"PK", "sheet", "", False),
        ("a.docx", b"PK", "text", "", False),
        ("", b"", "file", "", False),
        ("a.unheard-of", b"", "file", "", False),
    ],
)
def test_a_file_is_shown_as_what_its_bytes_say(
    home: House, bo: Agent, name: str, content: bytes, kind: str, view: str, small: bool
) -> None:
    (message,) = mails(home.store, bo)
    found = replace(message, attachments=(file(home, name, content),))
    (shown,) = thread.mail(found, look(home, bo))["files"]

    assert (shown["kind"], shown["view"], shown["small"]) == (kind, view, small)


@pytest.mark.feature("CR13")
def test_a_restricted_file_is_a_name_with_a_lock(
    home: House, ada: Agent, bo: Agent, cy: Agent
) -> None:
    (message,) = mails(home.store, bo)
    found = replace(message, attachments=(file(home, "id.png", PNG, restricted_by=bo.id),))

    def seen(who: Agent, **more: Any) -> Any:
        return thread.mail(found, look(home, who, **more))["files"][0]

    assert seen(cy, may_triage=False) == {
        "id": 7,
        "name": "id.png",
        "size": "308 B",
        "kind": "picture",
        "view": "",
        "small": False,
        "restricted": True,
        "locked": True,
        "deed": "",
    }
    for who in (bo, ada, replace(bo, id=77)):
        is_free = who.id != 77
        one = seen(who)
        assert (one["locked"], one["deed"]) == (not is_free, "lift" if is_free else "")
        assert not one["small"]
    assert not seen(replace(bo, id=77), assignee_id=77)["locked"]


def test_an_inline_picture_is_no_file_when_the_text_shows_it(home: House, bo: Agent) -> None:
    (message,) = mails(home.store, bo)
    picture = file(home, "logo.png", PNG, content_id="<logo@x>", is_inline=True)
    named = replace(message, body_html="<img src='cid:logo@x'>", attachments=(picture,))

    shown = thread.mail(named, look(home, bo))
    assert shown["files"] == [] and "data:image/png;base64," in shown["html"]
    assert not shown["own_pictures"]
    unnamed = thread.mail(replace(named, body_html="<p>x</p>"), look(home, bo))
    assert [f["name"] for f in unnamed["files"]] == ["logo.png"]
    secret = replace(named, attachments=(replace(picture, restricted_by=bo.id),))
    held = thread.mail(secret, look(home, bo))
    assert "data:" not in held["html"] and held["files"][0]["restricted"]


def test_a_large_inline_picture_comes_by_our_own_door(home: House, bo: Agent) -> None:
    (message,) = mails(home.store, bo)
    picture = file(home, "big.png", PNG, content_id="big", is_inline=True, size_bytes=5_000_000)
    html = "<img src='cid:big'><img src='/preview/8'><img src='//x.test/preview/9'>"
    shown = thread.mail(replace(message, body_html=html, attachments=(picture,)), look(home, bo))

    assert shown["html"].count('src="') == 1 and 'src="/preview/7"' in shown["html"]
    assert shown["own_pictures"]


@pytest.mark.parametrize(
    ("kept", "is_warned"),
    [
        ("mx.test spf=failed dkim=failed dmarc=failed", True),
        ("mx.test spf=passed dkim=passed dmarc=passed", False),
        ("", False),
    ],
)
def test_a_sender_the_server_could_not_confirm_is_pointed_out(
    home: House, bo: Agent, kept: str, is_warned: bool
) -> None:
    (message,) = mails(home.store, bo)
    doubted = replace(message, authentication=kept)

    told = json.dumps(thread.mail(doubted, look(home, bo))["warnings"])
    assert ("could not confirm" in told) is is_warned
    ours = replace(doubted, direction="out")
    assert "could not confirm" not in json.dumps(thread.mail(ours, look(home, bo))["warnings"])


HEAD = (
    b"Received: from a\r\n by b\r\nSubject: =?utf-8?q?=E2=80=AEevil_=3Cscript=3E?=\r\n"
    b"message-id: <1@x.test>\r\n"
    b"X-Odd: \xff\x00\x1b[31m<img onerror=x>\r\nNo field at all\r\n\r\nBody: not a header\r\n"
)


def test_the_head_of_a_mail_is_text() -> None:
    head = details.read(HEAD)

    names = [name for name, _text in head.fields]
    assert names == ["Received", "Subject", "Message-ID", "X-Odd"]
    told = json.dumps(head.fields, ensure_ascii=False)
    assert "from a by b" in told and "evil <script>" in told
    assert not set(told + head.raw) & set("\u202e\0\x1b")
    assert "not a header" not in head.raw and head.size_bytes == len(HEAD)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"\xff" * 5000,
        b"A: b\r\n" * 90_000,
        b"A:" + b"x" * 3_000_000,
        b"(" * 400_000,
        b"Subject: " + b"=?utf-8?q?" * 30_000,
    ],
)
def test_any_head_is_short_enough_to_look_at(raw: bytes) -> None:
    head = details.read(raw)
    assert len(head.fields) <= details.MOST_FIELDS
    assert len(head.raw) <= details.LONGEST_RAW
    assert all(len(text) <= details.LONGEST_FIELD for _name, text in head.fields)


def test_what_was_found_out_about_a_sender_is_told_in_words(home: House, bo: Agent) -> None:
    (message,) = mails(home.store, bo)
    kept = "mx.test spf=passed dkim=unknown dmarc=failed"
    told = details.shown(replace(message, authentication=kept), details.read(HEAD), UTC)

    assert [c["text"] for c in told["checks"]["each"]] == [
        "SPF passed",
        "DKIM unknown",
        "DMARC failed",
    ]
    assert told["checks"]["by"] == "Checked by mx.test"
    nobody = details.shown(message, details.Head(), UTC)
    assert nobody["checks"]["each"] == [] and nobody["fields"] == []
    assert details.shown(replace(message, direction="note"), details.Head(), UTC)["checks"] is None


def test_each_way_and_each_reason_has_words() -> None:
    assert set(details._CAME) == set(messages.Via.__args__)  # type: ignore[attr-defined]
    assert all(details._REASONS.values())


def lines(count: int) -> list[dict[str, Any]]:
    return [{"kind": "diary", "key": f"e{n}", "text": str(n)} for n in range(count)]


def test_long_runs_of_quiet_lines_are_folded_all_but_the_last() -> None:
    one = {"kind": "mail", "key": "m1"}
    assert earlier.folded([*lines(4), one]) == [*lines(4), one]
    first, *rest = earlier.folded([*lines(9), one, *lines(2)])
    assert (first["kind"], first["text"], len(first["lines"])) == ("acts", "7 earlier acts", 7)
    assert rest == [*lines(9)[7:], one, *lines(2)]
    assert earlier.folded([]) == []


def many(home: House, count: int) -> None:
    with home.store.export() as cursor:
        for number in range(count):
            cursor.execute(
                "insert into messages (conversation_id, mailbox_id, direction, via, sent_at, "
                "received_at, from_name, from_address, recipients, subject, is_auto, is_bounce, "
                "is_readable, attachment_count, thread_reason) values (1, 1, 'in', 'imap', "
                "$at, $at, 'M', 'm@customer.test', '{}', '', false, false, true, 0, 'reference')",
                {"at": NOON + timedelta(seconds=number)},
            )
        cursor.execute(
            "insert into bodies select id, 1, 'x', null, 'x' from messages where id > 2 "
            "and id not in (select message_id from bodies)"
        )


@pytest.mark.feature("CR14")
def test_a_long_conversation_shows_its_newest_forty(
    home: House, bo: Agent, at_desk: AtDesk
) -> None:
    many(home, 59)
    assert len(earlier.newest(mails(home.store, bo), INVOICE, None)) == 60
    many(home, 63)
    found = mails(home.store, bo)
    assert len(found) == 123
    assert [m.id for m in earlier.newest(found, INVOICE, None)] == [m.id for m in found[-40:]]
    assert earlier.before(83)[0]["text"] == "Show 83 earlier messages"
    # A link to one of the others shows them all; one to a newer, or to nothing, does not.
    assert len(earlier.newest(found, INVOICE, found[3].id)) == 123
    assert len(earlier.newest(found, INVOICE, found[-3].id)) == 40
    assert len(earlier.newest(found, INVOICE, 2)) == 40


def test_a_long_conversation_with_hidden_and_restricted_costs_no_statement_more(
    home: House, bo: Agent, at_desk: AtDesk
) -> None:
    many(home, 100)
    with home.store.write() as db:
        hiding.hide(db, bo, INVOICE, 1, now=NOON)
        hiding.hide(db, bo, INVOICE, 80, now=NOON)
    with home.store.export() as cursor:
        cursor.execute(
            "insert into attachments (message_id, conversation_id, filename, content_type, "
            "size_bytes, sha256, is_inline) values (70, 1, 'a', 'x', 1, $sha, false)",
            {"sha": home.files.put(b"x")},
        )
    with home.store.write() as db:
        restricting.restrict(db, bo, INVOICE, 1, now=NOON)
    app = at_desk("bo", view="open", c="1").run()
    before = home.store.tally.statements
    app.run()

    assert not app.exception
    assert home.store.tally.statements - before <= 6


def test_details_are_read_once(home: House, bo: Agent, at_desk: AtDesk) -> None:
    app = at_desk("bo", view="open", c="1").run()
    app.session_state["details"] = {1: details.read(HEAD)}
    before = home.store.tally.statements
    app.run()
    assert not app.exception and home.store.tally.statements - before <= 6


def test_sizes_of_what_may_be_taken_along() -> None:
    assert papers.openable([{"locked": True}, {"locked": False}]) == 1
