"""The door itself: TLS is verified, and refusals say what to do."""

import threading
from datetime import datetime

import pytest

from inbox.errors import MailboxUnreachable
from inbox.settings import Settings
from ingest import imap, servers
from ingest.folders import Folder, sent_among
from ingest.servers import Credential
from tests.ingest.conftest import mail
from tests.servers import PASSWORD


def connection(url, password=PASSWORD, auth="password"):
    server = servers.parse(url)
    return imap.connect(
        server, Credential(user=server.user, auth=auth, secret=password), Settings()
    )


def refusal(url, **given):
    with pytest.raises(MailboxUnreachable) as refused, connection(url, **given):
        pass
    return refused.value


@pytest.mark.parametrize("kind", ["tls_url", "starttls_url"])
def test_tls_works_with_a_certificate_we_trust_and_not_without(dovecot, kind, monkeypatch):
    assert refusal(getattr(dovecot, kind)).kind == "tls"

    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))
    with connection(getattr(dovecot, kind)) as line:
        assert line.select("INBOX").exists == 0


def test_a_certificate_of_another_name_is_refused(dovecot, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))
    assert refusal(dovecot.tls_url.replace("localhost", "127.0.0.1")).kind == "tls"


def test_each_trouble_has_its_kind(dovecot):
    assert refusal("imaps://a@no-such-host.invalid").kind == "address"
    assert refusal("imap://a@127.0.0.1:1").kind == "network"
    assert refusal(dovecot.url, password="wrong").kind == "login"
    assert refusal(dovecot.url, auth="xoauth2").kind in ("login", "protocol")
    with connection(dovecot.url) as line, pytest.raises(MailboxUnreachable) as refused:
        line.select("Nowhere")
    assert refused.value.kind == "folder"


def test_the_last_uid_is_not_new(server):
    server.append(mail(), mail("b"))
    with connection(server.url) as line:
        line.select("INBOX")
        last = max(line.all_uids())
        assert line.uids_after(last) == []
        assert len(line.uids_after(last - 1)) == 1


def test_a_mail_is_filed_and_found_by_its_message_id(server):
    with connection(server.url) as line:
        folder = line.sent_folder(None) or "INBOX"
        line.append(folder, mail(message_id="x1@example.com"), ("\\Seen",), datetime(2026, 3, 2))
        assert line.has_message_id(folder, "<x1@example.com>")
        assert not line.has_message_id(folder, "x2@example.com")
        assert not line.has_message_id(folder, "a\r\nb")
        (uid,) = line.all_uids()
        assert line.fetch([uid])[uid].server_date == datetime(2026, 3, 2)


def test_idle_hears_new_mail_and_stops_when_asked(dovecot):
    stop = threading.Event()
    with connection(dovecot.url) as line:
        line.select("INBOX")
        threading.Timer(0.2, dovecot.append, [mail()]).start()
        assert line.idle(8, stop) is True
        stop.set()
        assert line.idle(8, stop) is False


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["INBOX", "Sent"], "Sent"),
        (["INBOX", "INBOX.Sent Items"], "INBOX.Sent Items"),
        (["INBOX", "Skickade objekt"], "Skickade objekt"),
        (["INBOX", "Gesendete Elemente"], "Gesendete Elemente"),
        (["INBOX", "Consent"], None),
    ],
)
def test_the_sent_folder_is_known_by_its_usual_names(names, found):
    assert sent_among([Folder(name=name, special_use=None) for name in names], None) == found


def test_what_the_server_marks_beats_names():
    folders = [Folder(name="Sent", special_use=None), Folder(name="Ute", special_use="Sent")]
    assert sent_among(folders, None) == "Ute"
    assert sent_among(folders, "Sent") == "Sent"
    assert sent_among(folders, "Gone") is None
