"""Shared drafts in two browsers: asked for, changed, approved, given back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, frozen, settle
from tests.browser.test_composer import area, begin, saved, visit

pytestmark = [pytest.mark.browser, pytest.mark.feature("CR10")]
SignedIn = Callable[..., Page]


def ask(page: Page, whom: str) -> None:
    page.locator(".composer .review .opener").click()
    page.get_by_role("menuitem", name=whom).click()
    expect(page.locator(".composer .reviewing")).not_to_have_text("")


def test_asked_changed_and_approved(app: App, signed_in: SignedIn) -> None:
    bo = signed_in("bo")
    begin(bo, "Order 14", "Bo's words.")
    ask(bo, "Ada Lind")
    expect(bo.locator(".composer .reviewing")).to_contain_text("Ada Lind is asked to look")

    ada = signed_in("ada")
    visit(ada, "Order 14")
    expect(area(ada)).to_have_value("Bo's words.")
    expect(ada.locator(".composer .reviewing")).to_contain_text("A draft of Bo Ek")
    area(ada).fill("Better words.")
    saved(ada)
    ada.locator(".composer .primary", has_text="Approve and send").click()

    expect(ada.locator(".composer .bar")).to_contain_text("Sending in")
    expect(ada.locator(".diary", has_text="You approved what Bo Ek wrote")).to_be_visible()
    (mail,) = frozen(app, "Order 14")
    assert mail["From"] == "Bo Ek <support@example.com>"
    assert "Better words." in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    expect(area(bo)).to_have_value("")


def test_given_back_with_a_word(app: App, signed_in: SignedIn) -> None:
    bo = signed_in("bo")
    begin(bo, "Order 15", "Too cold.")
    ask(bo, "Anyone who may answer")

    ada = signed_in("ada")
    visit(ada, "Order 15")
    expect(area(ada)).to_have_value("")
    row = ada.locator(".composer .others", has_text="Draft of Bo Ek, for review")
    row.get_by_role("button", name="Open").click()
    expect(area(ada)).to_have_value("Too cold.")
    ada.locator(".composer .give-back .opener").click()
    ada.locator(".composer .word").fill("Warmer, please.")
    ada.locator(".composer .menu-word .second").click()

    expect(area(ada)).to_have_value("")
    expect(ada.locator("article", has_text="Warmer, please.")).to_be_visible()
    settle(bo)
    expect(bo.locator("article", has_text="Warmer, please.")).to_be_visible()
    expect(bo.locator(".composer .reviewing .notice")).to_have_count(0)
    expect(area(bo)).to_have_value("Too cold.")
    assert frozen(app, "Order 15") == []


def test_a_note_beside_a_colleagues_draft_and_private_again(app: App, signed_in: SignedIn) -> None:
    bo = signed_in("bo")
    begin(bo, "Order 16", "Mine still.")
    ask(bo, "Ada Lind")
    ada = signed_in("ada")
    visit(ada, "Order 16")
    ada.get_by_role("tab", name="Note").click()
    expect(area(ada)).to_have_value("")
    area(ada).fill("Let me think.")
    saved(ada)

    bo.locator(".composer .reviewing .undo").click()
    expect(bo.locator(".composer .reviewing .notice")).to_have_count(0)
    expect(area(bo)).to_have_value("Mine still.")
    expect(ada.locator(".composer .others .notice")).to_have_count(0)
    assert frozen(app, "Order 16") == []


def test_its_author_sees_what_a_colleague_types_into_it(signed_in: SignedIn) -> None:
    bo = signed_in("bo")
    begin(bo, "Order 17", "Bo's words.")
    ask(bo, "Ada Lind")
    ada = signed_in("ada")
    visit(ada, "Order 17")
    expect(area(ada)).to_have_value("Bo's words.")

    area(ada).fill("Ada's words.")
    saved(ada)
    expect(area(bo)).to_have_value("Ada's words.")
    area(bo).fill("Bo's again.")
    saved(bo)
    expect(area(ada)).to_have_value("Bo's again.")
