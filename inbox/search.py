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


def patterns(words: str) -> dict[str, str | None]:
    """What a search key must be like to hold every word, or one it begins, as the parameters
    `pattern_1` to `pattern_8` of a statement. Of more than eight words the eight longest decide.
    What holds no word at all is looked for in vain."""
    wanted = sorted(set(WORD.findall(fold(words))), key=len, reverse=True)[:WORDS]
    found = [f"% {word}%" for word in wanted]
    if words.strip() and not found:
        found = [""]
    filled = [*found, *[None] * (WORDS - len(found))]
    return {f"pattern_{n}": pattern for n, pattern in enumerate(filled, start=1)}


def find(
    db: Session, viewer: Agent, words: str, *, mailbox_id: int | None = None, limit: int = 200
) -> list[int]:
    """The conversations with a message that holds every word, or a word it begins, newest activity
    first; only readable ones, and neither spam nor trash left out."""
    if not words.strip():
        return []
    return db.column(
        "search.find",
        mailboxes=[m for m in viewer.readable if mailbox_id in (None, m)],
        most=limit,
        **patterns(words),
    )
