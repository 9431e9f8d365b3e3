"""One mail's bytes as plain values. Never raises, whatever the bytes; runs inside the jail."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from inbox import sender_checks
from ingest import (
    addresses,
    auto,
    bodies,
    bounces,
    dates,
    decode,
    mime,
    quotes,
    replies,
    rfc_ids,
)
from ingest.addresses import Address
from ingest.bodies import Bodies
from ingest.bounces import Undelivered
from ingest.inline import Attached
from ingest.mime import Part

LONGEST_SUBJECT = 1_000
REFERENCES = 100
OLDEST = 10
_WRITERS = ("from", "sender", "reply-to", "return-path")
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a mail says. Message-IDs stand without angle brackets, dates are naive UTC.

    `identity` finds the same mail under other bytes: a digest of Message-ID, Date, From and
    what it holds; None for a mail with neither Message-ID nor Date. `reply_text` is the text
    without quoted history. `references` begins with the newest. `undelivered` is what a bounce
    gives up on, `bounced_message_id` the mail it is about. `protection` is what S/MIME or PGP did
    to it: `signed`, `encrypted` or ""; `authentication` what our server found out about its sender.
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
    authentication: str = ""
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
        authentication=_authentication(whole),
        identity=_identity(whole, found, content),
    )


def _without_envelope(raw: bytes) -> bytes:
    """Without what mbox files, some servers and gateways put on top or between the lines."""
    if b"\r\r\n" in raw[:2000]:
        raw = raw.replace(b"\r\r\n", b"\r\n")
    if raw[:1] in (b"\r", b"\n") and mime.begins_head(begun := raw.lstrip(b"\r\n")):
        raw = begun
    has_envelope = raw.startswith(b"From ") and not mime.begins_head(raw)
    return raw.split(b"\n", 1)[1] if has_envelope and b"\n" in raw[:500] else raw


def _headers(whole: Part) -> Parsed:
    charset = _charset(whole)
    sender = _writer(whole, charset)
    ids = rfc_ids.read(whole.first("message-id") or b"")
    references = rfc_ids.read(b" ".join(whole.every("references")))
    people = {name: _people(whole, name, charset) for name in ("to", "cc", "reply-to")}
    nobody = {a.address for group in people.values() for a in group} | {sender.address}
    answered = rfc_ids.read(b" ".join(whole.every("in-reply-to")))
    return Parsed(
        from_=sender,
        sender=next((a.address for a in addresses.parse(whole.first("sender") or b"")), ""),
        to=people["to"],
        cc=people["cc"],
        reply_to=people["reply-to"],
        delivered_to=tuple(a.address for name in _DELIVERED for a in _people(whole, name)),
        subject=_subject(whole, charset),
        date=next((d for v in whole.every("date") if (d := dates.date(v))), None),
        rfc_message_id=ids[0] if ids else None,
        in_reply_to=tuple(i for i in answered if i.lower() not in nobody)[:REFERENCES],
        references=(*ids[1:], *reversed(_ends(references))),
    )


def _charset(whole: Part) -> str:
    """The charset the text declares: bare 8-bit in the head of a mail is mostly in the same."""
    todo = [whole]
    while todo:
        part = todo.pop(0)
        if charset := part.parameters.get("charset"):
            return charset
        todo = [*part.parts[:1], *todo]
    return ""


def _writer(whole: Part, charset: str) -> Address:
    """Who wrote it: From, and where that holds no address, the first field that has one."""
    found = [a for name in _WRITERS for a in _people(whole, name, charset)]
    named = next(iter(found), Address(name="", address=""))
    if named.address:
        return named
    other = next((a for a in found if a.address), named)
    return Address(name=named.name or other.name, address=other.address)


def _subject(whole: Part, charset: str) -> str:
    given = (decode.header(value, charset) for value in whole.every("subject"))
    return next((one for one in given if one), "")[:LONGEST_SUBJECT].rstrip()


def _ends(references: tuple[str, ...]) -> tuple[str, ...]:
    """The newest, and of a very long list the oldest too: what began it is best known."""
    if len(references) <= REFERENCES:
        return references
    return (*references[:OLDEST], *references[OLDEST - REFERENCES :])


def _people(whole: Part, name: str, charset: str = "") -> tuple[Address, ...]:
    return tuple(a for value in whole.every(name)[:20] for a in addresses.parse(value, charset))


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


def _authentication(whole: Part) -> str:
    return sender_checks.read(decode.header(whole.first("authentication-results") or b""))


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
    *("reply_text", "is_auto", "bounced_message_id", "protection", "authentication"),
    "identity",
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
