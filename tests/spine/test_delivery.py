"""From an empty folder to a delivered reply, once, whatever dies in between."""

import email
import json
import re
from email.message import EmailMessage
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import expect

from tests import servers
from tests.browser.conftest import settle
from tests.servers import free_port
from tests.spine.conftest import until

pytestmark = [pytest.mark.browser, pytest.mark.dovecot]

PASSWORD = "four tidy otters waving"


class Sink:
    """Accepts mail and keeps it."""

    def __init__(self):
        self.taken = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 2.0.0 Taken"

    @property
    def mails(self) -> list[EmailMessage]:
        return [email.message_from_bytes(raw, policy=default) for _, _, raw in self.taken]


@pytest.fixture
def sink():
    found = Sink()
    controller = Controller(found, hostname="127.0.0.1", port=free_port())
    controller.start()
    found.port = controller.port
    yield found
    controller.stop()


@pytest.fixture
def dovecot():
    if servers.DOVECOT is None:
        pytest.skip(servers.HOW_TO_GET_DOVECOT)
    with servers.dovecot() as server:
        yield server


@pytest.fixture
def app(start, dovecot, sink):
    """An empty house with one mailbox and one person, made by the command line while it runs."""
    app = start(
        demo="false", undo_seconds="2", allow_plaintext="true", mail_password=servers.PASSWORD
    )
    app.command(
        *("mailbox", "add", "support@example.com", "--name", "Support"),
        *("--imap", dovecot.url, "--smtp", f"smtp://127.0.0.1:{sink.port}"),
        *("--password-env", "DELAD_MAIL_PASSWORD"),
    )
    added = app.command(
        *("agent", "add", "ada@example.com", "--name", "Ada Lind", "--admin"),
        *("--mailbox", "support@example.com:manager", "--json"),
    )
    app.invitation = json.loads(added.stdout)["invitation"]
    return app


@pytest.fixture
def page(app, chromium):
    """Ada's browser: invited, with a password chosen, at the open inbox."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(app.invitation)
    page.fill("input[name=password]", PASSWORD)
    page.locator("form button").first.click()
    page.wait_for_selector(".st-key-inbox")
    page.goto(f"{app.url}/?view=open")
    page.wait_for_selector(".st-key-inbox")
    settle(page)
    yield page
    context.close()


def written(subject, *, answers=None, words="Where is my parcel?"):
    mail = EmailMessage()
    mail["From"] = "Erik Dahl <erik@customer.test>"
    mail["To"] = "support@example.com"
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{abs(hash((subject, words)))}@customer.test>"
    if answers:
        mail["In-Reply-To"] = answers
    mail.set_content(words)
    return mail.as_bytes()


def reply(page, words):
    page.locator(".composer textarea").fill(words)
    expect(page.locator(".composer .saved")).to_contain_text("Saved")
    page.locator(".composer .primary").click()
    expect(page.locator(".composer .bar")).to_contain_text("Sending in")


def sent_copies(dovecot):
    with dovecot.client() as client:
        folder = next(
            name for flags, _, name in client.list_folders() if b"\\Sent" in flags or name == "Sent"
        )
        client.select_folder(folder, readonly=True)
        found = client.fetch(client.search("ALL"), ["BODY.PEEK[]"])
        return [email.message_from_bytes(f[b"BODY[]"], policy=default) for f in found.values()]


@pytest.mark.feature("CR01", "CR03")
def test_from_an_empty_folder_to_a_delivered_reply(app, page, dovecot, sink):
    dovecot.append(written("Order 17"))
    row = page.locator(".row", has_text="Order 17")
    expect(row).to_be_visible()
    row.click()
    expect(page.locator(".head h1")).to_have_text("Order 17")
    settle(page)
    page.locator(".st-key-claim button").click()
    expect(page.locator(".head .chip.mine")).to_be_visible()

    reply(page, "Hello Erik,\n\nit left **today**. Åäö")
    until(lambda: sink.mails)

    (sender, recipients, _), (mail,) = sink.taken[0], sink.mails
    assert sender == "support@example.com"
    assert recipients == ["erik@customer.test"]
    assert mail["From"] == "Ada Lind <support@example.com>"
    assert mail["Subject"] == "Re: Order 17"
    assert mail["In-Reply-To"] in written("Order 17").decode()
    assert mail.get_content_type() == "multipart/alternative"
    text, html = (part.get_content() for part in mail.iter_parts())
    assert "it left today. Åäö" in text.replace("*", "")
    assert "> Where is my parcel?" in text
    assert "<strong>today</strong>" in html
    assert dovecot.flags() == [()]
    until(lambda: len(sent_copies(dovecot)) == 1)
    assert sent_copies(dovecot)[0]["Message-ID"] == mail["Message-ID"]

    dovecot.append(written("Something else", answers=mail["Message-ID"], words="Thank you!"))
    expect(page.locator(".stream")).to_contain_text("Thank you!")
    expect(page.locator(".row")).to_have_count(1)
    assert json.loads(app.command("verify", "--json").stdout)["ok"]


def test_killed_in_the_undo_window_the_reply_still_leaves_once(app, page, dovecot, sink):
    dovecot.append(written("Order 18"))
    page.locator(".row", has_text="Order 18").click()
    settle(page)
    reply(page, "It is on its way.")
    app.kill()
    assert sink.mails == []

    app.start()

    until(lambda: sink.mails)
    until(lambda: sent_copies(dovecot))
    app.kill()
    app.start()
    page.goto(f"{app.url}/?view=sent")
    expect(page.locator(".row", has_text="Order 18")).to_have_count(1)
    page.locator(".row").click()
    settle(page)
    expect(page.locator(".stream .mail")).to_have_count(2)
    assert len(sink.mails) == 1
    assert len(sent_copies(dovecot)) == 1
    assert re.fullmatch(r"<c\d+\.\d+\.\w+@example\.com>", sink.mails[0]["Message-ID"])
    assert json.loads(app.command("verify", "--json").stdout)["ok"]
