"""Connecting a mailbox: try its servers and count what an import would bring."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from inbox.errors import DeliveryFailed, MailboxUnreachable
from inbox.mailbox_settings import ServerUrl
from inbox.settings import Settings
from ingest import accounts, imap, servers, smtp
from ingest.accounts import Account
from ingest.imap import Connection
from ingest.reach import Reach
from ingest.servers import Credential

State = Literal["ok", "warning", "broken"]
CLOCK_SECONDS = 120

# How far back an import may reach, in days; None brings everything.
Window = Literal["30 days", "1 year", "everything", "from today"]
WINDOWS: dict[Window, int | None] = {
    "30 days": 30,
    "1 year": 365,
    "everything": None,
    "from today": 0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the test: what was looked at and what was found, in a sentence."""

    about: str
    state: State
    text: str


@dataclass(slots=True)
class Report:
    """All findings in their order, and what an import would bring, by window."""

    findings: list[Finding] = field(default_factory=list)
    sent_folder: str | None = None
    counts: dict[Window, int] = field(default_factory=dict)

    @property
    def can_read(self) -> bool:
        """Whether mail can be imported, whatever the outgoing server does."""
        return bool(self.counts)

    @property
    def is_sound(self) -> bool:
        return self.can_read and all(f.state != "broken" for f in self.findings)


Say = Callable[[Finding], None]


def examine(
    account: Account, secret: str, settings: Settings, *, now: datetime, say: Say
) -> Report:
    """Try both servers, reading only; each finding is told to `say` as soon as it is known.

    A sign-in that the incoming server refused is not tried on the outgoing one: a few wrong
    passwords in a row lock an account at many providers.
    """
    report = Report()

    def tell(about: str, state: State, text: str) -> None:
        finding = Finding(about=about, state=state, text=text)
        report.findings.append(finding)
        say(finding)

    with ThreadPoolExecutor(max_workers=1) as pool:
        seconds = settings.connect_seconds
        outgoing = pool.submit(accounts.answer_of, "smtp", account.smtp_url, seconds)
        incoming = accounts.answer_of("imap", account.imap_url, seconds)
        tell("Incoming server", _state(incoming), incoming.text)
        if incoming.trouble is None:
            _look_inside(account, secret, settings, report, tell, now=now)
        tell("Outgoing server", _state(outgoing.result()), outgoing.result().text)
        if outgoing.result().trouble is None and report.can_read:
            _try_sending(account, secret, settings, tell)
    return report


def since(window: Window, *, now: datetime) -> datetime | None:
    """The day from which on mail is imported, None for everything."""
    days = WINDOWS[window]
    if days is None:
        return None
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days)


def url(typed: str, settings: Settings) -> ServerUrl:
    """A server address fit to be stored. Raises Invalid."""
    return servers.checked(typed, allow_plaintext=settings.allow_plaintext)


Tell = Callable[[str, State, str], None]


def _look_inside(
    account: Account,
    secret: str,
    settings: Settings,
    report: Report,
    tell: Tell,
    *,
    now: datetime,
) -> None:
    server = servers.parse(account.imap_url, allow_plaintext=settings.allow_plaintext)
    credential = Credential(user=server.user, auth=account.auth, secret=secret)
    try:
        with imap.connect(server, credential, settings) as connection:
            tell("Sign-in", "ok", f"Signed in as {server.user}.")
            _look_at_folders(connection, report, tell)
            _look_at_habits(connection, settings, tell)
            _count(connection, report, now=now)
            _compare_clocks(connection, tell, now=now)
    except MailboxUnreachable as trouble:
        report.counts.clear()
        about = "Sign-in" if trouble.kind == "login" else "Mail"
        text = f"{trouble} {account.advice}" if trouble.kind == "login" else str(trouble)
        tell(about, "broken", text.strip())


def _look_at_folders(connection: Connection, report: Report, tell: Tell) -> None:
    folders = connection.folders()
    inbox = connection.select("INBOX")
    tell("Folders", "ok", f"{len(folders):,} folders, {inbox.exists:,} mails in INBOX.")
    report.sent_folder = connection.sent_folder(None)
    if report.sent_folder:
        tell("Sent mail", "ok", f"Sent mail lies in “{report.sent_folder}” and is read as well.")
    else:
        tell(
            "Sent mail",
            "warning",
            "No folder for sent mail was found. Answers written in other mail programs stay "
            "unseen until you name it.",
        )


def _look_at_habits(connection: Connection, settings: Settings, tell: Tell) -> None:
    if connection.offers("IDLE"):
        tell("New mail", "ok", "The server announces new mail at once.")
    else:
        every = f"{settings.poll_seconds:g} s"
        tell("New mail", "warning", f"The server announces nothing; Delad looks every {every}.")


def _count(connection: Connection, report: Report, *, now: datetime) -> None:
    for window in WINDOWS:
        report.counts[window] = 0
    for folder in ("INBOX", report.sent_folder):
        if folder is None:
            continue
        everything = connection.select(folder).exists
        for window in WINDOWS:
            first = since(window, now=now)
            report.counts[window] += (
                len(connection.uids_since(first.date())) if first else everything
            )


def _compare_clocks(connection: Connection, tell: Tell, *, now: datetime) -> None:
    """IMAP has no clock to ask, but a mail that arrived in our future tells on one of the two."""
    if not connection.select("INBOX").exists:
        return
    newest = connection.all_uids()[-1:]
    dates = [mail.server_date for mail in connection.fetch_headers(newest).values()]
    ahead = max(((d - now).total_seconds() for d in dates if d), default=0.0)
    if ahead > CLOCK_SECONDS:
        tell(
            "Clock",
            "warning",
            f"The newest mail arrived {ahead / 60:,.0f} min in the future: this computer's clock "
            "or the server's is wrong.",
        )
    else:
        tell("Clock", "ok", "The server's clock and ours agree.")


def _try_sending(account: Account, secret: str, settings: Settings, tell: Tell) -> None:
    server = servers.parse(account.smtp_url, allow_plaintext=settings.allow_plaintext)
    credential = Credential(user=server.user, auth=account.auth, secret=secret)
    try:
        smtp.probe(server, credential if server.user else None, settings)
    except DeliveryFailed as trouble:
        tell("Sending", "broken", f"{trouble} {account.advice}".strip())
    else:
        tell("Sending", "ok", f"{server.host} takes our sign-in. Nothing was sent.")


def _state(answer: Reach) -> State:
    return "ok" if answer.trouble is None else "broken"
