"""What the composer keeps and sends: addresses as typed, files byte for byte, each text its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import App, frozen, ledger, recipients, settle

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]
PDF = bytes(range(256)) * 40
ERIK = ("to", "erik@customer.test")


def visit(page: Page, subject: str) -> None:
    page.locator(".row", has_text=subject).filter(
        has_text=subject
    ).last.scroll_into_view_if_needed()
    page.get_by_text(subject, exact=True).first.click()
    expect(page.locator(".head h1")).to_have_text(subject)
    settle(page)


def area(page: Page) -> Locator:
    return page.locator(".composer textarea")


def begin(page: Page, subject: str, text: str) -> None:
    visit(page, subject)
    area(page).fill(text)
    saved(page)


def saved(page: Page) -> None:
    expect(page.locator(".composer .saved")).to_contain_text("Saved", timeout=6_000)


def send(page: Page) -> None:
    page.locator(".composer .primary").click()
    sent(page)


def send_to_somebody_new(page: Page) -> None:
    page.locator(".composer .primary").first.click()
    page.locator(".composer dialog.sure .yes").click()
    sent(page)


def sent(page: Page) -> None:
    expect(area(page)).to_have_value("")
    expect(page.locator(".composer .bar")).to_be_visible()
    expect(page.locator(".composer .bar")).to_contain_text("Sending in")


def undo(page: Page) -> None:
    page.locator(".composer .bar .undo").click()


def attach(page: Page, name: str = "receipt.pdf", content: bytes = PDF) -> None:
    with page.expect_file_chooser() as asked:
        page.locator(".composer .clip").click()
    asked.value.set_files({"name": name, "mimeType": "application/pdf", "buffer": content})
    expect(page.locator(".composer .file", has_text=name)).to_be_visible()


def add(page: Page, line: int, typed: str) -> None:
    field = page.locator(".composer .lines .line").nth(line).locator("input")
    field.fill(typed)
    field.press("Enter")
    expect(field).to_have_value("")


def bodies(app: App, subject: str) -> list[str]:
    return [
        mail.get_body(("plain",)).get_content().splitlines()[0]  # type: ignore[union-attr]
        for mail in frozen(app, subject)
    ]


def test_an_address_stays_whole(app: App, signed_in: SignedIn) -> None:
    page = signed_in("ada")
    begin(page, "Order 4", "Hello")
    page.locator(".composer .to").click()
    add(page, 0, "maria.holm@customer.test")
    add(page, 1, "Jo Doe <Jo.Doe@shop.test>, <kim@store.test>")
    add(page, 2, '"Berg, Kim" <kim.berg@store.test>')

    cc = page.locator(".composer .line").nth(1)
    expect(cc.locator(".person bdi")).to_have_text(["Jo Doe", "kim@store.test"])
    expect(page.locator(".composer .line").nth(2).locator("bdi")).to_have_text("Berg, Kim")
    send_to_somebody_new(page)

    assert recipients(app, "Order 4") == {
        ERIK,
        ("to", "maria.holm@customer.test"),
        ("cc", "jo.doe@shop.test"),
        ("cc", "kim@store.test"),
        ("bcc", "kim.berg@store.test"),
    }


def test_half_an_address_is_neither_sent_to_nor_forgotten(app: App, signed_in: SignedIn) -> None:
    page = signed_in("ada")
    begin(page, "Order 5", "Hello")
    page.locator(".composer .to").click()
    field = page.locator(".composer .line").nth(1).locator("input")
    field.fill("kim@")
    field.press("Control+Enter")
    expect(page.locator(".composer .saved")).to_contain_text("not a whole e-mail address")
    assert frozen(app, "Order 5") == []

    field.fill("kim@store.test")
    field.press("Control+Enter")
    page.locator(".composer dialog.sure .yes").click()
    sent(page)
    assert recipients(app, "Order 5") == {ERIK, ("cc", "kim@store.test")}


def test_files_survive_are_sent_and_come_back(app: App, signed_in: SignedIn) -> None:
    page = signed_in("ada")
    begin(page, "Order 7", "The receipt is attached")
    attach(page)
    attach(page, "wrong.pdf", b"wrong")
    area(page).press("End")
    area(page).press_sequentially(", Erik")
    saved(page)
    page.locator(".composer .file", has_text="wrong.pdf").locator(".remove").click()
    expect(page.locator(".composer .file")).to_have_count(1)
    page.locator(".composer .to").click()
    add(page, 1, "kim@store.test")
    add(page, 2, "secret@store.test")
    saved(page)
    page.reload()
    settle(page)
    text = "The receipt is attached, Erik"
    expect(area(page)).to_have_value(text)
    expect(page.locator(".composer .file")).to_contain_text("receipt.pdf")

    send_to_somebody_new(page)
    undo(page)
    expect(area(page)).to_have_value(text)
    expect(page.locator(".composer .file")).to_contain_text("receipt.pdf")
    title = "erik@customer.test, kim@store.test, secret@store.test"
    expect(page.locator(".composer .to")).to_have_attribute("title", title)
    assert frozen(app, "Order 7") == []

    send(page)
    (mail,) = frozen(app, "Order 7")
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("receipt.pdf", PDF)
    assert mail["Subject"] == "Re: Order 7"
    assert "secret" not in mail.as_string()
    assert recipients(app, "Order 7") == {
        ERIK,
        ("cc", "kim@store.test"),
        ("bcc", "secret@store.test"),
    }


def test_a_file_and_send_in_one_breath_are_one_mail_with_the_file(
    app: App, signed_in: SignedIn
) -> None:
    page = signed_in("ada")
    visit(page, "Order 8")
    page.route("**/attachment", lambda route: (page.wait_for_timeout(700), route.continue_()))
    with page.expect_file_chooser() as asked:
        page.locator(".composer .clip").click()
    asked.value.set_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": PDF})
    area(page).click()
    page.keyboard.type("Quick")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".composer .primary")).to_contain_text("Sending")
    sent(page)

    (mail,) = frozen(app, "Order 8")
    assert [f.get_content() for f in mail.iter_attachments()] == [PDF]
    assert bodies(app, "Order 8") == ["Quick"]


def test_what_is_typed_and_sent_at_once_is_sent_once(app: App, signed_in: SignedIn) -> None:
    page = signed_in("ada")
    visit(page, "Order 10")
    area(page).click()
    page.keyboard.type("At once")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")
    sent(page)
    page.wait_for_timeout(1_500)

    assert bodies(app, "Order 10") == ["At once"]


def test_undo_gives_the_reply_back_beside_what_was_begun(app: App, signed_in: SignedIn) -> None:
    page = signed_in("ada")
    begin(page, "Order 11", "The original reply")
    attach(page)
    send(page)
    area(page).fill("Ah, and also")
    undo(page)

    expect(area(page)).to_have_value("The original reply")
    expect(page.locator(".composer .file")).to_contain_text("receipt.pdf")
    other = page.locator(".composer .other")
    expect(other).to_contain_text("Ah, and also")
    other.locator("button").click()
    expect(area(page)).to_have_value("Ah, and also")
    saved(page)
    page.reload()
    settle(page)
    expect(area(page)).to_have_value("Ah, and also")
    page.locator(".composer .other button").click()
    expect(area(page)).to_have_value("The original reply")
    send(page)

    assert bodies(app, "Order 11") == ["The original reply"]
    stored = "select body, state from drafts where body <> '' and conversation_id = 11 order by id"
    assert ledger(app, stored) == [("The original reply", "sent"), ("Ah, and also", "open")]


def test_a_second_page_begins_a_draft_of_its_own(app: App, signed_in: SignedIn) -> None:
    first, second = signed_in("ada"), signed_in("ada")
    visit(second, "Order 12")
    begin(first, "Order 12", "From the first page")
    area(second).fill("From the second page")
    saved(second)

    expect(area(first)).to_have_value("From the first page")
    expect(second.locator(".composer .other")).to_contain_text("From the first page")
    stored = "select body from drafts where conversation_id = 12 and state = 'open' order by id"
    assert ledger(app, stored) == [("From the first page",), ("From the second page",)]


def test_a_text_changed_elsewhere_is_kept_as_a_draft_of_its_own(
    app: App, signed_in: SignedIn
) -> None:
    first, second = signed_in("ada"), signed_in("ada")
    begin(first, "Order 13", "Laptop")
    visit(second, "Order 13")
    area(second).fill("Laptop, then phone")
    saved(second)
    area(first).fill("Laptop, then laptop")
    keep = first.locator(".composer .foot .tool", has_text="Keep this text")
    expect(keep).to_be_visible()
    expect(first.locator(".composer .saved")).to_contain_text("changed on another page")
    first.locator(".composer .primary").click()
    expect(first.locator(".composer .bar")).to_be_hidden()
    keep.click()
    saved(first)

    stored = "select body from drafts where conversation_id = 13 and state = 'open' order by id"
    assert ledger(app, stored) == [("Laptop, then phone",), ("Laptop, then laptop",)]
    app.complaints.clear()  # the refused save, in the console


def test_a_note_stays_where_it_was_written(app: App, signed_in: SignedIn) -> None:
    page = signed_in("ada")
    visit(page, "Order 14")
    page.locator(".composer .tab", has_text="Note").click()
    area(page).fill("Only for order 14")
    page.keyboard.press("Control+Enter")
    # A click in the very moment in which the page is redrawn may be lost; the note may not.
    for _ in range(3):
        page.get_by_text("Order 15", exact=True).first.click()
        page.wait_for_timeout(1_500)
    expect(page.locator(".head h1")).to_have_text("Order 15")
    visit(page, "Order 14")

    expect(page.locator(".stream .note")).to_contain_text("Only for order 14")
    notes = "select conversation_id from messages where direction = 'note' and conversation_id > 13"
    assert ledger(app, notes) == [(14,)]


def test_reply_to_all_before_the_first_key_is_sent(app: App, signed_in: SignedIn) -> None:
    page = signed_in("ada")
    visit(page, "Order 18")
    page.locator(".composer .all").click()
    area(page).click()
    page.keyboard.type("To you both")
    send(page)
    (mail,) = frozen(app, "Order 18")
    assert mail["Subject"] == "Re: Order 18"
    assert recipients(app, "Order 18") == {ERIK, ("cc", "lena@customer.test")}

    area(page).fill("And once more")
    saved(page)
    expect(page.locator(".composer .to")).to_have_attribute("title", "erik@customer.test")
    page.locator(".composer .primary").click()
    expect(page.locator(".stream")).to_contain_text("And once more")
    assert [m["Subject"] for m in frozen(app, "Order 18")] == ["Re: Order 18"] * 2
    assert [m["To"].addresses[0].addr_spec for m in frozen(app, "Order 18")] == [ERIK[1]] * 2


def test_the_guard_counts_from_opening_even_with_the_push_cut(
    app: App, signed_in: SignedIn
) -> None:
    ada, bo = signed_in("ada"), signed_in("bo")
    ada.goto(f"{app.url}/?view=open")
    ada.route_web_socket("**/live", lambda _socket: None)
    ada.reload()
    settle(ada)
    visit(ada, "Order 16")
    note(bo, "Order 16", "Stop, it is lost.")
    area(ada).fill("It left yesterday.")
    saved(ada)
    expect(ada.locator(".composer .news")).to_contain_text("Bo Ek left a note")
    ada.locator(".composer .primary").click()

    expect(ada.locator(".guard")).to_contain_text("Stop, it is lost.")
    assert frozen(app, "Order 16") == []
    ada.keyboard.press("Escape")
    ada.locator(".composer .tab", has_text="Note").click()
    ada.locator(".composer .tab", has_text="Reply").click()
    saved(ada)
    expect(ada.locator(".guard")).to_have_count(0)
    ada.locator(".composer .news .undo").click()
    expect(ada.locator(".composer .news")).to_be_hidden()
    send(ada)
    assert bodies(app, "Order 16") == ["It left yesterday."]


def test_what_was_pushed_is_not_yet_seen(app: App, signed_in: SignedIn) -> None:
    ada, bo = signed_in("ada"), signed_in("bo")
    visit(ada, "Order 17")
    note(bo, "Order 17", "Stop, it is lost.")
    expect(ada.locator(".stream .note")).to_contain_text("Stop")
    area(ada).fill("It left yesterday.")
    expect(ada.locator(".composer .news")).to_contain_text("Bo Ek left a note")
    ada.locator(".composer .primary").click()
    dialog = ada.locator(".guard")
    expect(dialog).to_contain_text("Stop, it is lost.")
    assert frozen(app, "Order 17") == []

    dialog.locator("button", has_text="Discard my reply").click()
    expect(area(ada)).to_have_value("")
    expect(ada.locator(".composer .bar")).to_contain_text("Draft discarded")
    undo(ada)
    expect(area(ada)).to_have_value("It left yesterday.")


def test_anyway_is_said_only_of_what_was_shown(app: App, signed_in: SignedIn) -> None:
    ada, bo = signed_in("ada"), signed_in("bo")
    begin(ada, "Order 23", "It left yesterday.")
    note(bo, "Order 23", "Wait a little.")
    ada.locator(".composer .primary").click()
    dialog = ada.locator(".guard")
    expect(dialog).to_contain_text("Wait a little.")
    bo.locator(".composer .tab", has_text="Note").click()
    area(bo).fill("Stop, it is lost.")
    bo.locator(".composer .primary").click()
    expect(bo.locator(".stream .note")).to_have_count(2)
    expect(ada.locator(".stream .note")).to_have_count(2)
    dialog.locator("button", has_text="Send anyway").click()
    expect(dialog).to_contain_text("Stop, it is lost.")
    assert frozen(app, "Order 23") == []

    dialog.locator("button", has_text="Send anyway").click()
    sent(ada)
    assert bodies(app, "Order 23") == ["It left yesterday."]


def test_the_first_words_are_kept_when_another_conversation_is_opened(
    app: App, signed_in: SignedIn
) -> None:
    page = signed_in("ada")
    visit(page, "Order 24")
    area(page).click()
    page.keyboard.type("First words")
    visit(page, "Order 25")
    expect(area(page)).to_have_value("")
    page.wait_for_timeout(2_500)

    stored = "select conversation_id, body from drafts where conversation_id > 23"
    assert ledger(app, stored) == [(24, "First words")]


def test_who_lost_the_mailbox_is_told_and_nothing_is_saved(app: App, signed_in: SignedIn) -> None:
    page = signed_in("bo")
    begin(page, "Order 19", "Still mine")
    page.route("**/draft/*", refuse)
    area(page).fill("Not mine any more")
    said = page.locator(".composer .saved")
    expect(said).to_contain_text("Your role here does not include “reply”.", timeout=6_000)
    expect(said).to_contain_text("Copy your text")
    page.locator(".composer .primary").click()
    expect(said).to_contain_text("Not saved")

    expect(area(page)).to_have_value("Not mine any more")
    assert frozen(app, "Order 19") == []
    app.complaints.clear()  # the refused save, in the console


def test_a_push_leaves_typing_selection_and_focus_alone(signed_in: SignedIn) -> None:
    ada, bo = signed_in("ada"), signed_in("bo")
    begin(ada, "Order 20", "Half a sentence")
    ada.locator(".composer .to").click()
    field = ada.locator(".composer .line").nth(2).locator("input")
    field.click()
    field.press_sequentially("secret.person@exam")
    visit(bo, "Order 20")
    bo.locator(".st-key-claim button").click()
    expect(ada.locator(".head .about")).to_contain_text("Bo Ek")
    settle(ada)
    expect(field).to_have_value("secret.person@exam")
    expect(field).to_be_focused()
    expect(ada.locator(".composer .line").nth(2).locator(".person")).to_have_count(0)

    area(ada).click()
    ada.keyboard.press("End")
    ada.keyboard.press("Shift+Home")
    bo.locator(".st-key-release button").click()
    expect(ada.locator(".head .about")).to_contain_text("Unassigned")
    settle(ada)
    expect(area(ada)).to_be_focused()
    ada.keyboard.insert_text("Whole")
    expect(area(ada)).to_have_value("Whole")
    ada.keyboard.press("Control+z")
    expect(area(ada)).to_have_value("Half a sentence")


def test_a_discarded_draft_comes_back_whole(app: App, signed_in: SignedIn) -> None:
    page = signed_in("ada")
    begin(page, "Order 21", "Worth keeping")
    attach(page)
    area(page).fill("Worth keeping after all")
    page.locator(".composer .foot .tool", has_text="Discard").click()
    expect(area(page)).to_have_value("")
    expect(page.locator(".composer .file")).to_have_count(0)
    undo(page)
    expect(area(page)).to_have_value("Worth keeping after all")
    expect(page.locator(".composer .file")).to_contain_text("receipt.pdf")
    send(page)

    (mail,) = frozen(app, "Order 21")
    assert [f.get_content() for f in mail.iter_attachments()] == [PDF]
    assert bodies(app, "Order 21") == ["Worth keeping after all"]


def test_a_file_goes_with_the_text_that_becomes_a_note(app: App, signed_in: SignedIn) -> None:
    page = signed_in("ada")
    begin(page, "Order 22", "The plan")
    attach(page, "plan.pdf")
    page.locator(".composer .tab", has_text="Note").click()
    expect(page.locator(".composer .file")).to_contain_text("plan.pdf")
    page.locator(".composer .primary").click()

    note = page.locator(".stream .note")
    expect(note).to_contain_text("The plan")
    note.locator(".file .more").click()
    with page.expect_download() as loaded:
        note.locator("[role=menuitem]", has_text="Download").click()
    assert Path(loaded.value.path()).read_bytes() == PDF
    assert frozen(app, "Order 22") == []


def note(page: Page, subject: str, text: str) -> None:
    visit(page, subject)
    page.locator(".composer .tab", has_text="Note").click()
    area(page).fill(text)
    page.locator(".composer .primary").click()
    expect(page.locator(".stream .note")).to_contain_text(text)


def refuse(route: Route) -> None:
    route.fulfill(
        status=403, json={"error": "Your role here does not include “reply”.", "field": None}
    )
