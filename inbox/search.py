"""Finding mail by its words: tokens are folded once, when a message is written."""

import re
import unicodedata

from inbox.agents import Agent
from inbox.store import Session

WORD = re.compile(r"[^\W_]+(?:[.'@+-][^\W_]+)*", re.UNICODE)
LONGEST_KEY = 20_000
WORDS = 8


def fold(text: str) -> str:
    """Lower case without marks, so that “Malmö” and “malmo” are one word."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return (
        "".join(c for c in plain if not unicodedata.combining(c)) if not plain.isascii() else plain
    )


def key(*texts: str) -> str:
    """Every distinct word of the texts, a blank on each side; compounds whole and in parts."""
    words: set[str] = set()
    for text in texts:
        for word in WORD.findall(fold(text)):
            words.add(word)
            if not word.isalnum():
                words.update(re.split(r"[.'@+-]", word))
    return (" " + " ".join(sorted(words)))[:LONGEST_KEY] + " "


def find(
    db: Session,
    viewer: Agent,
    words: str,
    *,
    view: str = "any",
    mailbox_id: int | None = None,
    limit: int = 200,
) -> list[int]:
    """The view's conversations with a message that holds every word, or a word it begins, newest
    activity first; only readable ones. `view` is one of the list's, or any.

    Of more than eight words the eight longest decide.
    """
    wanted = sorted(set(WORD.findall(fold(words))), key=len, reverse=True)[:WORDS]
    if not wanted:
        return []
    patterns = [f"% {word}%" for word in wanted] + [None] * (WORDS - len(wanted))
    return db.column(
        "search.find",
        mailboxes=[m for m in viewer.readable if mailbox_id in (None, m)],
        view=view,
        agent_id=viewer.id,
        most=limit,
        **{f"pattern_{n}": pattern for n, pattern in enumerate(patterns, start=1)},
    )
