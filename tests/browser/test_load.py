"""Load in a real browser: every chart opens what it counts."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from inbox import calendars, clock, events, mailboxes, turns
from inbox.house import House
from tests.browser.conftest import App, get_cookie, press_until, running, settle
from tests.conftest import agent
from tests.furniture import ADA, INVOICE, SUPPORT
from tests.pages.test_insight import MANY
from tests.pages.test_load import DIARY

pytestmark = [pytest.mark.browser, pytest.mark.feature("AN03", "AN04", "U10")]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("house") / "data", lived) as found:
        yield found


def lived(house: House, cursor: Any) -> None:
    """A conversation an hour for nine days, most of them claimed and closed by Ada or Bo."""
    now = clock.now()
    # Whoever has one has it from half past to twenty past: at each full hour, at which is looked.
    last = now.replace(minute=20) - timedelta(hours=1)
    for statement in MANY:
        wanted = {"now": last, "count": 220}
        given = {name: value for name, value in wanted.items() if f"${name}" in statement}
        cursor.execute(statement, given or None).fetchall()
    with house.store.write() as db:
        events.record(db, events.SYSTEM, "received", INVOICE, mailbox_id=SUPPORT, now=now)
    cursor.execute("delete from messages where direction = 'out'").fetchall()
    cursor.execute(DIARY, {"last": 1000}).fetchall()
    with house.store.write() as db:
        ada = agent(house.store, ADA)
        lines = ["08:00-17:00"] * 7
        begin = now.replace(year=now.year - 1)
        calendars.save(db, ada, "Office", time_zone="UTC", lines=lines, now=begin)
        mailboxes.change(db, ada, SUPPORT, calendar="Office", now=begin)
    with house.store.write() as db:
        turns.rebuild(db)


@pytest.mark.parametrize(
    ("figure", "says", "places"),
    [
        ("depth", "(Open|Wait|Unassigned), ", [(0.8, 0.4)]),
        ("shift_ends", "Unassigned, ", [(x / 100, 0.8) for x in range(70, 100)]),
        ("handled", "Handled on ", [(x / 100, 0.7) for x in range(50, 80, 2)]),
        ("load", "Open with (Ada Lind|Bo Ek), ", [(0.9, 0.7), (0.95, 0.6)]),
        ("fair", "Handled by (Ada Lind|Bo Ek), ", [(0.7, 0.2), (0.8, 0.3), (0.8, 0.6)]),
    ],
)
def test_every_chart_opens(
    app: App,
    newcomer: Callable[[], Page],
    figure: str,
    says: str,
    places: list[tuple[float, float]],
) -> None:
    page = newcomer()
    get_cookie(app, page, "ada")
    page.goto(f"{app.url}/load?days={'7' if figure in ('load', 'depth') else '28'}")
    chart = page.locator(
        f".st-key-figure_{figure} [data-testid='stVegaLiteChart'] :is(canvas, svg)"
    ).first
    chart.wait_for()
    settle(page)
    told = page.get_by_text(re.compile(f"{says}.* · [0-9]+ conversation"))
    press_until(chart, places, told)

    expect(told).to_be_visible()
    if "· 0" not in told.inner_text():
        expect(page.locator(".st-key-table_behind a").first).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_the_small_charts_are_one_picture(app: App, newcomer: Callable[[], Page]) -> None:
    page = newcomer()
    get_cookie(app, page, "ada")
    page.goto(f"{app.url}/load")
    button = page.locator(".st-key-png_load button")
    button.wait_for()
    settle(page)
    with page.expect_download() as download:
        button.click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
