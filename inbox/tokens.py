"""What in a mail is like the number of an order, an invoice or a case."""

import re
from collections.abc import Iterator

MOST, LONGEST_TEXT = 24, 20_000

_ELSEWHERE = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|\+[0-9][0-9 ()-]*")
_SAID = re.compile(r"[a-z0-9]+(?:[-_/][a-z0-9]+)*")
_DIGIT = re.compile(r"[0-9]")
_DIGITS = re.compile(r"[0-9].*[0-9]")
_AMOUNT = re.compile(r"[0-9]+[a-z]{1,3}")
_NO_NUMBER = re.compile(
    r"0.*|.*[/_].*|(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])"
    r"|(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}-[0-9]{1,2}-[0-9]{2,4}"
)


def of(subject: str, body: str) -> tuple[str, ...]:
    """At least five characters with a digit, and no amount, date, phone number, address or link,
    in lower case."""
    # Few words hold a digit, and looking closely at all of them costs as much as all else.
    words = dict.fromkeys(f"{subject} {body[:LONGEST_TEXT]}".split())
    text = _ELSEWHERE.sub(" ", " ".join(w for w in words if _DIGIT.search(w)).lower())
    found = dict.fromkeys(t for said in _SAID.findall(text) for t in _parts(said) if _tells(t))
    return tuple(found)[:MOST]


def _parts(said: str) -> Iterator[str]:
    yield said
    if not said.isalnum():
        yield from re.split("[-_/]", said)


def _tells(token: str) -> bool:
    if not 5 <= len(token) <= 24 or not any(c.isdigit() for c in token):
        return False
    if any(c.isalpha() for c in token):
        return bool(_DIGITS.search(token)) and not _AMOUNT.fullmatch(token)
    digits = token.replace("-", "")
    return not _NO_NUMBER.fullmatch(token) and (digits == token or len(digits) >= 7)
