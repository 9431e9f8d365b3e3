"""The notices the house itself writes, in the language of whoever asked for them."""

from dataclasses import dataclass
from datetime import datetime

from inbox import house_mail, posting
from inbox.blobs import RawStore
from inbox.errors import Invalid
from inbox.invitations import Kind
from inbox.settings import Settings
from inbox.store import Session
from inbox.words import _

PATHS: dict[Kind, str] = {"setup": "/setup", "invitation": "/invitation", "reset": "/reset"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    address: str
    subject: str
    text: str


def link(settings: Settings, kind: Kind, token: str, *, base: str = "") -> str:
    """The address that opens a one-time link: at `public_url` or, without one, at `base` where it
    is shown to whoever asked. What is mailed gives none: whoever writes a request could choose
    where its reader is led."""
    place = settings.public_url or base or settings.base_url
    return f"{place.rstrip('/')}{PATHS[kind]}?token={token}"


def invitation(settings: Settings, name: str, address: str, url: str) -> Notice:
    return Notice(
        address=address,
        subject=_("Your account at {house}").format(house=settings.name),
        text=_(
            "Hello {name},\n\nyour team answers its mail with {house}, and you are invited. Choose "
            "your password here:\n\n{url}\n\nThe link works once, for {hours} hours.\n"
        ).format(name=name, house=settings.name, url=url, hours=settings.invitation_hours),
    )


def reset(settings: Settings, address: str, url: str) -> Notice:
    return Notice(
        address=address,
        subject=_("A new password for {house}").format(house=settings.name),
        text=_(
            "Someone, probably you, asked for a new password for {address}.\n\nChoose it here:\n\n"
            "{url}\n\nThe link works once, for {hours} hours. If it was not you, do nothing: your "
            "password stays as it is.\n"
        ).format(address=address, url=url, hours=settings.reset_hours),
    )


def can_post(db: Session) -> bool:
    """Whether any mailbox here can send the house's own mail."""
    try:
        posting.sender(db, None)
    except Invalid:
        return False
    return True


def post(db: Session, notice: Notice, *, raw: RawStore, now: datetime) -> None:
    """Queue the notice, due at once. Raises Invalid when no mailbox can send."""
    house_mail.queue_system(db, None, notice.address, notice.subject, notice.text, raw=raw, now=now)
