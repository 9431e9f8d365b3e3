"""The two pictures of a pilot: week by week, and how long people wait."""

from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from inbox import summaries
from inbox.pilot import Verdict
from inbox.pilot_mail import Told
from inbox.pilot_plans import Pilot
from inbox.statistics import waits
from pages.parts.charts import still_waiting, trend
from pages.parts.charts.look import Look


def named(told: Told) -> pd.DataFrame:
    """First waits with their state as inbox.summaries knows it."""
    state = np.where(told.waits["is_answered"].astype(bool), "answered", "waiting")
    return told.waits.assign(state=state)


def by_week(
    known: Pilot, told: Told, found: Verdict, dress: Look, *, width: int | None = None
) -> Any:
    """A click chooses `week_iso`."""
    plan = known.plan
    begun = summaries.local(pd.Series([pd.Timestamp(plan.since)]), ZoneInfo(plan.time_zone)).iloc[0]
    weeks = summaries.weeks(
        named(told), ZoneInfo(plan.time_zone), since=plan.before, until=min(known.until, told.at)
    )
    return trend.chart(
        weeks,
        dress,
        pilot_start=begun,
        target=plan.rule.promised if plan.rule.metric == "within" else None,
        ratio=found.first_response.ratio if found.first_response else None,
        is_business=plan.is_business,
        width=width,
    )


def by_patience(known: Pilot, told: Told, dress: Look, *, width: int | None = None) -> Any:
    """A click chooses `period` (before, now) and `seconds`."""
    before, now = (
        waits.curve(one.waits["seconds"].to_numpy(), one.waits["is_answered"].to_numpy(bool))
        for one in (told.before, told.pilot)
    )
    return still_waiting.chart(
        now,
        dress,
        before=before if before.n else None,
        promised=known.plan.rule.promised,
        until=6 * known.plan.rule.promised,
        is_business=known.plan.is_business,
        width=width,
    )
