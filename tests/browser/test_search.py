"""Searching in a real browser: hits, their number, what is offered, and what is not understood."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from inbox import clock
from inbox.house import House
from tests.browser.conftest import App, running, settle
from tests.inbox.letters import letter

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]
LONG = "Vi talade om annat. " * 30
HOSTILE = "<img src=x onerror=alert(1)> & 'zebra' \u202egpj.exe"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("house") / "data", written) as found:
        yield found


def written(house: House, _cursor: Any) -> None:
    now = clock.now()
    with house.store.write() as db:
        letter(db, subject="Leverans", body=LONG + "Nu åker varorna till Malmö i morgon.", at=now)
        letter(db, subject="Åkeriet", body="Vem åker? Bara Malmö.", at=now, status="closed")
        letter(db, subject="Odd", body=HOSTILE, at=now)
        letter(db, subject="Bin", body="Vad åker bort?", at=now, trashed_at=now)
        number = letter(db, subject="Kvitto", body="Var är kvittot? " + LONG * 8, at=now)
        more = {"subject": "Kvitto", "conversation_id": number, "at": now}
        html = f"<p>{LONG * 8}</p><p>Här är kvi<b>ttot</b>,<br>tack.</p><p>Kvittot.</p>"
        letter(db, body=LONG * 8 + "Här är kvittot, tack. Kvittot.", html=html, **more)
        letter(db, body=LONG * 20, **more)
        folded = letter(db, subject="Folded", body="Hej\n\n> en enhörning", reply="Hej", at=now)
        letter(db, subject="Folded", conversation_id=folded, body="Nej", at=now)
        letter(db, subject="Paper", body="See file", files=("faktura_12.pdf",), at=now)


@pytest.mark.feature("QV10", "QV15")
def test_hits_are_marked_where_they_stand_and_counted(signed_in: SignedIn) -> None:
    page = signed_in("bo", "/?view=all")
    field = page.locator(".st-key-q input")
    expect(page.locator(".row").first).to_be_visible()
    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.type("aker")
    expect(page.locator(".row")).to_have_count(2)
    expect(page.locator(".beside")).to_have_text("2 conversations")
    long = page.locator(".row", has_text="Leverans")
    expect(long.locator(".snippet mark")).to_have_text("åker")
    expect(long.locator(".snippet")).to_contain_text("Nu åker varorna till Malmö")

    field.fill('"åker varorna" from:asa')
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator(".row .snippet mark")).to_have_text("åker varorna")
    expect(page.locator(".row .who mark")).to_have_text("Åsa")
    page.locator(".row").click()
    expect(page.locator(".head h1")).to_have_text("Leverans")
    expect(field).to_have_value('"åker varorna" from:asa')

    page.get_by_role("button", name="Clear").click()
    expect(field).to_have_value("")
    expect(page.locator(".row mark")).to_have_count(0)


def test_a_strangers_words_are_shown_as_text(signed_in: SignedIn) -> None:
    page = signed_in("bo", "/?view=all&q=zebra")
    row = page.locator(".row")
    expect(row).to_have_count(1)
    expect(row.locator(".snippet mark")).to_have_text("zebra")
    expect(row.locator(".snippet")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator(".row img").count() == 0


@pytest.mark.feature("QV10")
def test_what_is_not_understood_is_said_and_what_was_typed_stays(signed_in: SignedIn) -> None:
    page = signed_in("bo", "/?view=all")
    field = page.locator(".st-key-q input")
    field.fill("before:soon frakt")
    word = page.locator(".word")
    expect(word).to_have_text("“soon” is no day. Write 2026-11-03, yesterday or 7d.")
    expect(page.locator(".row")).to_have_count(0)
    expect(field).to_have_value("before:soon frakt")
    field.fill("asignee:bo")
    expect(word).to_contain_text("Is it “assignee:”?")
    field.fill("aker")
    expect(word).to_be_hidden()
    expect(page.locator(".row")).to_have_count(2)


@pytest.mark.feature("QV10")
def test_an_empty_field_offers_what_can_be_asked_and_completes_names(signed_in: SignedIn) -> None:
    page = signed_in("bo", "/?view=all")
    field = page.locator(".st-key-q input")
    page.keyboard.press("/")
    offered = page.locator(".ways .way")
    expect(offered.filter(has_text="assignee:")).to_be_visible()
    offered.filter(has_text="assignee:").click()
    expect(field).to_have_value("assignee:")
    expect(offered.filter(has_text="Bo Ek")).to_be_visible()
    assert not offered.filter(has_text="Eve Holm").count()
    page.keyboard.type("bo")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field).to_have_value('assignee:"Bo Ek" ')
    expect(page.locator(".empty")).to_contain_text("Nothing found")
    page.keyboard.press("Escape")
    expect(field).not_to_be_focused()


@pytest.mark.feature("QV13")
def test_trash_and_spam_are_hidden_until_asked_for(signed_in: SignedIn) -> None:
    page = signed_in("bo", "/?view=closed&q=aker")
    expect(page.locator(".row")).to_have_count(1)
    page.get_by_role("button", name="Search everywhere").click()
    expect(page.locator(".row")).to_have_count(2)
    page.get_by_role("button", name="Filter").click()
    hide = page.get_by_label("Hide trash and spam")
    expect(hide).to_be_checked()
    hide.uncheck()
    expect(page.locator(".row")).to_have_count(3)
    page.keyboard.press("Escape")
    expect(page.locator(".row", has_text="Bin").locator(".chip", has_text="Trash")).to_be_visible()
    page.get_by_role("button", name="Take “Trash and spam too” away").click()
    expect(page.locator(".row")).to_have_count(2)
    page.locator(".st-key-q input").fill("aker is:trash")
    settle(page)
    expect(page.locator(".row")).to_have_count(1)


def in_sight(page: Page, part: Any) -> bool:
    """Whether it stands within the stream as it is scrolled now."""
    box, stream = part.bounding_box(), page.locator(".stream").bounding_box()
    return bool(box and stream and stream["y"] <= box["y"] < stream["y"] + stream["height"])


def seen_hit(page: Page, part: Any) -> None:
    expect(part).to_be_visible()
    for _turn in range(40):
        if in_sight(page, part):
            return
        page.wait_for_timeout(100)
    assert in_sight(page, part)


@pytest.mark.feature("QV10")
def test_the_words_are_marked_in_the_opened_conversation(signed_in: SignedIn) -> None:
    page = signed_in("bo", "/?view=all&q=kvittot")
    page.locator(".row", has_text="Kvitto").first.click()
    expect(page.locator(".head h1")).to_have_text("Kvitto")
    bar = page.locator(".hits-bar")
    expect(bar.locator(".says")).to_have_text("2 of 3")
    inside = page.frame_locator("iframe.sheet").first
    marks = inside.locator("mark.hit")
    expect(marks).to_have_text(["kvi", "ttot", "Kvittot"])
    expect(inside.locator("mark.hit.at")).to_have_text(["kvi", "ttot"])
    seen_hit(page, marks.first)
    assert inside.locator("script").count() == 0

    page.keyboard.press("g")
    expect(bar.locator(".says")).to_have_text("3 of 3")
    page.keyboard.press("g")
    expect(bar.locator(".says")).to_have_text("1 of 3")
    plain = page.locator(".text mark.hit")
    expect(plain).to_have_text(["kvittot"])
    seen_hit(page, plain)
    page.keyboard.press("Shift+G")
    expect(bar.locator(".says")).to_have_text("3 of 3")
    seen_hit(page, marks.last)

    page.locator(".mail-card:has(iframe) .more").click()
    page.get_by_role("menuitem", name="Show as plain text").click()
    expect(page.locator(".text mark.hit")).to_have_count(3)
    bar.get_by_role("button", name="Mark no longer").click()
    expect(page.locator("mark.hit")).to_have_count(0)
    expect(bar).to_be_hidden()


@pytest.mark.feature("QV10")
def test_a_folded_part_that_holds_the_word_is_opened(signed_in: SignedIn) -> None:
    page = signed_in("bo", "/?view=all&q=enhorning")
    page.locator(".row", has_text="Folded").click()
    expect(page.locator(".text mark.hit")).to_have_text(["enhörning"])
    expect(page.locator(".stream .fold")).to_have_attribute("aria-expanded", "true")
    page.locator(".stream .fold").click()
    expect(page.locator("mark.hit")).to_have_count(0)


@pytest.mark.feature("QV10")
def test_who_types_another_search_reads_on_undisturbed(signed_in: SignedIn) -> None:
    page = signed_in("bo", "/?view=all&q=kvittot")
    page.locator(".row", has_text="Kvitto").first.click()
    expect(page.locator(".hits-bar .says")).to_have_text("2 of 3")
    page.locator(".st-key-q input").fill("malmo")
    expect(page.locator(".row", has_text="Leverans")).to_be_visible()
    page.locator(".stream").press("f")
    expect(page.locator(".diary", has_text="follow")).to_be_visible()
    expect(page.locator(".hits-bar .says")).to_have_text("2 of 3")
    page.locator(".row", has_text="Leverans").click()
    expect(page.locator(".text mark.hit").first).to_have_text("Malmö")
