"""All keys in one table, and those that Streamlit's own shortcuts cannot reach."""

from pages.parts.component import register
from pages.parts.words import _

_component = register("keys", html='<div class="keys"></div>')

NEXT, CLAIM, CLOSE, HAND_OVER = "N", "M", "E", "H"
KEYS = (
    ("J", _("Next conversation in the list")),
    ("K", _("Previous conversation")),
    (NEXT, _("Take the conversation that has waited longest")),
    ("A", _("Write an answer")),
    (CLAIM, _("Make this conversation mine")),
    (CLOSE, _("Close or reopen")),
    (HAND_OVER, _("Hand over to a colleague")),
    ("U", _("Undo, for half a minute")),
    ("Ctrl + Enter", _("Send")),
    ("/", _("Search")),
    ("?", _("These keys")),
)


def listen() -> None:
    _component(
        key="keys", data={"title": _("Keys"), "keys": [list(pair) for pair in KEYS]}, height=1
    )
