"""Screen texts through gettext, in the language of whoever looks.

English is the source; the catalogues lie in inbox/locale. A text is translated when it is shown: a
module is read once, for everybody. So a constant is only marked where it stands (`mark`), and
translated where it is used (`_`, or `each` for all the texts of a component).
"""

import gettext
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TypeVar

from inbox.errors import InboxError

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = {"en": "English", "sv": "Svenska"}
SOURCE = "en"
LONGEST_WISH = 200

Name = TypeVar("Name")


# Each request and each run of a page has a context of its own.
_spoken = ContextVar("spoken", default=SOURCE)


def speak(language: str) -> None:
    """From now on this request's or run's texts are in this language; English where there is no
    other."""
    _spoken.set(language if language in LANGUAGES else SOURCE)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """What is said inside is in this language, whoever asked for it."""
    before = _spoken.get()
    speak(language)
    try:
        yield
    finally:
        _spoken.set(before)


def understood(accepted: str) -> str:
    """The language that a browser's Accept-Language wants most of those we speak (RFC 9110,
    12.5.4); English for none of them, and for what is no such header."""
    wanted = []
    for place, part in enumerate(accepted[:LONGEST_WISH].split(",")):
        tag, _sep, weight = part.partition(";q=")
        language = tag.strip().split("-")[0].lower()
        if language in LANGUAGES and _weight(weight) > 0:
            wanted.append((-_weight(weight), place, language))
    return min(wanted)[2] if wanted else SOURCE


def _weight(text: str) -> float:
    try:
        return min(1.0, max(0.0, float(text or 1)))
    except ValueError:
        return 0.0


def language() -> str:
    return _spoken.get()


def _(text: str) -> str:
    # gettext answers the catalogue's head for an empty text.
    return _catalogue(_spoken.get()).gettext(text) if text else ""


def plural(one: str, many: str, number: int) -> str:
    return _catalogue(_spoken.get()).ngettext(one, many, number)


def mark(text: str) -> str:
    """A text to be translated when it is used."""
    return text


def each(texts: Mapping[Name, str]) -> dict[Name, str]:
    """All of them translated."""
    return {name: _(text) for name, text in texts.items()}


def refused(refusal: InboxError) -> str:
    """What the house refuses, in these words; the values stand as they came."""
    text = _(refusal.text)
    return text.format(**refusal.values) if refusal.values else text


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(
        "delad", localedir=LOCALE, languages=[language], fallback=language == SOURCE
    )
