"""A mail provider in a box: IMAP in a child process, SMTP in a thread, both on loopback."""

import imaplib
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

# Run as a file, so that the child loads pymap and nothing of ours.
PROCESS = Path(__file__).with_name("imap_process.py")
LOOPBACK = "127.0.0.1"
FOLDERS = ("Sent", "Drafts", "Junk", "Trash")
PATIENCE_SECONDS = 20

Receiver = Callable[[str, list[str], bytes], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Both servers as an app may be told to use them; SMTP asks for no sign-in."""

    imap_port: int
    smtp_port: int
    passwords: dict[str, str]
    process_id: int

    def imap_url(self, address: str) -> str:
        return f"imap://{quote(address)}@{LOOPBACK}:{self.imap_port}"

    @property
    def smtp_url(self) -> str:
        return f"smtp://{LOOPBACK}:{self.smtp_port}"

    @contextmanager
    def postman(self, address: str) -> Generator["Postman", None, None]:
        """A signed-in connection that puts mail into the folders of one account."""
        connection = imaplib.IMAP4(LOOPBACK, self.imap_port, timeout=PATIENCE_SECONDS)
        # A mail and the line end after it are two small packets: Nagle would hold each for 40 ms.
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.login(address, self.passwords[address])
        try:
            yield Postman(connection)
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                connection.logout()


class Postman:
    def __init__(self, connection: imaplib.IMAP4) -> None:
        self._connection = connection

    def deliver(self, raw: bytes, *, at: datetime, folder: str = "INBOX") -> None:
        """Put one mail there; `at` (naive UTC) becomes its INTERNALDATE (RFC 3501, 6.3.11)."""
        stamp = imaplib.Time2Internaldate(at.replace(tzinfo=UTC))
        seen = "(\\Seen)" if folder == "Sent" else ""
        answer, data = self._connection.append(folder, seen, stamp, raw)
        if answer != "OK":
            raise ConnectionError(f"The demo mail server refused a mail: {data!r}")

    def make_folders(self, names: Iterable[str]) -> None:
        for name in names:
            self._connection.create(name)


@contextmanager
def provider(passwords: dict[str, str], receive: Receiver) -> Generator[Provider, None, None]:
    """Run both servers for the accounts {address: password}; stop them at the end.

    `receive(sender, recipients, raw)` gets what the SMTP server accepted, on the server's own
    thread, and must be quick.
    """
    process = _start_imap(passwords)
    try:
        assert process.stdout
        port = int(process.stdout.readline())
        with _smtp(receive) as smtp_port:
            found = Provider(
                imap_port=port,
                smtp_port=smtp_port,
                passwords=passwords,
                process_id=process.pid,
            )
            for address in passwords:
                with found.postman(address) as postman:
                    postman.make_folders(FOLDERS)
            yield found
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()


def _start_imap(passwords: dict[str, str]) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-P", str(PROCESS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    process.stdin.write(json.dumps(passwords) + "\n")
    process.stdin.flush()
    return process


@contextmanager
def _smtp(receive: Receiver) -> Generator[int, None, None]:
    port = _free_port()
    controller = Controller(
        _Door(receive), hostname=LOOPBACK, port=port, enable_SMTPUTF8=True, data_size_limit=50 << 20
    )
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


class _Door:
    """aiosmtpd's handler: accepts everything and hands it on."""

    def __init__(self, receive: Receiver) -> None:
        self._receive = receive
        self._lock = threading.Lock()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        raw = envelope.original_content or b""
        with self._lock:
            self._receive(envelope.mail_from or "", list(envelope.rcpt_tos), raw)
        return "250 2.0.0 Accepted for delivery"
