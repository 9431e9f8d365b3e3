"""The one door to IMAP servers: RFC 3501, read-only except for `append`.

Every trouble comes out as MailboxUnreachable with a sentence for the person who set the mailbox
up. Nothing here marks, moves or deletes: bodies are fetched with BODY.PEEK, folders are examined.
"""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import (
    IMAPClientAbortError,
    IMAPClientError,
    LoginError,
    ProtocolError,
)

from inbox import beats
from inbox.errors import MailboxUnreachable
from inbox.settings import Settings
from ingest import folders as folder_names
from ingest import imap_answers, servers
from ingest.folders import Folder
from ingest.imap_answers import Fetched, Selected
from ingest.servers import Credential, Server

GOODBYE_SECONDS = 1
IDLE_LOOK_SECONDS = 0.5
UIDS_A_COMMAND = 1000
UID_LIMIT = 2**32 - 1
"""A mail of this number could have no successor: a cursor there could not be asked beyond."""
OF_ODD_ANSWERS = (ValueError, LookupError, TypeError, AttributeError)
"""What imapclient breaks with when a server puts something else where it expects a word."""


@contextmanager
def connect(server: Server, credential: Credential, settings: Settings) -> Iterator["Connection"]:
    """Sign in; sign out at the end of the block.

    Raises MailboxUnreachable, whose kind says what failed: address, network, tls, login.
    """
    with _plain_words(server.host, "protocol"):
        client = _open(server, settings)
    try:
        with _plain_words(server.host, "login"):
            _sign_in(client, credential)
        yield Connection(server.host, client)
    finally:
        _leave(client)


class Connection:
    """A signed-in session with one server; one thread at a time, except for `cut`."""

    def __init__(self, host: str, client: IMAPClient) -> None:
        self._host = host
        self._client = client

    def folders(self) -> list[Folder]:
        """Every folder that can be opened."""
        with self._words("protocol"):
            listed = self._client.list_folders()
        return [
            Folder(name=str(name), special_use=imap_answers.special_use(flags))
            for flags, _, name in listed
            if b"\\noselect" not in {flag.lower() for flag in flags}
        ]

    def sent_folder(self, preferred: str | None) -> str | None:
        """The name of the folder with sent mail, None when the server has none."""
        return folder_names.sent_among(self.folders(), preferred)

    def select(self, folder: str, readonly: bool = True) -> Selected:
        """Open a folder. Raises MailboxUnreachable("folder") when it cannot be opened."""
        with self._words(
            "folder",
            MailboxUnreachable(
                "folder",
                "The folder “{folder}” cannot be opened on {host}.",
                folder=folder,
                host=self._host,
            ),
        ):
            answer = self._client.select_folder(folder, readonly=readonly)
            return Selected(
                uidvalidity=int(answer[b"UIDVALIDITY"]),
                exists=int(answer[b"EXISTS"]),
                uidnext=imap_answers.count(answer, b"UIDNEXT", None),
            )

    def uids_after(self, last: int) -> list[int]:
        """UIDs above `last`: a server answers `n:*` with its last mail even when it is older."""
        return [uid for uid in self._search(["UID", f"{last + 1}:*"]) if uid > last]

    def uids_since(self, day: date) -> list[int]:
        """UIDs of mails that reached the server on or after this day."""
        return self._search(["SINCE", day])

    def all_uids(self) -> list[int]:
        return self._search(["ALL"])

    def sizes_and_flags(self, uids: Sequence[int]) -> dict[int, tuple[int, tuple[str, ...]]]:
        """{uid: (bytes, flags)}; what was expunged meanwhile is missing."""
        found = self._fetch(uids, ["RFC822.SIZE", "FLAGS"])
        return {
            uid: (imap_answers.count(parts, b"RFC822.SIZE", 0), imap_answers.flags(parts))
            for uid, parts in found.items()
        }

    def fetch(self, uids: Sequence[int]) -> dict[int, Fetched]:
        """Whole mails, without marking them read; what was expunged meanwhile is missing."""
        return self._bodies(uids, "BODY.PEEK[]", b"BODY[]", is_whole=True)

    def fetch_headers(self, uids: Sequence[int]) -> dict[int, Fetched]:
        """Header blocks with the size of the whole."""
        return self._bodies(uids, "BODY.PEEK[HEADER]", b"BODY[HEADER]", is_whole=False)

    def has_message_id(self, folder: str, rfc_message_id: str) -> bool:
        """Whether the folder holds a mail with this Message-ID (angle brackets or not)."""
        wanted = rfc_message_id.strip("<> ")
        if not wanted or not wanted.isprintable():
            return False
        self.select(folder)
        return bool(self._search(["HEADER", "Message-ID", wanted]))

    def append(self, folder: str, raw: bytes, flags: Sequence[str], when: datetime) -> None:
        """File a mail; `flags` like "\\Seen", `when` naive UTC becomes its INTERNALDATE."""
        with self._words(
            "folder",
            MailboxUnreachable(
                "folder",
                "{host} did not take a mail into “{folder}”.",
                host=self._host,
                folder=folder,
            ),
        ):
            self._client.append(folder, raw, tuple(flags), when.replace(tzinfo=UTC))

    def offers(self, capability: str) -> bool:
        """Whether the server names this capability (IDLE, UIDPLUS, …)."""
        with self._words("protocol"):
            return bool(self._client.has_capability(capability))

    def idle(self, seconds: float, stop: threading.Event) -> bool:
        """Wait until the server reports something in the open folder (RFC 2177).

        True is a hint to look, given for a dead connection too; False after `seconds`, when
        `stop` is set, and at once from a server without IDLE.
        """
        with self._words("network"):
            if not self._client.has_capability("IDLE"):
                return False
            self._client.idle()
            try:
                return self._wait(time.monotonic() + seconds, stop)
            finally:
                self._client.idle_done()

    def keepalive(self) -> None:
        """Raises MailboxUnreachable when the connection is gone."""
        with self._words("network"):
            self._client.noop()

    def cut(self) -> None:
        """Break the connection from another thread; whoever waits on it gets an error."""
        with contextlib.suppress(OSError):
            self._client.socket().shutdown(socket.SHUT_RDWR)

    def _wait(self, until: float, stop: threading.Event) -> bool:
        while not stop.is_set() and (left := until - time.monotonic()) > 0:
            beats.beat()
            began, patience = time.monotonic(), min(left, IDLE_LOOK_SECONDS)
            heard = self._client.idle_check(timeout=patience)
            returned_early = time.monotonic() - began < patience / 2
            if any(imap_answers.is_news(answer) for answer in heard) or (
                not heard and returned_early
            ):
                return True
        return False

    def _search(self, criteria: list[Any]) -> list[int]:
        with self._words("protocol"):
            found = self._client.search(criteria)
        return sorted(uid for uid in found if 0 < uid < UID_LIMIT)

    def _fetch(self, uids: Sequence[int], items: list[str]) -> dict[int, dict[bytes, Any]]:
        found: dict[int, dict[bytes, Any]] = {}
        wanted = sorted(set(uids))
        for start in range(0, len(wanted), UIDS_A_COMMAND):
            some = wanted[start : start + UIDS_A_COMMAND]
            with self._words("protocol"):
                answer = self._client.fetch(some, items)
            asked = set(some)
            found.update({uid: parts for uid, parts in answer.items() if uid in asked})
        return found

    def _bodies(
        self, uids: Sequence[int], item: str, key: bytes, *, is_whole: bool
    ) -> dict[int, Fetched]:
        found = self._fetch(uids, ["FLAGS", "INTERNALDATE", "RFC822.SIZE", item])
        return {
            uid: Fetched(
                raw=parts[key],
                flags=imap_answers.flags(parts),
                server_date=imap_answers.naive_utc(parts.get(b"INTERNALDATE")),
                size_bytes=imap_answers.count(parts, b"RFC822.SIZE", len(parts[key])),
                is_whole=is_whole,
            )
            for uid, parts in found.items()
            if isinstance(parts.get(key), bytes)
        }

    def _words(
        self, kind: str, instead: MailboxUnreachable | None = None
    ) -> contextlib.AbstractContextManager[None]:
        return _plain_words(self._host, kind, instead)


def _open(server: Server, settings: Settings) -> IMAPClient:
    context = servers.tls_context()
    client = IMAPClient(
        server.host,
        port=server.port,
        ssl=server.security == "tls",
        ssl_context=context,
        timeout=SocketTimeout(connect=settings.connect_seconds, read=settings.read_seconds),
    )
    client.normalise_times = False
    if server.security == "starttls":
        try:
            client.starttls(ssl_context=context)
        except IMAPClientError as error:
            _leave(client)
            raise MailboxUnreachable(
                "tls", "{host} refused to encrypt the connection (STARTTLS).", host=server.host
            ) from error
        except OSError:
            _leave(client)
            raise
    return client


def _sign_in(client: IMAPClient, credential: Credential) -> None:
    if credential.auth == "xoauth2":
        client.oauth2_login(credential.user, credential.secret)
    elif credential.auth == "oauthbearer":
        client.oauthbearer_login(credential.user, credential.secret)
    else:
        client.login(credential.user, credential.secret)


def _leave(client: IMAPClient) -> None:
    with contextlib.suppress(OSError, IMAPClientError, ValueError):
        client.socket().settimeout(GOODBYE_SECONDS)
        client.logout()
    with contextlib.suppress(OSError, IMAPClientError):
        client.shutdown()


@contextmanager
def _plain_words(host: str, kind: str, instead: MailboxUnreachable | None = None) -> Iterator[None]:
    beats.beat()
    try:
        yield
    except socket.gaierror as error:
        raise MailboxUnreachable(
            "address", "There is no mail server named {host}.", host=host
        ) from error
    except ssl.SSLError as error:
        raise MailboxUnreachable(
            "tls",
            "{host} could not prove who it is, so nothing was sent to it: {reason}",
            host=host,
            reason=_why(error),
        ) from error
    except TimeoutError as error:
        raise MailboxUnreachable("network", "{host} did not answer in time.", host=host) from error
    except (OSError, IMAPClientAbortError) as error:
        raise MailboxUnreachable(
            "network", "The connection to {host} failed: {reason}", host=host, reason=_why(error)
        ) from error
    except LoginError as error:
        raise MailboxUnreachable(
            "login", "{host} refused the sign-in. Check the user name and password.", host=host
        ) from error
    except (ProtocolError, *OF_ODD_ANSWERS) as error:
        raise instead or MailboxUnreachable(
            kind,
            "{host} gave an answer that is no proper IMAP: {reason}",
            host=host,
            reason=_why(error),
        ) from error
    except IMAPClientError as error:
        raise instead or MailboxUnreachable(
            "refused" if kind == "protocol" else kind,
            "{host} refused what it was asked for: {reason}",
            host=host,
            reason=_why(error),
        ) from error


def _why(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return text[:200]
