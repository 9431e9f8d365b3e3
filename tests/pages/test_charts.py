"""What charts say: titles, ticks, n, and where a click leads; not their pixels."""

import json
import re
from functools import cache

import numpy as np
import pandas as pd
import pytest
import vl_convert

from inbox import words
from inbox.levels import Shared
from inbox.statistics.estimates import Estimate
from pages.parts.charts import (
    ages,
    arrivals,
    axes,
    budget,
    depth,
    duplicates,
    handled,
    hands,
    load,
    look,
    shift_ends,
    spread,
    still_waiting,
    trend,
)
from tests.pages import chart_frames as frames
from tests.pages.chart_frames import HOUR, PILOT

NARROW, WIDE = 350, 720
NOTHING_SURE = Estimate(0.8, 0.55, 1.2)
CHOOSES = {
    "trend": ["week_iso"],
    "still_waiting": ["period", "seconds"],
    "spread": ["from_seconds", "to_seconds"],
    "ages": ["from_seconds", "to_seconds"],
    "hands": ["agent_id"],
    "depth": ["kind", "at_iso"],
    "shift_ends": ["at_iso"],
    "handled": ["day_iso"],
    "fair": ["agent_id", "begins_iso"],
    "arrivals": ["weekday", "hour"],
    "duplicates": ["conversation_id"],
    "budget": ["day_iso"],
    "load Anna": ["agent", "at_iso"],
}


@cache
def drawn(mode, width):
    return frames.drawn(look.LIGHT if mode == "light" else look.DARK, width)


@cache
def spec_of(name, mode="light", width=WIDE):
    return json.loads(drawn(mode, width)[name].to_json())


@pytest.fixture
def swedish():
    with words.speaking("sv"):
        yield


def title(spec):
    return " ".join(spec["title"]["text"]), " ".join(spec["title"]["subtitle"])


def painted(spec):
    """All words that Vega paints, as a browser would."""
    svg = vl_convert.vegalite_to_svg(spec, vl_version="6.1")
    return [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<text.*?</text>", svg, re.S)]


def params(spec):
    found = list(spec.get("params", []))
    for part in (*spec.get("layer", []), *spec.get("vconcat", [])):
        found += params(part)
    return found


@pytest.mark.parametrize(("name", "fields"), CHOOSES.items(), ids=CHOOSES)
def test_a_click_says_what_was_chosen(name, fields):
    (chosen,) = params(spec_of(name))
    assert chosen["name"] == "chosen"
    assert (chosen["select"]["type"], chosen["select"]["fields"]) == ("point", fields)


@pytest.mark.parametrize("name", CHOOSES)
@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_vega_draws_it_in_its_width(name, mode, width):
    spec = spec_of(name, mode, width)
    svg = vl_convert.vegalite_to_svg(spec, vl_version="6.1")
    across = float(re.search(r'<svg[^>]* width="([\d.]+)"', svg)[1])
    assert width - 40 <= across <= width + 10
    paper = look.LIGHT.paper if mode == "light" else look.DARK.paper
    assert spec["config"]["background"] == paper


@pytest.mark.parametrize("name", [name for name in CHOOSES if not name.startswith("load")])
def test_every_subtitle_says_of_how_many(name):
    assert re.search(r"n = \d", title(spec_of(name))[1].replace("\u00a0", " "))


@pytest.mark.parametrize(
    ("ratio", "said"),
    [
        (Estimate(0.38, 0.31, 0.47), "First response takes 62% less time since the pilot began"),
        (Estimate(1.5, 1.1, 2.0), "First response takes 50% more time since the pilot began"),
        (NOTHING_SURE, "No clear change of first response since the pilot began"),
        (
            Estimate(0.5, float("nan"), 0.7),
            "No clear change of first response since the pilot began",
        ),
        (None, "Last week half of the first responses took at most 1 h 13 min"),
    ],
)
def test_the_trend_claims_what_its_interval_holds(ratio, said):
    assert trend.finding(frames.weeks(), ratio, is_business=True).title == said


def test_lines_break_at_the_pilot_and_at_weeks_without_any():
    weeks = frames.weeks()
    weeks.loc[4, "n"] = 0
    spec = json.loads(trend.chart(weeks, look.LIGHT, pilot_start=PILOT).to_json())
    rows = next(
        found
        for found in spec["datasets"].values()
        if found and "piece" in found[0] and len(found) > 2
    )
    assert len(rows) == len(weeks) - 1
    assert len({row["piece"] for row in rows}) == 3
    assert {row["phase"] for row in rows if row["week"] < "2026-10-12"} == {"before"}


def test_time_axes_are_logarithmic_with_ticks_that_people_say():
    assert {"15 min", "30 min", "1 h", "2 h", "4 h", "8 h", "16 h"} <= set(
        painted(spec_of("trend"))
    )
    found = axes.log_time([40, 20_000], "x").to_dict()
    assert found["scale"]["type"] == "log" and found["scale"]["domain"] == [15, 28_800]
    assert found["axis"]["values"] == [15, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800]


def test_days_are_named_and_no_more_than_fit():
    wide, narrow = (
        painted(spec_of("trend")),
        painted(spec_of("trend", width=NARROW)),
    )
    days = [word for word in wide if re.fullmatch(r"\d+ [A-Z][a-z]{2}", word)]
    assert days[0] == "3 Aug" and 5 <= len(days) <= 8
    assert len([w for w in narrow if re.fullmatch(r"\d+ [A-Z][a-z]{2}", w)]) <= 4


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (15, "15 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3599, "1 h"),
        (4380, "1 h 13 min"),
        (86_399, "1 d"),
        (86_400, "1 d"),
        (187_200, "2 d 4 h"),
        (float("inf"), "–"),
    ],
)
def test_times_as_people_say_them(seconds, said):
    assert axes.lasting(seconds) == said


def test_who_still_waits_before_and_now():
    now, before = frames.curve(1.1, 610), frames.curve(3.0, 640)
    found = still_waiting.finding(now, before, 4 * HOUR, is_business=True)
    assert re.fullmatch(r"After 4 h, \d+% still wait for a first answer; it was \d+%", found.title)
    assert "640 before, 610 since" in found.subtitle
    same = still_waiting.finding(
        frames.curve(3.0, 90, seed=2), frames.curve(3.0, 90), 4 * HOUR, is_business=True
    )
    assert same.title == "After 4 h, no clear difference in how many still wait"
    alone = still_waiting.finding(now, None, 4 * HOUR, is_business=False)
    assert re.fullmatch(r"After 4 h, \d+% still wait for a first answer", alone.title)


def test_the_curves_carry_their_names_and_their_bands():
    spec = spec_of("still_waiting")
    said = painted(spec)
    assert {"Before", "Pilot", "24 h", "0%", "100%"} <= set(said)
    assert spec["layer"][0]["encoding"]["y2"]["field"] == "high"
    assert all("legend" not in word.lower() for word in said)


def test_bars_hold_every_wait_once():
    seconds = pd.Series([1, 14.9, 15, 59, 3600, 40 * 86_400.0])
    found = spread.bars(seconds)
    assert found["n"].sum() == len(seconds)
    named = dict(zip(found["name"], found["n"], strict=True))
    assert (named["under 15 s"], named["15 s – 1 min"]) == (2, 2)
    assert (named["1 h – 2 h"], named["over 32 d"]) == (1, 1)
    said = spread.finding(frames.seconds(), waiting=14, is_business=False)
    assert said.title == "Half were answered within 1 h 14 min, nine of ten within 5 h 42 min"
    assert "14 wait still" in said.subtitle


def test_the_hour_that_waits_longest_needs_enough_mails():
    cells = frames.cells()
    assert "from 17:00 to 18:00 waits longest" in arrivals.finding(cells, "UTC").title
    few = arrivals.finding(cells.assign(n=1), "UTC")
    assert few.title == "When mail comes in, and how long it waits"
    assert "(UTC)" in few.subtitle


def test_load_is_one_chart_for_each_most_first_in_amber():
    loads = frames.loads()
    found = load.charts(loads, look.LIGHT)
    assert next(iter(found)) == "Anna" and set(found) == set(frames.NAMES)
    assert re.fullmatch(r"Anna has \d\.\d times the team's mean open", load.finding(loads).title)
    colours = {json.dumps(layer["mark"]) for layer in spec_of("load Anna")["layer"]}
    assert any(look.LIGHT.above in colour for colour in colours)
    assert not any(look.LIGHT.breach in colour for colour in colours)
    even = loads.assign(open=9)
    assert load.finding(even).title == "Nobody has half as much again as the team's mean"
    assert load.finding(loads.head(1)).title == "What each colleague has open"


@pytest.mark.parametrize(
    ("ratio", "said"),
    [
        (
            Estimate(0.28, 0.14, 0.52),
            "72% fewer duplicates per answered turn since the pilot began",
        ),
        (Estimate(2.0, 1.2, 3.0), "100% more duplicates per answered turn since the pilot began"),
        (NOTHING_SURE, "No clear change of duplicates since the pilot began"),
        (None, "1.2 duplicates per 100 answered turns"),
    ],
)
def test_duplicates_claim_what_their_interval_holds(ratio, said):
    found = duplicates.finding(frames.pairs(), 1840, 600, ratio)
    assert found.title == said
    assert found.subtitle.endswith("n = 22 in 1\u202f840 answered turns")


def test_a_budget_that_is_left_and_one_that_is_used_up():
    how = {"goal": 0.95, "about": "First reply within 4 h", "n": 480}
    assert (
        budget.finding(frames.spent(), 24, **how).title
        == "5 of 24 allowed breaches left this month"
    )
    over = budget.finding(frames.spent(np.full(22, 2)), 24, **how)
    assert over.title == "The 24 breaches this month allows were used up on 13 Nov"
    used_up = budget.chart(
        frames.spent(np.full(22, 2)), look.LIGHT, allowed=24, month=pd.Timestamp(2026, 11, 1), **how
    )
    assert look.LIGHT.breach in used_up.to_json() and look.LIGHT.good not in used_up.to_json()


@pytest.mark.parametrize(
    ("open_with", "said"),
    [
        ([(0, 30), (1, 20)], "30 of 50 open conversations have nobody"),
        ([(0, 5), (1, 20), (2, 4)], "Anna has 20 of the 24 that are taken"),
        ([(1, 9), (2, 1)], "No colleague has more than half of what is taken"),
        ([(1, 12), (2, 13), (3, 8)], "No colleague has more than half of what is taken"),
        ([(0, 0)], "Nothing is open"),
        ([], "Nothing is open"),
    ],
)
def test_who_has_how_much_is_said_where_it_says_something(open_with, said):
    frame = pd.DataFrame(open_with, columns=["agent_id", "n"])
    frame["who"] = ["Nobody" if one == 0 else frames.NAMES[one - 1] for one in frame["agent_id"]]
    assert hands.finding(frame).title == said


def test_the_queue_and_its_ends_say_now_the_middle_and_the_worst():
    said = title(spec_of("depth"))[0]
    told = frames.depths()["open"]
    assert said.startswith(f"{told.iloc[-1]} are open now") and f"{told.max()} at most" in said
    ends = frames.closings()
    assert f"{ends['unassigned'].mean():.1f} have nobody" in title(spec_of("shift_ends"))[0]
    assert "at worst 10, on Mon 26 Oct 12:00" in title(spec_of("shift_ends"))[0]
    none = shift_ends.finding(ends.assign(unassigned=0)).title
    assert none == "At the end of every shift, somebody had everything"


def test_a_fair_share_is_named_and_chance_is_not():
    assert title(spec_of("fair"))[0] == "Anna had 41% of what was handled; a fair share is 33%"
    chance = Shared(agent_id=1, share=Estimate(0.41, 0.3, 0.5), fair=1 / 3)
    said = handled.fair(chance, "Anna", n=30, is_weekly=True)
    assert said.title == "Nobody had much more than a fair share, 33% of what was handled"
    assert handled.fair(None, "", n=3, is_weekly=True).title == "What each colleague handled"


def test_small_charts_are_one_picture():
    small = load.charts(frames.loads(), look.LIGHT)
    spec = look.together(list(small.values()), columns=3, width=300)
    svg = vl_convert.vegalite_to_svg(spec, vl_version="6.1")
    assert all(name in svg for name in frames.NAMES)


def test_nothing_at_all_is_said_and_drawn():
    dress = look.DARK
    empty = {
        "weeks": trend.chart(frames.weeks().iloc[:0], dress, width=WIDE),
        "curve": still_waiting.chart(frames.curve(1, 0), dress, width=WIDE),
        "bars": spread.chart(frames.seconds(0), dress, width=WIDE),
        "ages": ages.chart(frames.seconds(0), dress, width=WIDE),
        "queue": depth.chart(frames.depths().iloc[:0], dress, width=WIDE),
        "ends": shift_ends.chart(frames.closings().iloc[:0], dress, width=WIDE),
        "handled": handled.by_day(frames.handled_days().iloc[:0], dress, width=WIDE),
        "cells": arrivals.chart(frames.cells().iloc[:0], dress, zone="UTC", width=WIDE),
        "pairs": duplicates.chart(frames.pairs().iloc[:0], dress, turns=0, width=WIDE),
        "days": budget.chart(
            frames.spent().iloc[:0],
            dress,
            allowed=0,
            month=pd.Timestamp(2026, 11, 1),
            goal=0.9,
            about="First reply within 4 h",
            n=0,
            width=WIDE,
        ),
    }
    said = {name: title(json.loads(chart.to_json()))[0] for name, chart in empty.items()}
    assert said == {
        "weeks": "No first response in this period",
        "curve": "Nobody has written in this period",
        "bars": "No first response in this period",
        "ages": "Nobody waits",
        "queue": "Nothing was open in this period",
        "ends": "No mailbox has closed in this period",
        "handled": "Nothing was handled in this period",
        "cells": "When mail comes in, and how long it waits",
        "pairs": "Nobody was answered twice",
        "days": "Nothing was due this month yet",
    }
    for chart in empty.values():
        assert painted(json.loads(chart.to_json()))
    assert load.charts(frames.loads().iloc[:0], dress) == {}


def test_charts_speak_the_readers_language(swedish):
    found = trend.finding(frames.weeks(), Estimate(0.38, 0.31, 0.47), is_business=True)
    assert found.title == "Första svaret tar 62 % kortare tid sedan piloten började"
    said = painted(json.loads(frames.drawn(look.LIGHT, WIDE)["trend"].to_json()))
    assert {"piloten börjar", "3 aug", "mål 4 h"} <= set(said)


def test_what_a_column_fills_has_no_width_of_its_own():
    spec = json.loads(frames.drawn(look.LIGHT, None)["trend"].to_json())
    assert spec["width"] == "container"


@pytest.mark.parametrize("dress", [look.LIGHT, look.DARK], ids=["light", "dark"])
def test_words_can_be_read_on_their_paper(dress):
    def light(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for colour in (dress.ink, dress.quiet, dress.before_ink, dress.now):
        one, two = sorted((light(colour), light(dress.paper)))
        assert (two + 0.05) / (one + 0.05) >= 4.5, colour
