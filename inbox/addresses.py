"""E-mail addresses as people type them: one spelling, or a plain refusal."""

import re
from collections.abc import Sequence

from inbox.errors import Invalid

# RFC 5321 4.5.3.1: 64 octets before the @, 254 in all; RFC 5322 3.2.3: the dot-atom form only.
_LONGEST = 254
_LONGEST_NAME = 80
_ADDRESS = re.compile(
    r"(?=.{1,64}@)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
)


def checked(text: str, field: str = "address") -> str:
    """The address in lower case without surrounding blanks.

    Raises Invalid, naming `field`, for anything but one plain address.
    """
    address = text.strip().lower()
    if len(address) > _LONGEST or not _ADDRESS.fullmatch(address):
        shown = text.strip()[:60]
        raise Invalid(
            field, "“{shown}” is no e-mail address. Write it like support@example.com.", shown=shown
        )
    return address


def domain(address: str) -> str:
    """What stands after the @."""
    return address.rpartition("@")[2]


def checked_all(texts: Sequence[str], field: str = "address") -> list[str]:
    """Each address once, in order of the alphabet; blank lines are left out."""
    return sorted({checked(text, field) for text in texts if text.strip()})


def checked_name(text: str, field: str = "name") -> str:
    """A display name on one line. Raises Invalid when it is empty, too long or unreadable."""
    name = " ".join(text.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise Invalid(
            field, "A name has 1 to {most} characters that can be read.", most=_LONGEST_NAME
        )
    return name
