"""The contact beside the conversation and on its own page, in a real browser."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from inbox.house import House
from tests.browser.conftest import App, ledger, running, settle, sign_in
from tests.browser.test_inbox import open_row

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]
HOSTILE = '<img src=x onerror="document.title=1">{{7*7}}\u202egpj.exe'


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("house") / "data", _people) as found:
        yield found


def _people(_house: House, cursor: Any) -> None:
    people = (
        (101, "erik@customer.test", "Erik Dahl"),
        (102, "maria@customer.test", "Maria Holm"),
        (103, "erik@home.test", "Erik at home"),
        (104, "evil@evil.test", HOSTILE),
        (105, "lena@customer.test", "Lena Dahl"),
    )
    for number, address, name in people:
        cursor.execute(
            "insert into contacts (id, mailbox_id, address, name, created_at) "
            "values ($id, 1, $address, $name, now()::timestamp)",
            {"id": number, "address": address, "name": name},
        )
    cursor.execute("update contacts set note = $note where id = 104", {"note": HOSTILE * 20})
    one = [{"name": HOSTILE, "kind": "link", "value": "javascript:alert(1)"}]
    cursor.execute("update contacts set properties = $p where id = 104", {"p": json.dumps(one * 3)})
    for contact, lowest, highest in ((101, 3, 19), (102, 1, 1), (104, 20, 20), (105, 21, 24)):
        cursor.execute(
            "update conversations set contact_id = $contact, contact_name = (select name from "
            "contacts where id = $contact), contact_address = (select address from contacts "
            "where id = $contact) where id between $lowest and $highest",
            {"contact": contact, "lowest": lowest, "highest": highest},
        )
    cursor.execute(
        "insert into message_tokens select min(id), 'ord-48213' from messages "
        "where conversation_id in (5, 21) group by conversation_id"
    )


def pane(page: Page) -> Any:
    return page.locator(".pane")


def of_contact(app: App, number: int, column: str) -> Any:
    return ledger(app, f"select {column} from contacts where id = $id", id=number)[0][0]


def choose(page: Page, way: str) -> None:
    pane(page).locator(".tool.more").click()
    page.get_by_role("menuitem", name=way).click()


@pytest.mark.feature("CX01", "CX03", "QV23")
def test_the_pane_opens_where_there_is_room_and_says_who_it_is(signed_in: SignedIn) -> None:
    page = signed_in("bo", "/?view=open&c=5")
    expect(pane(page).locator("h2")).to_have_text("Erik Dahl")
    assert "pane=open" in page.url

    pane(page).locator(".past", has_text="Order 6").click()
    expect(page.locator(".head h1")).to_have_text("Order 6")
    expect(pane(page).locator(".past", has_text="Order 5")).to_have_count(1)

    page.keyboard.press("i")
    expect(pane(page)).to_have_count(0)
    page.reload()
    page.wait_for_selector(".head h1")
    settle(page)
    expect(pane(page)).to_have_count(0)
    page.locator(".st-key-person_toggle button:visible").click()
    expect(pane(page).locator("h2")).to_have_text("Erik Dahl")


@pytest.mark.feature("CX01")
def test_a_property_is_written_refused_at_its_field_and_undone(
    app: App, signed_in: SignedIn
) -> None:
    page = signed_in("bo", "/?view=open&c=5&pane=open")
    pane(page).locator(".edit").click()
    expect(pane(page).locator(".form [name=name]").first).to_be_focused()
    page.locator(".form .link").click()
    line = pane(page).locator(".property").last
    line.locator("[name=name]").fill("Contract")
    line.locator("select").select_option("link")
    line.locator("[name=value]").fill("javascript:alert(1)")
    # None of the app's keys answers while one types.
    pane(page).locator("[name=phone]").press_sequentially("+46 8 123 nei")
    pane(page).locator("[name=phone]").fill("+46 8 123")
    page.keyboard.press("Control+Enter")

    expect(line.locator(".why")).to_contain_text("https://")
    expect(line.locator("[name=value]")).to_be_focused()
    expect(line.locator("[name=value]")).to_have_value("javascript:alert(1)")
    expect(pane(page).locator("[name=phone]")).to_have_value("+46 8 123")
    assert of_contact(app, 101, "phone") == ""

    line.locator("[name=value]").fill("https://crm.test/7")
    page.locator(".form .primary").click()
    link = pane(page).locator("a", has_text="crm.test/7")
    expect(link).to_have_attribute("href", "https://crm.test/7")
    expect(pane(page).locator(".edit")).to_be_focused()
    assert of_contact(app, 101, "phone") == "+46 8 123"

    page.keyboard.press("u")
    expect(link).to_have_count(0)
    assert of_contact(app, 101, "phone") == ""


@pytest.mark.feature("CX01")
def test_half_typed_words_come_back_with_their_contact(signed_in: SignedIn) -> None:
    page = signed_in("bo", "/?view=open&c=5&pane=open")
    pane(page).locator(".edit").click()
    pane(page).locator("[name=note]").fill("Half a")
    open_row(page, "Order 21")
    expect(pane(page).locator("h2")).to_have_text("Lena Dahl")
    open_row(page, "Order 5")
    expect(pane(page).locator("[name=note]")).to_have_value("Half a")

    pane(page).locator("[name=note]").press("Escape")
    expect(pane(page).locator("[name=note]")).to_have_count(0)
    expect(page.locator(".head h1")).to_have_text("Order 5")


@pytest.mark.feature("QV21")
def test_a_vip_shows_in_the_list_and_the_head_and_is_urgent(app: App, signed_in: SignedIn) -> None:
    page = signed_in("bo", "/?view=open&c=1&pane=open")
    pane(page).locator(".star").click()

    row = page.locator(".row", has_text="Invoice 12")
    expect(row.locator(".chip.vip")).to_have_text("VIP")
    expect(page.locator(".about .chip.vip")).to_have_count(1)
    expect(row.locator(".chip.bad")).to_have_count(1)

    page.locator(".undo-box button", has_text="Undo").click()
    expect(row.locator(".chip.vip")).to_have_count(0)
    expect(row.locator(".chip.bad")).to_have_count(0)


@pytest.mark.feature("CX15")
def test_merging_from_the_keyboard_and_undoing_it(app: App, signed_in: SignedIn) -> None:
    page = signed_in("bo", "/?view=open&c=5&pane=open")
    pane(page).locator(".tool.more").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("home.test")
    expect(pane(page).locator(".one")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(pane(page).locator(".address")).to_have_count(2)
    assert of_contact(app, 103, "merged_into") == 101
    page.keyboard.press("u")
    expect(pane(page).locator(".address")).to_have_count(1)
    assert of_contact(app, 103, "merged_into") is None


@pytest.mark.feature("CX01")
def test_an_address_of_somebody_else_is_refused_beside_the_field(signed_in: SignedIn) -> None:
    page = signed_in("bo", "/?view=open&c=5&pane=open")
    choose(page, "Add an address")
    page.keyboard.type("maria@customer.test")
    page.keyboard.press("Enter")
    expect(pane(page).locator(".asking .why")).to_contain_text("belongs to “Maria Holm”")
    expect(pane(page).locator(".asking input")).to_have_value("maria@customer.test")

    pane(page).locator(".asking input").fill("e@home.test")
    page.keyboard.press("Enter")
    expect(pane(page).locator(".address")).to_have_count(2)
    pane(page).locator(".address .away").click()
    expect(pane(page).locator(".address")).to_have_count(1)


@pytest.mark.feature("CX02")
def test_unlinking_a_conversation_and_undoing_it(signed_in: SignedIn) -> None:
    page = signed_in("bo", "/?view=open&c=22&pane=open")
    choose(page, "Not this contact")
    expect(pane(page).locator(".nobody")).to_be_visible()
    page.keyboard.press("u")
    expect(pane(page).locator("h2")).to_have_text("Lena Dahl")
    expect(pane(page).locator(".fact").first).to_be_visible()

    choose(page, "Give it to another")
    page.keyboard.type("maria")
    pane(page).locator(".one").click()
    expect(pane(page).locator("h2")).to_have_text("Maria Holm")
    expect(page.locator(".row.chosen .who")).to_have_text("Maria Holm")


def test_a_reader_reads_and_changes_nothing(signed_in: SignedIn) -> None:
    page = signed_in("cy", "/?view=open&c=5&pane=open")
    expect(pane(page).locator("h2")).to_have_text("Erik Dahl")
    expect(pane(page).locator(".tool")).to_have_count(1)


def test_strangers_words_in_every_field_run_nothing(signed_in: SignedIn) -> None:
    page = signed_in("bo", "/?view=open&c=20&pane=open")
    expect(pane(page).locator("h2")).to_contain_text("<img src=x")
    expect(pane(page).locator(".note")).to_contain_text("{{7*7}}")
    assert "\u202e" not in pane(page).inner_text()
    assert pane(page).locator("img, a[href^=javascript]").count() == 0
    assert page.title() != "1"
    pane(page).locator(".edit").click()
    expect(pane(page).locator(".property")).to_have_count(3)
    assert pane(page).evaluate("pane => pane.scrollWidth <= pane.clientWidth")


@pytest.mark.feature("CX15")
def test_the_page_of_contacts(app: App, signed_in: SignedIn) -> None:
    page = signed_in("ada")
    page.locator(".rail .entry", has_text="Contacts").click()
    expect(page.locator(".contacts .row", has_text="Maria Holm")).to_have_count(1)
    page.locator(".st-key-q input").fill("lena customer")
    expect(page.locator(".contacts .row")).to_have_count(1)
    page.locator(".contacts .row", has_text="Lena").click()
    expect(pane(page).locator("h2")).to_have_text("Lena Dahl")
    pane(page).locator(".star").click()
    expect(page.locator(".contacts .row .chip.vip")).to_have_count(1)
    expect(page.locator(".undo-box .bar")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator(".contacts .row .chip.vip")).to_have_count(0)

    table = page.request.get(f"{app.url}/contacts/1.csv")
    assert table.headers["content-disposition"].startswith("attachment")
    assert "erik@customer.test" in table.text()

    pane(page).locator(".past").first.click()
    expect(page.locator(".head h1")).to_contain_text("Order")


@pytest.mark.feature("QV23")
def test_on_a_phone_the_contact_is_a_sheet(app: App, newcomer: Callable[[], Page]) -> None:
    page = newcomer()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{app.url}/?view=open&c=5")
    sign_in(page, "bo")
    expect(page.locator(".head h1")).to_have_text("Order 5")
    settle(page)
    expect(pane(page)).to_have_count(0)

    page.locator(".st-key-person_toggle button:visible").click()
    expect(pane(page).locator("h2")).to_have_text("Erik Dahl")
    box = pane(page).bounding_box()
    assert box and box["x"] == 0 and box["width"] == 390
    pane(page).locator(".close").click()
    expect(pane(page)).to_have_count(0)
    expect(page.locator(".composer textarea")).to_be_visible()


@pytest.mark.feature("CX03")
def test_what_may_be_the_same_matter_leads_to_both_side_by_side(signed_in: SignedIn) -> None:
    page = signed_in("bo", "/?view=open&c=5&pane=open")
    alike = pane(page).locator(".section", has_text="May be the same matter")
    expect(alike.locator(".past")).to_have_count(1)
    expect(alike.locator(".past .subject")).to_have_text("#21 Order 21")
    expect(alike.locator(".past .about")).to_have_text("Both name ORD-48213")

    alike.locator(".past").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("#21")
    expect(dialog).to_contain_text("#5")
    expect(dialog.get_by_role("button", name="Merge", exact=True)).to_be_visible()
    page.keyboard.press("Escape")

    reader = signed_in("cy", "/?view=open&c=5&pane=open")
    pane(reader).locator(".past", has_text="#21").click()
    expect(reader.locator(".head h1")).to_have_text("Order 21")
