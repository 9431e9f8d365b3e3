"""What the console says when the house is open."""

from datetime import datetime

from inbox import invitations, notices
from inbox.house import House
from ingest.demo import Demo


def words(house: House, demo: Demo | None, *, now: datetime) -> str:
    """Where to go, and as whom: the demo's accounts, or the one-time link of a new house."""
    settings = house.settings
    if demo is not None:
        return f"{settings.name} is ready: {settings.base_url}\n{demo.words}"
    with house.store.write() as db:
        if not invitations.needs_set_up(db):
            return f"{settings.name} is ready: {settings.base_url}"
        token = invitations.set_up_link(db, now=now)
    link = notices.link(settings, "setup", token, base=settings.base_url)
    return (
        f"{settings.name} is ready, and nobody can sign in yet. Open this link, which works once, "
        f"to become its admin:\n{link}"
    )
