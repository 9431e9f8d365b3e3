"""The lines that stand between a person's words and what was written before.

All functions take lines without outer blanks, cut to `LOOK` signs; none looks further than a fixed
number of lines, so that the time grows with the text and no faster.
"""

import re
from collections.abc import Sequence

from ingest.reply_words import every

LOOK = 300
PLACE = ">\ue000"  # stands in a page's own text where the page held marked history
_FIELDS = 30
_VERBS = every("verbs")
_VERB = re.compile(rf"(?<![^\W\d_])(?:{_VERBS})(?!\w)", re.IGNORECASE)
_ADDRESS = re.compile(r"[<(\[]?(?:mailto:)?[\w.+'-]{1,80}@[\w-]{1,80}(?:\.[\w-]{1,80}){1,6}[>)\]]*")
_CLOCK = re.compile(r"(?<!\d)\d{1,2}(?:[:.h]| h )\d{2}(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d\d)(?!\d)")
_DAYS = rf"(?:{every('days')})[^\W\d_]{{0,14}}[.,]{{0,2}}"
_BY_DAY = re.compile(rf"(?:(?:{every('openings')})\s+){{0,2}}{_DAYS}\s", re.IGNORECASE)
_OPENING = re.compile(rf"(?:{every('openings')})\s|\d|{_DAYS}\s", re.IGNORECASE)
_BY_WORD = re.compile(rf"(?:{every('openings')})\s", re.IGNORECASE)
_NAMES = re.compile(r"(?:[A-ZÀ-ÞŁŚŻ][\w'’-]{0,30}\s?){1,5}")
_BY_NAME = re.compile(r"[\"'“]?[^\s\d:;!?][^\d:;!?@]{0,80}?[<(\[]\S{1,120}@|\S{1,80}@\S")
_NAMED = re.compile(
    rf"(?:[A-ZÀ-ÞŁŚŻ][\w.'’-]{{0,30}}\s){{1,4}}(?i:{_VERBS})"
    r"(?:\s[^:]{0,30}\d[\d.:/ -]{3,30})?\s?:"
)
_BETWEEN_DASHES = re.compile(rf"-{{3,}}\s.{{5,250}}\s(?:{_VERBS})\s-{{3,}}", re.IGNORECASE)
_FIELD = re.compile(
    rf"(?:(?P<sender>{every('sender')})|(?P<sent>{every('sent')})|(?P<subject>{every('subject')})"
    rf"|(?P<others>{every('others')})|(?P<to>{every('to')}))\s?[:：](?!//)",
    re.IGNORECASE,
)
_ANY_FIELD = re.compile(r"[^\W\d_][\w-]{1,24}:\s")
_RAW_FIELD = re.compile(
    r"(?:received|return-path|message-id|mime-version|content-[\w-]{3,30}|x-[\w-]{2,40}|references"
    r"|in-reply-to|dkim-signature|delivered-to|authentication-results)\s?:",
    re.IGNORECASE,
)
_STROKES = set("-‐–—_=*")
_ENDS = _STROKES | {":"}
_FRAMES = _STROKES | set("#~<[(")
_DASHES = r"[-‐–—_=*]{2,60}"
_ORIGINAL = re.compile(rf"{_DASHES}\s*(?:{every('original')})\s*:?\s*{_DASHES}", re.IGNORECASE)
_FORWARDED = re.compile(
    rf"{_DASHES}\s*(?:\w+\s){{0,3}}(?:{every('forwarded')})[^:]{{0,60}}?{_DASHES}"
    rf"|(?:\w+\s){{0,3}}(?:{every('forwarded')})(?:\s\w+)?\s?:",
    re.IGNORECASE,
)
_ABOVE = re.compile(rf"(?:{every('above')})(?!\w)", re.IGNORECASE)
_ASKS = re.compile(rf"(?:{every('imperatives')})(?!\w)", re.IGNORECASE)
_RULE = re.compile(r"[-_–—=]{5,}")


def plain(line: str) -> str:
    """What of a line is looked at: bold marks and outer blanks away."""
    short = line[:LOOK].strip()
    return short.replace("*", "").strip() if short.startswith("*") else short


def is_notable(line: str) -> bool:
    """Whether a line may begin or end any of these; what is not notable needs no closer look."""
    return ":" in line or "：" in line or line[:1] in _FRAMES or bool(_ASKS.match(line))


def is_rule(line: str) -> bool:
    return line[:1] in _STROKES and bool(_RULE.fullmatch(line))


def is_forward_mark(line: str) -> bool:
    """“---- Forwarded message ----” or “Begin forwarded message:”."""
    return line[-1:] in _ENDS and bool(_FORWARDED.fullmatch(line.lstrip("> ")))


def is_original_mark(line: str) -> bool:
    return line[:1] in _STROKES and bool(_ORIGINAL.fullmatch(line))


def is_reply_above_mark(line: str) -> bool:
    """The line a help desk asks its customers to write above."""
    is_framed = line[:1] in "#-=_~<[(—–" and line[-1:] in "#-=_~>])—–"
    if len(line) > 120 or not (is_framed or _ASKS.match(line)):
        return False
    found = _ABOVE.search(line)
    if found is None or is_framed:
        return found is not None
    return "?" not in line and len(line) - found.end() <= 12


def begins_header(line: str) -> bool:
    """Whether the line is a field that can begin a header block."""
    found = ":" in line[:40] and _FIELD.match(line)
    return bool(found and found.lastgroup != "others")


def header_block(lines: Sequence[str], start: int) -> tuple[int, bool]:
    """Where the fields that begin at `start` end, and whether a mail program wrote them.

    Sure is a block with sender and day, or sender, addressee and subject, that no form would hold:
    a subject or an address must be there, and no field that mail programs do not quote.
    """
    kinds: set[str] = set()
    has_address = False
    at = start
    while at < min(len(lines), start + _FIELDS):
        line = lines[at]
        if not line and at + 1 < len(lines) and kinds and _FIELD.match(lines[at + 1]):
            at += 1
            continue
        found = _FIELD.match(line)
        if not line or line[0] == ">" or (not found and "subject" in kinds):
            break
        if not found and _ANY_FIELD.match(line):
            return at + 1, False
        kinds.add((found and found.lastgroup) or "")
        has_address = has_address or "@" in line
        at += 1
    is_form = at < len(lines) and bool(_ANY_FIELD.match(lines[at]))
    is_raw = start > 0 and bool(_RAW_FIELD.match(lines[start - 1]))
    return at, not is_form and not is_raw and _is_sure(kinds, has_address)


def _is_sure(kinds: set[str], has_address: bool) -> bool:
    if {"sender", "sent"} <= kinds:
        return "subject" in kinds or has_address
    return {"sender", "to", "subject"} <= kinds and has_address


def attribution(lines: Sequence[str], start: int) -> tuple[int, bool]:
    """How many lines from `start` on say “On … Maria wrote:” (0: none), and whether surely.

    Unsure is what a person may have written too; it is an attribution if a quote stands below.
    """
    first = lines[start]
    if first.startswith("---") and _BETWEEN_DASHES.fullmatch(first):
        return 1, True
    if first.endswith(":"):
        is_one, is_sure = _weighed(first, is_broken=False)
        return int(is_one), is_sure
    for count in (2, 3):
        if start + count > len(lines) or not (last := lines[start + count - 1]) or last[0] == ">":
            break
        if last.endswith(":"):
            is_one, is_sure = _weighed_together(lines[start : start + count])
            return count * is_one, is_sure
    return 0, False


def _weighed_together(lines: Sequence[str]) -> tuple[bool, bool]:
    """An attribution that the writer's program broke; a sentence above a whole one is no part."""
    below = " ".join(lines[1:])
    begins = any(sign.isdigit() or sign == "@" for sign in lines[0]) or _NAMES.fullmatch(lines[0])
    if not begins or (_BY_WORD.match(below) and _weighed(below, is_broken=False)[1]):
        return False, False
    return _weighed(f"{lines[0]} {below}", is_broken=True)


def is_attributed(lines: Sequence[str], end: int) -> bool:
    """Whether the lines right above `end` are an attribution, sure or not."""
    return any(attribution(lines, n)[0] == end - n for n in range(max(0, end - 3), end))


def _weighed(said: str, *, is_broken: bool) -> tuple[bool, bool]:
    if len(said) > LOOK:
        return False, False
    verb, address = _VERB.search(said), _ADDRESS.search(said)
    has_clock, has_year = bool(_CLOCK.search(said)), bool(_YEAR.search(said))
    opens = bool(_OPENING.match(said) or _BY_NAME.match(said))
    if address and opens and (has_clock or has_year):
        return True, verb is not None and _is_beside(said, address, verb)
    if not verb:
        return False, False
    if has_clock and has_year and opens:
        return True, bool(_BY_DAY.match(said)) and len(said) - verb.end() < 80
    is_likely = opens and (bool(address) or any(sign.isdigit() for sign in said))
    return not is_broken and (is_likely or bool(_NAMED.fullmatch(said))), False


def _is_beside(said: str, address: re.Match[str], verb: re.Match[str]) -> bool:
    """Whether the address stands where programs put it: in brackets, at the verb or last of all."""
    if address[0][0] not in "<([":
        return False
    if not said[address.end() :].strip(" ,:*"):
        return True
    between = said[address.end() : verb.start()]
    is_dated = len(between) < 60 and bool(_CLOCK.search(between))
    return is_dated or between.strip(" ,;\"'>)]|").lower() in {"", "folgendes", "het volgende"}
