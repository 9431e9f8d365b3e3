"""The line one searches with: words, “exact phrases” and operators; whatever is typed is read.

`read` is a pure function of the line and today's date: it never raises, and reads in linear time.
What it could not understand it names (`Slip`); docs/search.md says what the operators do.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from inbox.errors import Invalid
from inbox.filters import STATUSES, Status
from inbox.operators import HAS, IS, OPERATORS, Operator

Place = Literal["inbox", "spam", "trash"]
ME, NONE = "me", "none"
_OWN = {"me": ME, "mig": ME, "jag": ME, "none": NONE, "nobody": NONE, "ingen": NONE}
LONGEST = 2_000
MOST_TERMS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What is to be found: a word or one that it begins; `is_exact`, a phrase as it stands. The
    last phrase of a line whose quote is still open may end within a word."""

    text: str
    is_exact: bool = False
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What could not be understood. `kind` is the operator, or `unknown` where a word only looks
    like one (then it is looked for as it stands); `known` is what was perhaps meant."""

    kind: str
    said: str
    known: tuple[str, ...] = ()


class NotUnderstood(Invalid):
    """Carries the slip, so that a page can word it."""

    def __init__(self, slip: Slip) -> None:
        super().__init__(
            "words", "“{kind}:{said}” cannot be searched for.", kind=slip.kind, said=slip.said
        )
        self.slip = slip


@dataclass(slots=True, kw_only=True)
class Query:
    """What a line asks for. Those in `without` must not be there; flags are unread, urgent, vip,
    following and files. `since` and `until` bound the day of a message, until excluded."""

    words: list[Term] = field(default_factory=list)
    fields: dict[str, list[Term]] = field(default_factory=dict)
    without: list[Term] = field(default_factory=list)
    without_fields: dict[str, list[Term]] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    not_tags: list[str] = field(default_factory=list)
    assignees: list[str] = field(default_factory=list)
    not_assignees: list[str] = field(default_factory=list)
    mailboxes: list[str] = field(default_factory=list)
    not_mailboxes: list[str] = field(default_factory=list)
    statuses: set[Status] = field(default_factory=set)
    not_statuses: set[Status] = field(default_factory=set)
    places: set[Place] = field(default_factory=set)
    not_places: set[Place] = field(default_factory=set)
    flags: dict[str, bool] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    slips: list[Slip] = field(default_factory=list)

    @property
    def is_about_text(self) -> bool:
        """Whether single messages must be looked at."""
        return bool(self.words or self.fields or self.since or self.until)


def read(line: str, *, today: date) -> Query:
    """What the line asks for. Beyond LONGEST letters and MOST_TERMS terms it is not read."""
    found = Query()
    plain = line[:LONGEST].replace("\0", "\ufffd").translate(_QUOTES)
    for number, part in enumerate(_PART.finditer(plain)):
        if number >= MOST_TERMS:
            break
        _take(found, part, today)
    return found


def day(said: str, today: date) -> date | None:
    """The day that is meant: 2026-11-03, 2026-11, 2026, today, yesterday, 7d, 2w, 3m or 1y."""
    word = said.casefold()
    if word in _DAYS:
        return today - timedelta(days=_DAYS[word])
    ago = _AGO.fullmatch(word)
    try:
        if ago:
            return _sensible(today - timedelta(days=int(ago[1]) * _UNITS[ago[2]]))
        return _sensible(date.fromisoformat(word + "0000-01-01"[len(word) :]))
    except (ValueError, OverflowError):
        return None


_NAMES = "|".join(sorted(OPERATORS, key=len, reverse=True))
_PART = re.compile(
    rf"(?P<no>-?)(?:(?P<name>{_NAMES}):[^\S\n]*(?!-?(?:{_NAMES}):))?"
    r'(?:"(?P<phrase>[^"]*)(?P<end>"?)|(?P<word>[^\s"]+))',
    re.IGNORECASE,
)
_UNKNOWN = re.compile(r"([^\W\d_]{2,14}):\S", re.UNICODE)
_NOT_MEANT = frozenset({"http", "https", "mailto", "tel", "ftp"})
_QUOTES = dict.fromkeys(map(ord, "“”„‟«»″"), '"')
_DAYS = {"today": 0, "idag": 0, "yesterday": 1, "igår": 1, "igar": 1}
_AGO = re.compile(r"([0-9]{1,5})([dwvmyå])")
_UNITS = {"d": 1, "w": 7, "v": 7, "m": 30, "y": 365, "å": 365}


def _take(found: Query, part: re.Match[str], today: date) -> None:
    quoted = part["phrase"]
    text = (part["word"] if quoted is None else quoted).strip()
    name = OPERATORS.get((part["name"] or "").casefold())
    is_not = part["no"] == "-"
    term = Term(text=text, is_exact=quoted is not None, is_open=part["end"] == "")
    if text in ("", "-") or (text.endswith(":") and text[:-1].casefold() in OPERATORS):
        return
    if name is None:
        (found.without if is_not else found.words).append(term)
        _maybe_meant(found, term)
    elif name in ("from", "to", "subject"):
        fields = found.without_fields if is_not else found.fields
        fields.setdefault(name, []).append(term)
    elif name in ("before", "after"):
        _bound(found, name, text, is_not, today)
    elif name == "is":
        _is(found, text, is_not)
    elif name == "has":
        if _known(text, HAS) is None:
            found.slips.append(Slip(kind=name, said=text, known=("attachment",)))
        else:
            found.flags["files"] = not is_not
    else:
        _named(found, name, text, is_not)


def _maybe_meant(found: Query, term: Term) -> None:
    """A word like “asignee:anna” is looked for as it stands, and the slip says what there is."""
    like = None if term.is_exact else _UNKNOWN.match(term.text)
    if like is None or like[1].casefold() in _NOT_MEANT:
        return
    near = difflib.get_close_matches(like[1].casefold(), OPERATORS, 1, 0.75)
    if near:
        found.slips.append(Slip(kind="unknown", said=like[1], known=(near[0],)))


def _bound(found: Query, name: str, text: str, is_not: bool, today: date) -> None:
    meant = day(text, today)
    if meant is None:
        found.slips.append(Slip(kind=name, said=text))
    elif (name == "after") != is_not:
        found.since = max(meant, found.since or meant)
    else:
        found.until = min(meant, found.until or meant)


def _is(found: Query, text: str, is_not: bool) -> None:
    meant = _known(text, IS)
    if meant in STATUSES:
        (found.not_statuses if is_not else found.statuses).add(meant)
    elif meant in ("spam", "trash"):
        (found.not_places if is_not else found.places).add(meant)  # type: ignore[arg-type]
    elif meant in ("mine", "unassigned"):
        whose = found.not_assignees if is_not else found.assignees
        whose.append(ME if meant == "mine" else NONE)
    elif meant in ("read", "unread"):
        found.flags["unread"] = (meant == "unread") != is_not
    elif meant is not None:
        found.flags[meant] = not is_not
    else:
        found.slips.append(Slip(kind="is", said=text, known=tuple(dict.fromkeys(IS.values()))))


def _named(found: Query, name: Operator, text: str, is_not: bool) -> None:
    lists = {
        "tag": (found.tags, found.not_tags),
        "assignee": (found.assignees, found.not_assignees),
        "mailbox": (found.mailboxes, found.not_mailboxes),
    }
    own = _OWN.get(text.casefold(), "") if name == "assignee" else ""
    lists[name][is_not].append(own or text)


def _known(text: str, values: Mapping[str, str]) -> str | None:
    """The value that is meant: as it is called, or by a beginning that only one has."""
    word = text.casefold()
    meant = {value for name, value in values.items() if name.startswith(word)}
    return values.get(word) or (meant.pop() if len(meant) == 1 else None)


def _sensible(found: date) -> date:
    if not date(2000, 1, 1) <= found < date(2200, 1, 1):
        raise ValueError(found)
    return found
