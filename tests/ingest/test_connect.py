"""Connecting a mailbox against real servers: every trouble becomes a plain finding."""

import socket
import threading
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from inbox.errors import Invalid
from inbox.settings import Settings
from ingest import accounts, connect, providers
from ingest.accounts import Account
from tests import servers
from tests.servers import PASSWORD, MailServer, free_port

NOW = datetime(2026, 3, 2, 12, 0)
FAST = Settings(connect_seconds=2, read_seconds=5, guess_seconds=1)
MAIL = b"From: maria@customer.test\r\nSubject: Hello\r\n\r\nHello\r\n"

needs_dovecot = pytest.mark.skipif(not servers.DOVECOT, reason=servers.HOW_TO_GET_DOVECOT)


@pytest.fixture(scope="module")
def outgoing():
    """An SMTP server on loopback that knows one password and counts what it accepted."""

    class Counter:
        accepted = 0

        async def handle_DATA(self, *_):  # noqa: N802
            self.accepted += 1
            return "250 kept"

    def check(server, session, envelope, mechanism, data):
        return AuthResult(success=data.password == PASSWORD.encode())

    controller = Controller(
        Counter(),
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=check,
        auth_require_tls=False,
        auth_exclude_mechanism=["LOGIN"],
    )
    controller.start()
    yield controller
    controller.stop()
    assert controller.handler.accepted == 0


@pytest.fixture
def dovecot(monkeypatch):
    with servers.dovecot() as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        yield server


def account(imap_url: str, outgoing: Controller) -> Account:
    return Account(
        address="support@example.com",
        imap_url=imap_url,
        smtp_url=f"smtp://support@127.0.0.1:{outgoing.port}",
        advice="Ask Bo.",
    )


def examine(found: Account, secret: str = PASSWORD, now: datetime = NOW):
    told = []
    report = connect.examine(found, secret, FAST, now=now, say=told.append)
    assert told == report.findings
    return report


def lines(report):
    return {f.about: (f.state, f.text) for f in report.findings}


@needs_dovecot
@pytest.mark.parametrize("url", ["tls_url", "starttls_url"])
def test_a_sound_mailbox(dovecot: MailServer, outgoing, url):
    days = (400, 40, 20, 0)
    for day in days:
        dovecot.append(MAIL, when=(NOW - timedelta(days=day)).replace(tzinfo=UTC))
    dovecot.append(MAIL, folder="Skickat", when=(NOW - timedelta(days=20)).replace(tzinfo=UTC))

    report = examine(account(getattr(dovecot, url), outgoing))

    assert report.is_sound
    assert report.sent_folder == "Skickat"
    assert report.counts == {"30 days": 3, "1 year": 4, "everything": 5, "from today": 1}
    assert lines(report) == {
        "Incoming server": ("ok", "localhost answers, and its certificate is right."),
        "Sign-in": ("ok", "Signed in as support."),
        "Folders": ("ok", "2 folders, 4 mails in INBOX."),
        "Sent mail": ("ok", "Sent mail lies in “Skickat” and is read as well."),
        "New mail": ("ok", "The server announces new mail at once."),
        "Clock": ("ok", "The server's clock and ours agree."),
        "Outgoing server": ("ok", "127.0.0.1 answers, without TLS."),
        "Sending": ("ok", "127.0.0.1 takes our sign-in. Nothing was sent."),
    }


@needs_dovecot
def test_nothing_on_the_server_is_touched(dovecot, outgoing):
    dovecot.append(MAIL, MAIL)

    assert examine(account(dovecot.tls_url, outgoing)).is_sound
    with dovecot.client() as client:
        client.select_folder("INBOX", readonly=True)
        flags = [client.fetch([uid], ["FLAGS"])[uid][b"FLAGS"] for uid in client.search("ALL")]
    assert [b"\\Seen" in some for some in flags] == [False, False]


@needs_dovecot
def test_a_wrong_password_is_tried_once_and_not_on_the_other_server(dovecot, outgoing):
    report = examine(account(dovecot.tls_url, outgoing), secret="wrong")

    assert not report.can_read
    assert lines(report)["Sign-in"] == (
        "broken",
        "localhost refused the sign-in. Check the user name and password. Ask Bo.",
    )
    assert "Sending" not in lines(report)


@needs_dovecot
def test_an_unknown_certificate_stops_before_the_password(dovecot, outgoing, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")

    report = examine(account(dovecot.tls_url, outgoing))

    assert [f.about for f in report.findings] == ["Incoming server", "Outgoing server"]
    assert "signed by no authority this computer knows" in report.findings[0].text


@needs_dovecot
def test_a_clock_that_runs_ahead_is_told(dovecot, outgoing):
    dovecot.append(MAIL, when=(NOW + timedelta(hours=1)).replace(tzinfo=UTC))

    state, text = lines(examine(account(dovecot.tls_url, outgoing)))["Clock"]

    assert (state, "60 min in the future" in text) == ("warning", True)


def test_pymap_has_neither_sent_folder_nor_certificate(outgoing):
    with servers.pymap() as server:
        server.append(MAIL)
        report = examine(account(server.url, outgoing))

    assert report.can_read
    assert lines(report)["Incoming server"] == ("ok", "127.0.0.1 answers, without TLS.")
    assert report.counts["everything"] >= 1


def test_only_the_outgoing_password_is_wrong(outgoing):
    with servers.pymap() as server:
        found = account(server.url, outgoing)
        refusing = Controller(
            outgoing.handler,
            hostname="127.0.0.1",
            port=free_port(),
            authenticator=lambda *_: AuthResult(success=False, handled=False),
            auth_require_tls=False,
        )
        refusing.start()
        try:
            report = examine(
                Account(
                    address=found.address,
                    imap_url=found.imap_url,
                    smtp_url=f"smtp://support@127.0.0.1:{refusing.port}",
                )
            )
        finally:
            refusing.stop()

    assert report.can_read
    assert not report.is_sound
    assert lines(report)["Sending"][0] == "broken"
    assert "535" in lines(report)["Sending"][1]


def test_a_host_that_is_not_there(outgoing):
    report = examine(account("imaps://support@mail.nowhere.invalid", outgoing))

    assert lines(report)["Incoming server"] == (
        "broken",
        "There is no server named mail.nowhere.invalid.",
    )
    assert not report.can_read


def test_known_providers_need_no_network():
    found = accounts.guess("Maria.Holm@GMail.com", FAST)

    assert found.imap_url == "imaps://maria.holm%40gmail.com@imap.gmail.com"
    assert found.smtp_url == "smtps://maria.holm%40gmail.com@smtp.gmail.com"
    assert "app password" in found.advice
    assert accounts.guess("a@outlook.com", FAST).auth == "xoauth2"
    assert all(connect.url(p.imap, FAST) and connect.url(p.smtp, FAST) for p in providers.HOSTS)


def test_a_domain_of_ones_own_takes_what_answers(monkeypatch, outgoing):
    silent = free_port()
    with servers.pymap() as server:
        monkeypatch.setattr(
            providers,
            "likely",
            lambda _: (
                [f"imap://127.0.0.1:{silent}", f"imap://127.0.0.1:{server.port}"],
                [f"smtp://127.0.0.1:{outgoing.port}"],
            ),
        )
        found = accounts.guess("support@example.com", FAST)

    assert found.imap_url == f"imap://support%40example.com@127.0.0.1:{server.port}"
    assert found.is_whole


def test_silent_servers_are_waited_for_together(monkeypatch):
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(4)]
    ports = [listener.getsockname()[1] for listener in listeners]
    monkeypatch.setattr(
        providers, "likely", lambda _: ([f"imaps://127.0.0.1:{port}" for port in ports], [])
    )
    done = threading.Event()

    def ask():
        assert not accounts.guess("support@example.com", FAST).is_whole
        done.set()

    threading.Thread(target=ask, daemon=True).start()
    assert done.wait(3 * FAST.guess_seconds)
    for listener in listeners:
        listener.close()


def test_what_is_no_address_is_refused():
    with pytest.raises(Invalid):
        accounts.guess("support", FAST)


def test_a_window_begins_at_midnight():
    assert connect.since("everything", now=NOW) is None
    assert connect.since("from today", now=NOW) == datetime(2026, 3, 2)
    assert connect.since("30 days", now=NOW) == datetime(2026, 1, 31)
