"""The one door to SMTP servers: RFC 5321 step by step, so that we know what a break means.

Until `data` nothing is sent whatever happens. In `data` a definite answer of the server decides;
a break without one raises InDoubt.
"""

import asyncio
import base64
import socket
import ssl
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)

from inbox.errors import DeliveryFailed, InboxError
from inbox.recipients import cleaned
from inbox.settings import Settings
from ingest import servers
from ingest.servers import Credential, Server

GOODBYE_SECONDS = 2
ANSWER_CHARACTERS = 300


class InDoubt(InboxError):
    """The connection ended after DATA had begun and before the server answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What the server said to one recipient; a `permanent` no (5xx), or not now (4xx)."""

    address: str
    answer: str
    permanent: bool


@asynccontextmanager
async def connect(
    server: Server, credential: Credential | None, settings: Settings, *, helo: str
) -> AsyncIterator["Connection"]:
    """Connect, encrypt and sign in; say goodbye at the end. `helo` is our domain.

    Raises DeliveryFailed.
    """
    client = SMTP(
        hostname=server.host,
        port=server.port,
        local_hostname=helo,
        timeout=settings.connect_seconds,
        use_tls=server.security == "tls",
        start_tls=False,
        tls_context=servers.tls_context(),
    )
    try:
        with _plain_words(server.host):
            await _open(client, server, credential, settings)
        yield Connection(server.host, client, settings)
    finally:
        with suppress(SMTPException, OSError, ValueError):
            await client.quit(timeout=GOODBYE_SECONDS)
        client.close()


def probe(server: Server, credential: Credential | None, settings: Settings) -> None:
    """Connect, encrypt and sign in, and send nothing. Raises DeliveryFailed."""

    async def visit() -> None:
        async with connect(server, credential, settings, helo="localhost"):
            pass

    asyncio.run(visit())


class Connection:
    """A signed-in session that carries one mail after another."""

    def __init__(self, host: str, client: SMTP, settings: Settings) -> None:
        self._host = host
        self._client = client
        self._settings = settings

    @property
    def is_alive(self) -> bool:
        return self._client.is_connected

    async def envelope(
        self, sender: str, recipients: Sequence[str], *, smtputf8: bool
    ) -> list[Refusal]:
        """MAIL and RCPT; answer who was refused, with the others ready for `data`.

        Raises DeliveryFailed when the sender is refused or the connection breaks.
        """
        seconds = self._settings.read_seconds
        with _plain_words(self._host):
            if smtputf8 and not self._client.supports_extension("smtputf8"):
                raise DeliveryFailed(
                    "{host} cannot deliver to an address with such letters.",
                    permanent=True,
                    host=self._host,
                )
            encoding = "utf-8" if smtputf8 else "ascii"
            options = ["SMTPUTF8"] if smtputf8 else []
            await self._client.mail(sender, options=options, encoding=encoding, timeout=seconds)
            refusals = []
            for recipient in recipients:
                try:
                    await self._client.rcpt(recipient, encoding=encoding, timeout=seconds)
                except SMTPRecipientRefused as error:
                    refusals.append(
                        Refusal(
                            address=recipient,
                            answer=_answer(error),
                            permanent=not 400 <= error.code < 500,
                        )
                    )
            if not self._client.is_connected:
                # A 421 ends the session: DATA would break, and look like a doubt.
                raise SMTPServerDisconnected("after RCPT")
        return refusals

    async def forget(self) -> None:
        """Drop an envelope that is not followed by `data`."""
        with _plain_words(self._host):
            await self._client.rset(timeout=self._settings.read_seconds)

    async def data(self, raw: bytes) -> None:
        """Hand the mail over; returns when the server has accepted it.

        Raises DeliveryFailed for a definite 4xx or 5xx, InDoubt for anything else.
        """
        try:
            await self._client.data(raw, timeout=self._settings.data_seconds)
        except SMTPResponseException as error:
            if 400 <= error.code < 600:
                raise _refused(error) from error
            self._client.close()
            raise InDoubt(f"{self._host} gave an answer that decides nothing.") from error
        except (SMTPException, OSError, ValueError) as error:
            self._client.close()
            raise InDoubt(f"The connection to {self._host} ended before its answer.") from error


async def _open(
    client: SMTP, server: Server, credential: Credential | None, settings: Settings
) -> None:
    await client.connect()
    await client.ehlo(timeout=settings.read_seconds)
    if server.security == "starttls":
        await client.starttls(timeout=settings.read_seconds)
        await client.ehlo(timeout=settings.read_seconds)
    if credential is not None:
        await _sign_in(client, server, credential, settings.read_seconds)


async def _sign_in(client: SMTP, server: Server, credential: Credential, seconds: float) -> None:
    if credential.auth == "xoauth2":
        await client.auth_xoauth2(credential.user, credential.secret, timeout=seconds)
    elif credential.auth == "oauthbearer":
        await _oauthbearer(client, server, credential, seconds)
    elif "plain" in client.supported_auth_methods:
        await client.auth_plain(credential.user, credential.secret, timeout=seconds)
    elif "login" in client.supported_auth_methods:
        await client.auth_login(credential.user, credential.secret, timeout=seconds)
    else:
        await client.login(credential.user, credential.secret, timeout=seconds)


async def _oauthbearer(
    client: SMTP, server: Server, credential: Credential, seconds: float
) -> None:
    """RFC 7628: the token in one go; a challenge means no, and wants a last ^A."""
    words = (
        f"n,a={credential.user},\x01host={server.host}\x01port={server.port}\x01"
        f"auth=Bearer {credential.secret}\x01\x01"
    )
    answer = await client.execute_command(
        b"AUTH", b"OAUTHBEARER", base64.b64encode(words.encode()), timeout=seconds
    )
    if answer.code == 334:
        answer = await client.execute_command(base64.b64encode(b"\x01"), timeout=seconds)
    if answer.code != 235:
        raise SMTPResponseException(answer.code, answer.message)


@contextmanager
def _plain_words(host: str) -> Iterator[None]:
    try:
        yield
    except SMTPResponseException as error:
        raise _refused(error) from error
    except (SMTPException, OSError, ValueError) as error:
        raise DeliveryFailed(_in_words(host, error), permanent=False) from error


def _in_words(host: str, error: Exception) -> str:
    """What broke; aiosmtplib hides the first cause behind errors of its own."""
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    if isinstance(cause, socket.gaierror):
        return f"There is no mail server named {host}."
    if isinstance(cause, ssl.SSLError):
        why = cleaned(getattr(cause, "verify_message", "") or str(cause))
        return f"{host} could not prove who it is, so nothing was sent to it: {why}"
    if isinstance(cause, SMTPServerDisconnected):
        return f"{host} ended the connection."
    if isinstance(cause, TimeoutError):
        return f"{host} did not answer in time."
    why = cleaned(getattr(cause, "strerror", None) or str(cause))[:ANSWER_CHARACTERS]
    return f"Sending through {host} failed: {why}"


def _refused(error: SMTPResponseException) -> DeliveryFailed:
    return DeliveryFailed(
        "The server said: {answer}", permanent=500 <= error.code < 600, answer=_answer(error)
    )


def _answer(error: SMTPResponseException) -> str:
    return cleaned(f"{error.code} {error.message}")[:ANSWER_CHARACTERS]
