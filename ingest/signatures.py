"""Signatures at the end of a person's words: found by their delimiter or by what programs add."""

import re
from collections.abc import Sequence

from ingest.reply_words import every

LONGEST = 15
_DELIMITERS = {"--", "—"}
_LINK = re.compile(r"\s?[<(\[]\s?https?://[^\s<>]{1,250}[>)\]]")
_BRANDS = (
    r"iphone|ipad|ipod|iphonesta|android|samsung|galaxy|huawei|xiaomi|redmi|nokia|xperia|oneplus"
    r"|pixel|fairphone|blackberry|outlook|yahoo|gmx|web\.de|proton|spark|gmail|windows|mailbird"
    r"|em client|fastmail|tutanota|tuta|mail\.ru|smartphone|bluemail|k-9|ios|t-online|freenet"
)
_THINGS = (
    r"phone|mobile|mobil|mobiltelefon|telefon|telefoon|handy|tablet|tablette|mail|matkapuhelimesta"
)
_SENT_FROM = re.compile(
    rf"(?:{every('advert')})\s?[^,;:?!]{{0,40}}?"
    rf"(?:(?<!\w)(?:{_BRANDS})[^,;:?!]{{0,50}}|(?<!\w)(?:{_THINGS})(?:\s(?:gesendet|device|app))?)\.?",
    re.IGNORECASE,
)
_OBTAIN = re.compile(
    rf"(?:{every('obtain')})\s?[^,;:?!]{{0,30}}(?:outlook|ios|android)[^,;:?!]{{0,30}}",
    re.IGNORECASE,
)
_LETTER = re.compile(rf"(?:(?:{every('greetings')})(?!\w)|p\.?\s?s\.?(?:[\s:,]|$))", re.IGNORECASE)


def without(lines: Sequence[str]) -> list[str]:
    """The lines without their signature; nothing else is taken away but blank lines at the end.

    What follows a delimiter and begins like a letter is a letter: it stays. With a question in it,
    the delimiter parted two pieces of a letter.
    """
    kept = _without_delimited(_trimmed(lines))
    while kept and _is_advert(kept[-1]):
        kept = _trimmed(kept[:-1])
    return kept


def _without_delimited(lines: list[str]) -> list[str]:
    first = max(0, len(lines) - LONGEST - 1)
    at = next((n for n in range(len(lines) - 1, first - 1, -1) if _is_delimiter(lines[n])), None)
    if at is None or any(line.rstrip().endswith("?") for line in lines[at:]):
        return lines
    below = lines[at + 1 :]
    letter = next((n for n, line in enumerate(below) if _LETTER.match(line.strip())), len(below))
    if letter == 0:
        return lines
    return _trimmed([*_trimmed(lines[:at]), "", *below[letter:]])


def _is_delimiter(line: str) -> bool:
    return line.strip() in _DELIMITERS


def _is_advert(line: str) -> bool:
    said = line.strip().strip("*_").strip()
    if len(said) > 300:
        return False
    said = _LINK.sub("", said)
    return bool(len(said) <= 120 and (_SENT_FROM.fullmatch(said) or _OBTAIN.fullmatch(said)))


def _trimmed(lines: Sequence[str]) -> list[str]:
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return list(lines[:end])
