"""Where in a text the words are that a search found, and the place of it that a row shows."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from inbox import narrowing, search
from inbox.agents import Agent
from inbox.filters import Filter
from inbox.messages import Message
from inbox.queries import Query, Term
from inbox.store import Session

Parts = list[tuple[str, bool]]
"""A text in pieces, and of each whether it was looked for."""
BEFORE, LENGTH = 32, 180
MOST_MARKS = 200
MOST_READ = 2_000_000
_IN_BROWSER = (
    (r"(?<![^\W_])", r"(?<![\p{L}\p{N}])"),
    (r"[\W_]+", r"[^\p{L}\p{N}]+"),
    (r"(?![^\W_])", r"(?![\p{L}\p{N}])"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What to mark where; None where nothing is looked for."""

    text: re.Pattern[str] | None
    sender: re.Pattern[str] | None
    subject: re.Pattern[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InStream:
    """What to mark in an opened conversation. `pattern` is for a browser, with the flags “giu”;
    `message_id` holds all that was looked for, some of it in its folded part alone if so."""

    pattern: str
    message_id: int
    is_folded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    kind: str
    message_id: int
    words: str


def sought(filters: Filter, *, now: datetime) -> Sought:
    """What the words of the filter look for."""
    query = narrowing.read(filters, now=now)
    return Sought(
        text=_pattern(query.words),
        sender=_pattern([*query.words, *_of(query, "from")]),
        subject=_pattern([*query.words, *_of(query, "subject")]),
    )


def places(
    db: Session, viewer: Agent, messages: Sequence[int], wanted: re.Pattern[str] | None
) -> dict[int, Parts]:
    """Of each message the place where it holds what was looked for: in its text, else in the name
    of a file. One statement; nothing of what the viewer may not read, or what is hidden."""
    if wanted is None or not messages:
        return {}
    rows = db.all("search.texts", _Text, ids=list(messages), mailboxes=viewer.readable)
    found: dict[int, Parts] = {}
    for row in sorted(rows, key=lambda row: row.kind != "body"):
        if row.message_id not in found and (place := place_in(row.words, wanted)):
            found[row.message_id] = place
    return found


def in_stream(mails: Sequence[Message], filters: Filter, *, now: datetime) -> InStream | None:
    """What to mark in these messages, and the newest that holds it all; None when none does, or
    no words are looked for."""
    terms = narrowing.read(filters, now=now).words
    wanted = [found for term in terms if (found := _pattern([term]))]
    every = _pattern(terms)
    left = MOST_READ
    for mail in reversed(mails if every else ()):
        words = _whole(mail)
        left -= len(words)
        if left < 0:
            break
        if all(one.search(words) for one in wanted):
            return InStream(
                pattern=_in_browser(every) if every else "",
                message_id=mail.id,
                is_folded=any(_is_folded(mail, one) for one in wanted),
            )
    return None


def place_in(text: str, wanted: re.Pattern[str]) -> Parts | None:
    """The words around the first one that was looked for, on one line, in pieces."""
    first = wanted.search(text)
    if first is None:
        return None
    start = max(0, first.start() - BEFORE)
    if start:
        blank = re.search(r"\s", text[start : first.start()])
        start += blank.end() if blank else 0
    piece = " ".join(text[start : start + LENGTH].split())
    parts = marked(piece, wanted)
    return [("… ", False), *parts] if start else parts


def marked(text: str, wanted: re.Pattern[str] | None) -> Parts:
    """The whole text in pieces."""
    parts: Parts = []
    end = 0
    for number, hit in enumerate(wanted.finditer(text) if wanted else ()):
        if number >= MOST_MARKS:
            break
        parts += [(text[end : hit.start()], False), (hit[0], True)]
        end = hit.end()
    return [(piece, is_hit) for piece, is_hit in [*parts, (text[end:], False)] if piece]


def _whole(mail: Message) -> str:
    people = (*mail.recipients.to, *mail.recipients.cc)
    named = [word for a in people for word in (a.name, a.address)]
    files = [a.filename for a in mail.attachments]
    about = (mail.subject, mail.from_name, mail.from_address, *files, *named)
    return "\n".join((mail.body_text, *about))


def _is_folded(mail: Message, wanted: re.Pattern[str]) -> bool:
    shown = mail.reply_text.strip()
    return bool(shown) and not wanted.search(shown) and bool(wanted.search(mail.body_text))


def _in_browser(wanted: re.Pattern[str]) -> str:
    """The same for a browser, whose own `\\w` knows no å."""
    found = wanted.pattern
    for ours, theirs in _IN_BROWSER:
        found = found.replace(ours, theirs)
    return found


def _of(query: Query, name: str) -> list[Term]:
    return query.fields.get(name, [])


def _pattern(terms: Iterable[Term]) -> re.Pattern[str] | None:
    wanted = [found for term in terms if (found := _alternative(term))]
    longest = sorted(dict.fromkeys(wanted), key=len, reverse=True)[: search.WORDS]
    return _compiled("|".join(longest)) if longest else None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{pattern})", re.IGNORECASE)


def _alternative(term: Term) -> str:
    """The words of a term behind each other, whatever stands between them; each letter as it is
    typed, or when it is typed without a mark, with any."""
    written = search.WORD.findall(unicodedata.normalize("NFC", term.text.casefold()))
    words = [_word(word) for word in written]
    end = r"(?![^\W_])" if term.is_exact and not term.is_open else ""
    return r"[\W_]+".join(words) + end if words else ""


def _word(word: str) -> str:
    is_marked = search.fold(word) != word
    return "".join(_letter(letter, is_marked) for letter in word)


def _letter(letter: str, is_marked: bool) -> str:
    if not is_marked:
        return f"[{re.escape(letter)}{_WITH_MARKS.get(letter, '')}][\u0300-\u036f]*"
    apart = unicodedata.normalize("NFD", letter)
    if apart == letter:
        return re.escape(letter)
    return f"(?:{re.escape(letter)}|{re.escape(apart)})"


def _with_marks() -> dict[str, str]:
    found: dict[str, str] = {}
    for number in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        letter = search.fold(chr(number))
        if len(letter) == 1 and letter != chr(number):
            found[letter] = found.get(letter, "") + chr(number)
    return found


_WITH_MARKS = _with_marks()
