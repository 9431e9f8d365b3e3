"""What the firm keeps on its desks: templates in three languages, and the team's saved views."""

import tomllib
from datetime import datetime
from pathlib import Path

from inbox import saved_views, templates
from inbox.agents import Agent
from inbox.effects import Effects
from inbox.store import Session
from inbox.templates import Written
from ingest.demo.tale import COMPLAINT

FILE = Path(__file__).parents[2] / "data" / "demo" / "templates.toml"
VIEWS = {
    "Complaints": {"view": "all", "tag": COMPLAINT},
    "Waiting with a file": {"view": "open", "q": "has:attachment"},
}


def unpack(db: Session, admin: Agent, mailbox_id: int, *, now: datetime) -> None:
    """Templates for all mailboxes, views for the team of this one."""
    for one in tomllib.loads(FILE.read_text())["templates"]:
        written = Written(
            name=one["name"],
            folder=one["folder"],
            body=one["body"],
            effects=Effects(tag=one.get("tag", ""), closes=one.get("closes", False)),
        )
        templates.create(db, admin, written, now=now)
    for title, query in VIEWS.items():
        saved_views.create(db, admin, title, query, mailbox_id=mailbox_id, now=now)
