"""The operators of the line one searches with, and their values: English, and Swedish for each."""

from typing import Literal

Operator = Literal[
    "from", "to", "subject", "tag", "is", "has", "before", "after", "assignee", "mailbox"
]
OPERATORS: dict[str, Operator] = {
    "from": "from",
    "från": "from",
    "to": "to",
    "till": "to",
    "subject": "subject",
    "ämne": "subject",
    "tag": "tag",
    "tagg": "tag",
    "is": "is",
    "är": "is",
    "has": "has",
    "har": "has",
    "before": "before",
    "före": "before",
    "after": "after",
    "efter": "after",
    "assignee": "assignee",
    "ansvarig": "assignee",
    "mailbox": "mailbox",
    "brevlåda": "mailbox",
}
IS = {
    "open": "open",
    "öppen": "open",
    "closed": "closed",
    "stängd": "closed",
    "snoozed": "snoozed",
    "uppskjuten": "snoozed",
    "unassigned": "unassigned",
    "ledig": "unassigned",
    "mine": "mine",
    "min": "mine",
    "unread": "unread",
    "oläst": "unread",
    "read": "read",
    "läst": "read",
    "urgent": "urgent",
    "brådskande": "urgent",
    "vip": "vip",
    "following": "following",
    "följer": "following",
    "spam": "spam",
    "skräppost": "spam",
    "trash": "trash",
    "papperskorg": "trash",
}
HAS = {
    "attachment": "attachment",
    "attachments": "attachment",
    "file": "attachment",
    "files": "attachment",
    "bilaga": "attachment",
    "bilagor": "attachment",
    "fil": "attachment",
    "filer": "attachment",
}
