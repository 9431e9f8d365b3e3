"""What stands behind a mail: its header fields, what our server found out about its sender, how it
came here and why it stands where it stands. Read from the mail's own bytes when asked for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

import streamlit as st

from inbox import attachments, sender_checks
from inbox.errors import InboxError
from inbox.messages import Message
from inbox.words import _, mark
from ingest import mime
from ingest.decode import header as one_line
from ingest.decode import text as decoded
from pages.parts import desk, papers, times

Item = dict[str, Any]

MOST_FIELDS = 200
LONGEST_FIELD = 2_000
LONGEST_RAW = 40_000
MOST_OPEN = 20
_KEY = "details"
_SHORT = {"id", "dkim", "mime", "spf", "arc"}
_END = re.compile(rb"\r?\n\r?\n|\r\r")

_VERDICTS = {"passed": mark("passed"), "failed": mark("failed"), "unknown": mark("unknown")}
_CAME = {
    "imap": mark("Fetched from the mail server"),
    "app": mark("Written here"),
    "sent": mark("Sent from another mail program, found in the Sent folder"),
    "import": mark("Imported"),
    "form": mark("By the contact form"),
}
_REASONS = {
    "new": mark("It answers nothing that was here, so it began a conversation."),
    "reference": mark("It names a mail of this conversation that it answers."),
    "reference_stranger": mark(
        "It names a mail of this conversation that it answers; its sender took no part before."
    ),
    "late_parent": mark("A mail that was here already names it."),
    "subject": mark("It has this conversation's subject, and its sender is known here."),
    "reply": mark("It was written in this conversation."),
    "note": mark("It was written in this conversation."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A mail's head as text: each field decoded, and the whole as it came."""

    fields: tuple[tuple[str, str], ...] = ()
    raw: str = ""
    size_bytes: int = 0


def turn(message_id: int) -> None:
    """Open or close the details of one mail, in this session."""
    opened = dict(_opened())
    if opened.pop(message_id, None) is None:
        opened[message_id] = _head(message_id)
    st.session_state[_KEY] = dict(list(opened.items())[-MOST_OPEN:])


def of(mails: Sequence[Message], where: tzinfo) -> dict[str, Item]:
    """The details that stand open, by the number of their message."""
    opened = _opened()
    return {
        str(m.id): shown(m, opened[m.id], where)
        for m in mails
        if m.id in opened and not m.is_hidden
    }


def shown(message: Message, head: Head, where: tzinfo) -> Item:
    """What a panel of details says; every text in it may be a stranger's."""
    return {
        "facts": [{"label": label, "text": text} for label, text in _facts(message, head, where)],
        "checks": _checks(message),
        "fields": [{"label": name, "text": text} for name, text in head.fields],
        "raw": head.raw,
    }


def read(raw: bytes) -> Head:
    """A mail's head from its bytes; never raises, and never longer than a person scrolls."""
    found = _END.search(raw, 0, mime.HEADER_BYTES)
    block = raw[: found.start() if found else min(len(raw), mime.HEADER_BYTES)]
    return Head(
        fields=tuple(
            (_written(name), one_line(value)[:LONGEST_FIELD])
            for name, value in mime.fields(block)[:MOST_FIELDS]
        ),
        raw=decoded(block[:LONGEST_RAW]),
        size_bytes=len(raw),
    )


def _written(name: str) -> str:
    """A field's name as people write it: “Message-ID”, “DKIM-Signature”."""
    return "-".join(w.upper() if w in _SHORT else w.capitalize() for w in name.split("-"))


def _opened() -> dict[int, Head]:
    found: dict[int, Head] = st.session_state.get(_KEY, {})
    return found


def _head(message_id: int) -> Head:
    """Notes and what is imported without its bytes have none."""
    try:
        return read(desk.house().raw.read(desk.look(attachments.head_of, message_id)))
    except InboxError:
        return Head()


def _facts(message: Message, head: Head, where: tzinfo) -> list[tuple[str, str]]:
    def moment(at: datetime) -> str:
        return times.exact(at, where=where)

    found = [
        (_("Written"), moment(message.sent_at)),
        (_("Arrived"), moment(message.received_at)),
        (_("Size"), papers.size(head.size_bytes) if head.size_bytes else ""),
        (_("How it came"), _(_CAME[message.via])),
        (_("Why it is here"), _(_REASONS.get(message.thread_reason, ""))),
        (_("Message-ID"), message.rfc_message_id or ""),
        (_("Protection"), _protection(message.protection)),
    ]
    return [(label, text) for label, text in found if text]


def _protection(kind: str) -> str:
    known = {
        "signed": _("Signed by its sender; the signature was not checked"),
        "encrypted": _("Encrypted"),
    }
    return known.get(kind, "")


def _checks(message: Message) -> Item | None:
    """What the server found out, in plain words; None where there was nothing to find out."""
    if message.direction != "in":
        return None
    checks = sender_checks.of(message.authentication)
    if checks is None:
        return {"by": _("No mail server said whether the sender is genuine."), "each": []}
    each = [("SPF", checks.spf), ("DKIM", checks.dkim), ("DMARC", checks.dmarc)]
    by = checks.server or _("the mail server")
    return {
        "by": _("Checked by {server}").format(server=by),
        "each": [{"name": n, "verdict": v, "text": f"{n} {_(_VERDICTS[v])}"} for n, v in each],
    }
