"""Whether a server answers and whom its certificate names, before anyone signs in."""

import re
import socket
import ssl
from dataclasses import dataclass
from typing import Literal

from ingest.servers import Server, tls_context

Protocol = Literal["imap", "smtp"]
Trouble = Literal["address", "network", "tls", "protocol"]

# X509_V_ERR_* of OpenSSL's verify manual page.
_NOT_YET_VALID, _EXPIRED, _HOST_MISMATCH = 9, 10, 62
_SELF_SIGNED = (18, 19)
_GREETINGS: dict[Protocol, bytes] = {"imap": rb"\* (OK|PREAUTH)", "smtp": rb"220[ -]"}
_SHOWN_NAMES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """`trouble` is None when the server answers and, where it should, proves who it is."""

    trouble: Trouble | None
    text: str


class _Unspoken(Exception):
    """The server speaks, but not what was asked for."""


def probe(protocol: Protocol, server: Server, *, seconds: float) -> Reach:
    """Connect, read the greeting and verify the certificate; nobody signs in, nothing is sent.

    `seconds` bounds each wait: name and connection, greeting, TLS.
    """
    try:
        _greet(protocol, server, tls_context(), seconds)
    except ssl.SSLCertVerificationError as error:
        return Reach(trouble="tls", text=_about_certificate(protocol, server, error, seconds))
    except (OSError, UnicodeError, _Unspoken) as error:
        return _about_silence(server, error, seconds)
    return Reach(trouble=None, text=f"{server.host} answers{_how(server)}.")


def _about_silence(server: Server, error: Exception, seconds: float) -> Reach:
    where = f"{server.host}, port {server.port},"
    trouble: Trouble = "network"
    match error:
        case ssl.SSLError():
            trouble, text = "tls", f"{where} answers, but does not speak TLS."
        case socket.gaierror() | UnicodeError():
            trouble, text = "address", f"There is no server named {server.host}."
        case TimeoutError():
            text = f"{where} did not answer within {seconds:g} s."
        case ConnectionRefusedError():
            text = f"{where} takes no connections."
        case OSError():
            why = error.strerror or "the connection broke off"
            text = f"{where} cannot be reached: {why}."
        case _:
            trouble, text = "protocol", f"{where} answers, but {error}."
    return Reach(trouble=trouble, text=text)


def _how(server: Server) -> str:
    if server.security == "plain":
        return ", without TLS"
    return ", and its certificate is right"


def _greet(
    protocol: Protocol, server: Server, context: ssl.SSLContext, seconds: float
) -> tuple[str, ...]:
    """The names in the server's certificate, after a proper greeting; none without TLS."""
    with socket.create_connection((server.host, server.port), timeout=seconds) as plain:
        if server.security == "tls":
            with context.wrap_socket(plain, server_hostname=server.host) as secured:
                _expect(secured, _GREETINGS[protocol], f"speaks no {protocol.upper()}")
                return _names(secured)
        _expect(plain, _GREETINGS[protocol], f"speaks no {protocol.upper()}")
        if server.security == "plain":
            return ()
        _ask_for_tls(protocol, plain)
        with context.wrap_socket(plain, server_hostname=server.host) as secured:
            return _names(secured)


def _ask_for_tls(protocol: Protocol, plain: socket.socket) -> None:
    """STARTTLS: RFC 3501 section 6.2.1, RFC 3207 section 4."""
    if protocol == "imap":
        plain.sendall(b"a1 STARTTLS\r\n")
        _expect(plain, rb"(\* .*\r\n)*a1 OK", "offers no STARTTLS", goes_on=rb"\* ")
        return
    plain.sendall(b"EHLO localhost\r\n")
    _expect(plain, rb"(250-.*\r\n)*250 ", "does not greet back")
    plain.sendall(b"STARTTLS\r\n")
    _expect(plain, rb"220 ", "offers no STARTTLS")


def _expect(
    stream: socket.socket, pattern: bytes, otherwise: str, *, goes_on: bytes = rb"\d{3}-"
) -> None:
    """Read until the answer matches; a whole line that neither matches nor `goes_on` refuses."""
    heard = b""
    while not re.match(pattern, heard):
        lines = heard.split(b"\r\n")[:-1]
        if lines and not re.match(goes_on, lines[-1]):
            raise _Unspoken(otherwise)
        more = stream.recv(4096)
        heard += more
        if not more or len(heard) > 65536:
            raise _Unspoken(otherwise)


def _names(secured: ssl.SSLSocket) -> tuple[str, ...]:
    certificate = secured.getpeercert() or {}
    entries = certificate.get("subjectAltName", ())
    return tuple(str(entry[1]) for entry in entries if isinstance(entry, tuple))


def _about_certificate(
    protocol: Protocol, server: Server, error: ssl.SSLCertVerificationError, seconds: float
) -> str:
    answers = f"{server.host} answers, but its certificate"
    if error.verify_code == _HOST_MISMATCH:
        return f"{answers} is for {_whose(protocol, server, seconds)}."
    if error.verify_code == _EXPIRED:
        return f"{answers} has expired. Whoever runs the server must renew it."
    if error.verify_code == _NOT_YET_VALID:
        return f"{answers} is not valid yet. Is this computer's clock right?"
    if error.verify_code in _SELF_SIGNED:
        return (
            f"{answers} is signed by no authority this computer knows. "
            "Name yours in SSL_CERT_FILE if the server is your own."
        )
    return f"{answers} cannot be trusted: {error.verify_message}."


def _whose(protocol: Protocol, server: Server, seconds: float) -> str:
    """Whom a certificate names that fits another host; only its name is left unchecked here."""
    context = tls_context()
    context.check_hostname = False
    try:
        names = _greet(protocol, server, context, seconds)
    except (OSError, _Unspoken):
        names = ()
    return ", ".join(names[:_SHOWN_NAMES]) or "another server"
