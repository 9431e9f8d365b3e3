"""Reading a conversation: pictures by keyboard, details, links to one message, hiding, paper."""

import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from inbox.clock import now
from inbox.house import House
from tests.browser.conftest import App, ledger, running, settle
from tests.browser.house_of_horrors import attachment, conversation, mail

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]
RLO = "\u202e"
HARM = "<img src=x onerror=\"parent.document.title='taken over'\">"
RAW = (
    b"Authentication-Results: mx.example.com; spf=fail smtp.mailfrom=x; dkim=none; dmarc=fail\r\n"
    b"From: Erik Dahl <erik@customer.test>\r\nSubject: =?utf-8?q?S=C3=B6nder?=\r\n"
    b"X-Harm: <img src=x onerror=alert(1)>\r\n\r\nHello\r\n"
)


def png(width: int, height: int, shade: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = (b"\0" + bytes((shade, 90, 140)) * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("house") / "data", _fill) as found:
        yield found


def _fill(house: House, cursor: Any) -> None:
    place = conversation(cursor, "Broken lamp", "Erik Dahl", "erik@customer.test")
    message = mail(
        cursor, place, "Erik Dahl", "The lamp is broken.", "<p>The lamp is <b>broken</b>.</p>"
    )
    _original(house, cursor, message)
    for name, content in (
        ("front.png", png(300, 200, 200)),
        ("back.png", png(200, 300, 60)),
        ("torn.png", png(9, 9, 9)[:40]),
        ("offer.pdf", b"%PDF-1.4\n"),
        (f"holiday{RLO}gpj.exe", b"MZ"),
        (HARM, b"x"),
    ):
        attachment(cursor, house, (place, message), name, "application/octet-stream", content)
    mail(cursor, place, "Erik Dahl", "My password is zebrafish.", None)
    place = conversation(cursor, "Long story", "Lena Berg", "lena@customer.test")
    for number in range(123):
        mail(cursor, place, "Lena Berg", f"Message number {number}.\n\n\nIt goes on.", None)


def _original(house: House, cursor: Any, message: int) -> None:
    (raw,) = house.raw.append([(RAW, {})])
    kept = "mx.example.com spf=failed dkim=unknown dmarc=failed"
    cursor.execute(
        "update messages set raw_sha256 = $sha, authentication = $kept where id = $id",
        {"sha": raw.sha256, "kept": kept, "id": message},
    )
    cursor.execute(
        "insert into raw_messages (mailbox_id, folder, uidvalidity, uid, sha256, segment, "
        "position, size_bytes, head_sha256, fetched_at, state) values (1, 'INBOX', 1, $id, $sha, "
        "$segment, $position, $size, $sha, $now, 'filed')",
        {
            "id": message,
            "sha": raw.sha256,
            "segment": raw.segment,
            "position": raw.position,
            "size": raw.size_bytes,
            "now": now(),
        },
    )


def opened(signed_in: SignedIn, subject: str, who: str = "bo") -> Page:
    page = signed_in(who)
    page.locator(".row", has_text=subject).first.click()
    expect(page.locator(".head h1")).to_have_text(subject)
    settle(page)
    return page


def choose(page: Page, card: str, label: str) -> None:
    article = page.locator("article", has_text=card).first
    article.locator("header .more").click()
    article.locator("header [role=menuitem]", has_text=label).click()


def test_pictures_are_looked_at_by_keyboard_and_no_key_acts_behind(
    signed_in: SignedIn, app: App
) -> None:
    page = opened(signed_in, "Broken lamp")
    face = page.locator(".file", has_text="front.png").locator(".face")
    expect(face.locator("img.small")).to_have_js_property("naturalWidth", 300)
    face.focus()
    page.keyboard.press("Enter")
    box = page.locator("dialog.lightbox")
    picture = box.locator("img")
    expect(picture).to_have_js_property("naturalWidth", 300)
    expect(box.locator(".lightbox-bar")).to_contain_text("front.png")
    expect(box.locator(".lightbox-bar")).to_contain_text("1/3")
    page.keyboard.press("ArrowRight")
    expect(picture).to_have_js_property("naturalWidth", 200)
    page.keyboard.press("ArrowRight")
    expect(box.locator(".no-picture")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(picture).to_have_js_property("naturalWidth", 200)
    page.keyboard.press("e")
    page.keyboard.press("m")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    settle(page)
    expect(page.locator(".st-key-close button")).to_be_visible()
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.className") == "face"
    assert ledger(app, "select count(*) from events where kind in ('closed', 'claimed')") == [(0,)]


def test_files_are_upright_and_open_where_they_harm_nobody(signed_in: SignedIn) -> None:
    page = opened(signed_in, "Broken lamp")
    expect(page.locator(".file .name", has_text="holidaygpj.exe")).to_be_visible()
    expect(page.locator(".file .name", has_text="<img src=x")).to_be_visible()
    paper = page.locator(".file", has_text="offer.pdf").locator("a.face")
    expect(paper).to_have_attribute("target", "_blank")
    expect(paper).to_have_attribute("rel", "noopener")
    with page.expect_download() as saved:
        page.locator(".all-files").first.click()
    assert saved.value.suggested_filename.startswith("attachments-")
    assert page.title().endswith("Delad")


def test_details_open_in_place_without_touching_the_mail(signed_in: SignedIn) -> None:
    page = opened(signed_in, "Broken lamp")
    card = page.locator("article").first
    expect(card.locator(".state.warn")).to_contain_text("could not confirm")
    card.locator("iframe.sheet").evaluate("frame => { frame.wasHere = true; }")
    card.locator(".details-way").click()
    panel = card.locator(".details")
    expect(panel.locator(".check.failed").first).to_have_text("SPF failed")
    expect(panel).to_contain_text("Checked by mx.example.com")
    expect(panel).to_contain_text("Sönder")
    expect(panel).to_contain_text("<img src=x onerror=alert(1)>")
    panel.locator("button", has_text="As it came").click()
    expect(panel.locator("pre")).to_contain_text("=?utf-8?q?S=C3=B6nder?=")
    assert card.locator("iframe.sheet").evaluate("frame => frame.wasHere")
    card.locator(".details-way").click()
    expect(panel).to_have_count(0)


def test_a_mail_is_shown_as_plain_text_and_formatted_again(signed_in: SignedIn) -> None:
    page = opened(signed_in, "Broken lamp")
    card = page.locator("article").first
    choose(page, "holidaygpj", "Show as plain text")
    expect(card.locator(".text")).to_have_text("The lamp is broken.")
    expect(card.locator("iframe")).to_have_count(0)
    choose(page, "holidaygpj", "Show formatted")
    expect(card.frame_locator("iframe.sheet").locator("b")).to_have_text("broken")


@pytest.mark.feature("CR14")
def test_a_link_leads_to_its_message_even_among_the_folded(signed_in: SignedIn, app: App) -> None:
    page = opened(signed_in, "Long story")
    expect(page.locator("article")).to_have_count(40)
    expect(page.locator(".earlier button")).to_have_text("Show 83 earlier messages")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    choose(page, "Message number 100.", "Copy link")
    expect(page.locator(".more.done")).to_have_count(1)
    link = page.evaluate("navigator.clipboard.readText()")
    number = int(link.rpartition("m=")[2])
    early = link.replace(f"m={number}", f"m={number - 95}")
    for address, words in ((link, "Message number 100."), (early, "Message number 5.")):
        page.goto(address)
        settle(page)
        target = page.locator("article", has_text=words)
        expect(target).to_be_in_viewport()
        expect(target).to_have_class("mail-card mail in pointed")
        box, pane = target.bounding_box(), page.locator(".stream").bounding_box()
        assert box and pane and 0 <= box["y"] - pane["y"] < 40


def test_earlier_messages_come_in_above_and_nothing_jumps(signed_in: SignedIn) -> None:
    page = opened(signed_in, "Long story")
    stream = page.locator(".stream")
    stream.hover()
    page.mouse.wheel(0, -20_000)
    oldest = page.locator("article", has_text="Message number 83.")
    expect(oldest).to_be_in_viewport()
    before = oldest.bounding_box()
    page.locator(".earlier button").click()
    expect(page.locator("article")).to_have_count(123)
    settle(page)
    after = oldest.bounding_box()
    assert before and after and abs(before["y"] - after["y"]) < 3
    expect(page.locator(".earlier")).to_have_count(0)


@pytest.mark.feature("CR15")
def test_a_message_is_hidden_for_all_and_the_undo_brings_it_back(signed_in: SignedIn) -> None:
    page, other = opened(signed_in, "Broken lamp"), opened(signed_in, "Broken lamp", "cy")
    choose(page, "zebrafish", "Hide message")
    expect(page.locator(".hidden-mail")).to_contain_text("You hid this message")
    expect(other.locator(".hidden-mail")).to_contain_text("Bo Ek hid this message")
    expect(other.locator(".hidden-mail button")).to_have_count(0)
    for one in (page, other):
        expect(one.locator(".st-key-inbox")).not_to_contain_text("zebrafish")
    page.locator(".undo-box button", has_text="Undo").click()
    expect(page.locator("article", has_text="zebrafish")).to_be_visible()
    expect(other.locator("article", has_text="zebrafish")).to_be_visible()


@pytest.mark.feature("CR13")
def test_a_restricted_file_is_closed_to_a_reader(signed_in: SignedIn) -> None:
    page, reader = opened(signed_in, "Broken lamp"), opened(signed_in, "Broken lamp", "cy")
    row = page.locator(".file", has_text="back.png")
    row.locator(".more").click()
    row.locator("[role=menuitem]", has_text="Restrict").click()
    locked = reader.locator(".file", has_text="back.png")
    expect(locked.locator(".chip")).to_have_text("Restricted")
    expect(locked.locator("a, button, img")).to_have_count(0)
    expect(row.locator("img")).to_have_count(0)
    page.locator(".undo-box button", has_text="Undo").click()
    expect(locked.locator("img.small")).to_have_count(1)


@pytest.mark.feature("CR21")
def test_the_page_for_paper_runs_and_loads_nothing(signed_in: SignedIn, app: App) -> None:
    page = opened(signed_in, "Broken lamp")
    with page.context.expect_page() as fresh:
        choose(page, "holidaygpj", "Print or save conversation")
    paper = fresh.value
    paper.wait_for_load_state()
    asked: list[str] = []
    paper.on("request", lambda request: asked.append(request.url))
    paper.reload()
    expect(paper.locator("h1")).to_have_text("Broken lamp")
    expect(paper.locator("article").first).to_contain_text("The lamp is broken.")
    expect(paper.locator("article").first).to_contain_text("<img src=x")
    assert asked == [paper.url]
    assert paper.locator("script, img, iframe, link, object").count() == 0
    paper.emulate_media(media="print")
    expect(paper.locator(".bar")).to_be_hidden()
    wide = paper.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert wide and "taken over" not in paper.title()


def test_on_a_phone_everything_is_in_reach(signed_in: SignedIn, chromium: Browser) -> None:
    page = signed_in("bo")
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(".row", has_text="Broken lamp").first.click()
    settle(page)
    card = page.locator("article").first
    card.locator(".details-way").click()
    expect(card.locator(".details")).to_contain_text("SPF failed")
    width = page.locator(".stream").evaluate("e => e.scrollWidth - e.clientWidth")
    assert width == 0
    card.locator("header .more").click()
    box = card.locator("header .menu").bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
    page.keyboard.press("Escape")
    page.locator(".file", has_text="front.png").locator(".face").click()
    picture = page.locator("dialog.lightbox img")
    expect(picture).to_be_in_viewport()
    expect(page.locator("dialog.lightbox button", has_text="Close")).to_be_in_viewport()
