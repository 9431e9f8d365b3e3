"""Where a mailbox's servers are and how we prove who we are there."""

import ipaddress
import shlex
import ssl
import subprocess
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

from inbox.errors import Invalid, MailboxUnreachable
from inbox.keys import Keys
from inbox.mailbox_settings import Auth, ServerUrl
from inbox.mailboxes import Mailbox

Security = Literal["tls", "starttls", "plain"]
TOKEN_SECONDS = 30

_SCHEMES: dict[str, tuple[Security, int]] = {
    "imaps": ("tls", 993),
    "imap+starttls": ("starttls", 143),
    "imap": ("plain", 143),
    "smtps": ("tls", 465),
    "smtp+starttls": ("starttls", 587),
    "smtp": ("plain", 25),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """`user` is empty when the server asks for no sign-in (SMTP on loopback)."""

    host: str
    port: int
    security: Security
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """`secret` is a password, or a fresh access token for the two OAuth mechanisms."""

    user: str
    auth: Auth
    secret: str

    def __repr__(self) -> str:
        return f"Credential(user={self.user!r}, auth={self.auth!r})"


def parse(url: str, *, allow_plaintext: bool = False) -> Server:
    """Read `imaps://user@host:993` and its kin.

    Raises Invalid for an unknown scheme, a missing host, a password inside the URL, and for a
    connection without TLS to anything but loopback unless `allow_plaintext`.
    """
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise Invalid(
            "server", "“{url}” is no server address like imaps://mail.example.com.", url=url
        )
    if parts.password is not None:
        raise Invalid("server", "Leave the password out of the server address.")
    security, port = _SCHEMES[parts.scheme]
    if security == "plain" and not (allow_plaintext or _is_loopback(parts.hostname)):
        raise Invalid(
            "server",
            "{host} would be reached without TLS. Use imaps, smtps or +starttls.",
            host=parts.hostname,
        )
    try:
        port = parts.port or port
    except ValueError as error:
        raise Invalid("server", "“{url}” has no usable port.", url=url) from error
    return Server(
        host=parts.hostname, port=port, security=security, user=unquote(parts.username or "")
    )


def checked(url: str, *, allow_plaintext: bool = False) -> ServerUrl:
    """The address fit to be stored. Raises Invalid as `parse` does."""
    parse(url.strip(), allow_plaintext=allow_plaintext)
    return ServerUrl(url.strip())


def credential(mailbox: Mailbox, server: Server, keys: Keys) -> Credential | None:
    """The password, or a token fresh from the mailbox's token command; None without a user.

    Raises MailboxUnreachable(kind="login") when there is no secret or the command fails.
    """
    if not server.user:
        return None
    if mailbox.token_command:
        secret = _fresh_token(mailbox.token_command)
    elif mailbox.secret:
        secret = keys.decrypt(mailbox.secret)
    else:
        raise MailboxUnreachable(
            "login", "No password is stored for {address}.", address=mailbox.address
        )
    return Credential(user=server.user, auth=mailbox.auth, secret=secret)


def tls_context() -> ssl.SSLContext:
    """Certificates and host names are always verified; SSL_CERT_FILE adds a private authority."""
    return ssl.create_default_context()


def _fresh_token(command: str) -> str:
    try:
        done = subprocess.run(
            shlex.split(command), capture_output=True, text=True, timeout=TOKEN_SECONDS, check=False
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise MailboxUnreachable(
            "login", "The token command did not run: {error}", error=error
        ) from error
    token = done.stdout.strip()
    if done.returncode or not token:
        raise MailboxUnreachable(
            "login",
            "The token command ended with {status} and printed no token.",
            status=done.returncode,
        )
    return token


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
