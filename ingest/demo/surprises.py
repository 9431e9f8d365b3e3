"""Where the mails nobody plans for stand in the four weeks, and what the team did with them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from ingest.demo import oddities
from ingest.demo.compose import Letter
from ingest.demo.firm import EMMA, JONAS, SALES, SARA, SUPPORT, Colleague
from ingest.demo.oddities import written
from ingest.demo.tale import Cast, Mail, Tale

SPAM_DAYS = (2, 6, 11, 17, 23)
NEWSLETTER_DAYS = (5, 12, 19)


def all_of_them(players: Cast, tales: list[Tale], *, now: datetime) -> list[Tale]:
    """New conversations; bounces and holiday replies are added to those of `tales` they answer."""
    _answer_automatically(players, tales, until=now - timedelta(hours=1))
    return [*_strange(players, now=now), *_junk(players, now=now)]


def _strange(players: Cast, *, now: datetime) -> list[Tale]:
    def ready(template: str, hours: float, **about: object) -> Tale:
        name, at = f"{next(players.ids)}@odd.test", now - timedelta(hours=hours)
        raw = written(template, to=SUPPORT, at=at, message_id=name, **about)
        return _single(players, SUPPORT, at, raw, name)

    def made(make: Callable[..., bytes], mailbox: str, hours: float) -> Tale:
        name, at = f"{next(players.ids)}@odd.test", now - timedelta(hours=hours)
        return _single(players, mailbox, at, make(to=mailbox, at=at, message_id=name), name)

    old = ready(oddities.MISLABELLED, 30, charset="us-ascii")
    unknown = ready(oddities.MISLABELLED, 74, charset="x-mac-old")
    nested = made(oddities.nested, SUPPORT, 51)
    _finish(old, SARA, now - timedelta(hours=28))
    _finish(unknown, SARA, now - timedelta(hours=70))
    _finish(nested, EMMA, now - timedelta(hours=49))
    return [
        ready(oddities.HOSTILE, 1.1),
        made(oddities.japanese, SALES, 5.5),
        made(oddities.heavy, SUPPORT, 9),
        *(old, unknown, nested),
    ]


def _junk(players: Cast, *, now: datetime) -> list[Tale]:
    found = []
    for issue, days in enumerate(SPAM_DAYS, start=1):
        tale = _automatic(players, oddities.SPAM, SUPPORT, now - timedelta(days=days), issue)
        tale.does("mark_spam", EMMA, tale.happenings[0].at + timedelta(hours=1))
        found.append(tale)
    for issue, days in enumerate(NEWSLETTER_DAYS, start=41):
        tale = _automatic(players, oddities.NEWSLETTER, SALES, now - timedelta(days=days), issue)
        tale.does("close", JONAS, tale.happenings[0].at + timedelta(hours=2))
        found.append(tale)
    return found


def _answer_automatically(players: Cast, tales: list[Tale], *, until: datetime) -> None:
    """Let one of our replies bounce and two meet a holiday."""
    replies = [
        (tale, one.content)
        for tale in tales
        for one in tale.happenings[-3:]
        if isinstance(one, Mail)
        and one.folder == "Sent"
        and isinstance(one.content, Letter)
        and one.at < until - timedelta(hours=3)
    ]
    bounced, *away = (replies[len(replies) * part // 10] for part in (9, 5, 7))
    tale, letter = bounced
    at = letter.at + timedelta(seconds=40)
    original = f"Message-ID: <{letter.message_id}>\nSubject: {letter.message_id}\n"
    raw = written(
        oddities.BOUNCE,
        to=tale.mailbox,
        at=at,
        message_id=f"{next(players.ids)}@mx.kund.test",
        recipient=letter.to[1],
        original=original,
    )
    tale.happenings.append(Mail(at=at, mailbox=tale.mailbox, folder="INBOX", content=raw))
    for tale, letter in away:
        at = letter.at + timedelta(seconds=15)
        name = f"{next(players.ids)}@kund.test"
        raw = oddities.away(letter, at=at, message_id=name)
        tale.happenings.append(Mail(at=at, mailbox=tale.mailbox, folder="INBOX", content=raw))
    for tale, _ in (bounced, *away):
        tale.happenings.sort(key=lambda one: one.at)


def _automatic(players: Cast, template: str, mailbox: str, at: datetime, issue: int) -> Tale:
    name = f"{next(players.ids)}@bulk.test"
    raw = written(template, to=mailbox, at=at, message_id=name, issue=issue)
    return _single(players, mailbox, at, raw, name)


def _single(players: Cast, mailbox: str, at: datetime, raw: bytes, message_id: str) -> Tale:
    """A conversation of one ready-made mail."""
    tale = players.tale()
    tale.mailbox = mailbox
    tale.references = (message_id,)
    tale.happenings.append(Mail(at=at, mailbox=mailbox, folder="INBOX", content=raw))
    return tale


def _finish(tale: Tale, agent: Colleague, at: datetime) -> None:
    tale.does("claim", agent, at)
    tale.does("close", agent, at + timedelta(minutes=12))
