"""What a person in a mail is called: the name they chose, unless it passes for an address."""

import unicodedata

from inbox.messages import Address


def shown(name: str, address: str) -> str:
    """The name; the address itself when there is none, or when the name shows another address."""
    return address if not name or is_borrowed(name, address) else name


def is_borrowed(name: str, address: str) -> bool:
    """Whether the name looks like an e-mail address that is not the sender's."""
    letters = unicodedata.normalize("NFKC", name)
    seen = "".join(c for c in letters if unicodedata.category(c)[0] not in "CZ").casefold()
    return "@" in seen and bool(address) and address.casefold() not in seen


def all_shown(people: tuple[Address, ...]) -> str:
    return ", ".join(shown(p.name, p.address) for p in people)
