"""What else differed between two periods, with numbers: no test can tell it from the pilot."""

from dataclasses import dataclass
from typing import Literal, Protocol

import pandas as pd

Kind = Literal["volume", "weekdays", "mailboxes", "languages", "holidays", "carried_in", "waiting"]
# From where on a difference could explain a verdict: volume by a fifth, a tenth of the mails of
# another kind, two holidays, half a day's mail carried in, a twentieth more still waiting.
LARGE = {
    "volume": 0.2,
    "weekdays": 0.1,
    "mailboxes": 0.1,
    "languages": 0.1,
    "holidays": 2.0,
    "carried_in": 0.5,
    "waiting": 0.05,
}


class Period(Protocol):
    """As inbox.pilot tells one."""

    @property
    def waits(self) -> pd.DataFrame: ...
    @property
    def working_days(self) -> int: ...
    @property
    def holidays(self) -> int: ...
    @property
    def carried_in(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Confounder:
    """`before` and `pilot` in the kind's own unit; of a mix, the share of mails that would have to
    be of another kind stands in `pilot`, and 0 in `before`."""

    kind: Kind
    before: float
    pilot: float
    is_large: bool


def between(before: Period, pilot: Period) -> tuple[Confounder, ...]:
    """Mails a working day, their mix by weekday, mailbox and language, holidays, what was carried
    in from the time before (in days' worth of mail), and the share that has no answer yet."""
    volumes = _volume(before), _volume(pilot)
    larger = max(volumes)
    change = abs(volumes[1] - volumes[0]) / larger if larger else 0.0
    mixes = (
        ("weekdays", _weekdays(before), _weekdays(pilot)),
        ("mailboxes", before.waits["mailbox"], pilot.waits["mailbox"]),
        ("languages", before.waits["language"], pilot.waits["language"]),
    )
    return (
        Confounder("volume", *volumes, change >= LARGE["volume"]),
        *(_mixed(kind, one, two) for kind, one, two in mixes),  # type: ignore[arg-type]
        _plain("holidays", before.holidays, pilot.holidays),
        _plain("carried_in", _carried(before, volumes[0]), _carried(pilot, volumes[1])),
        _plain("waiting", _waiting(before), _waiting(pilot)),
    )


def _plain(kind: Kind, before: float, pilot: float) -> Confounder:
    # A hair is taken off, so that a difference of just so much is one whatever it is rounded to.
    is_large = abs(pilot - before) >= LARGE[kind] - 1e-12
    return Confounder(kind, float(before), float(pilot), is_large)


def _mixed(kind: Kind, before: "pd.Series[str]", pilot: "pd.Series[str]") -> Confounder:
    return _plain(kind, 0.0, _moved(before, pilot))


def _moved(before: "pd.Series[str]", pilot: "pd.Series[str]") -> float:
    """Half the sum of differences between two mixes (total variation)."""
    if before.empty or pilot.empty:
        return 0.0
    one = before.value_counts(normalize=True)
    two = pilot.value_counts(normalize=True)
    return float(two.sub(one, fill_value=0.0).abs().sum() / 2)


def _weekdays(period: Period) -> "pd.Series[str]":
    return pd.to_datetime(period.waits["day"]).dt.weekday.astype(str)


def _volume(period: Period) -> float:
    return len(period.waits) / period.working_days if period.working_days else 0.0


def _carried(period: Period, a_day: float) -> float:
    return period.carried_in / a_day if a_day else 0.0


def _waiting(period: Period) -> float:
    return float(1 - period.waits["is_answered"].mean()) if len(period.waits) else 0.0
