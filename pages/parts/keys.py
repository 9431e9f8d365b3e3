"""All keys in one table, and those that Streamlit's own shortcuts cannot reach."""

from inbox.words import _, mark
from pages.parts.component import register

_component = register("keys", html='<div class="keys"></div>')

NEXT, CLAIM, CLOSE, HAND_OVER, SNOOZE, FOLLOW, CONTACT = "N", "M", "E", "H", "S", "F", "I"
KEYS = (
    ("J", mark("Next conversation in the list")),
    ("K", mark("Previous conversation")),
    (NEXT, mark("Take the conversation that has waited longest")),
    ("A", mark("Write an answer")),
    ("C", mark("Write a new mail")),
    ("T", mark("Insert a template")),
    (CLAIM, mark("Make this conversation mine")),
    (CLOSE, mark("Close or reopen")),
    (HAND_OVER, mark("Hand over to a colleague")),
    (CONTACT, mark("Show or hide the contact")),
    (SNOOZE, mark("Snooze, or wake")),
    ("L", mark("Add a tag")),
    (FOLLOW, mark("Follow, or follow no longer")),
    ("X", mark("Choose this row; with Shift and a click, all rows up to there")),
    ("Z", mark("Mark as unread")),
    ("U", mark("Undo, for half a minute")),
    ("Ctrl + Enter", mark("Send")),
    ("Ctrl + Shift + Enter", mark("Send, close and open the next")),
    ("/", mark("Search")),
    ("G", mark("Next place that holds what you searched for; with Shift the one before")),
    ("?", mark("These keys")),
)


def listen() -> None:
    _component(
        key="keys",
        data={"title": _("Keys"), "keys": [[key, _(label)] for key, label in KEYS]},
        height=1,
    )
