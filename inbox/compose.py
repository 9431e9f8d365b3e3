"""What a reply says: the agent's text, the signature and the history it answers."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inbox import markdown
from inbox.messages import Address
from inbox.words import _, speaking

LONGEST_QUOTE = 100_000
REFERENCES_BYTES = 900
_PREFIX = re.compile(r"\s*(?:re|sv|aw|antw|vs|res?|odp)\s*(?:\[\d+\])?\s*:", re.I)
_MESSAGE_ID = re.compile(r"[!-;=?-~]{3,250}")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """The message a reply answers, as it is quoted below it."""

    sender: Address
    sent_at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """A message that is passed on, as it stands below the agent's words; `language` is that of what
    is said of it."""

    sender: Address
    sent_at: datetime
    subject: str
    to: tuple[Address, ...]
    text: str
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """`reply_text` is what the agent wrote, without signature and history; `own` is its HTML, and
    `below` that of signature and history."""

    text: str
    reply_text: str
    own: str
    below: str

    @property
    def html(self) -> str:
        """The whole HTML alternative: both parts and nothing else."""
        return f"<!doctype html><html><body>{self.own}{self.below}</body></html>\n"


def body(
    typed: str,
    *,
    signature: str = "",
    quoted: Quoted | None = None,
    forwarded: Sequence[Forwarded] = (),
) -> Body:
    """The two alternatives of a mail. `typed` and `signature` are Markdown; what is quoted or
    passed on is a stranger's and only ever escaped."""
    reply = markdown.to_text(typed)
    texts = [reply]
    below = []
    if signature.strip():
        texts.append("-- \n" + markdown.to_text(signature))
        below.append(f'<div class="delad_signature">-- <br>{markdown.to_html(signature)}</div>')
    if quoted:
        texts.append(_quote_text(quoted))
        below.append(_quote_html(quoted))
    texts += [_forward_text(one) for one in forwarded]
    below += [_forward_html(one) for one in forwarded]
    return Body(
        text="\n\n".join(texts) + "\n",
        reply_text=reply,
        own=f"<div>{markdown.to_html(typed)}</div>",
        below="".join(below),
    )


def reply_subject(subject: str) -> str:
    """`Re: ` once, whatever language the prefix that is there already has."""
    if _PREFIX.match(subject):
        return subject.strip()
    return f"Re: {subject.strip()}" if subject.strip() else "Re: your message"


def references(known: list[str]) -> tuple[str, ...]:
    """The Message-IDs of a thread, oldest first, trimmed to a header every server takes: the
    first and as many of the newest as fit (RFC 5322 3.6.4)."""
    usable = [i for i in (raw.strip().strip("<>") for raw in known) if _MESSAGE_ID.fullmatch(i)]
    distinct = list(dict.fromkeys(usable))
    kept: list[str] = []
    room = REFERENCES_BYTES - (len(distinct[0]) if distinct else 0)
    for message_id in reversed(distinct[1:]):
        room -= len(message_id) + 4
        if room < 0:
            break
        kept.insert(0, message_id)
    return (*distinct[:1], *kept)


def _attribution(quoted: Quoted) -> str:
    at = quoted.sent_at
    day = f"{_DAYS[at.weekday()]}, {at.day} {_MONTHS[at.month - 1]} {at.year}"
    name = f"{quoted.sender.name} " if quoted.sender.name else ""
    return f"On {day} at {at:%H:%M} UTC, {name}<{quoted.sender.address}> wrote:"


def _fields(passed: Forwarded) -> list[str]:
    at = passed.sent_at
    with speaking(passed.language):
        day = f"{_(_DAYS[at.weekday()])}, {at.day} {_(_MONTHS[at.month - 1])} {at.year}"
        return [
            "---------- " + _("Forwarded message") + " ----------",
            _("From: {who}").format(who=_named(passed.sender)),
            _("Date: {day} at {time} UTC").format(day=day, time=f"{at:%H:%M}"),
            _("Subject: {subject}").format(subject=passed.subject),
            _("To: {who}").format(who=", ".join(map(_named, passed.to))),
        ]


def _named(person: Address) -> str:
    return f"{person.name} <{person.address}>" if person.name else f"<{person.address}>"


def _forward_text(passed: Forwarded) -> str:
    return "\n".join([*_fields(passed), "", passed.text[:LONGEST_QUOTE].strip()])


def _forward_html(passed: Forwarded) -> str:
    fields = "<br>".join(html.escape(field) for field in _fields(passed))
    lines = passed.text[:LONGEST_QUOTE].strip().splitlines()
    text = "<br>".join(html.escape(line) for line in lines)
    return f'<div class="delad_forward"><p>{fields}</p><p dir="auto">{text}</p></div>'


def _quote_text(quoted: Quoted) -> str:
    lines = quoted.text[:LONGEST_QUOTE].strip().splitlines()
    marked = [f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in lines]
    return "\n".join([_attribution(quoted), *marked])


def _quote_html(quoted: Quoted) -> str:
    lines = quoted.text[:LONGEST_QUOTE].strip().splitlines()
    return (
        f'<div class="delad_quote"><p>{html.escape(_attribution(quoted))}</p>'
        '<blockquote type="cite" style="margin:0 0 0 .8ex;border-left:1px solid #ccc;'
        f'padding-left:1ex">{"<br>".join(html.escape(line) for line in lines)}'
        "</blockquote></div>"
    )
