"""Finding mail by its words: they are folded once, when a message is written.

A mark that is typed is meant, a letter without one is any: “aker” finds “åker” and “aker”, “åker”
only “åker”. So words with marks stand in a key twice, folded and as they are written. What is
asked of every message is asked of the shortest column first, the words.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from inbox import tokens
from inbox.queries import Query, Term

WORD = re.compile(r"[^\W_]+", re.UNICODE)
_JOINED = re.compile(r"[^\W_]+(?:[.'@+-][^\W_]+)*", re.UNICODE)
_PARTED = re.compile(r"[^\W_]+|\x1e", re.UNICODE)
LONGEST_KEY = 200_000
WORDS, PHRASES, FIELDS = 8, 4, 3
_BAR = "\x1e"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What one message is found by. `words` holds each once, folded; the others hold words in their
    order, parts parted by a bar, and behind the last bar those with marks as they are written."""

    words: str
    text: str
    sender: str
    recipients: str
    subject: str
    tokens: tuple[str, ...]


def fold(text: str) -> str:
    """Lower case without marks, so that “Malmö” and “malmo” are one word."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    if plain.isascii():
        return plain
    found = _MARKS.sub("", plain)
    return _RARE_MARKS.sub("", found) if _RARE.search(found) else found


def _marks(numbers: range) -> re.Pattern[str]:
    """Letters that only add a mark to the one before. Those of the first plane are a class of
    their own, as only such a one is a quick bitmap."""
    return re.compile(f"[{''.join(chr(n) for n in numbers if unicodedata.combining(chr(n)))}]+")


_RARE = re.compile("[\U00010000-\U0010ffff]")
_MARKS, _RARE_MARKS = _marks(range(0x300, 0x10000)), _marks(range(0x10000, 0x1F000))


def key(
    *,
    subject: str,
    body: str,
    sender: Sequence[str],
    recipients: Iterable[str] = (),
    files: Iterable[str] = (),
) -> Key:
    """The key of a message. `sender` is name and address; recipients are names and addresses."""
    every = (subject, body, *sender, _BAR, *files, _BAR, *recipients)
    joined = _BAR.join(every)
    folded = fold(joined)
    words = _PARTED.findall(folded)
    compounds = _JOINED.findall(_some(folded, str.isalnum))
    return Key(
        words=_line(sorted({*words, *compounds} - {_BAR})),
        text=_in_order(joined, words),
        sender=_in_order(_BAR.join(sender)),
        recipients=_in_order(_BAR.join(recipients)),
        subject=_in_order(subject),
        tokens=tokens.of(subject, body),
    )


def _in_order(text: str, folded: list[str] | None = None) -> str:
    words = _PARTED.findall(fold(text)) if folded is None else folded
    return _line([*words, _BAR, *_as_written(text, words)]).replace(_BAR, "|")


def _as_written(text: str, folded: Iterable[str]) -> list[str]:
    """The words that have marks, with them."""
    if text.isascii():
        return []
    return sorted({*WORD.findall(_some(_lower(text), str.isascii))} - {*folded})


def _some(text: str, is_plain: Callable[[str], bool]) -> str:
    """What is worth a closer look, once each: that costs less than reading every word."""
    return " ".join(part for part in set(text.split()) if not is_plain(part))


def _lower(text: str) -> str:
    return unicodedata.normalize("NFC", text.casefold())


def _line(words: Iterable[str]) -> str:
    return (" " + " ".join(words))[:LONGEST_KEY] + " "


def parameters(query: Query) -> dict[str, str | None]:
    """What the keys must be like, and not be like, as parameters of a statement. Of more than
    eight words the eight longest decide; what holds no word at all is looked for in vain."""
    words = [pattern for term in query.words for pattern in _words(term)]
    decisive = sorted(dict.fromkeys(words), key=len, reverse=True)[:WORDS]
    found = dict(_numbered("pattern", decisive, WORDS))
    phrases = [_phrase(term.text, term.is_open) for term in query.words if _is_phrase(term)]
    written = [pattern for term in query.words for pattern in _marked(term)]
    found |= _numbered("phrase", [*phrases, *written], PHRASES)
    for name in ("from", "to", "subject"):
        wanted = [p for term in query.fields.get(name, ()) for p in _in_field(term)]
        found |= _numbered(name, sorted(wanted, key=len, reverse=True), FIELDS)
    return found


def unwanted(query: Query) -> dict[str, str | None]:
    """What a key must not be like, as parameters of another."""
    found: dict[str, str | None] = {}
    for name in ("from", "to", "subject"):
        patterns = [_anywhere(term) for term in query.without_fields.get(name, ())]
        found |= _numbered(f"without_{name}", [p for p in patterns if p], 1)
    without = [_anywhere(term) for term in query.without]
    return found | _numbered("without", [p for p in without if p], FIELDS)


def _words(term: Term) -> list[str]:
    """Patterns for the words that a message must hold, for a term that must be there."""
    folded = fold(term.text)
    if term.is_exact:
        wanted = WORD.findall(folded)
        found = [f"% {word} %" for word in wanted[:-1]]
        found += [f"% {wanted[-1]}{'' if term.is_open else ' '}%"] if wanted else []
    else:
        joined = _JOINED.fullmatch(folded)
        found = [f"% {word}%" for word in ([folded] if joined else WORD.findall(folded))]
    return found or [""]


def _marked(term: Term) -> list[str]:
    if term.text.isascii():
        return []
    known = set(WORD.findall(fold(term.text)))
    written = WORD.findall(_lower(term.text))
    whole = " " if term.is_exact and not term.is_open else ""
    return [f"% {word}{whole}%" for word in written if word not in known]


def _in_field(term: Term) -> list[str]:
    phrase = _phrase(term.text, not term.is_exact or term.is_open)
    return [phrase, *_marked(term)] if phrase else [""]


def _anywhere(term: Term) -> str:
    """One pattern for what must not be there."""
    marked = _marked(term)
    is_alone = len(WORD.findall(fold(term.text))) == 1
    if marked and is_alone:
        return marked[0]
    return _phrase(term.text, not term.is_exact or term.is_open)


def _is_phrase(term: Term) -> bool:
    return term.is_exact and len(WORD.findall(fold(term.text))) > 1


def _phrase(text: str, is_open: bool) -> str:
    wanted = WORD.findall(fold(text))
    return f"% {' '.join(wanted)}{'' if is_open else ' '}%" if wanted else ""


def _numbered(name: str, patterns: Sequence[str], most: int) -> dict[str, str | None]:
    filled = [*patterns[:most], *[None] * (most - len(patterns))]
    return {f"{name}_{n}": pattern for n, pattern in enumerate(filled, start=1)}
