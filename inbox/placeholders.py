"""Placeholders: `{{contact.first_name|there}}` becomes a name, or “there” where none is known.

One pass over the text and over nothing that was put into it: a value is never read as a
placeholder, whoever has written it.
"""

import re
from collections.abc import Mapping

from inbox.errors import Invalid

NAMES = (
    "contact.name",
    "contact.first_name",
    "contact.address",
    "contact.company",
    "conversation.number",
    "conversation.subject",
    "agent.name",
    "agent.first_name",
    "agent.address",
    "mailbox.name",
    "mailbox.address",
)
MOST_NAMED = 3
_PLACEHOLDER = re.compile(r"\{\{([^{}\n]{0,200})\}\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with what is known. Without a value and without a fallback, and by a name that
    there is not, a placeholder stays as it is."""

    def put(found: re.Match[str]) -> str:
        name, bar, fallback = found[1].partition("|")
        value = values.get(name.strip().lower(), "")
        return _tame(value) or (fallback.strip() if bar else found[0])

    return _PLACEHOLDER.sub(put, text)


def unresolved(text: str) -> list[str]:
    """The placeholders that still stand in a text, each once."""
    return list(dict.fromkeys(found[0] for found in _PLACEHOLDER.finditer(text)))


def must_be_filled(text: str, field: str) -> None:
    """Raises Invalid, naming those that still stand there."""
    left = unresolved(text)
    if left:
        named = ", ".join(left[:MOST_NAMED]) + (" …" if len(left) > MOST_NAMED else "")
        raise Invalid(
            field,
            "Nothing was sent: {named} is not filled in. Write what belongs there, or take it out.",
            named=named,
        )


def unknown(text: str) -> list[str]:
    """Those whose name is none of NAMES."""
    return [p for p in unresolved(text) if p[2:-2].partition("|")[0].strip().lower() not in NAMES]


def _tame(value: str) -> str:
    """One line that is no placeholder and makes no link: it is a stranger's."""
    line = " ".join(value.split())
    return re.sub(r"\{+", "{", re.sub(r"\}+", "}", line)).replace("](", "] (")
