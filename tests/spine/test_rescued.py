"""The real app on a database that was damaged while it was down."""

import json
import re

import pytest
from playwright.sync_api import expect

from inbox import backup, house, passwords
from inbox.agents import the_house
from inbox.settings import Settings
from tests import furniture
from tests.browser.conftest import settle
from tests.conftest import NOON

pytestmark = pytest.mark.browser
PASSWORD = "four tidy otters waving"
MAIL = """From: Nils Berg <nils@customer.test>
To: support@example.com
Subject: Parcel {n}
Message-ID: <parcel{n}@customer.test>
Date: Mon, 02 Mar 2026 10:00:00 +0000

Where is it?
"""


@pytest.fixture
def app(start, tmp_path):
    """A house with a back-up, running; then it was killed with news in its log alone."""
    settings = Settings(data=tmp_path / "data")
    home = house.open_up(settings, now=NOON)
    furniture.furnish(home, now=NOON)
    with home.store.export() as cursor:
        hashed = passwords.hash(PASSWORD)
        cursor.execute("update agents set password_hash = $hash", {"hash": hashed}).fetchall()
    backup.make(home, the_house(), now=NOON)
    home.close()
    app = start(demo="false")
    mails = tmp_path / "mails"
    mails.mkdir()
    for n in range(40):
        (mails / f"{n}.eml").write_text(MAIL.format(n=n))
    app.command("import", "--mailbox", "support@example.com", str(mails))
    app.kill()
    return app


def flip(file, place):
    content = bytearray(file.read_bytes())
    content[place] ^= 8
    file.write_bytes(bytes(content))
    return bytes(content)


@pytest.mark.parametrize("name", ["inbox.duckdb", "inbox.duckdb.wal"])
def test_it_starts_lets_people_in_and_says_what_happened(app, chromium, name):
    file = app.data / name
    damaged = flip(file, 20 if name == "inbox.duckdb" else file.stat().st_size // 2)

    app.start()

    assert "The database needs to be rescued." in app.log
    (aside,) = app.data.glob("set-aside-*")
    assert (aside / name).read_bytes() == damaged
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{app.url}/signin")
    page.fill("input[name=email]", "ada@example.com")
    page.fill("input[name=password]", PASSWORD)
    page.locator("form button").first.click()
    page.wait_for_selector(".st-key-inbox")
    settle(page)
    alarm = page.locator(".st-key-alarms")
    expect(alarm).to_contain_text("damaged")
    expect(alarm).to_contain_text("set-aside-")
    page.goto(f"{app.url}/?view=all")
    settle(page)
    page.locator(".st-key-alarms button", has_text="I have read this").click()
    expect(page.locator(".st-key-alarms")).not_to_contain_text("damaged")
    context.close()
    assert json.loads(app.command("verify", "--json").stdout)["ok"]
    doctor = app.command("doctor", check=False).stdout
    assert not re.search("^broken", doctor, re.M)
    mails = "select count(*) from messages where subject like 'Parcel%'"
    app.stop()
    home = house.open_up(Settings(data=app.data), now=NOON)
    with home.store.export() as cursor:
        assert cursor.execute(mails).fetchone() == (40,)
    home.close()
