"""The digest mail: what an agent was told and has not looked at for a while, in his language."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox import house_mail, notifications
from inbox.blobs import RawStore
from inbox.errors import Invalid
from inbox.notifications import Kind
from inbox.settings import Settings
from inbox.store import Session
from inbox.words import _, mark, plural, speaking

AFTER = timedelta(minutes=15)
MOST_LINES = 20
SAYS: dict[Kind, str] = {
    "mention": mark("{who} mentioned you"),
    "assigned": mark("{who} gave you"),
    "answered": mark("The customer answered in"),
    "review": mark("{who} asks you to look at a draft in"),
    "returned": mark("{who} gave your draft back in"),
    "approved": mark("{who} approved and sent your draft in"),
    "called_off": mark("Your reply was not sent; its text is a draft in"),
    "moved": mark("{who} moved to another mailbox, so you have it no longer"),
    "explained": mark("{who} answered your question in"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    id: int
    agent_id: int
    email: str
    language: str
    notify: str
    conversation_id: int
    kind: Kind
    actor_name: str
    how_many: int
    subject: str


def queue(db: Session, settings: Settings, raw: RawStore, *, now: datetime) -> int:
    """Queue one mail to each agent who has something unseen that is to come by mail, and note it;
    answer how many mails. Each notification is mailed once. Whom no mailbox
    can write to keeps theirs, and it is tried again."""
    waiting = defaultdict(list)
    for one in db.all("notifications.to_mail", _Waiting, before=now - AFTER):
        if "mail" in notifications.ways(notifications.understood(one.notify), one.kind):
            waiting[one.email].append(one)
    queued = 0
    for email, its in waiting.items():
        with speaking(its[0].language):
            subject, text = _subject(its), _text(its, settings)
        try:
            house_mail.queue_system(db, None, email, subject, text, raw=raw, now=now)
        except Invalid:
            continue
        db.change("notifications.mailed", ids=[one.id for one in its], now=now)
        queued += 1
    return queued


def _subject(its: list[_Waiting]) -> str:
    said = plural("One thing waits for you", "{n} things wait for you", len(its))
    return said.format(n=len(its))


def _text(its: list[_Waiting], settings: Settings) -> str:
    lines = [
        f"- {_(SAYS[one.kind]).format(who=_plain(one.actor_name))}{_more(one)}: "
        f"[{_plain(one.subject) or _('(no subject)')}]({_address(one, settings)})"
        for one in its[:MOST_LINES]
    ]
    if len(its) > MOST_LINES:
        lines.append("- " + _("and {n} more").format(n=len(its) - MOST_LINES))
    return "\n".join([_("You were told, and have not looked yet:"), "", *lines])


def _more(one: _Waiting) -> str:
    if one.how_many == 1:
        return ""
    return " " + _("{n} conversations, the first of them").format(n=one.how_many)


def _plain(text: str) -> str:
    """A stranger's words in Markdown: nothing in them is a link or an image."""
    return "".join(f"\\{c}" if c in "\\`*_[]()<>#!|" else c for c in " ".join(text.split()))


def _address(one: _Waiting, settings: Settings) -> str:
    return f"{settings.base_url.rstrip('/')}/?c={one.conversation_id}"
