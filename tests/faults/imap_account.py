"""An account with mails of many kinds, and the count: what the server holds, what is here."""

import hashlib
from collections import Counter
from datetime import datetime

from inbox import verify
from inbox.blobs import Place
from inbox.house import House
from inbox.mailboxes import Mailbox
from ingest import generations, reread
from tests.conftest import NOON
from tests.ingest.conftest import connect, mail, rows
from tests.servers import MailServer

SENT = "Skickat"
OURS = "Support <support@example.com>"
THIS_MORNING = datetime(2026, 3, 2, 9, 0)

LIKE_AN_ANSWER = "Your log says:\r\n)\r\nABCD7 OK Fetch completed.\r\n* BYE {12}\r\n.\r\n(\\Seen)"
TO_ALL = mail(
    "All of you: the office moves in June.",
    subject="We move",
    sender=OURS,
    to="all@example.com",
    message_id="move@example.com",
)
IN_SENT = [
    mail(
        "It is on its way, Nils.",
        subject="Re: Order 1",
        sender=OURS,
        to="nils@customer.test",
        message_id="answer1@example.com",
        more="In-Reply-To: <order1@customer.test>\nReferences: <order1@customer.test>",
    ),
    TO_ALL,
]
TWICE = mail("Is it open on Sunday?", subject="Sunday", message_id="sunday@customer.test")
IN_INBOX = [
    mail("Where is my order?", subject="Order 1", message_id="order1@customer.test"),
    mail(
        "x" * 70 + "\r\n" + "A long story. " * 6_000, subject="Long", message_id="l@customer.test"
    ),
    mail("The first body.", subject="One id", message_id="same@customer.test"),
    mail("Quite another body.", subject="One id", message_id="same@customer.test"),
    mail(LIKE_AN_ANSWER, subject="Log {7}", message_id="log@customer.test"),
    TWICE,
    TWICE,
    mail("No id at all.", subject="Nameless", message_id=None),
    mail("", subject="Empty", message_id="empty@customer.test"),
    mail("Grüße, 你好", subject="Umlauts", message_id="umlaut@customer.test"),
    TO_ALL,
    mail(
        "Thanks!",
        subject="Re: Order 1",
        message_id="thanks1@customer.test",
        more="In-Reply-To: <answer1@example.com>",
    ),
]
FLAGS = [(), ("\\Seen",), ("\\Flagged", "$Later"), ("\\Answered", "\\Seen")]


def fill(server: MailServer) -> None:
    """Put the mails where they belong, some of them marked."""
    for folder, mails in ((SENT, IN_SENT), ("INBOX", IN_INBOX)):
        for n, raw in enumerate(mails):
            server.append(raw, folder=folder, flags=FLAGS[n % len(FLAGS)], when=THIS_MORNING)


def another_mailbox(home: House, url: str) -> Mailbox:
    """A mailbox that has read nothing yet, before the same account."""
    ((mailbox_id,),) = rows(
        home,
        "insert into mailboxes (address, name, auth, signature, save_sent, folders, "
        "poll_seconds, is_active, created_at) select 'support+' || count(*) || '@example.com', "
        "'Support', 'password', '', 'auto', '[]', 60, true, $now from mailboxes returning id",
        now=NOON,
    )
    return connect(home, url, mailbox_id)


def held(server: MailServer, folders: tuple[str, ...] = (SENT, "INBOX")) -> Counter:
    """(folder, UIDVALIDITY, UID, sha256) of every mail on the server."""
    found: Counter = Counter()
    with server.client() as client:
        for folder in folders:
            about = client.select_folder(folder, readonly=True)
            uids = client.search("ALL")
            for uid, parts in client.fetch(uids, ["BODY.PEEK[]"]).items() if uids else ():
                digest = hashlib.sha256(parts[b"BODY[]"]).hexdigest()
                found[folder, about[b"UIDVALIDITY"], uid, digest] += 1
    return found


def raws(server: MailServer, folder: str = "INBOX") -> list[bytes]:
    with server.client() as client:
        client.select_folder(folder, readonly=True)
        found = client.search("ALL")
        return [parts[b"BODY[]"] for parts in client.fetch(found, ["BODY.PEEK[]"]).values()]


def marks(server: MailServer) -> list:
    return [server.flags(folder) for folder in (SENT, "INBOX")]


def here(home: House, mailbox: Mailbox) -> Counter:
    """The same of the mails that were taken in, as the folder is numbered now, and have not left
    the server; their bytes are read from the disk, and must be those of the row."""
    found: Counter = Counter()
    for folder, uidvalidity, uid, *place in rows(
        home,
        "select r.folder, r.uidvalidity % $beyond, r.uid, r.sha256, r.segment, r.position, "
        "r.size_bytes from raw_messages r join folders f on r.mailbox_id = f.mailbox_id "
        "and r.folder = f.folder and r.uidvalidity = f.uidvalidity "
        "where r.mailbox_id = $id and r.gone_at is null",
        beyond=generations.BEYOND,
        id=mailbox.id,
    ):
        raw = home.raw.read(Place(**dict(zip(_PLACE, place, strict=True))))
        found[folder, uidvalidity, uid, hashlib.sha256(raw).hexdigest()] += 1
    return found


_PLACE = ("sha256", "segment", "position", "size_bytes")


def picture(home: House, mailbox: Mailbox) -> list[tuple]:
    """Every message as an agent meets it, and beside which others; no numbers of ours."""
    return rows(
        home,
        "select m.direction, m.via, m.subject, m.rfc_message_id, m.raw_sha256, m.thread_reason, "
        "m.is_readable, md5(b.body_text), c.status, c.message_count, "
        "min(m.raw_sha256) over (partition by m.conversation_id), "
        "(select count(*) from events e where e.message_id = m.id) "
        "from messages m join bodies b on m.id = b.message_id "
        "join conversations c on c.id = m.conversation_id "
        "where m.mailbox_id = $id order by m.raw_sha256",
        id=mailbox.id,
    )


def shown(home: House, mailbox: Mailbox) -> Counter:
    """How many messages each mail is, by sha256; not those that say they turned out to be one
    that was here already."""
    found = rows(
        home,
        "select m.raw_sha256 from messages m join bodies b on m.id = b.message_id "
        "where m.mailbox_id = $id and b.body_text <> $elsewhere",
        id=mailbox.id,
        elsewhere=reread.ELSEWHERE,
    )
    return Counter(sha256 for (sha256,) in found)


def unfiled(home: House, mailbox: Mailbox) -> list[tuple]:
    """Mails that were taken in and stand in no conversation, or not whole."""
    return rows(
        home,
        "select uid, state from raw_messages where mailbox_id = $id and (message_id is null "
        "or state not in ('filed', 'known') or error is not null)",
        id=mailbox.id,
    )


def is_sound(home: House) -> bool:
    return verify.verify(home.store) == []
