"""The people on the other side: they read what was sent to them and answer now and then."""

import queue
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from random import Random

from ingest.demo import letters
from ingest.demo.compose import Letter
from ingest.demo.firm import DOMAIN, MAILBOXES
from ingest.demo.letters import Customer
from ingest.demo.servers import Provider
from ingest.demo.tale import Cast, Mail, Tale, cast

CUSTOMERS = "customers@kund.test"
TICK_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How lively the demo is. Delays are drawn evenly between the two ends, in seconds;
    `waiting` answers at most are on their way, and more than that are never written."""

    answer: tuple[float, float] = (20, 90)
    news: tuple[float, float] = (60, 180)
    keenness: float = 0.7
    waiting: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What the demo's SMTP server accepted."""

    recipients: list[str]
    raw: bytes


@dataclass(slots=True)
class Customers:
    """One thread for all of them; `tales` are the conversations they remember."""

    provider: Provider
    clock: Callable[[], datetime]
    tales: list[Tale]
    seed: int
    arrived: "queue.SimpleQueue[Arrived]"
    pace: Pace = Pace()
    _due: list[tuple[datetime, Tale]] = field(default_factory=list)
    _known: dict[str, Tale] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)
    _players: Cast = field(init=False)
    _thread: threading.Thread = field(init=False)

    def start(self) -> None:
        self._players = cast(self.seed)
        for tale in self.tales:
            self._known |= dict.fromkeys(tale.references, tale)
        self._thread = threading.Thread(target=self._live, name="demo customers", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def _chance(self) -> Random:
        return self._players.chance

    def _live(self) -> None:
        news_at = self._soon(self.pace.news)
        while not self._stop.wait(TICK_SECONDS):
            self._read_mail()
            now = self.clock()
            if now >= news_at:
                self._begin(now)
                news_at = self._soon(self.pace.news)
            for at, tale in [one for one in self._due if one[0] <= now]:
                self._due.remove((at, tale))
                self._answer(tale, now)

    def _soon(self, between: tuple[float, float]) -> datetime:
        return self.clock() + timedelta(seconds=self._chance.uniform(*between))

    def _read_mail(self) -> None:
        while not self.arrived.empty():
            mail = self.arrived.get()
            ours = [one for one in mail.recipients if one.lower() in MAILBOXES]
            for address in ours or [CUSTOMERS]:
                with self.provider.postman(address) as postman:
                    postman.deliver(mail.raw, at=self.clock())
            if not ours:
                self._consider(mail)

    def _consider(self, mail: Arrived) -> None:
        """Decide whether to answer; mail to our own people and automatic mail get none."""
        read = message_from_bytes(mail.raw, policy=policy.default)
        assert isinstance(read, EmailMessage)
        is_colleague = all(one.endswith(f"@{DOMAIN}") for one in mail.recipients)
        is_automatic = read.get("Auto-Submitted", "no") != "no"
        if is_colleague or is_automatic or len(self._due) >= self.pace.waiting:
            return
        tale = self._tale_of(read, mail.recipients[0])
        tale.hears(_letter(read, tale))
        self._known[tale.references[-1]] = tale
        if self._chance.random() < self.pace.keenness:
            self._due.append((self._soon(self.pace.answer), tale))

    def _tale_of(self, read: EmailMessage, recipient: str) -> Tale:
        for name in reversed(_ids(read, "In-Reply-To", "References")):
            if name in self._known:
                return self._known[name]
        tale = self._players.tale()
        tale.who = Customer(
            first="Alex",
            last="Berg",
            address=recipient,
            company="",
            language=self._players.languages["en"],
        )
        tale.mailbox = _sender(read)
        tale.subject = str(read.get("Subject", ""))
        return tale

    def _answer(self, tale: Tale, now: datetime) -> None:
        language = tale.who.language
        says_more = self._chance.random() < 0.5
        text = self._chance.choice(tale.story.more if says_more else language.thanks)
        tale.writes(letters.follow_up(self._chance, tale.who, text, tale.about), now)
        self._deliver(tale)

    def _begin(self, now: datetime) -> None:
        tale = self._players.tale()
        tale.writes(letters.ask(self._chance, tale.who, tale.story, tale.about), now)
        self._deliver(tale)

    def _deliver(self, tale: Tale) -> None:
        newest = tale.happenings[-1]
        assert isinstance(newest, Mail)
        self._known[tale.references[-1]] = tale
        if tale.mailbox in MAILBOXES:
            with self.provider.postman(tale.mailbox) as postman:
                postman.deliver(newest.raw, at=newest.at)


def _letter(read: EmailMessage, tale: Tale) -> Letter:
    body = read.get_body(("plain", "html"))
    sent = read["Date"].datetime if read["Date"] else None
    sender = read["From"].addresses[0]
    return Letter(
        sender=(sender.display_name or sender.addr_spec, sender.addr_spec),
        to=(tale.who.name, tale.who.address),
        subject=str(read.get("Subject", "")),
        text=str(body.get_content()).split("\n>")[0].strip() if body else "",
        at=sent.replace(tzinfo=None) if sent else tale.happenings[-1].at,
        message_id=next(iter(_ids(read, "Message-ID")), "unnamed"),
    )


def _sender(read: EmailMessage) -> str:
    return str(read["From"].addresses[0].addr_spec).lower()


def _ids(read: EmailMessage, *headers: str) -> list[str]:
    found: Iterable[str] = (str(read.get(header, "")) for header in reversed(headers))
    return [name.strip("<>") for text in found for name in text.split()]
