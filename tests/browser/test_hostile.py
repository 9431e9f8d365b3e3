"""Hostile mail in the real app before a real browser: it is shown, and does nothing."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from inbox.house import House
from tests import hostile
from tests.browser.conftest import App, running, settle, sign_in
from tests.browser.house_of_horrors import (
    FRAMES,
    PLACES,
    POINTS,
    Watch,
    conversation,
    mail,
)
from tests.listener import Listener, listening

pytestmark = pytest.mark.browser
BATCH = 25
FIRST = 30
COUNT = -(-len(hostile.bodies("")) // BATCH)


def batch(listener: Listener, number: int) -> list[tuple[str, str]]:
    every = list(hostile.bodies(f"127.0.0.1:{listener.port}").items())
    return every[number * BATCH : (number + 1) * BATCH]


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with listening() as found:
        yield found


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> Iterator[App]:
    fill = partial(_fill, listener)
    with running(tmp_path_factory.mktemp("house") / "data", fill) as found:
        yield found


def _fill(listener: Listener, _house: House, cursor: Any) -> None:
    for number in range(COUNT):
        place = conversation(cursor, f"Batch {number}", "Hostile", "hostile@evil.test")
        assert place == FIRST + number
        for name, html in batch(listener, number):
            mail(cursor, place, name, f"text of {name}", html)


@pytest.fixture(scope="module")
def looking(app: App, listener: Listener, chromium: Any) -> Iterator[tuple[Page, Watch]]:
    """One agent's browser for all batches, and what it saw of a harmless mail."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{app.url}/?view=open&c=1&pane=closed")
    sign_in(page, "ada")
    page.wait_for_selector(".stream article")
    settle(page)
    app.places = page.evaluate(PLACES)  # type: ignore[attr-defined]
    yield page, Watch(page, app.url, listener)
    context.close()


@pytest.mark.parametrize("number", range(COUNT))
def test_hostile_bodies_are_shown_and_do_nothing(
    app: App, listener: Listener, looking: tuple[Page, Watch], number: int
) -> None:
    page, watch = looking
    wanted = batch(listener, number)
    page.goto(f"{app.url}/?view=open&c={FIRST + number}&pane=closed")
    page.wait_for_selector(".stream article")
    settle(page)
    cards = page.locator(".stream article")
    expect(cards).to_have_count(len(wanted))
    names = cards.locator(".who .name").all_text_contents()
    assert sorted(names) == sorted(name for name, _ in wanted)
    frames = page.locator("iframe.sheet")
    # Where nothing of the HTML is left, its text stands.
    assert frames.count() + page.locator(".body > .text").count() == len(wanted)

    assert frames.evaluate_all(FRAMES) == []
    assert page.evaluate(POINTS) == []
    assert page.evaluate(PLACES) == app.places  # type: ignore[attr-defined]
    assert watch.traces() == []
