"""A conversation as one plain page: to print on A4, or to keep as a file. Everything in it is text:
nothing runs, nothing is loaded, and a mail's own HTML is not in it."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime, tzinfo
from html import escape
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from starlette.responses import HTMLResponse

from inbox.agents import Agent
from inbox.messages import Address, Attachment, Message
from inbox.transcripts import Transcript
from inbox.words import _, language, plural

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
LONGEST_ZONE = 60
_TURNING = {ord(c): None for c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}
STYLE = """
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;background:#eceef2;color:#1f2430;font:14px/1.5 "Source Sans",system-ui,-apple-system,
"Segoe UI",Roboto,sans-serif}
.bar{display:flex;flex-wrap:wrap;gap:8px 18px;align-items:center;max-width:210mm;margin:0 auto;
padding:14px 4mm}
.bar a{color:#2457b3;text-decoration:none;font-weight:600}.bar a:hover{text-decoration:underline}
.bar span{color:#5b6372;margin-inline-start:auto}
main{max-width:210mm;min-height:260mm;margin:0 auto 24px;padding:18mm 17mm;background:#fff;
box-shadow:0 1px 8px #1f243022}
h1{font-size:21px;line-height:1.25;margin:0 0 6px;overflow-wrap:anywhere}
.about{color:#5b6372;margin:0 0 20px;padding-bottom:14px;border-bottom:1.5px solid #1f2430}
article{padding:0 0 15px;margin:0 0 15px;border-bottom:1px solid #d5d9e0}
article:last-of-type{border:0}
.head{display:flex;gap:12px;align-items:baseline;break-after:avoid;margin-bottom:5px}
.who{flex:1;min-width:0;overflow-wrap:anywhere}.who b{font-size:14.5px}
.who span,.to{color:#5b6372}.to{font-size:12.5px;overflow-wrap:anywhere}
time{white-space:nowrap;color:#5b6372;font-size:12.5px;font-variant-numeric:tabular-nums}
.text{white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext;margin:7px 0 0;
orphans:3;widows:3}
.note{border-inline-start:3px solid #d9b84a;padding-inline-start:12px}
.hidden{color:#5b6372;font-style:italic}
ul{margin:9px 0 0;padding:0;list-style:none;font-size:12.5px;color:#5b6372}
li{overflow-wrap:anywhere}li::before{content:"▪ "}
@media (max-width:640px){main{padding:22px 16px;margin:0;min-height:0}.head{flex-wrap:wrap}}
@page{size:A4;margin:16mm 15mm 18mm}
@media print{body{background:none;font-size:10.5pt}.bar{display:none}
main{box-shadow:none;padding:0;margin:0;max-width:none;min-height:0}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Where the links above the page lead; a file that is kept has none."""

    back: str = ""
    notes: str = ""
    file: str = ""
    mails: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom the page is made, and the zone in which moments are told."""

    name: str
    where: tzinfo

    @classmethod
    def of(cls, agent: Agent, zone: str) -> "Reader":
        """In the zone the agent chose, else the browser's; UTC for nonsense."""
        try:
            where: tzinfo = ZoneInfo((agent.time_zone or zone)[:LONGEST_ZONE] or "UTC")
        except (ZoneInfoNotFoundError, ValueError, OSError):
            where = UTC
        return cls(name=agent.name, where=where)


def answer(found: Transcript, reader: Reader, house: str, *, now: datetime) -> HTMLResponse:
    """The page on screen, with links that are not printed."""
    number = found.conversation.id
    about = {"zone": str(reader.where)}
    same = about | ({"notes": "1"} if found.with_notes else {})
    other = about | ({} if found.with_notes else {"notes": "1"})
    ways = Ways(
        back=f"/?c={number}",
        notes=f"/print/{number}?{urlencode(other)}",
        file=f"/transcript/{number}?{urlencode(same)}",
        mails=f"/transcript/{number}?{urlencode(same | {'as': 'mails'})}",
    )
    shown = html(found, reader, house, now=now, ways=ways)
    return HTMLResponse(shown, headers={"content-security-policy": POLICY})


def html(
    found: Transcript, reader: Reader, house: str, *, now: datetime, ways: Ways | None = None
) -> str:
    """The whole page as text."""
    where = reader.where
    head = found.conversation
    mailbox = f"{head.mailbox_name} <{head.mailbox_address}>"
    count = len(found.messages)
    about = " · ".join(
        (
            _("{mailbox} with {name} <{address}>").format(
                mailbox=mailbox,
                name=head.contact_name or head.contact_address,
                address=head.contact_address,
            ),
            f"#{head.id}",
            plural("{n} message", "{n} messages", count).format(n=count),
            _("with internal notes") if found.with_notes else _("without internal notes"),
            _("made by {name}, {when}").format(name=reader.name, when=_moment(now, where)),
        )
    )
    parts = "".join(_message(message, where) for message in found.messages)
    return (
        f'<!doctype html><html lang="{language()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">'
        f"<title>{_text(head.subject or _('Conversation'))} · {_text(house)}</title>"
        f"<style>{STYLE}</style></head><body>{_bar(ways, found.with_notes) if ways else ''}<main>"
        f'<h1 dir="auto">{_text(head.subject or _("(no subject)"))}</h1>'
        f'<p class="about">{_text(about)}</p>{parts}</main></body></html>'
    )


def _bar(ways: Ways, with_notes: bool) -> str:
    words = {
        "back": _("‹ Back"),
        "notes": _("Leave notes out") if with_notes else _("Include notes"),
        "file": _("Save as a page"),
        "mails": _("Save the mails (.zip)"),
    }
    links = "".join(
        f'<a href="{escape(getattr(ways, f.name))}">{escape(words[f.name])}</a>'
        for f in fields(Ways)
    )
    printing = _("Ctrl + P prints this page")
    return f'<div class="bar">{links}<span>{escape(printing)}</span></div>'


def _message(message: Message, where: tzinfo) -> str:
    moment = f"<time>{_text(_moment(message.sent_at, where))}</time>"
    if message.is_hidden:
        by = message.hidden_by_name or _("a colleague")
        said = f'<span class="who">{_text(_("Hidden by {who}").format(who=by))}</span>'
        return f'<article class="hidden"><div class="head">{said}{moment}</div></article>'
    is_note = message.direction == "note"
    who = message.agent_name or message.from_name or message.from_address or _("Unknown sender")
    after = _("Internal note") if is_note else message.from_address
    about = f"<b><bdi>{_text(who)}</bdi></b> <span><bdi>{_text(after)}</bdi></span>"
    return (
        f'<article{" class=note" if is_note else ""}><div class="head">'
        f'<div class="who">{about}</div>{moment}</div>'
        f"{''.join(_people(message))}"
        f'<div class="text" dir="auto">{_text(message.body_text.strip() or _("(no text)"))}</div>'
        f"{_files(message.attachments)}</article>"
    )


def _people(message: Message) -> Iterator[str]:
    for kind, people in ((_("To"), message.recipients.to), (_("Cc"), message.recipients.cc)):
        if people:
            yield f'<div class="to">{kind}: {_text(", ".join(_person(p) for p in people))}</div>'


def _person(person: Address) -> str:
    return f"{person.name} <{person.address}>" if person.name else person.address


def _files(files: tuple[Attachment, ...]) -> str:
    rows = "".join(
        f"<li><bdi>{_text(a.filename or _('file'))}</bdi> ({_about(a)})</li>"
        for a in files
        if not a.is_inline
    )
    return f"<ul>{rows}</ul>" if rows else ""


def _about(file: Attachment) -> str:
    size = f"{max(1, round(file.size_bytes / 1000)):,} kB"
    return size if file.restricted_by is None else _("{size}, restricted").format(size=size)


def _text(words: str) -> str:
    """Strangers' words: escaped, and without the marks that turn them around."""
    return escape(words.translate(_TURNING).replace("\0", ""))


def _moment(at: datetime, where: tzinfo) -> str:
    return f"{at.replace(tzinfo=UTC).astimezone(where):%Y-%m-%d %H:%M %Z}"
