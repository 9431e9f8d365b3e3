"""The words of servers that could not deliver: codes, and phrases in the languages they speak."""

import re

LOOK = 20_000
LINES = 300
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.#])([45]\d\d)(?=[\s:\-;])(?!\s*(?:kB|KB|MB|bytes))")
_FULL = re.compile(
    r"mailbox (?:is |size )?(?:full|exceeded)|(?:over|exceed\w*|out of)\W+(?:\w+\W+)?quota|"
    r"quota (?:is )?exceed\w*|mailbox for \S+ is full|inbox is full|box is full|"
    r"insufficient (?:disk|storage|system storage)|storage (?:limit|allocation)|"
    r"brevlåda\w* är full|postfach\w* (?:ist )?(?:voll|überfüllt)|speicherplatz|"
    r"boîte (?:de réception |aux lettres )?pleine|buzón (?:está )?lleno|postvak (?:is )?vol|"
    r"postboks\w* er full|postilaatikko on täynnä|casella (?:è )?piena",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"grey-?list|try (?:again|later)|temporar\w+|timed? ?out|connection (?:refused|reset|lost)|"
    r"could not connect|no route to host|network (?:is )?unreachable|too many|rate limit|"
    r"vorübergehend|tillfällig|temporairement|message size|too large|exceeds .{0,20}(?:size|limit)",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"user unknown|unknown user|no such (?:user|mailbox|recipient)|recipient (?:not found|unknown)|"
    r"address (?:couldn't be found|rejected|unknown)|"
    r"does(?:n't| not) (?:exist|have an? )|"
    r"not listed in|no mailbox here|mailbox (?:unavailable|not found|disabled)|not found|"
    r"access denied|host or domain name not found|domain (?:not found|does not exist)|"
    r"hittades inte|finns inte|nicht gefunden|unbekannt|introuvable|inconnue?|no existe|"
    r"bestaat niet|finnes ikke|ei löydy",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"undeliver(?:able|ed)|not (?:be )?delivered|delivery (?:has )?fail|failed to deliver|"
    r"unable to deliver|wasn't (?:able to deliver|delivered)|couldn't be delivered|failure notice|"
    r"delivery (?:status )?notification \(failure\)|returned mail|mail delivery failed|"
    r"address not found|returning message to sender|address\(es\) failed|permanent error|"
    r"inte (?:gick att )?lever\w+|gick inte att leverera|kunde inte levereras|kan inte levereras|"
    r"kunne ikke leveres|unzustellbar|(?:nicht|konnte nicht) zugestellt|zustellung .{0,30}fehl|"
    r"non (?:distribué|remis)|pas pu être (?:remis|distribué|livré)|"
    r"no se (?:pudo|ha podido) entregar|"
    r"no entregado|niet (?:worden )?(?:bezorgd|afgeleverd)|onbestelbaar|toimitus epäonnistui|"
    r"impossibile recapitare|mancato recapito|nie można dostarczyć|недоставлен",
    re.IGNORECASE,
)
_WARNS = re.compile(
    r"warning only|delivery attempts will continue|not yet been delivered|will (?:keep|be) retr|"
    r"still being retried|delayed \d+ hours|\(delay\)|you do not need to resend|"
    r"will continue to (?:try|be attempted)|noch nicht zugestellt|fördröjd",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"out of (?:the )?office|auto(?:matic |-| )?reply|autosvar|automatiskt? svar|abwesen|"
    r"automatische antwort|réponse automatique|respuesta automática|vacation|on holiday",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"^\W*(?:below this line is a copy|this is a copy of (?:the|your) message|"
    r"original message(?: (?:follows|headers))?|message original|meddelandehuvuden|"
    r"ursprungliga (?:meddelande\w*)|ursprüngliche nachricht\w*|"
    r"original-?nachrichten\w*|mensaje original|the message that caused)\b.*$|^Received: .*$",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS = re.compile(
    r"[<(]?([A-Za-z0-9][\w.+'=/-]{0,63}@[\w-]+(?:\.[\w-]+)+)[>)]?(?::|\s|[.,;]?$)(.*)"
)
_NAMED = re.compile(r"[<(]?\b([A-Za-z0-9][\w.+'=/-]{0,63}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})")
_CLASS_IS_ALL = {"0", "5", "6"}


def is_permanent(status: str, words: str) -> bool:
    """Whether a bounce is hard: the address or its domain is no good, or the server refuses mail
    from here, so that the next mail fails as well. Soft is what another day, or another mail, may
    get through: a full mailbox, a server out of reach, greylisting, a mail too big.

    By the enhanced status (RFC 3463), class.subject.detail: class 4 is soft, also when the server
    has given up; of class 5, subject 1 (the address) and 7 (policy, security) are hard, 2.2 (full)
    and 2.3 (too long for this mailbox) soft, the rest of 2 hard; 3 (the mail system) and 4 (network
    and routing) soft, but for 4.4, no such host, and what Exchange Online calls 5.4.1 and means
    an unknown address. Where the status tells nothing (none, or subject 0, 5, 6), the words decide,
    and the reply code (RFC 5321, 4.2.1: 4yz soft, 5yz hard). A failure nothing tells of is hard.
    """
    kind, _, rest = status.partition(".")
    subject, _, detail = rest.partition(".")
    if kind == "4":
        return False
    if kind == "5" and subject == "2":
        return detail not in ("2", "3")
    if kind == "5" and subject == "4":
        return detail == "4" or (detail == "1" and bool(_GONE.search(words)))
    if kind == "5" and subject not in _CLASS_IS_ALL:
        return subject != "3"
    if _FULL.search(words) or reply_code(words).startswith("4"):
        return False
    return bool(_GONE.search(words)) or not _LATER.search(words)


def status_in(words: str) -> str:
    """The first enhanced status of class 4 or 5 in these words, else ""."""
    found = (one[1] for one in _STATUS.finditer(words[:LOOK]))
    return next((one for one in found if one[0] in "45"), "")


def reply_code(words: str) -> str:
    """The first SMTP reply code of class 4 or 5, else ""."""
    found = _CODE.search(words[:LOOK])
    return found[1] if found else ""


def is_failure(subject: str, words: str) -> bool:
    """Whether a server's letter says that it gave up: not that it is late or somebody away."""
    said = f"{subject}\n{words[:LOOK]}"
    if _AWAY.search(subject) or _WARNS.search(said):
        return False
    return bool(_FAILED.search(said) or (_CODE.search(said) and status_in(said)))


def parts_of(text: str) -> tuple[str, str]:
    """(what the server says, the copy of our mail below it)."""
    shown = text[:LOOK]
    copy = _COPY.search(shown)
    return (shown[: copy.start()], shown[copy.start() :]) if copy else (shown, "")


def told(words: str) -> dict[str, str]:
    """The addresses that stand at the beginning of a line, each with what is said below it; when
    there are none, those named in a sentence."""
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in words.split("\n")[:LINES]:
        plain = line.strip()
        begins = _ADDRESS.match(plain)
        if begins:
            current = found.setdefault(begins[1].lower(), [])
            current.append(begins[2].strip())
        elif current is not None and (plain or not any(current)):
            current.append(plain)
        elif current is not None and not _goes_on(found):
            current = None
    if found:
        return {address: "\n".join(said).strip() or words for address, said in found.items()}
    return {named[1].lower(): words for named in _NAMED.finditer(words)}


def _goes_on(found: dict[str, list[str]]) -> bool:
    """A single address's words may stand after an empty line (“because: …”)."""
    return len(found) == 1 and sum(map(len, *found.values())) < 300
