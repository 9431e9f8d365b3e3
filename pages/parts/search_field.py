"""Below the field for searching: what was not understood, and while one types what can be asked."""

from collections.abc import Sequence
from datetime import datetime

from inbox import narrowing, queries
from inbox.filters import Asked, Choices
from inbox.mailboxes import Sign
from inbox.operators import IS
from inbox.queries import Slip
from inbox.words import _, each, mark
from pages.parts.component import register

_component = register("search_field", html='<div class="word" role="status"></div>')

_HINTS = {
    '"…"': mark("words as they stand there"),
    "-": mark("without this word"),
    "from:": mark("who wrote it"),
    "to:": mark("to whom"),
    "subject:": mark("in the subject"),
    "has:attachment": mark("with a file"),
    "after:7d": mark("in the last 7 days"),
    "before:": mark("before a day, as 2026-11-03"),
    "assignee:": mark("a colleague, me or none"),
    "tag:": mark("with this tag"),
    "mailbox:": mark("in this mailbox"),
    "is:": mark("open, closed, unread, trash …"),
}
_WORDS = {
    "title": mark("What you can search for"),
    "foot": mark("Words are found by their beginning. “aker” finds “åker” too."),
}
_SAID: dict[str, str] = {
    "before": mark("“{said}” is no day. Write 2026-11-03, yesterday or 7d."),
    "after": mark("“{said}” is no day. Write 2026-11-03, yesterday or 7d."),
    "is": mark("There is no “is:{said}”. There is {known}."),
    "has": mark("There is no “has:{said}”. There is {known}."),
    "tag": mark("There is no tag “{said}” in your mailboxes."),
    "assignee": mark("No colleague here is called “{said}”."),
    "mailbox": mark("You have no mailbox called “{said}”."),
    "unknown": mark("There is no “{said}:”, so it is searched for as written. Is it “{known}:”?"),
}
LONGEST = 40


def show(word: str, choices: Choices, signs: Sequence[Sign]) -> None:
    """`word` is what to say of the line; the rest is offered while one types."""
    _component(
        key="search_field",
        data={
            "word": word,
            "hints": list(each(_HINTS).items()),
            "values": {
                "tag": list(choices.tags),
                "assignee": [queries.ME, queries.NONE]
                + [name for _number, name, works in choices.assignees if works],
                "mailbox": [sign.name for sign in signs],
                "is": list(dict.fromkeys(IS.values())),
                "has": ["attachment"],
            },
            "words": each(_WORDS),
        },
        height="content",
    )


def said(slip: Slip) -> str:
    """A slip in plain words."""
    text = slip.said if len(slip.said) <= LONGEST else slip.said[:LONGEST] + "…"
    known = ", ".join(slip.known)
    return _(_SAID[slip.kind]).format(said=text, known=known)


def soft(asked: Asked, now: datetime) -> str:
    """What only looks like a slip: it is searched for as it stands, and the list shows it."""
    slips = narrowing.read(asked.filters, now=now).slips
    return said(slips[0]) if slips else ""
