"""Screen texts through gettext, in the language of whoever looks.

English is the source; the catalogues lie in pages/locale. A text is translated when it is shown: a
module is read once, for everybody. So a constant is only marked where it stands (`mark`), and
translated where it is used (`_`, or `each` for all the texts of a component).
"""

import gettext
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

from inbox.errors import InboxError

LOCALE = Path(__file__).parent.parent / "locale"
LANGUAGES = {"en": "English", "sv": "Svenska"}
SOURCE = "en"

Name = TypeVar("Name")


class _Spoken(threading.local):
    """Streamlit runs each session in threads of its own."""

    language: str = SOURCE


_spoken = _Spoken()


def speak(language: str) -> None:
    """From now on this thread's texts are in this language; English where there is no other."""
    _spoken.language = language if language in LANGUAGES else SOURCE


def language() -> str:
    return _spoken.language


def _(text: str) -> str:
    # gettext answers the catalogue's head for an empty text.
    return _catalogue(_spoken.language).gettext(text) if text else ""


def plural(one: str, many: str, number: int) -> str:
    return _catalogue(_spoken.language).ngettext(one, many, number)


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
