"""The real app in a process of its own, and a real browser before it."""

import email
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from inbox import clock, house
from inbox.blobs import Place, RawStore
from inbox.house import House
from inbox.messages import Address, Recipients
from inbox.settings import Settings
from tests import furniture

ROOT = Path(__file__).parents[2]
# The machine may be busy with other work.
expect.set_options(timeout=15_000)
MOST_ORDERS = 30
PASSWORD = "four tidy otters waving"
# bcrypt with the smallest cost, made once: few of these tests are about signing in.
HASH = "$2b$04$usc7Vgy7eCMYfYJ9q1SAsu47a8FVVrdv9sY1L7TpT65k5ZD.e8Iki"


@dataclass
class App:
    """A running Delad on furniture, with what its browsers complained about."""

    url: str
    data: Path
    process: subprocess.Popen[bytes]
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("house") / "data") as found:
        yield found


@contextmanager
def running(
    data: Path, more: Callable[[House, Any], None] | None = None, **settings: str
) -> Iterator[App]:
    """The app on furniture and what `more` puts there, given the house and a cursor."""
    _furnish(data, more)
    port = _free_port()
    log = (data.parent / "app.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
        cwd=ROOT,
        env={
            **os.environ,
            "DELAD_DATA": str(data),
            "DELAD_UNDO_SECONDS": "20",
            "DELAD_ALLOW_PLAINTEXT": "true",
            "DELAD_DEMO": "false",
            **settings,
        },
        stdout=log,
        stderr=log,
    )
    app = App(url=f"http://localhost:{port}", data=data, process=process)
    _wait_for(app, data.parent / "app.log")
    yield app
    process.send_signal(signal.SIGTERM)
    # uvicorn hands the signal on once everything is put away: the store left no log behind.
    assert process.wait(20) == -signal.SIGTERM
    assert not data.joinpath("inbox.duckdb.wal").exists()
    shutil.rmtree(data, ignore_errors=True)


@pytest.fixture
def newcomer(app: App, chromium: Browser) -> Iterator[Callable[[], Page]]:
    """Opens a fresh browser, not signed in; afterwards no browser may have complained."""
    contexts: list[BrowserContext] = []
    app.complaints.clear()

    def come() -> Page:
        context = chromium.new_context(
            viewport={"width": 1440, "height": 900}, timezone_id="Europe/Stockholm"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda said: _note(app, said.type, said.text))
        page.on("pageerror", lambda error: app.complaints.append(str(error)))
        return page

    yield come
    for context in contexts:
        context.close()
    assert app.complaints == []


@pytest.fixture
def signed_in(app: App, newcomer: Callable[[], Page]) -> Callable[..., Page]:
    """Opens a browser as `ada`, `bo`, `cy` or `eve`, at the path given."""

    def come(who: str, path: str = "/?view=open") -> Page:
        page = newcomer()
        get_cookie(app, page, who)
        page.goto(f"{app.url}{path}")
        page.wait_for_selector(".st-key-inbox")
        settle(page)
        return page

    return come


def sign_in(page: Page, who: str) -> None:
    page.fill("input[name=email]", f"{who}@example.com")
    page.fill("input[name=password]", PASSWORD)
    page.locator("form button").first.click()


def get_cookie(app: App, page: Page, who: str) -> None:
    """Sign in without the form's page, which costs as much as a page of the app."""
    answer = page.context.request.post(
        f"{app.url}/signin",
        form={"email": f"{who}@example.com", "password": PASSWORD},
        headers={"Origin": app.url},
        max_redirects=0,
    )
    assert answer.status == 303


def settle(page: Page) -> None:
    """Until Streamlit has drawn everything it was asked for."""
    page.wait_for_selector('[data-test-script-state="notRunning"]')
    page.wait_for_timeout(150)


def press_until(chart: Locator, places: Iterable[tuple[float, float]], told: Locator) -> None:
    """Press a chart at these parts of its width and height, one after the other, until it has told
    what was asked for; where nothing is drawn nothing is told."""
    box = chart.bounding_box()
    assert box
    for x, y in places:
        chart.click(position={"x": box["width"] * x, "y": box["height"] * y})
        # Streamlit waits a moment before it asks what a press on a chart means.
        chart.page.wait_for_timeout(400)
        settle(chart.page)
        if told.count():
            return


def _note(app: App, kind: str, text: str) -> None:
    if kind == "error":
        app.complaints.append(text)


def _furnish(data: Path, more: Callable[[House, Any], None] | None) -> None:
    now = clock.now() - timedelta(hours=1)
    opened = house.open_up(Settings(data=data), now=now)
    furniture.furnish(opened, now=now)
    with opened.store.export() as cursor:
        cursor.execute("update agents set password_hash = $hash", {"hash": HASH})
        cursor.execute(
            "update mailboxes set smtp_url = 'smtp://support@127.0.0.1:9', secret = $secret",
            {"secret": opened.keys.encrypt("unused")},
        )
        for number in range(3, MOST_ORDERS):
            _conversation(cursor, number, now)
        if more:
            more(opened, cursor)
    opened.close()


def _conversation(cursor: object, number: int, now: datetime) -> None:
    run = cursor.execute  # type: ignore[attr-defined]
    # Every third order was sent to a colleague of the customer's too.
    ours, lena = (
        Address(name="", address="support@example.com"),
        Address(name="Lena Dahl", address="lena@customer.test"),
    )
    people = Recipients(to=(ours,), cc=(lena,) if number % 3 == 0 else ())
    about = {"now": now - timedelta(minutes=number), "subject": f"Order {number}"}
    run(
        "insert into conversations (mailbox_id, contact_name, contact_address, subject, snippet, "
        "status, created_at, last_message_at, waiting_since, message_count, attachment_count, "
        "is_readable) values (1, 'Erik Dahl', 'erik@customer.test', $subject, 'Where is it?', "
        "'open', $now, $now, $now, 1, 0, true)",
        about,
    )
    (conversation_id,) = run("select max(id) from conversations").fetchone()
    run(
        "insert into messages (conversation_id, mailbox_id, direction, via, sent_at, received_at, "
        "from_name, from_address, recipients, subject, rfc_message_id, is_auto, is_bounce, "
        "is_readable, attachment_count, thread_reason) values ($id, 1, 'in', 'imap', $now, $now, "
        "'Erik Dahl', 'erik@customer.test', $people, $subject, 'o' || $id || '@customer.test', "
        "false, false, true, 0, 'new')",
        {"id": conversation_id, "people": people.as_json(), **about},
    )
    (message_id,) = run("select max(id) from messages").fetchone()
    html = (
        "<p>Where is it?</p><script>parent.document.title = 'taken over'</script>"
        "<img src='http://127.0.0.1:9/spy.gif' onerror='parent.document.title = 1'>"
    )
    run(
        "insert into bodies (message_id, conversation_id, body_text, body_html, reply_text) "
        "values ($id, $conversation_id, 'Where is it?', $html, 'Where is it?')",
        {"id": message_id, "conversation_id": conversation_id, "html": html},
    )


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _wait_for(app: App, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if app.process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{app.url}/signin", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    app.process.kill()
    pytest.fail(f"The app did not start:\n{log.read_text()[-3000:]}")


def ledger(app: App, sql: str, **given: object) -> list[tuple[Any, ...]]:
    """What stands in the app's database: asked of a copy, as the app holds the file itself."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "inbox.duckdb"
        for suffix in ("", ".wal"):
            source = app.data / f"inbox.duckdb{suffix}"
            if source.exists():
                shutil.copyfile(source, f"{copy}{suffix}")
        with duckdb.connect(str(copy)) as connection:
            return connection.execute(sql, given or None).fetchall()


def frozen(app: App, subject: str) -> list[EmailMessage]:
    """The mails that were queued in this conversation and not taken back, as they will leave."""
    raw = RawStore(app.data / "raw")
    rows = ledger(
        app,
        "select outbox.raw_sha256, outbox.segment, outbox.position, outbox.size_bytes from outbox "
        "inner join conversations on outbox.conversation_id = conversations.id "
        "where conversations.subject = $subject and outbox.state <> 'cancelled' order by outbox.id",
        subject=subject,
    )
    names = ("sha256", "segment", "position", "size_bytes")
    places = [Place(**dict(zip(names, row, strict=True))) for row in rows]
    return [
        email.message_from_bytes(raw.read(place), policy=policy.default)  # type: ignore[arg-type]
        for place in places
    ]


def recipients(app: App, subject: str) -> set[tuple[str, str]]:
    """(kind, address) of everybody such a mail goes to."""
    return set(
        ledger(
            app,
            "select outbox_recipients.kind, outbox_recipients.address from outbox_recipients "
            "inner join outbox on outbox_recipients.outbox_id = outbox.id "
            "inner join conversations on outbox.conversation_id = conversations.id "
            "where conversations.subject = $subject and outbox.state <> 'cancelled'",
            subject=subject,
        )
    )
