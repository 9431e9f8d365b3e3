"""Conversations in the test house's support mailbox, as the tests of lists want them."""

from tests.conftest import NOON
from tests.furniture import SUPPORT

COLUMNS = {
    "mailbox_id": SUPPORT,
    "contact_name": "Nora Berg",
    "contact_address": "nora@customer.test",
    "subject": "Order",
    "snippet": "Where is it?",
    "status": "open",
    "assignee_id": None,
    "created_at": NOON,
    "last_message_at": NOON,
    "last_reply_at": None,
    "waiting_since": NOON,
    "closed_at": None,
    "spam_at": None,
    "trashed_at": None,
    "snoozed_until": None,
    "message_count": 0,
    "attachment_count": 0,
    "is_readable": True,
    "is_urgent": False,
    "tags": "",
    "channel": "mail",
    "last_message_id": None,
}


def row(db, **columns):
    """One more conversation; its id."""
    given = {**COLUMNS, **columns}
    names = ", ".join(given)
    values = ", ".join(f"${name}" for name in given)
    db._cursor.execute(f"insert into conversations ({names}) values ({values})", given).fetchall()
    return db._cursor.execute("select max(id) from conversations").fetchone()[0]
