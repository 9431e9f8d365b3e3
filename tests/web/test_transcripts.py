"""The page for paper and the copies: no stranger's byte runs or loads, and notes stay behind."""

import io
import re
import zipfile

import pytest

from inbox import agents, hiding
from tests.conftest import NOON
from tests.furniture import BO, CY, EVE, INVOICE
from tests.web.test_files import RAW, kept  # noqa: F401

pytestmark = pytest.mark.feature("CR21")
HARM = "\"'><script>alert(1)</script><img src=http://x.test/a onerror=alert(1)><style>*{}</style>"
TURNED = "holiday\u202egpj.exe"


@pytest.fixture
def hostile(kept):  # noqa: F811
    """Maria's mail with hostile words in all it says, and a note."""
    with kept.house.store.export() as cursor:
        run = cursor.execute
        people = f'{{"to": [["{TURNED}<script>", "a@b.test"]], "cc": [["<img>", "<svg>"]]}}'
        run(
            "update messages set from_name = $h, from_address = $h, subject = $h, "
            "recipients = $people where id = 1",
            {"h": HARM, "people": people},
        )
        run(
            "update conversations set subject = $h, contact_name = $h, contact_address = $h "
            "where id = 1",
            {"h": HARM},
        )
        run(
            "update bodies set body_text = $h, body_html = $h where message_id = 1",
            {"h": HARM + TURNED},
        )
        run("update attachments set filename = $h", {"h": HARM + TURNED})
        run("update mailboxes set name = $h where id = 1", {"h": HARM})
        run("update agents set name = $h where id = 3", {"h": HARM})
        run(
            "insert into messages (conversation_id, mailbox_id, direction, via, agent_id, sent_at, "
            "received_at, from_name, from_address, recipients, subject, is_auto, is_bounce, "
            "is_readable, attachment_count, thread_reason) values (1, 1, 'note', 'app', 2, $now, "
            "$now, 'Bo', 'bo@example.com', '{}', '', false, false, true, 0, 'note')",
            {"now": NOON},
        )
        run("insert into bodies select max(id), 1, 'Between us', null, 'Between us' from messages")
    return kept


def test_the_page_is_text_and_nothing_else(hostile):
    answer = hostile.browser(CY).get(f"/print/{INVOICE}?notes=1")

    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src")
    assert answer.headers["cache-control"] == "no-store"
    tags = set(re.findall(r"<([a-z0-9]+)", answer.text))
    assert not tags & {"script", "img", "svg", "iframe", "link", "form", "object", "a-"}
    assert answer.text.count("<style") == 1
    assert "\u202e" not in answer.text
    assert answer.text.count("&lt;script&gt;alert(1)") >= 8
    for link in re.findall(r'(?:href|src)="([^"]*)"', answer.text):
        assert re.match(r"/(\?c=1|print/1|transcript/1)", link)


def test_notes_are_in_it_when_asked_for(hostile):
    cy = hostile.browser(CY)
    assert "Between us" not in cy.get(f"/print/{INVOICE}").text
    assert "Between us" in cy.get(f"/print/{INVOICE}?notes=1").text
    assert "Between us" not in cy.get(f"/transcript/{INVOICE}").text


def test_the_kept_page_is_a_download_without_links(hostile):
    answer = hostile.browser(CY).get(f"/transcript/{INVOICE}")

    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "href" not in answer.text and answer.text.startswith("<!doctype html>")


def test_the_mails_come_as_they_were(hostile):
    answer = hostile.browser(CY).get(f"/transcript/{INVOICE}?as=mails&notes=1")
    found = zipfile.ZipFile(io.BytesIO(answer.content))

    mail, note = found.namelist()
    assert mail.startswith("0001 ") and mail.endswith(".eml") and "/" not in mail
    assert found.read(mail) == RAW
    assert note.endswith("Bo Ek, note.txt") and found.read(note) == b"Between us"


def test_what_is_hidden_is_in_no_copy(hostile):
    with hostile.house.store.write() as db:
        hiding.hide(db, agents.by_id(db, BO), INVOICE, 1, now=NOON)
    cy = hostile.browser(CY)
    page = cy.get(f"/print/{INVOICE}").text
    assert "Hidden by Bo Ek" in page
    assert page.count("&lt;script&gt;") < 9 and "holiday" not in page
    found = zipfile.ZipFile(io.BytesIO(cy.get(f"/transcript/{INVOICE}?as=mails").content))
    assert [n[-10:] for n in found.namelist()] == ["hidden.txt"]


@pytest.mark.parametrize("path", ["/print/", "/transcript/"])
def test_a_stranger_gets_the_answer_an_unknown_conversation_gets(hostile, path):
    eve = hostile.browser(EVE)
    refused, missing = eve.get(f"{path}{INVOICE}"), eve.get(f"{path}99")
    assert refused.status_code == missing.status_code == 404
    assert refused.content == missing.content
    for number in ("x", "1%00", "-1", "9" * 30, "..%2f1"):
        answer = hostile.browser(CY).get(f"{path}{number}")
        assert "script&gt;" not in answer.text


@pytest.mark.parametrize(
    "zone", ["", "x" * 9000, "../../etc/passwd", "Europe", "/etc/passwd", "a\0b", "<script>"]
)
def test_any_zone_will_do(hostile, zone):
    answer = hostile.browser(CY).get("/print/1", params={"zone": zone})
    assert answer.status_code == 200 and "UTC</time>" in answer.text


def test_moments_are_told_in_the_zone_of_whoever_reads(hostile):
    answer = hostile.browser(CY).get("/print/1", params={"zone": "Europe/Stockholm"})
    assert "2026-03-02 13:00 CET" in answer.text
    assert "zone=Europe%2FStockholm" in answer.text
