"""Which mail a machine wrote (RFC 3834), and what a bounce says (RFC 3464)."""

import re
from dataclasses import dataclass

from ingest import addresses, decode, mime
from ingest.addresses import Address
from ingest.mime import Part

_MACHINES = re.compile(r"(?:mailer-daemon|postmaster|no-?reply.*bounce|bounces?)(?:[+-][^@]*)?@")
_LISTS = ("list-id", "list-post", "list-unsubscribe")
_ANSWERERS = ("x-autoreply", "x-autorespond", "x-autoresponse", "x-auto-reply-from")
RECIPIENTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """One recipient a server gave up on: the address, the status (5.1.1) and its words.

    `is_permanent` tells a hard bounce (the address is no good) from a soft one (not now).
    """

    address: str
    status: str
    answer: str
    is_permanent: bool = True


def is_auto(whole: Part, from_address: str) -> bool:
    """Whether nobody sat down to write this."""
    submitted = (whole.first("auto-submitted") or b"no").split(b";")[0].strip().lower()
    precedence = (whole.first("precedence") or b"").strip().lower()
    return (
        submitted not in (b"no", b"")
        or precedence in (b"bulk", b"junk", b"list", b"auto_reply")
        or any(whole.first(name) is not None for name in (*_LISTS, *_ANSWERERS))
        or (whole.first("return-path") or b"x").strip() == b"<>"
        or whole.content_type == "multipart/report"
        or bool(_MACHINES.match(from_address))
    )


def undelivered(whole: Part) -> tuple[Undelivered, ...]:
    """The recipients a delivery report gives up on; a mere delay names none."""
    found: list[Undelivered] = []
    for part in _leaves(whole):
        if part.content_type in ("message/delivery-status", "message/global-delivery-status"):
            found += _failures(part.content())
    if not found and (failed := whole.first("x-failed-recipients")):
        found = [Undelivered(address=a.address, status="", answer="") for a in _all(failed)]
    return tuple(found[:RECIPIENTS])


def bounced_message_id(whole: Part) -> str | None:
    """The Message-ID of the mail a report is about, from the copy it carries."""
    for part in _leaves(whole):
        if part.content_type in ("message/rfc822", "text/rfc822-headers", "message/global"):
            own = mime.fields(part.content()[: mime.HEADER_BYTES])
            ids = [found for name, value in own if name == "message-id" for found in rfc_ids(value)]
            if ids:
                return ids[0]
    return None


def rfc_ids(value: bytes) -> tuple[str, ...]:
    """The Message-IDs of a field, without angle brackets and blanks, in order, each once."""
    text = decode.text(value)
    found = ["".join(one.split()) for one in re.findall(r"<([^<>]{1,998})>", text)]
    if not found:
        found = [w.strip("<>,;") for w in text.split() if "@" in w or "<" in w][:50]
    return tuple(dict.fromkeys(one[:900] for one in found if one))


def _leaves(whole: Part) -> list[Part]:
    found, todo = [], [whole]
    while todo:
        part = todo.pop(0)
        todo = part.parts + todo
        if not part.parts:
            found.append(part)
    return found


def _failures(report: bytes) -> list[Undelivered]:
    groups = [mime.fields(block) for block in re.split(rb"\r?\n[ \t]*\r?\n", report)]
    found = []
    for group in groups:
        given = dict(group)
        recipient = given.get("final-recipient") or given.get("original-recipient")
        if recipient is None or given.get("action", b"").strip().lower() != b"failed":
            continue
        for address in _all(recipient.partition(b";")[2] or recipient)[:1]:
            answer = decode.header(given.get("diagnostic-code", b"").partition(b";")[2])
            status = decode.header(given.get("status", b"").split(b"(")[0])
            found.append(
                Undelivered(
                    address=address.address,
                    status=status[:20],
                    answer=answer[:300],
                    is_permanent=not status.startswith("4"),
                )
            )
    return found


def _all(value: bytes) -> list[Address]:
    return [a for a in addresses.parse(value) if a.address]
