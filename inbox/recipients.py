"""Whom a mail goes to: addresses checked one by one, never cut out of a joined string."""

import re
import unicodedata
from collections.abc import Iterable
from email.utils import getaddresses

from inbox.errors import Invalid
from inbox.messages import Address, Recipients

LONGEST_ADDRESS = 254
LONGEST_LOCAL = 64
LONGEST_NAME = 200
MOST = 100

# The dot-atom form of RFC 5322 3.2.3, with the letters RFC 6531 adds.
_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_TYPED = re.compile(r"[,;\r\n]+")


def is_clean(text: str) -> bool:
    """Whether the text may stand in a header: no line break of any kind, no control character."""
    return not any(unicodedata.category(c) in {"Cc", "Zl", "Zp", "Cs"} for c in text)


def cleaned(text: str) -> str:
    """A stranger's display name or subject, on one line and without control characters."""
    return " ".join("".join(c if is_clean(c) else " " for c in text).split())


def checked(address: Address, field: str) -> Address:
    """The address in lower case, its domain as it travels (IDNA, RFC 5890).

    Raises Invalid, naming the field, for anything that is not exactly one address.
    """
    local, at, domain = address.address.strip().lower().rpartition("@")
    try:
        host = domain.encode("idna").decode()
    except UnicodeError:
        host = ""
    whole = f"{local}@{host}"
    if (
        not at
        or not _LOCAL.fullmatch(local)
        or not all(_LABEL.fullmatch(label) for label in host.split("."))
        or len(local.encode()) > LONGEST_LOCAL
        or len(whole.encode()) > LONGEST_ADDRESS
    ):
        raise Invalid(
            field, "“{address}” is not an e-mail address.", address=cleaned(address.address)[:80]
        )
    if not is_clean(address.name) or len(address.name) > LONGEST_NAME:
        raise Invalid(field, "The name of {whole} cannot be used in a mail.", whole=whole)
    return Address(name=address.name.strip(), address=whole)


def sendable(recipients: Recipients) -> Recipients:
    """Every address checked, each one once, To before Cc before Bcc.

    Raises Invalid when an address cannot be used, when nobody stands in To, or for a crowd.
    """
    seen: set[str] = set()
    kinds: dict[str, tuple[Address, ...]] = {}
    for kind in ("to", "cc", "bcc"):
        fresh: list[Address] = []
        for address in getattr(recipients, kind):
            good = checked(address, kind)
            if good.address not in seen:
                seen.add(good.address)
                fresh.append(good)
        kinds[kind] = tuple(fresh)
    if not kinds["to"]:
        raise Invalid("to", "Say whom this goes to: there is no address in To.")
    if len(seen) > MOST:
        raise Invalid(
            "to",
            "A reply goes to at most {most} addresses; this one has {count}.",
            most=MOST,
            count=len(seen),
        )
    return Recipients(**kinds)


def typed(text: str, field: str = "to") -> tuple[Address, ...]:
    """Addresses as a person types them: `Maria Holm <maria@customer.test>, jo@shop.test`.

    A comma, a semicolon or a new line parts them. Raises Invalid for what is no address.
    """
    found = []
    for piece in filter(None, (piece.strip() for piece in _TYPED.split(text))):
        pairs = getaddresses([piece])
        name, address = pairs[0] if len(pairs) == 1 else ("", piece)
        found.append(checked(Address(name=cleaned(name), address=address), field))
    return tuple(found)


def without(addresses: Iterable[Address], own: frozenset[str]) -> tuple[Address, ...]:
    """The addresses that are not ours, each once, with names that can be sent again."""
    kept = {a.address.lower(): a for a in addresses if a.address.lower() not in own}
    return tuple(
        Address(name=cleaned(a.name)[:LONGEST_NAME], address=address) for address, a in kept.items()
    )
