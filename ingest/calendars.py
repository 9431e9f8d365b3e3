"""What an invitation says, in lines a person reads. A tolerant reader of the few properties needed
(RFC 5545, RFC 5546): files that are cut off, or break a rule, are read as far as they go.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONGEST = 500_000
EVENTS = 20
_LINE = re.compile(r'([A-Za-z-]{1,60})((?:;[A-Za-z-]{1,60}=(?:"[^"\n]*"|[^";:\n]*))*):(.*)')
_PARAMETER = re.compile(r';([A-Za-z-]{1,60})=(?:"([^"\n]*)"|([^";:\n]*))')
_DURATION = re.compile(
    r"\+?P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,5})S)?)?"
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_KINDS = {"REQUEST": "Invitation", "CANCEL": "Cancelled", "COUNTER": "Another time proposed"}
_ANSWERS = {
    "ACCEPTED": "accepted",
    "DECLINED": "declined",
    "TENTATIVE": "accepted for now",
    "DELEGATED": "sends somebody else",
}
_STEPS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
_WINDOWS = {
    "W. Europe Standard Time": "Europe/Berlin",
    "Central Europe Standard Time": "Europe/Budapest",
    "Romance Standard Time": "Europe/Paris",
    "Central European Standard Time": "Europe/Warsaw",
    "GMT Standard Time": "Europe/London",
    "Greenwich Standard Time": "Atlantic/Reykjavik",
    "FLE Standard Time": "Europe/Helsinki",
    "E. Europe Standard Time": "Europe/Chisinau",
    "GTB Standard Time": "Europe/Bucharest",
    "Turkey Standard Time": "Europe/Istanbul",
    "Russian Standard Time": "Europe/Moscow",
    "Israel Standard Time": "Asia/Jerusalem",
    "India Standard Time": "Asia/Kolkata",
    "China Standard Time": "Asia/Shanghai",
    "Tokyo Standard Time": "Asia/Tokyo",
    "AUS Eastern Standard Time": "Australia/Sydney",
    "Eastern Standard Time": "America/New_York",
    "Central Standard Time": "America/Chicago",
    "Mountain Standard Time": "America/Denver",
    "Pacific Standard Time": "America/Los_Angeles",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    value: str
    parameters: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """`lines` are for everybody, `description` what the organiser wrote; `is_answer` tells an
    answer to an invitation from all else."""

    lines: str
    description: str
    is_answer: bool


@dataclass(slots=True)
class _Event:
    found: dict[str, list[Property]] = field(default_factory=dict)

    def first(self, name: str) -> Property | None:
        return next(iter(self.found.get(name, ())), None)

    def words(self, name: str) -> str:
        given = self.first(name)
        return _plain(given.value) if given else ""


def read(text: str) -> Said | None:
    """What the calendar text says; None when no event stands in it."""
    method, events = _events(text[:LONGEST])
    if not events:
        return None
    blocks = list(dict.fromkeys(_told(event, method) for event in events))
    return Said(
        lines="\n\n".join(blocks),
        description=events[0].words("DESCRIPTION") if len(events) == 1 else "",
        is_answer=method == "REPLY",
    )


def _events(text: str) -> tuple[str, list[_Event]]:
    """(the method, the events); alarms and zones inside or beside them are passed over."""
    method, inner = "", 0
    events: list[_Event] = []
    is_event = False
    for line in re.sub(r"\n[ \t]", "", text).split("\n"):
        parts = _LINE.fullmatch(line.strip())
        if parts is None:
            continue
        name, value = parts[1].upper(), parts[3]
        what = value.strip().upper()
        if name == "BEGIN" and what == "VEVENT":
            if len(events) >= EVENTS:
                break
            events.append(_Event())
            is_event, inner = True, 0
        elif name == "BEGIN" and is_event:
            inner += 1
        elif name == "END" and is_event:
            is_event, inner = what != "VEVENT", max(0, inner - 1)
        elif name == "METHOD" and not method:
            method = what
        elif is_event and not inner:
            known = {p[1].upper(): p[2] or p[3] or "" for p in _PARAMETER.finditer(parts[2])}
            events[-1].found.setdefault(name, []).append(Property(value=value, parameters=known))
    return method, events


def _told(event: _Event, method: str) -> str:
    lines = [_title(event, method), _when(event)]
    lines += [_repeats(event)] if "RRULE" in event.found else []
    if where := event.words("LOCATION"):
        lines.append(f"Where: {' '.join(where.split())[:300]}")
    organiser = event.first("ORGANIZER")
    if organiser and method != "REPLY":
        lines.append(f"Asked by: {_person(organiser)}")
    if comment := event.words("COMMENT"):
        lines.append(f"Remark: {' '.join(comment.split())[:1000]}")
    return "\n".join(line for line in lines if line)


def _title(event: _Event, method: str) -> str:
    what = " ".join(event.words("SUMMARY").split())[:300] or "(no title)"
    if method == "REPLY":
        return f"Answer to “{what}”: {_answer(event)}"
    if event.words("STATUS").upper() == "CANCELLED":
        return f"Cancelled: {what}"
    kind = _KINDS.get(method, "Event")
    if method == "REQUEST" and event.words("SEQUENCE").strip() not in ("", "0"):
        kind = "Updated invitation"
    return f"{kind}: {what}"


def _answer(event: _Event) -> str:
    person = event.first("ATTENDEE")
    if person is None:
        return "an answer without a name"
    state = person.parameters.get("PARTSTAT", "").upper()
    return f"{_person(person)} {_ANSWERS.get(state, 'has not decided')}"


def _person(given: Property) -> str:
    name = " ".join(given.parameters.get("CN", "").split())[:200]
    address = re.sub(r"(?i)^mailto:", "", given.value.strip())[:320]
    return f"{name} <{address}>" if name and name != address else address or name


def _when(event: _Event) -> str:
    start = event.first("DTSTART")
    begun = _moment(start) if start else None
    if start is None or begun is None:
        return ""
    ended = _end(event, begun)
    if not isinstance(begun, datetime):
        last = ended - timedelta(days=1) if ended and ended > begun else begun
        days = _day(begun) if last <= begun else f"{_day(begun)} – {_day(last)}"
        return f"When: {days}, all day"
    end = ended if isinstance(ended, datetime) else None
    name = start.parameters.get("TZID", "").strip()
    zone = _zone(name) if name else None
    if start.value.strip().upper().endswith("Z"):
        return f"When: {_span(begun, end)} UTC"
    said = f"When: {_span(begun, end)}" + (f" ({name[:80]})" if name else "")
    if zone is None:
        return said
    there = [
        moment and moment.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
        for moment in (begun, end)
    ]
    assert there[0] is not None
    is_same_day = there[0].date() == begun.date() and (
        there[1] is None or (there[1].date() == begun.date() and end is not None)
    )
    return f"{said}, {_span(there[0], there[1], day=not is_same_day)} UTC"


def _end(event: _Event, begun: date) -> date | None:
    given = event.first("DTEND")
    if given is not None:
        ended = _moment(given)
        return ended if type(ended) is type(begun) else None
    length = _DURATION.fullmatch(event.words("DURATION").strip().upper())
    if length is None:
        return None
    weeks, days, hours, minutes, seconds = (int(piece or 0) for piece in length.groups())
    try:
        return begun + timedelta(
            weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds
        )
    except OverflowError:
        return None


def _moment(given: Property) -> date | None:
    """A date, or a moment as the clock on its wall shows it."""
    value = given.value.strip().upper().rstrip("Z")
    for shape in ("%Y%m%dT%H%M%S", "%Y%m%dT%H%M"):
        try:
            found = datetime.strptime(value, shape)  # noqa: DTZ007
        except ValueError:
            continue
        return found if 1900 <= found.year <= 2200 else None
    try:
        found = datetime.strptime(value[:8], "%Y%m%d")  # noqa: DTZ007
    except ValueError:
        return None
    return found.date() if 1900 <= found.year <= 2200 else None


def _zone(name: str) -> ZoneInfo | None:
    name = name.strip('"').removeprefix("/")
    tail = re.search(r"[A-Za-z_]+/[A-Za-z_+-]+(?:/[A-Za-z_]+)?$", name)
    for known in (_WINDOWS.get(name, name), tail[0] if tail else ""):
        try:
            if re.fullmatch(r"[A-Za-z][A-Za-z0-9_+/-]{0,60}", known):
                return ZoneInfo(known)
        except (ValueError, OSError, KeyError):
            continue
    return None


def _span(begun: datetime, end: datetime | None, *, day: bool = True) -> str:
    first = f"{_day(begun)}, {begun:%H:%M}" if day else f"{begun:%H:%M}"
    if end is None or end <= begun:
        return first
    if end.date() == begun.date():
        return f"{first}–{end:%H:%M}"
    return f"{first} – {_day(end)}, {end:%H:%M}"


def _day(moment: date) -> str:
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    return f"{day} {moment.day} {month} {moment.year}"


def _repeats(event: _Event) -> str:
    given = event.words("RRULE").upper()
    rule = dict(pair.split("=", 1) for pair in given.split(";") if "=" in pair)
    step = _STEPS.get(rule.get("FREQ", ""))
    if step is None:
        return ""
    number = rule.get("INTERVAL", "1")
    said = f"every {step}" if number == "1" else f"every {number[:4]} {step}s"
    until = _moment(Property(value=rule.get("UNTIL", "")[:8], parameters={}))
    if until:
        said += f", until {_day(until)}"
    elif rule.get("COUNT", "").isdecimal():
        said += f", {rule['COUNT'][:5]} times"
    return f"Repeats: {said}"


def _plain(value: str) -> str:
    return re.sub(r"\\([nN,;\\])", lambda c: "\n" if c[1] in "nN" else c[1], value).strip()
