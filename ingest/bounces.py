"""What a bounce says: reports (RFC 3464, RFC 6533), and the letters servers write in their place.

A letter is taken for a bounce only if a machine sent it and its words say that delivery failed;
a warning that it is late, a report of success and an absence are none.
"""

import re
from dataclasses import dataclass

from ingest import addresses, decode, mime, rfc_ids
from ingest.addresses import Address
from ingest.bounce_words import is_failure, is_permanent, parts_of, reply_code, status_in, told
from ingest.mime import Part

RECIPIENTS = 100
_REPORTS = {"message/delivery-status", "message/global-delivery-status"}
_COPIES = {"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"}
_MACHINES = re.compile(
    r"(?:mailer-daemon|postmaster|mail-?daemon|microsoftexchange\w*)(?:\+[^@]*)?@"
)
_OTHER_FATES = (b"delayed", b"delivered", b"relayed", b"expanded")
_OLD_ID = re.compile(r"^[>\s|]*Message-ID:[ \t]*<([^<>\s]{1,900})>", re.I | re.M)
_XTEXT = re.compile(r"\+([0-9A-F]{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """One recipient a server gave up on: the address, the status (5.1.1, "" when none is given)
    and its words. `is_permanent` tells a hard bounce from a soft one, as
    `bounce_words.is_permanent` says."""

    address: str
    status: str
    answer: str
    is_permanent: bool = True


def is_from_mail_system(whole: Part) -> bool:
    """A report, or a mail that nobody is to answer (RFC 5321, 4.5.5)."""
    return_path = (whole.first("return-path") or b"x").strip()
    return whole.content_type == "multipart/report" or return_path == b"<>"


def undelivered(whole: Part, text: str) -> tuple[Undelivered, ...]:
    """The recipients a mail gives up on, each once; `text` are the mail's words."""
    leaves = _leaves(whole)
    reports = [part for part in leaves if part.content_type in _REPORTS]
    groups = [group for part in reports for group in _groups(part.content())]
    if groups:
        found = [one for group in groups if (one := _failure(group))]
    else:
        found = _from_words(whole, text, leaves)
    return tuple({one.address: one for one in reversed(found)}.values())[::-1][:RECIPIENTS]


def bounced_id(whole: Part, text: str) -> str | None:
    """The Message-ID of the mail a report is about: from the copy it carries, be it as text, else
    what the report answers."""
    for part in _leaves(whole):
        if part.content_type in _COPIES:
            ids = _ids(part.content()[: mime.HEADER_BYTES], b"message-id")
            if ids:
                return ids[0]
        elif part.content_type in _REPORTS and (
            ids := _ids(part.content()[: mime.HEADER_BYTES], b"original-message-id")
        ):
            return ids[0]
    if quoted := _OLD_ID.search(parts_of(text)[1]):
        return quoted[1]
    for name in ("x-original-message-id", "in-reply-to"):
        if answered := rfc_ids.read(whole.first(name) or b""):
            return answered[0]
    references = rfc_ids.read(b" ".join(whole.every("references")))
    return references[-1] if references else None


def _ids(block: bytes, wanted: bytes) -> tuple[str, ...]:
    name = wanted.decode()
    return tuple(
        found for key, value in mime.fields(block) if key == name for found in rfc_ids.read(value)
    )


def _leaves(whole: Part) -> list[Part]:
    found, todo = [], [whole]
    while todo:
        part = todo.pop()
        todo += reversed(part.parts)
        if not part.parts:
            found.append(part)
    return found


def _groups(report: bytes) -> list[dict[str, bytes]]:
    """The fields of each recipient; the first group, about the report itself, names none."""
    blocks = re.split(rb"\r?\n[ \t]*\r?\n", report)
    groups = [dict(mime.fields(block)) for block in blocks[: RECIPIENTS * 2]]
    return [g for g in groups if "final-recipient" in g or "original-recipient" in g]


def _failure(group: dict[str, bytes]) -> Undelivered | None:
    action = group.get("action", b"").strip().lower()
    answer = _words(group.get("diagnostic-code", b""))
    status = status_in(decode.header(group.get("status", b"")[:40])) or status_in(answer)
    if action.startswith(_OTHER_FATES) or (action != b"failed" and not status.startswith("5")):
        return None
    address = _recipient(group)
    if not address:
        return None
    return Undelivered(
        address=address,
        status=status,
        answer=answer[:300],
        is_permanent=is_permanent(status, answer),
    )


def _words(value: bytes) -> str:
    """A diagnostic without its type (`smtp;`)."""
    kind, mark, words = value.partition(b";")
    is_typed = mark and re.fullmatch(rb"[ \t]*[A-Za-z0-9-]{1,20}[ \t]*", kind)
    return decode.header(words if is_typed else value)


def _recipient(group: dict[str, bytes]) -> str:
    """The address we wrote to, if the report still knows it: where it was passed on to inside
    is nothing to us. RFC 3461 writes it as xtext."""
    for name in ("original-recipient", "final-recipient"):
        given = group.get(name, b"")
        found = _all(given.partition(b";")[2] or given)
        if found and "@" in found[0].address:
            address = found[0].address
            if name == "original-recipient" and _XTEXT.search(address.upper()):
                plain = _XTEXT.sub(lambda code: chr(int(code[1], 16)), address.upper()).lower()
                return plain if plain.isprintable() and "@" in plain else address
            return address
    return ""


def _from_words(whole: Part, text: str, leaves: list[Part]) -> list[Undelivered]:
    """A letter in place of a report."""
    failed = [a.address for a in _all(whole.first("x-failed-recipients") or b"")]
    if not (failed or _is_from_a_machine(whole)):
        return []
    own_words, _ = parts_of(text)
    subject = decode.header(whole.first("subject") or b"")
    if not is_failure(subject, own_words):
        return []
    ours = {a.address for name in ("from", "to", "sender") for a in _all(whole.first(name) or b"")}
    words = {a: said for a, said in told(own_words).items() if a not in ours}
    if not words and not failed:
        failed = _of_the_copy(leaves)
    named = failed or list(words)
    return [_of_words(address, words.get(address, own_words[:2000])) for address in named]


def _of_words(address: str, words: str) -> Undelivered:
    status = status_in(words)
    code = reply_code(words)
    answer = words[words.index(code) :] if code else words
    return Undelivered(
        address=address,
        status=status,
        answer=" ".join(answer.split())[:300],
        is_permanent=is_permanent(status, words),
    )


def _of_the_copy(leaves: list[Part]) -> list[str]:
    """Whom the mail was for that came back, when it was for one alone."""
    for part in leaves:
        if part.content_type in _COPIES:
            head = mime.fields(part.content()[: mime.HEADER_BYTES])
            named = [a.address for key, value in head if key == "to" for a in _all(value)]
            return named if len(named) == 1 else []
    return []


def _is_from_a_machine(whole: Part) -> bool:
    senders = addresses.parse(whole.first("from") or b"")
    return is_from_mail_system(whole) or any(_MACHINES.match(a.address) for a in senders)


def _all(value: bytes) -> list[Address]:
    return [a for a in addresses.parse(value) if a.address]
