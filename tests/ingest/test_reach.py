"""What a server and its certificate look like before anyone signs in."""

import socket
import ssl
import threading

import pytest

from ingest import reach
from ingest.servers import Server
from tests.certificates import Authority

SECONDS = 2


@pytest.fixture
def authority(tmp_path, monkeypatch):
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


@pytest.fixture
def serve():
    """Start a server that plays `script` with every visitor; answer its port."""
    listeners = []

    def start(script, pair=None):
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        context = None
        if pair:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(pair.certificate, pair.key)
        threading.Thread(target=_play, args=(listener, script, context), daemon=True).start()
        return listener.getsockname()[1]

    yield start
    for listener in listeners:
        listener.close()


def _play(listener, script, context):
    while True:
        try:
            visitor, _ = listener.accept()
            visitor.settimeout(SECONDS + 1)
            script(visitor, context)
        except OSError:
            if listener.fileno() < 0:
                return


def says(line):
    def script(visitor, context):
        with context.wrap_socket(visitor, server_side=True) if context else visitor as stream:
            stream.sendall(line)
            stream.recv(100)

    return script


def upgrades(greeting, *answers):
    def script(visitor, context):
        visitor.sendall(greeting)
        for answer in answers:
            visitor.recv(1000)
            visitor.sendall(answer)
        with context.wrap_socket(visitor, server_side=True) as stream:
            stream.recv(100)

    return script


def look(protocol, port, security="tls", host="localhost"):
    server = Server(host=host, port=port, security=security, user="")
    return reach.probe(protocol, server, seconds=SECONDS)


@pytest.mark.parametrize(
    ("protocol", "greeting"), [("imap", b"* OK ready\r\n"), ("smtp", b"220-a\r\n220 b\r\n")]
)
def test_a_good_server(serve, authority, protocol, greeting):
    found = look(protocol, serve(says(greeting), authority.issue("localhost")))

    assert (found.trouble, found.text) == (
        None,
        "localhost answers, and its certificate is right.",
    )


def test_a_certificate_for_another_host_is_named(serve, authority):
    port = serve(says(b"* OK\r\n"), authority.issue("mail.example.com", "example.com"))

    found = look("imap", port)

    assert found.trouble == "tls"
    assert found.text == (
        "localhost answers, but its certificate is for mail.example.com, example.com."
    )


def test_an_expired_certificate(serve, authority):
    found = look("imap", serve(says(b"* OK\r\n"), authority.issue("localhost", days=-3)))

    assert found.trouble == "tls"
    assert "its certificate has expired" in found.text


def test_a_self_signed_certificate(serve, authority):
    found = look("imap", serve(says(b"* OK\r\n"), authority.self_signed("localhost")))

    assert found.trouble == "tls"
    assert "signed by no authority this computer knows" in found.text


def test_a_server_without_tls(serve, authority):
    found = look("imap", serve(says(b"* OK I speak no TLS\r\n")))

    assert (found.trouble, "does not speak TLS" in found.text) == ("tls", True)


def test_the_wrong_kind_of_server(serve, authority):
    pair = authority.issue("localhost")

    assert "speaks no IMAP" in look("imap", serve(says(b"220 smtp\r\n"), pair)).text
    assert "speaks no SMTP" in look("smtp", serve(says(b"* OK imap\r\n"), pair)).text
    assert look("smtp", serve(says(b"554 no\r\n"), pair)).trouble == "protocol"


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    assert look("imap", port).text == f"localhost, port {port}, takes no connections."


def test_silence_ends_in_time(serve):
    port = serve(lambda visitor, _: visitor.recv(100))

    assert look("imap", port, "plain").text == f"localhost, port {port}, did not answer within 2 s."


@pytest.mark.parametrize("host", ["mail.nowhere.invalid", "x" * 64 + ".example.com", "a..b"])
def test_no_such_name(host):
    assert look("imap", 993, host=host).trouble == "address"


def test_starttls(serve, authority):
    pair = authority.issue("localhost")
    imap = serve(upgrades(b"* OK\r\n", b"* CAPABILITY IMAP4rev1\r\na1 OK go\r\n"), pair)
    smtp = serve(upgrades(b"220 hi\r\n", b"250-me\r\n250 SIZE\r\n", b"220 go\r\n"), pair)

    assert look("imap", imap, "starttls").trouble is None
    assert look("smtp", smtp, "starttls").trouble is None


def test_starttls_refused(serve, authority):
    pair = authority.issue("localhost")
    imap = serve(upgrades(b"* OK\r\n", b"a1 BAD what\r\n"), pair)
    smtp = serve(upgrades(b"220 hi\r\n", b"250 me\r\n", b"502 no\r\n"), pair)

    assert "offers no STARTTLS" in look("imap", imap, "starttls").text
    assert "offers no STARTTLS" in look("smtp", smtp, "starttls").text
