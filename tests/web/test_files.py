import io
import json
import zipfile
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
            "position, size_bytes, head_sha256, fetched_at, state) values "
            "($mailbox, 'INBOX', 1, 1, $sha, $seg, $pos, $size, $sha, $now, 'filed')",
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


PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 300
PDF = b"%PDF-1.7\n" + b"y" * 300


def add(served, name, content, **more):
    """One more file of Maria's mail; its id."""
    with served.house.store.export() as cursor:
        return cursor.execute(
            "insert into attachments (message_id, conversation_id, filename, content_type, "
            "size_bytes, sha256, is_inline, restricted_by) values ($m, $c, $name, $kind, $size, "
            "$sha, false, $by) returning id",
            {
                "m": INVOICE,
                "c": INVOICE,
                "name": name,
                "kind": more.get("kind", "application/octet-stream"),
                "size": len(content),
                "sha": served.house.files.put(content),
                "by": more.get("restricted_by"),
            },
        ).fetchone()[0]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0x", "image/jpeg"),
        (b"GIF89ax", "image/gif"),
        (b"RIFF\0\0\0\0WEBPx", "image/webp"),
        (PDF, "application/pdf"),
    ],
)
def test_what_is_shown_is_what_its_bytes_say_and_nothing_more(kept, content, kind):
    number = add(kept, "evil.html", content, kind="text/html")
    answer = kept.browser(CY).get(f"/preview/{number}")

    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["content-type"] == kind
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert policy == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert answer.headers["content-disposition"].startswith('inline; filename="evil.html"')


@pytest.mark.parametrize(
    "content",
    [SVG, b"<html><script>alert(1)</script>", b" %PDF-1.7", b"", b"BM6\0", b"\0\0\0\x18ftypavif"],
)
@pytest.mark.parametrize("door", ["preview", "thumbnail"])
def test_nothing_else_is_shown(kept, content, door):
    number = add(kept, "picture.png", content, kind="image/png")
    answer = kept.browser(CY).get(f"/{door}/{number}")

    assert answer.status_code == 422 and (not content or content not in answer.content)
    assert answer.headers["content-type"].startswith("text/plain")


def test_a_thumbnail_is_a_picture_and_leaves_no_line(kept):
    number = add(kept, "a.png", PNG)
    cy = kept.browser(CY)
    assert cy.get(f"/thumbnail/{number}").content == PNG
    assert cy.get(f"/thumbnail/{add(kept, 'a.pdf', PDF)}").status_code == 422
    assert downloads(kept) == []
    cy.get(f"/preview/{number}")
    assert downloads(kept) == [(CY, INVOICE, INVOICE)]


def test_only_a_part_is_asked_for(kept):
    number = add(kept, "a.png", PNG)
    answer = kept.browser(CY).get(f"/preview/{number}", headers={"Range": "bytes=0-7"})
    assert (answer.status_code, answer.content) == (206, PNG[:8])
    assert answer.headers["x-content-type-options"] == "nosniff"
    head = kept.browser(CY).request("HEAD", f"/attachment/{number}")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(PNG))


def test_all_files_come_in_one_zip(kept):
    add(kept, "../../a.png", PNG)
    add(kept, "A.PNG", PDF)
    answer = kept.browser(CY).get(f"/attachments/{INVOICE}")

    assert answer.headers["content-type"] == "application/zip"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert 'attachment; filename="attachments-1.zip"' in answer.headers["content-disposition"]
    found = zipfile.ZipFile(io.BytesIO(answer.content))
    assert found.namelist() == ["fåktura_.svg", "a.png", "A (2).PNG"]
    assert found.read("A (2).PNG") == PDF
    assert downloads(kept) == [(CY, INVOICE, INVOICE)]
    for agent, path in ((EVE, f"/attachments/{INVOICE}"), (CY, "/attachments/99")):
        assert kept.browser(agent).get(path).status_code == 404


def test_a_restricted_file_says_who_may_open_it(kept):
    number = add(kept, "passport.png", PNG, restricted_by=BO)
    for path in (f"/attachment/{number}", f"/preview/{number}", f"/thumbnail/{number}"):
        refused = kept.browser(CY).get(path)
        assert refused.status_code == 403 and PNG not in refused.content
        assert kept.browser(EVE).get(path).status_code == 404
    assert kept.browser(CY).get("/original/1").status_code == 403
    names = zipfile.ZipFile(io.BytesIO(kept.browser(CY).get("/attachments/1").content)).namelist()
    assert names == ["fåktura_.svg"]
    assert kept.browser(BO).get(f"/preview/{number}").content == PNG
    assert kept.browser(BO).get(f"/thumbnail/{number}").status_code == 403
