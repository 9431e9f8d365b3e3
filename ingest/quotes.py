"""What a mail adds to what was written before: quoted history is found, never deleted.

Text separators of nine languages; each line is looked at once, and only its first 300 signs, so
that the time grows with the text and no faster.
"""

import re

LOOK = 300
_VERB = (
    r"wrote|writes|skrev|skriver|schrieb|a écrit|écrivait|escribió|schreef|kirjoitti|"
    r"ha scritto|escreveu"
)
_ATTRIBUTION = re.compile(rf"(?:.*\W)?(?:{_VERB})(?:\W.*)?:", re.IGNORECASE)
_BEGINS_ATTRIBUTION = re.compile(
    r"(?:on|den|le|el|op|am|il|em|på|kl\.?|pe|ma|ti|ke|to|la|su|\d{1,4}[.\-/ ])\b", re.IGNORECASE
)
_FROM = re.compile(r"(?:from|från|fra|von|van|de|lähettäjä|da)\s?:\s", re.IGNORECASE)
_SENT = re.compile(
    r"(?:sent|date|skickat|datum|sendt|dato|gesendet|envoyé|enviado(?: el)?|fecha|verzonden|"
    r"lähetetty|päivämäärä|inviato)\s?:",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"-{2,}\s*(?:original message|original appointment|ursprungligt meddelande|"
    r"ursprüngliche nachricht|original-?nachricht|message d.origine|mensaje original|"
    r"oorspronkelijk bericht|oprindelig meddelelse|opprinnelig melding|"
    r"alkuperäinen viesti)\s*-{2,}",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"(?:-{3,}|begin|vidare|start)\s*(?:forwarded|vidarebefordrat|weitergeleitete|"
    r"message transféré|mensaje reenviado|doorgestuurd|videresendt|välitetty)",
    re.IGNORECASE,
)
_REPLY = re.compile(
    r"\s*(?:re|sv|aw|antw|vs|rv|ref|odp|ynt|res|rif|ré|enc|回复|回覆|答复|返信|отв|ответ|σχετ|απ|vá|atb)\s*(?:\[\d+\])?\s*[:：]\s*",
    re.IGNORECASE,
)
_FORWARD = re.compile(r"\s*(?:fwd?|vb|wg|tr|vl|doorst|i|rv)\s*[:：]\s*", re.IGNORECASE)


def is_forward(subject: str) -> bool:
    return bool(_FORWARD.match(subject[:LOOK]))


def has_reply_prefix(subject: str) -> bool:
    return bool(_REPLY.match(subject[:LOOK]))


def bare_subject(subject: str) -> str:
    """The subject without any run of reply and forward prefixes."""
    for _ in range(20):
        shorter = _FORWARD.sub("", _REPLY.sub("", subject, count=1), count=1)
        if len(shorter) == len(subject) or not (
            _REPLY.match(subject[:LOOK]) or _FORWARD.match(subject[:LOOK])
        ):
            break
        subject = shorter
    return subject.strip()


def own_words(text: str) -> str:
    """The text without quoted history; all of it when nothing else would be left."""
    lines = text.split("\n")
    cut = _history(lines)
    kept = lines[:cut]
    answered_below = _unquoted(lines[cut:]) if cut < len(lines) else []
    own = [line for line in [*kept, *answered_below] if not line.lstrip().startswith(">")]
    return "\n".join(own).strip() or text.strip()


def _history(lines: list[str]) -> int:
    """The number of the first line of history, or how many lines there are."""
    for number, line in enumerate(lines):
        plain = line[:LOOK].strip().strip("*").strip()
        if not plain or plain[0] == ">":
            continue
        if _FORWARDED.match(plain):
            return len(lines)
        if _ORIGINAL.match(plain):
            return number
        if _FROM.match(plain) and _is_header_block(lines, number):
            return number - _rule_above(lines, number)
        if _is_attribution(lines, number, plain):
            return number
    return len(lines)


def _is_header_block(lines: list[str], number: int) -> bool:
    following = [line[:LOOK].strip().strip("*").strip() for line in lines[number + 1 : number + 6]]
    return any(_SENT.match(line) for line in following)


def _rule_above(lines: list[str], number: int) -> int:
    above = lines[number - 1].strip() if number else ""
    return int(len(above) >= 5 and set(above) <= set("_-"))


def _is_attribution(lines: list[str], number: int, plain: str) -> bool:
    """“On … Maria wrote:”, also when a mail program broke it over up to three lines."""
    if not (_BEGINS_ATTRIBUTION.match(plain) or plain.endswith(":")):
        return False
    for count in range(1, 4):
        joined = " ".join(line[:LOOK].strip() for line in lines[number : number + count])
        if joined.endswith(":"):
            found = _ATTRIBUTION.fullmatch(joined[: LOOK * 2])
            return bool(found) and any(c.isdigit() or c == "@" for c in joined)
    return False


def _unquoted(history: list[str]) -> list[str]:
    """What was written between and below quoted lines, when the history is quoted with “>”."""
    body = history[1:]
    first = next((n for n, line in enumerate(body[:6]) if line.lstrip().startswith(">")), None)
    if first is None:
        return []
    return [line for line in body[first:] if not line.lstrip().startswith(">")]
