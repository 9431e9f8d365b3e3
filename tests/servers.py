"""Real mail servers on loopback for tests: a private Dovecot, and pymap from PyPI."""

import contextlib
import grp
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from imapclient import IMAPClient

DOVECOT = shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin:/usr/bin")
HOW_TO_GET_DOVECOT = "Dovecot is not installed; on Debian: apt install dovecot-imapd"
PASSWORD = "secret-of-the-test"


@dataclass
class MailServer:
    """An IMAP server whose mail a test may change behind the house's back."""

    kind: str
    port: int
    user: str
    tls_port: int = 0
    certificate: Path | None = None
    config: Path | None = None
    process: "subprocess.Popen[bytes] | None" = field(default=None)

    @property
    def url(self) -> str:
        return f"imap://{self.user}@127.0.0.1:{self.port}"

    @property
    def tls_url(self) -> str:
        return f"imaps://{self.user}@localhost:{self.tls_port}"

    @property
    def starttls_url(self) -> str:
        return f"imap+starttls://{self.user}@localhost:{self.port}"

    @contextmanager
    def client(self) -> Iterator[IMAPClient]:
        client = IMAPClient("127.0.0.1", port=self.port, ssl=False, timeout=10)
        client.login(self.user, PASSWORD)
        try:
            yield client
        finally:
            client.logout()

    def append(
        self,
        *mails: bytes,
        folder: str = "INBOX",
        flags: tuple[str, ...] = (),
        when: datetime | None = None,
    ) -> None:
        with self.client() as client:
            if not client.folder_exists(folder):
                client.create_folder(folder)
            for mail in mails:
                client.append(folder, mail, flags, when)

    def expunge(self, folder: str, uids: list[int]) -> None:
        with self.client() as client:
            client.select_folder(folder)
            client.delete_messages(uids)
            client.expunge()

    def flags(self, folder: str = "INBOX") -> list[tuple[bytes, ...]]:
        with self.client() as client:
            client.select_folder(folder, readonly=True)
            return [
                tuple(flag for flag in found[b"FLAGS"] if flag != rb"\Recent")
                for found in client.fetch(client.search("ALL"), ["FLAGS"]).values()
            ]

    def renumber(self) -> None:
        """Another UIDVALIDITY and other UIDs for the same mails in INBOX."""
        with self.client() as client:
            client.select_folder("INBOX", readonly=True)
            mails = [
                (found[b"BODY[]"], found[b"INTERNALDATE"])
                for found in client.fetch(
                    client.search("ALL"), ["BODY.PEEK[]", "INTERNALDATE"]
                ).values()
            ]
        if self.kind == "pymap":
            assert self.process is not None
            self.process.terminate()
            self.process.wait()
            self.process = _start_pymap(self.port)
        else:
            home = self.config.parent / "mail" / self.user / "Maildir"
            shutil.rmtree(home)
            doveadm(self, "mailbox", "create", "-u", self.user, "INBOX")
            doveadm(self, "mailbox", "update", "-u", self.user, "--uid-validity", "77", "INBOX")
        clear(self)
        with self.client() as client:
            for raw, when in mails:
                client.append("INBOX", raw, (), when)

    def restart(self) -> None:
        """Dovecot ends, with the user's sessions, and comes back on its port."""
        assert self.process is not None
        doveadm(self, "kick", self.user)
        self.process.terminate()
        self.process.wait()
        self.process = _start_dovecot(self)


def clear(server: MailServer) -> None:
    """Empty INBOX: pymap's demo account comes with mail."""
    with server.client() as client:
        client.select_folder("INBOX")
        if found := client.search("ALL"):
            client.delete_messages(found)
            client.expunge()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def pymap() -> Iterator[MailServer]:
    port = free_port()
    server = MailServer(kind="pymap", port=port, user="support", process=_start_pymap(port))
    try:
        clear(server)
        yield server
    finally:
        server.process.terminate()
        server.process.wait()


def _start_pymap(port: int) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        [
            *(str(Path(sys.executable).parent / "pymap"), "--no-tls", "--host", "127.0.0.1"),
            *("--port", str(port), "dict", "--demo-user", "support", "--demo-password", PASSWORD),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _wait_for(port)
    return process


@contextmanager
def dovecot() -> Iterator[MailServer]:
    """Any user, one password; STARTTLS on `port`, TLS on `tls_port`.

    Its folder is not pytest's: Dovecot's sign-in runs as a user who may not look in there.
    """
    with tempfile.TemporaryDirectory(prefix="dovecot-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with _running_dovecot(folder) as server:
            yield server


@contextmanager
def _running_dovecot(folder: Path) -> Iterator[MailServer]:
    server = MailServer(kind="dovecot", port=free_port(), tls_port=free_port(), user="support")
    server.config, server.certificate = _configure(folder, server.port, server.tls_port)
    server.process = _start_dovecot(server)
    try:
        yield server
    finally:
        server.process.terminate()
        server.process.wait()


def _start_dovecot(server: MailServer) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        [DOVECOT, "-F", "-c", str(server.config)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(server.port)
    except TimeoutError:
        process.kill()
        raise
    return process


def doveadm(server: MailServer, *command: str) -> None:
    """Change Dovecot's folders from inside."""
    subprocess.run(["doveadm", "-c", str(server.config), *command], check=True, capture_output=True)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 20
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as s:
            if s.recv(10):
                return
        if time.monotonic() > until:
            raise TimeoutError(f"nothing answers on port {port}")
        time.sleep(0.02)


def _configure(folder: Path, port: int, tls_port: int) -> tuple[Path, Path]:
    is_root = os.getuid() == 0
    me = pwd.getpwnam("nobody") if is_root else pwd.getpwuid(os.getuid())
    group = grp.getgrgid(me.pw_gid).gr_name
    login, internal, internal_group = (
        ("dovenull", "dovecot", "dovecot") if is_root else (me.pw_name, me.pw_name, group)
    )
    for name in ("run", "state", "mail"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    if is_root:
        os.chown(folder / "mail", me.pw_uid, me.pw_gid)
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    config = folder / "dovecot.conf"
    config.write_text(
        f"""
protocols = imap
base_dir = {folder}/run
state_dir = {folder}/state
listen = 127.0.0.1
log_path = {folder}/dovecot.log
default_login_user = {login}
default_internal_user = {internal}
default_internal_group = {internal_group}
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:~/Maildir
mail_uid = {me.pw_name}
mail_gid = {group}
first_valid_uid = 0
first_valid_gid = 0
mail_max_userip_connections = 100
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={me.pw_uid} gid={me.pw_gid} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Skickat {{
    special_use = \\Sent
    auto = subscribe
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""
    )
    return config, certificate
