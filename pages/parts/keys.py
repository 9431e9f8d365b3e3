"""Keys for what Streamlit's shortcuts cannot reach, and the list of all keys."""

from pages.parts.component import register
from pages.parts.words import _

_component = register("keys", html='<div class="keys"></div>')

KEYS = (
    ("J", _("Next conversation in the list")),
    ("K", _("Previous conversation")),
    ("N", _("Take the conversation that has waited longest")),
    ("A", _("Write an answer")),
    ("T", _("Take this conversation")),
    ("E", _("Close or reopen")),
    ("Ctrl + Enter", _("Send")),
    ("/", _("Search")),
    ("?", _("These keys")),
)


def listen() -> None:
    _component(
        key="keys", data={"title": _("Keys"), "keys": [list(pair) for pair in KEYS]}, height=1
    )
