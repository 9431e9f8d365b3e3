import json
from datetime import timedelta

import pytest

from inbox import attachments
from inbox.errors import NotFound
from tests.conftest import NOON
from tests.furniture import BO, CY, EVE, INVOICE, SUPPORT
from web.files import disposition

RAW = b"From: maria@customer.test\r\nSubject: Invoice 12\r\n\r\nHello\r\n"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


@pytest.fixture
def kept(served):
    """An attachment and the original of Maria's mail."""
    house = served.house
    (place,) = house.raw.append([(RAW, {})])
    with house.store.export() as cursor:
        cursor.execute(
            "insert into attachments (message_id, conversation_id, filename, content_type, "
            "size_bytes, sha256, is_inline) "
            "values ($m, $c, $name, 'image/svg+xml', 60, $sha, false)",
            {
                "m": INVOICE,
                "c": INVOICE,
                "name": '../fåktura\r\n".svg',
                "sha": house.files.put(SVG),
            },
        )
        cursor.execute("update messages set raw_sha256 = $sha where id = 1", {"sha": place.sha256})
        cursor.execute(
            "insert into raw_messages (mailbox_id, folder, uidvalidity, uid, sha256, segment, "
            "position, size_bytes, fetched_at, state) values ($mailbox, 'INBOX', 1, 1, $sha, $seg, "
            "$pos, $size, $now, 'filed')",
            {
                "mailbox": SUPPORT,
                "sha": place.sha256,
                "seg": place.segment,
                "pos": place.position,
                "size": place.size_bytes,
                "now": NOON,
            },
        )
    return served


def downloads(served):
    with served.house.store.export() as cursor:
        return cursor.execute(
            "select actor_id, conversation_id, message_id from events where kind = 'downloaded'"
        ).fetchall()


@pytest.mark.parametrize("agent_id", [BO, CY])
def test_an_attachment_is_bytes_and_nothing_else(kept, agent_id):
    answer = kept.browser(agent_id).get("/attachment/1")

    assert (answer.status_code, answer.content) == (200, SVG)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    named = answer.headers["content-disposition"]
    assert named == "attachment; filename=\"f_ktura_.svg\"; filename*=UTF-8''f%C3%A5ktura%22.svg"


def test_the_original_is_exact(kept):
    answer = kept.browser(CY).get("/original/1")

    assert (answer.status_code, answer.content) == (200, RAW)
    assert answer.headers["content-type"] == "message/rfc822"
    assert 'attachment; filename="message-1.eml"' in answer.headers["content-disposition"]
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_stranger_gets_the_answer_an_unknown_file_gets(kept):
    eve = kept.browser(EVE)
    for path, unknown in (("/attachment/1", "/attachment/99"), ("/original/1", "/original/99")):
        refused, missing = eve.get(path), eve.get(unknown)
        assert refused.status_code == missing.status_code == 404
        assert refused.content == missing.content
    assert downloads(kept) == []


@pytest.mark.parametrize(
    "number", ["0", "-1", "1.0", "x", "%00", "1%20", "99999999999999999999", "٣", "..%2f1", ""]
)
def test_only_a_number_names_a_file(kept, number):
    answer = kept.browser(BO).get(f"/attachment/{number}")

    assert SVG not in answer.content
    assert answer.status_code in (200, 404)


def test_bytes_that_are_gone_are_not_found(kept):
    for file in kept.house.files._folder.rglob("*"):
        if file.is_file():
            file.unlink()
    for file in kept.house.raw._folder.glob("*.seg"):
        file.unlink()

    assert kept.browser(BO).get("/attachment/1").status_code == 404
    assert kept.browser(BO).get("/original/1").status_code == 404


def test_a_note_has_no_original(kept):
    assert kept.browser(EVE).get("/original/2").status_code == 404


def test_downloads_are_noted_once_per_agent_and_five_minutes(kept):
    bo, cy = kept.browser(BO), kept.browser(CY)
    for _ in range(3):
        bo.get("/attachment/1")
        bo.get("/original/1")
    cy.get("/attachment/1")

    assert downloads(kept) == [(BO, INVOICE, INVOICE), (CY, INVOICE, INVOICE)]


def test_after_five_minutes_a_download_is_noted_again(kept, bo, eve):
    with kept.house.store.write() as db:
        for minutes in (0, 4, 6):
            attachments.download(db, bo, 1, now=NOON + timedelta(minutes=minutes))
        with pytest.raises(NotFound):
            attachments.download(db, eve, 1, now=NOON)
    assert len(downloads(kept)) == 2


@pytest.mark.parametrize(
    ("filename", "plain"),
    [
        ("", "file"),
        ("...", "file"),
        ("a/b/c.pdf", "c.pdf"),
        ("C:\\temp\\x.exe", "x.exe"),
        ("a\r\nSet-Cookie: x", "aSet-Cookie: x"),
        ("\u202efdp.exe", "fdp.exe"),
        ('a";b', "a__b"),
        ("x" * 500 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_a_file_name_is_display_text(filename, plain):
    said = disposition(filename)

    assert said.startswith(f'attachment; filename="{plain}"; ')
    assert said.isprintable()
    assert json.dumps(said)
