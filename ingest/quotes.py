"""What a mail adds to what was written before: quoted history is found, never deleted.

Each line is looked at a fixed number of times, and only its first 300 signs, so that the time grows
with the text and no faster. In doubt a line is shown.
"""

import re

from ingest import separators, signatures

LOOK = 300
_OWN_LINE = re.compile(r">\s?=?\s?[€$£]?\s?\d[\d .,]{0,20}[^?>]{0,20}$|>From |>[^>]{1,80} > ")
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
    """The text without quoted history and signature; all of it when nothing else would be left."""
    return visible(text) or text.strip()


def visible(text: str) -> str:
    """The text without history and signature, whatever is left."""
    lines = text.split("\n")
    runs = _runs(lines)
    if runs is None:
        return text.strip()
    kept = [signatures.without(run) for run in runs]
    if sum(map(len, kept)) == len(lines):
        return text.strip()
    return _joined(runs, kept)


def has_history(text: str) -> bool:
    """Whether the text quotes what was written before."""
    lines = text.split("\n")
    runs = _runs(lines)
    return runs is not None and sum(map(len, runs)) < len(lines)


def _joined(runs: list[list[str]], kept: list[list[str]]) -> str:
    """The runs below each other, with an empty line where there was one around the history."""
    out: list[str] = []
    was_open = False
    for run, own in zip(runs, kept, strict=True):
        first = next((n for n, line in enumerate(own) if line.strip()), None)
        if first is not None:
            out += [""] * bool(out and (was_open or first)) + own[first:]
            was_open = False
        was_open = was_open or len(run) > len(own)
    return "\n".join(out).strip()


def _runs(lines: list[str]) -> list[list[str]] | None:
    """The lines outside history, a run for each stretch between two quotes; None in a forward."""
    letter = _Letter([separators.plain(line) for line in lines])
    runs: list[list[str]] = [[]]
    at: int | None = 0
    while at is not None and at < len(lines):
        if letter.is_forwarded(at):
            return None
        following = letter.after(at, runs[-1])
        if following == at:
            runs[-1].append(lines[at])
            at += 1
            continue
        if runs[-1]:
            runs.append([])
        at = following
    return runs


class _Letter:
    """The lines of a mail, read from above; `_read_on` is where fields a person pasted end."""

    def __init__(self, plain: list[str]) -> None:
        self.plain = plain
        self.is_quote = _quoted(plain)
        notable = [separators.is_notable(line) for line in plain]
        # Of what is broken over three lines the last one is notable.
        self._may_begin = [any(notable[n : n + 3]) for n in range(len(plain))]
        self._has_quote_above = False
        self._read_on = 0

    def is_forwarded(self, at: int) -> bool:
        """Whether a forward begins here, outside quotes or as the first words of the first."""
        if self.is_quote[at] and self._has_quote_above:
            return False
        self._has_quote_above = self._has_quote_above or self.is_quote[at]
        return separators.is_forward_mark(self.plain[at])

    def after(self, at: int, above: list[str]) -> int | None:
        """Where to read on after history: `at` if none stands here, None if all below is."""
        if self.is_quote[at]:
            return at + 1
        if not self._may_begin[at] or not self.plain[at] or at < self._read_on:
            return at
        if separators.is_reply_above_mark(self.plain[at]):
            return None
        end, is_sure = self._after_header(at)
        if end == at:
            count, is_sure = separators.attribution(self.plain, at)
            end += count
        if end > at and _is_quote_below(self.plain, self.is_quote, end):
            return end
        if is_sure and _is_announced(above) and not separators.is_rule(self.plain[at]):
            self._read_on = end
            return at
        return None if is_sure else at

    def _after_header(self, at: int) -> tuple[int, bool]:
        """Behind “---- Original message ----”, a rule or neither, and the header block below."""
        plain = self.plain
        is_original = separators.is_original_mark(plain[at])
        end = at + 1 if is_original or separators.is_rule(plain[at]) else at
        first = next((n for n in range(end, min(end + 3, len(plain))) if plain[n]), end)
        if first < len(plain) and separators.begins_header(plain[first]):
            below, is_header = separators.header_block(plain, first)
            if is_header:
                return below, True
            self._read_on = below
        return (end, True) if is_original else (at, False)


def _is_quote_below(plain: list[str], is_quote: list[bool], at: int) -> bool:
    for number in range(at, min(at + 4, len(plain))):
        if plain[number]:
            return is_quote[number]
    return False


def _is_announced(above: list[str]) -> bool:
    """Whether the words above end in a colon: then what follows was pasted as part of them."""
    for line in reversed(above[-4:]):
        if said := line.strip():
            return said.endswith(":")
    return False


def _quoted(plain: list[str]) -> list[bool]:
    """Which lines are quoted with “>”; none, if all that begins so is a person's own."""
    is_quote = [line.startswith(">") for line in plain]
    at = 0
    while at < len(plain):
        if not is_quote[at]:
            at += 1
            continue
        end = at
        while end < len(plain) and is_quote[end]:
            end += 1
        if not _looks_own(plain, at, end):
            return is_quote
        at = end
    return [False] * len(plain)


def _looks_own(plain: list[str], start: int, end: int) -> bool:
    """Prices, ways through menus, consoles and differences of files begin with “>” as well."""
    if separators.is_attributed(plain, start):
        return False
    above = plain[max(0, start - 3) : start]
    if "---" in above or any(line.startswith("<") for line in above):
        return True
    if plain[start].startswith(">>>"):
        return all(line.startswith(">>>") for line in plain[start:end])
    if end - start > 1 or plain[start] == separators.PLACE:
        return False
    is_announced = bool(above) and above[-1].endswith(":")
    return is_announced or bool(_OWN_LINE.match(plain[start]))
