"""Date fields as they are written: RFC 5322, ISO 8601, other languages, zones no RFC names."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 200
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_BEGINNINGS = (
    *("jan jän ene gen tam", "feb fév fev hel", "mar mär mrz mrt maa", "apr avr abr huh"),
    *("may maj mai mei mag tou", "jun juin giu kes", "jul juil lug hei", "aug aoû ago elo"),
    *("sep syy", "oct okt ott out lok", "nov marr", "dec dez déc dic des jou"),
)
_MONTHS = {
    beginning: month
    for month, beginnings in zip(_ENGLISH, _BEGINNINGS, strict=True)
    for beginning in beginnings.split()
}
_ZONES = {
    **dict.fromkeys(("wet",), "+0000"),
    **dict.fromkeys(("cet", "mez", "west", "bst"), "+0100"),
    **dict.fromkeys(("cest", "mesz", "eet"), "+0200"),
    **dict.fromkeys(("eest", "msk"), "+0300"),
    **dict.fromkeys(("jst", "kst"), "+0900"),
}
_COMMENT = re.compile(r"\(.*")
_WEEKDAY = re.compile(r"^[^\W\d_]+[.,]*\s+(?=\d)")
_DOT = re.compile(r"(?<=\w)\.(?=\s)")
_FRACTION = re.compile(r"(?<=:\d\d)[.,]\d+")
_WORD = re.compile(r"[^\W\d_]{3,}")
_NO_ZONE = re.compile(r"\s*[+-]\d{4}\s*$")
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")


def date(value: bytes) -> datetime | None:
    """A Date field as naive UTC; None when it names no moment between 1970 and 2200.

    Without a zone, or with one that is nowhere (+9999), it is read as UTC.
    """
    plain = _FRACTION.sub("", _COMMENT.sub("", _text(value[:LONGEST]))).strip()
    try:
        if _ISO.match(plain):
            when = datetime.fromisoformat(plain)
        else:
            when = _written(_WORD.sub(_in_english, _DOT.sub("", _WEEKDAY.sub("", plain, count=1))))
        when = when.astimezone(UTC) if when.tzinfo else when
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return when.replace(tzinfo=None) if 1970 <= when.year <= 2200 else None


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except ValueError:
        return value.decode("latin-1")


def _written(plain: str) -> datetime:
    try:
        return parsedate_to_datetime(plain)
    except ValueError:
        return parsedate_to_datetime(_NO_ZONE.sub("", plain))


def _in_english(word: re.Match[str]) -> str:
    """The month or zone as the standard library knows it; any other word as it is."""
    lower = word[0].lower()
    return _ZONES.get(lower) or _MONTHS.get(lower[:4]) or _MONTHS.get(lower[:3]) or word[0]
