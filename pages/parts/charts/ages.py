"""For how long those who wait have waited so far, in bars between the times that people say."""

from typing import Any

import pandas as pd

from inbox.statistics import quantiles
from inbox.words import _, plural
from pages.parts.charts import axes, rows, spread
from pages.parts.charts.look import Finding, Look


def finding(seconds: "pd.Series[float]") -> Finding:
    subtitle = _(
        "How long each customer has waited for us so far, by the clock, in bars from one time to "
        "the next · n = {n}"
    ).format(n=axes.count(len(seconds)))
    if seconds.empty:
        return Finding(_("Nobody waits"), subtitle)
    longest = axes.lasting(seconds.max())
    if len(seconds) == 1:
        return Finding(_("One customer has waited for {time}").format(time=longest), subtitle)
    half = axes.lasting(quantiles.spread(seconds.to_numpy(float)).p50)
    title = _("Half of those who wait have waited {half} or longer, one of them {longest}")
    return Finding(title.format(half=half, longest=longest), subtitle)


def chart(seconds: "pd.Series[float]", dress: Look, *, width: int | None = None) -> Any:
    """`seconds` of everybody who waits; a click chooses `from_seconds` and `to_seconds`."""
    frame = spread.bars(seconds)
    frame = frame.assign(text=[axes.count(n) for n in frame["n"]])
    tips = [("name", _("Waited so far")), ("n", _("Conversations"))]
    fields = ["from_seconds", "to_seconds"]
    said = finding(seconds)
    return rows.chart(frame, dress, said, fields=fields, tips=tips, width=width)


def told(n: int) -> str:
    """“1 waits”, “6 wait”."""
    return plural("{n} waits", "{n} wait", n).format(n=axes.count(n))
