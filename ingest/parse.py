"""One mail's bytes as plain values. Never raises, whatever the bytes; runs inside the jail."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ingest import addresses, auto, bodies, bounces, decode, mime, quotes, replies, rfc_ids
from ingest.addresses import Address
from ingest.bodies import Attached, Bodies
from ingest.bounces import Undelivered
from ingest.mime import Part

LONGEST_SUBJECT = 1_000
REFERENCES = 100
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a mail says. Message-IDs stand without angle brackets, dates are naive UTC.

    `identity` finds the same mail under other bytes: a digest of Message-ID, Date, From and
    what it holds; None for a mail with neither Message-ID nor Date. `reply_text` is the text
    without quoted history. `references` begins with the newest. `undelivered` is what a bounce
    gives up on, `bounced_message_id` the mail it is about. `protection` is what S/MIME or PGP did
    to it: `signed`, `encrypted` or "".
    """

    from_: Address
    sender: str = ""
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    delivered_to: tuple[str, ...] = ()
    subject: str = ""
    date: datetime | None = None
    rfc_message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    text: str = ""
    html: str | None = None
    reply_text: str = ""
    attachments: tuple[Attached, ...] = ()
    is_auto: bool = False
    undelivered: tuple[Undelivered, ...] = ()
    bounced_message_id: str | None = None
    protection: str = ""
    identity: str | None = None

    @property
    def is_bounce(self) -> bool:
        return bool(self.undelivered)

    @property
    def known_ids(self) -> tuple[str, ...]:
        """What this mail answers: In-Reply-To first, then References, newest first."""
        return tuple(dict.fromkeys((*self.in_reply_to, *self.references)))


def parse(raw: bytes) -> Parsed:
    whole = mime.split(_without_envelope(raw))
    found = _headers(whole)
    content = bodies.collect(whole)
    text, html, reply_text = _texts(content, found.subject)
    undelivered = bounces.undelivered(whole, content.text)
    return replace(
        found,
        text=text,
        html=html,
        reply_text=reply_text,
        attachments=tuple(content.attached),
        is_auto=bool(undelivered) or auto.is_auto(whole, found.from_.address, content),
        undelivered=undelivered,
        bounced_message_id=bounces.bounced_id(whole, content.text) if undelivered else None,
        protection=content.protection,
        identity=_identity(whole, found, content),
    )


def _without_envelope(raw: bytes) -> bytes:
    """Without the “From ” line that mbox files and some servers put on top."""
    return raw.split(b"\n", 1)[1] if raw.startswith(b"From ") and b"\n" in raw[:500] else raw


def _headers(whole: Part) -> Parsed:
    senders = addresses.parse(whole.first("from") or whole.first("sender") or b"")
    sender = senders[0] if senders else Address(name="", address="")
    ids = rfc_ids.read(whole.first("message-id") or b"")
    references = rfc_ids.read(b" ".join(whole.every("references")))[-REFERENCES:]
    return Parsed(
        from_=sender,
        sender=next((a.address for a in addresses.parse(whole.first("sender") or b"")), ""),
        to=_people(whole, "to"),
        cc=_people(whole, "cc"),
        reply_to=_people(whole, "reply-to"),
        delivered_to=tuple(a.address for name in _DELIVERED for a in _people(whole, name)),
        subject=decode.header(whole.first("subject") or b"")[:LONGEST_SUBJECT],
        date=decode.date(whole.first("date") or b""),
        rfc_message_id=ids[0] if ids else None,
        in_reply_to=rfc_ids.read(b" ".join(whole.every("in-reply-to")))[:REFERENCES],
        references=tuple(reversed(references)),
    )


def _people(whole: Part, name: str) -> tuple[Address, ...]:
    return tuple(a for value in whole.every(name)[:20] for a in addresses.parse(value))


def _texts(content: Bodies, subject: str) -> tuple[str, str | None, str]:
    """(whole text, HTML or None, text without history); calendars speak after the mail's words."""
    text, html = content.text, content.html
    if quotes.is_forward(subject):
        reply = text
    else:
        reply = replies.of_html(html, text) if html else replies.of_text(text)
    for said in content.sayings:
        lines = (
            said.lines if text or not said.description else f"{said.lines}\n\n{said.description}"
        )
        text, reply = f"{text}\n\n{lines}".strip(), f"{reply}\n\n{lines}".strip()
        html += bodies.as_html(lines) if html else ""
    return text, html or None, reply


def _identity(whole: Part, found: Parsed, content: Bodies) -> str | None:
    date = (whole.first("date") or b"").strip()
    if not found.rfc_message_id and not date:
        return None
    digest = hashlib.sha256()
    held = [hashlib.sha256(one).digest() for one in content.held]
    for piece in (
        (found.rfc_message_id or "").encode(),
        date,
        found.from_.address.encode(),
        found.subject.encode(),
        " ".join(content.bare.split()).encode(),
        *held,
    ):
        digest.update(len(piece).to_bytes(8, "big") + piece)
    return digest.hexdigest()


_PEOPLE = ("to", "cc", "reply_to")
_PLAIN = (
    *(
        "sender",
        "delivered_to",
        "subject",
        "rfc_message_id",
        "in_reply_to",
        "references",
        "text",
        "html",
    ),
    *("reply_text", "is_auto", "bounced_message_id", "protection", "identity"),
)


def as_json(parsed: Parsed) -> dict[str, Any]:
    """Everything but the attachments' bytes, for the frame that leaves the jail."""
    out: dict[str, Any] = {name: getattr(parsed, name) for name in _PLAIN}
    out["from_"] = parsed.from_
    for name in _PEOPLE:
        out[name] = getattr(parsed, name)
    out["date"] = parsed.date.isoformat() if parsed.date else None
    out["undelivered"] = [
        [u.address, u.status, u.answer, u.is_permanent] for u in parsed.undelivered
    ]
    out["attachments"] = [
        [a.filename, a.content_type, a.content_id, a.is_inline] for a in parsed.attachments
    ]
    return out


def from_json(given: dict[str, Any], contents: list[bytes]) -> Parsed:
    """The other end of `as_json`."""
    plain = {name: given[name] for name in _PLAIN}
    for name in ("delivered_to", "in_reply_to", "references"):
        plain[name] = tuple(plain[name])
    for name in _PEOPLE:
        plain[name] = tuple(Address(*pair) for pair in given[name])
    return Parsed(
        **plain,
        from_=Address(*given["from_"]),
        date=datetime.fromisoformat(given["date"]) if given["date"] else None,
        undelivered=tuple(
            Undelivered(address=address, status=status, answer=answer, is_permanent=is_permanent)
            for address, status, answer, is_permanent in given["undelivered"]
        ),
        attachments=tuple(
            Attached(
                filename=filename, content_type=kind, content=content, content_id=cid, is_inline=inl
            )
            for (filename, kind, cid, inl), content in zip(
                given["attachments"], contents, strict=True
            )
        ),
    )
