"""Generated frames of every chart, with an effect in them, and every chart drawn of them."""

import numpy as np
import pandas as pd

from inbox.levels import Shared
from inbox.statistics import waits
from inbox.statistics.estimates import Estimate
from pages.parts.charts import (
    ages,
    arrivals,
    budget,
    depth,
    duplicates,
    handled,
    hands,
    load,
    shift_ends,
    spread,
    still_waiting,
    trend,
)

HOUR = 3600.0
PILOT = pd.Timestamp(2026, 10, 12)
NAMES = ("Anna", "Björn", "Chloé", "David", "Elif", "Farid")


def weeks():
    random = np.random.default_rng(11)
    mondays = pd.date_range("2026-08-03", "2026-11-16", freq="W-MON")
    p50 = (
        np.where(mondays >= PILOT, 1.15, 3.1) * HOUR * np.exp(random.normal(0, 0.13, len(mondays)))
    )
    return pd.DataFrame(
        {
            "week": mondays,
            "n": random.integers(150, 260, len(mondays)),
            "p25": p50 * random.uniform(0.3, 0.42, len(mondays)),
            "p50": p50,
            "p75": p50 * random.uniform(1.9, 2.4, len(mondays)),
            "p90": p50 * random.uniform(3.1, 4.3, len(mondays)),
        }
    )


def curve(hours, n, unanswered=0.05, seed=1):
    random = np.random.default_rng(seed)
    seconds = random.lognormal(np.log(hours * HOUR), 1.15, n)
    is_answered = random.random(n) >= unanswered
    return waits.curve(np.where(is_answered, seconds, random.uniform(1, 40, n) * HOUR), is_answered)


def seconds(n=610):
    return pd.Series(np.random.default_rng(5).lognormal(np.log(1.3 * HOUR), 1.2, n))


def cells():
    random = np.random.default_rng(3)
    rows = []
    for weekday in range(7):
        for hour in range(24):
            busy = 9 * np.exp(-(((hour - 10.2) / 3) ** 2)) + 6 * np.exp(
                -(((hour - 14.6) / 2.6) ** 2)
            )
            n = random.poisson((busy if weekday < 5 else busy / 6) * 4 + 0.6)
            minutes = 25 + 55 * (11 <= hour <= 13) + 160 * (hour >= 16) + 60 * (weekday == 0)
            if n:
                rows.append((weekday, hour, n, 60 * minutes * np.exp(random.normal(0, 0.25))))
    return pd.DataFrame(rows, columns=["weekday", "hour", "n", "seconds"])


def loads():
    random = np.random.default_rng(8)
    rows = []
    for place, name in enumerate(NAMES):
        usual = 9 + [8, 1, -2, 0, -4, 2][place]
        level = usual
        for at in pd.date_range("2026-10-19", "2026-11-14 18:00", freq="6h"):
            level = max(0.0, level + random.normal(0, 1.1) - 0.12 * (level - usual))
            rows.append((name, at, round(level)))
    return pd.DataFrame(rows, columns=["agent", "at", "open"])


def open_with():
    rows = [
        (0, "Nobody", 12, 9),
        (1, "Anna", 25, 11),
        (2, "Björn · away", 6, 6),
        (3, "Chloé", 0, 0),
    ]
    frame = pd.DataFrame(rows, columns=["agent_id", "name", "n", "waiting"])
    return frame.assign(who=[name.partition(" · ")[0] for name in frame["name"]])


def depths():
    random = np.random.default_rng(4)
    at = pd.date_range("2026-10-19 03:00", "2026-11-14 18:00", freq="6h")
    unassigned = np.maximum(0, 9 + random.normal(0, 1.5, len(at)).cumsum() // 2).astype(int)
    whole = unassigned + random.integers(14, 22, len(at))
    return pd.DataFrame({"at": at, "open": whole, "unassigned": unassigned, "waiting": whole - 9})


def closings():
    random = np.random.default_rng(6)
    days = pd.date_range("2026-10-19", "2026-11-13", freq="B")
    at = sorted([*(days + pd.Timedelta(hours=12)), *(days + pd.Timedelta(hours=17))])
    n = random.poisson(6, len(at))
    lain = random.uniform(0.5, 30, len(at)) * HOUR
    return pd.DataFrame(
        {"at": at, "unassigned": n, "mean_seconds": lain / 3, "longest_seconds": lain}
    )


def handled_days():
    days = pd.date_range("2026-10-19", "2026-11-13", freq="B")
    n = np.random.default_rng(7).poisson(23, len(days))
    return pd.DataFrame({"day": days, "handled": n})


def handled_by_each():
    days = handled_days()["day"]
    rows = [
        (number, name, day, 9 - 2 * number + day.day % 4)
        for number, name in enumerate(NAMES[:3], start=1)
        for day in days
    ]
    return pd.DataFrame(rows, columns=["agent_id", "agent", "begins", "handled"])


def pairs():
    random = np.random.default_rng(12)
    at = pd.Timestamp(2026, 9, 28) + pd.to_timedelta(np.sort(random.uniform(0, 49, 46)), unit="D")
    found = pd.DataFrame({"at": at, "conversation_id": random.integers(1200, 4000, 46)})
    found["gap_seconds"] = random.lognormal(np.log(900), 1.6, 46).clip(15, 86_400)
    found["kind"] = random.choice(list(duplicates.KINDS), 46, p=[0.45, 0.2, 0.35])
    found["is_outside"] = random.random(46) < 0.25
    found["who"] = random.choice(["Anna, Björn", "Anna, Elif", "Chloé, David"], 46)
    return found.loc[(found["at"] < PILOT) | (random.random(46) < 0.35)]


def spent(breaches=None):
    days = pd.date_range("2026-11-01", "2026-11-22")
    drawn = np.random.default_rng(9).poisson(0.6, len(days))
    return pd.DataFrame({"day": days, "breaches": drawn if breaches is None else breaches})


def drawn(dress, width):
    """{name: chart}, all of them with a finding; the small ones of the load one by one."""
    small = load.charts(loads(), dress, width=width)
    return {
        "trend": trend.chart(
            weeks(),
            dress,
            pilot_start=PILOT,
            target=4 * HOUR,
            ratio=Estimate(0.38, 0.31, 0.47),
            is_business=True,
            width=width,
        ),
        "still_waiting": still_waiting.chart(
            curve(1.1, 610, 0.03),
            dress,
            before=curve(3.0, 640, 0.06),
            is_business=True,
            width=width,
        ),
        "spread": spread.chart(
            seconds(), dress, target=8 * HOUR, waiting=14, is_business=True, width=width
        ),
        "ages": ages.chart(seconds(40), dress, width=width),
        "hands": hands.chart(open_with(), dress, width=width),
        "depth": depth.chart(depths(), dress, width=width),
        "shift_ends": shift_ends.chart(closings(), dress, width=width),
        "handled": handled.by_day(handled_days(), dress, width=width),
        "fair": handled.by_colleague(
            handled_by_each(),
            dress,
            handled.fair(
                Shared(agent_id=1, share=Estimate(0.41, 0.36, 0.46), fair=1 / 3),
                "Anna",
                n=420,
                is_weekly=False,
            ),
            width=width,
        ),
        "arrivals": arrivals.chart(cells(), dress, zone="Europe/Stockholm", width=width),
        "duplicates": duplicates.chart(
            pairs(),
            dress,
            turns=1840,
            turns_before=600,
            pilot_start=PILOT,
            ratio=Estimate(0.28, 0.14, 0.52),
            width=width,
        ),
        "budget": budget.chart(
            spent(),
            dress,
            allowed=24,
            month=pd.Timestamp(2026, 11, 1),
            goal=0.95,
            about="First reply within 4 h",
            n=480,
            width=width,
        ),
        **{f"load {name}": chart for name, chart in small.items()},
    }
