"""First waits, told by week, by hour and by whatever else they have in common.

Pure functions of the table that inbox.insight.first_waits answers.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

import numpy as np
import pandas as pd

from inbox.statistics import quantiles

# Of fewer a median says little: such rows are shown in grey.
FEW = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Seconds; NaN for a period in which nobody was answered. `waiting` are those who wait still,
    and `unanswered` those whose conversation was closed without a word to them: neither is in
    `n`."""

    n: int
    p50: float
    p90: float
    waiting: int
    unanswered: int


def timed(waits: pd.DataFrame, *, is_business: bool) -> pd.DataFrame:
    """With `seconds` as they are to be counted; what has no business time is left out then."""
    if not is_business:
        return waits
    return waits.assign(seconds=waits["business_seconds"]).dropna(subset=["seconds"])


def answered(waits: pd.DataFrame) -> pd.DataFrame:
    return waits.loc[waits["state"] == "answered"]


def told(waits: pd.DataFrame) -> Told:
    state, seconds = waits["state"], waits["seconds"].to_numpy(float)
    found = quantiles.spread(seconds[(state == "answered").to_numpy()])
    return Told(
        n=found.n,
        p50=found.p50,
        p90=found.p90,
        waiting=int((state == "waiting").sum()),
        unanswered=int((state == "closed_unanswered").sum()),
    )


def local(moments: "pd.Series[pd.Timestamp]", zone: tzinfo) -> "pd.Series[pd.Timestamp]":
    """Naive UTC as the wall clock of a zone."""
    return moments.dt.tz_localize("UTC").dt.tz_convert(zone).dt.tz_localize(None)


def weeks(waits: pd.DataFrame, zone: tzinfo, *, since: datetime, until: datetime) -> pd.DataFrame:
    """week (its local Monday), n, p25, p50, p75, p90 of the answered first waits that began in it;
    every week of the period, empty ones with n = 0."""
    done = answered(waits)
    monday = _monday(local(done["began"], zone))
    grouped = done["seconds"].groupby(monday)
    cuts = {"p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9}
    # One pass for all; of nothing it would have no columns.
    parts = grouped.quantile(np.array(list(cuts.values()))).unstack()
    parts = parts.reindex(columns=list(cuts.values())).set_axis(list(cuts), axis=1)
    edges = local(pd.Series([pd.Timestamp(since), pd.Timestamp(until)]), zone)
    first, last = _monday(edges)
    found = parts.assign(n=grouped.size())[["n", *parts.columns]].reindex(
        pd.date_range(first, last, freq="7D"), fill_value=np.nan
    )
    found["n"] = found["n"].fillna(0).astype(int)
    return found.rename_axis("week").reset_index()


def hours(waits: pd.DataFrame, zone: tzinfo) -> pd.DataFrame:
    """weekday (0 is Monday), hour, n and the median seconds of the answered, by the local hour in
    which the first message came in."""
    done = answered(waits)
    began = local(done["began"], zone)
    found = done["seconds"].groupby([began.dt.weekday, began.dt.hour]).agg(["size", "median"])
    found.index.names = ["weekday", "hour"]
    return found.reset_index().rename(columns={"size": "n", "median": "seconds"})


def of_week(waits: pd.DataFrame, zone: tzinfo, monday: str) -> pd.DataFrame:
    """The answered that `weeks` counts in the week of this local day, like 2026-11-30."""
    done = answered(waits)
    return done.loc[_monday(local(done["began"], zone)) == pd.Timestamp(monday)]


def of_hour(waits: pd.DataFrame, zone: tzinfo, weekday: int, hour: int) -> pd.DataFrame:
    """The answered that `hours` counts there."""
    done = answered(waits)
    began = local(done["began"], zone)
    return done.loc[(began.dt.weekday == weekday) & (began.dt.hour == hour)]


def between(waits: pd.DataFrame, low: float, high: float | None) -> pd.DataFrame:
    """The answered from `low` seconds on, and before `high`, if that is anything."""
    done = answered(waits)
    return done.loc[(done["seconds"] >= low) & (high is None or done["seconds"] < high)]


def tagged(waits: pd.DataFrame) -> pd.DataFrame:
    """A row for each `tag` of what has any: what has two is counted for both."""
    some = waits.loc[waits["tags"].fillna("") != ""]
    return some.assign(tag=some["tags"].str.split("\n")).explode("tag", ignore_index=True)


def groups(waits: pd.DataFrame, column: str, names: Mapping[Any, str]) -> pd.DataFrame:
    """name, n, p50, p90, waiting and unanswered for each value of a column that has a name (which
    two of them may share), the longest median first."""
    named = waits.loc[waits[column].isin(list(names))]
    rows = [{"name": names[key], **asdict(told(rest))} for key, rest in named.groupby(column)]
    columns = ["name", "n", "p50", "p90", "waiting", "unanswered"]
    return pd.DataFrame(rows, columns=columns).sort_values(
        ["p50", "name"], ascending=[False, True], ignore_index=True
    )


def _monday(moments: "pd.Series[pd.Timestamp]") -> "pd.Series[pd.Timestamp]":
    day = moments.dt.normalize()
    return day - pd.to_timedelta(day.dt.weekday, unit="D")


def period(days: int, zone: tzinfo, *, now: datetime) -> tuple[datetime, datetime]:
    """Since when (naive UTC) the last so many local days are, today among them, and until when."""
    here = local(pd.Series([pd.Timestamp(now)]), zone).iloc[0]
    midnight = here.normalize() - timedelta(days=days - 1)
    # A midnight that a clock jumps over begins when it lands; one that comes twice, the first time.
    begins = midnight.tz_localize(zone, ambiguous=True, nonexistent="shift_forward")
    return begins.tz_convert("UTC").tz_localize(None).to_pydatetime(), now


def day_after(last: date, zone: tzinfo) -> datetime:
    """The moment (naive UTC) at which this local day is over."""
    midnight = pd.Timestamp(last) + timedelta(days=1)
    begins = midnight.tz_localize(zone, ambiguous=True, nonexistent="shift_forward")
    return begins.tz_convert("UTC").tz_localize(None).to_pydatetime()
