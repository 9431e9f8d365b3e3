"""Promises, told by period, by week and by what a month allows.

Pure functions of the table that inbox.promises.told answers, with a local `date` for each day.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

import numpy as np
import pandas as pd

from inbox import summaries
from inbox.statistics import shares
from inbox.statistics.estimates import Estimate

# So many days tell how many there will be in a month; of fewer than a week, a week's are all.
LOOKED_BACK, LEAST = 28, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Of `n` promises whose time is up, `met`; `closed` are those that ended without a reply,
    `open` those whose time is not up: neither is in `n`."""

    n: int
    met: int
    share: Estimate
    closed: int
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """`days` (day, breaches) of a month up to today; `allowed` of the `expected` may be late."""

    month: pd.Timestamp
    days: pd.DataFrame
    allowed: int
    expected: int
    n: int


def days(since: datetime, until: datetime, zone: tzinfo) -> pd.DatetimeIndex:
    """The local days from one moment (naive UTC) to another."""
    first, last = summaries.local(pd.Series([pd.Timestamp(since), pd.Timestamp(until)]), zone)
    return pd.date_range(first.normalize(), last.normalize(), freq="D")


def edges(days: pd.DatetimeIndex, zone: tzinfo) -> list[datetime]:
    """When each of these local days begins, in naive UTC."""
    begins = days.tz_localize(
        zone, ambiguous=np.ones(len(days), dtype=bool), nonexistent="shift_forward"
    )
    return [one.to_pydatetime() for one in begins.tz_convert("UTC").tz_localize(None)]


def dated(told: pd.DataFrame, days: pd.DatetimeIndex) -> pd.DataFrame:
    """With `date`, on which it began, and `due_date`, of what was late."""
    due = told["due_day"].astype("float").to_numpy()
    is_late = np.isfinite(due)
    late = days.to_numpy()[np.where(is_late, due, 0).astype(int)]
    return told.assign(
        date=days[told["day"].to_numpy(int)],
        due_date=np.where(is_late, late, np.datetime64("NaT", "ns")),
    )


def between(told: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """What began on these local days, both among them."""
    return told.loc[(told["date"] >= first) & (told["date"] <= last)]


def of(told: pd.DataFrame) -> Kept:
    counts = told.groupby("state")["n"].sum()
    met, late = int(counts.get("met", 0)), int(counts.get("breached", 0))
    return Kept(
        n=met + late,
        met=met,
        share=shares.wilson(met, met + late),
        closed=int(counts.get("closed_without_reply", 0)),
        open=int(counts.get("running", 0) + counts.get("ahead", 0)),
    )


def weeks(told: pd.DataFrame) -> pd.DataFrame:
    """week (its local Monday), n, met, share, low and high of the weeks with anything due."""
    done = told.loc[told["state"].isin(["met", "breached"])]
    monday = done["date"] - pd.to_timedelta(done["date"].dt.weekday, unit="D")
    n = done.groupby(monday)["n"].sum()
    met = done.loc[done["state"] == "met"].groupby(monday)["n"].sum()
    found = pd.DataFrame({"n": n, "met": met}).fillna(0).astype(int)
    spans = [shares.wilson(met, n) for met, n in zip(found["met"], found["n"], strict=True)]
    for name, values in (
        ("share", [one.value for one in spans]),
        ("low", [one.low for one in spans]),
        ("high", [one.high for one in spans]),
    ):
        found[name] = values
    return found.rename_axis("week").reset_index()


def budget(told: pd.DataFrame, goal: float, today: pd.Timestamp) -> Budget:
    """What the month of `today` allows, if as many come in a day as in the last weeks, and what
    it has cost so far. What began in the month counts, on the day on which it was due."""
    month = today.replace(day=1)
    looked = between(told, today - timedelta(days=LOOKED_BACK - 1), today)
    looked = looked.loc[looked["state"] != "closed_without_reply"]
    lasted = max(LEAST, (today - looked["date"].min()).days + 1 if len(looked) else 0)
    here = between(told, month, today)
    n = of(here).n
    expected = max(n, round(looked["n"].sum() / lasted * today.days_in_month))
    late = here.loc[here["state"] == "breached"].groupby("due_date")["n"].sum()
    dates = pd.date_range(month, today, freq="D")
    counts = late.reindex(dates, fill_value=0).astype(int)
    return Budget(
        month=month,
        days=pd.DataFrame({"day": dates, "breaches": counts.to_numpy()}),
        # So that a tenth of thirty is three.
        allowed=math.floor((1 - goal) * expected + 1e-9),
        expected=expected,
        n=n,
    )


def groups(told: pd.DataFrame, names: Mapping[int, str]) -> list[tuple[str, Kept]]:
    """Each mailbox with anything due, the smallest share first."""
    found = [(name, of(told.loc[told["mailbox_id"] == key])) for key, name in names.items()]
    return sorted(
        ((name, one) for name, one in found if one.n),
        key=lambda pair: (pair[1].share.value, pair[0]),
    )
