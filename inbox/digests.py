"""The digest mail: what an agent was told and has not looked at for a while."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox import house_mail, notifications
from inbox.blobs import RawStore
from inbox.errors import Invalid
from inbox.notifications import Kind
from inbox.settings import Settings
from inbox.store import Session

AFTER = timedelta(minutes=15)
MOST_LINES = 20
SAYS: dict[Kind, str] = {
    "mention": "{who} mentioned you",
    "assigned": "{who} gave you",
    "answered": "The customer answered in",
    "review": "{who} asks you to look at a draft in",
    "returned": "{who} gave your draft back in",
    "approved": "{who} approved and sent your draft in",
    "called_off": "Your reply was not sent; its text is a draft in",
    "moved": "{who} moved to another mailbox, so you have it no longer",
    "explained": "{who} answered your question in",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    id: int
    agent_id: int
    email: str
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
        try:
            house_mail.queue_system(
                db, None, email, _subject(its), _text(its, settings), raw=raw, now=now
            )
        except Invalid:
            continue
        db.change("notifications.mailed", ids=[one.id for one in its], now=now)
        queued += 1
    return queued


def _subject(its: list[_Waiting]) -> str:
    return "One thing waits for you" if len(its) == 1 else f"{len(its)} things wait for you"


def _text(its: list[_Waiting], settings: Settings) -> str:
    lines = [
        f"- {SAYS[one.kind].format(who=_plain(one.actor_name))}{_more(one)}: "
        f"[{_plain(one.subject) or '(no subject)'}]({_address(one, settings)})"
        for one in its[:MOST_LINES]
    ]
    if len(its) > MOST_LINES:
        lines.append(f"- and {len(its) - MOST_LINES} more")
    return "\n".join(["You were told, and have not looked yet:", "", *lines])


def _more(one: _Waiting) -> str:
    return f" {one.how_many} conversations, the first of them" if one.how_many > 1 else ""


def _plain(text: str) -> str:
    """A stranger's words in Markdown: nothing in them is a link or an image."""
    return "".join(f"\\{c}" if c in "\\`*_[]()<>#!|" else c for c in " ".join(text.split()))


def _address(one: _Waiting, settings: Settings) -> str:
    return f"{settings.base_url.rstrip('/')}/?c={one.conversation_id}"
