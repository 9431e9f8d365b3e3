"""Verdicts of pilots whose truth is known: simulated by whole days, with a rhythm of weeks."""

import math
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from inbox import pilot
from inbox.errors import Invalid
from inbox.pilot import Period
from inbox.pilot_plans import Rule

SHORTER = Rule(metric="first_response", target=0.3, margin=0.05)
HOUR = 3600.0
MONDAY = date(2026, 8, 3)


def simulated(
    seed, *, weeks=8, a_day=14, median=3 * HOUR, unanswered=0.04, turns=0, doubled=0, **other
):
    """Five days a week; Mondays bring half as much again and wait longer; days have moods."""
    random = np.random.default_rng(seed)
    rows = []
    for day in (MONDAY + timedelta(days=n) for n in range(weeks * 7)):
        if day.weekday() >= 5:
            continue
        is_monday = day.weekday() == 0
        mood = random.normal(0, 0.25) + 0.5 * is_monday
        for _ in range(random.poisson(a_day * (1.5 if is_monday else 1))):
            seconds = median * math.exp(mood + random.normal(0, 1.0))
            is_answered = bool(random.random() >= unanswered)
            rows.append(
                {
                    "began": pd.Timestamp(day) + pd.Timedelta(hours=9),
                    "day": day,
                    "seconds": seconds if is_answered else seconds * random.random(),
                    "is_answered": is_answered,
                    "mailbox": random.choice(other.get("mailboxes", ["support", "sales"])),
                    "language": random.choice(["sv", "de"], p=other.get("languages", [0.8, 0.2])),
                }
            )
    return Period(
        waits=pd.DataFrame(rows, columns=list(pilot.COLUMNS)),
        turns=turns,
        turns_with_duplicates=doubled,
        working_days=weeks * 5,
        holidays=other.get("holidays", 0),
        carried_in=other.get("carried_in", 0),
    )


def verdicts(rule, seeds, *, before=None, after=None):
    return [
        pilot.judge(
            rule, simulated(seed, **(before or {})), simulated(1000 + seed, **(after or {}))
        ).kind
        for seed in seeds
    ]


def test_a_pilot_that_halves_the_wait_is_kept():
    assert set(verdicts(SHORTER, range(5), after={"median": 1.5 * HOUR})) == {"keep"}


def test_a_pilot_that_does_nothing_is_not_kept():
    """Of twenty, one may be called worse by chance."""
    found = verdicts(SHORTER, range(20))
    assert found.count("keep") == 0
    assert found.count("worse") <= 1
    assert found.count("no_clear_effect") >= 10


def test_a_pilot_that_makes_it_worse_is_called_so():
    assert set(verdicts(SHORTER, range(5), after={"median": 6 * HOUR})) == {"worse"}


def test_a_small_effect_is_promising_and_no_more():
    found = verdicts(SHORTER, range(8), after={"median": 2.4 * HOUR})
    assert found.count("promising") >= 6
    assert "worse" not in found


def test_a_rhythm_of_weeks_is_no_effect_of_whole_weeks():
    """Eight weeks against five, both with their Mondays."""
    found = verdicts(SHORTER, range(10), after={"weeks": 5})
    assert "keep" not in found and found.count("worse") <= 1


def test_those_who_still_wait_cannot_make_it_look_better():
    """Who stops answering the slow half looks fast to a mean of answers; the curve knows better."""
    slow = simulated(1, unanswered=0.0)
    kept = slow.waits["seconds"] < slow.waits["seconds"].quantile(0.4)
    hidden = slow.waits.assign(is_answered=kept)
    found = pilot.judge(SHORTER, simulated(2), Period(**{**fields(slow), "waits": hidden}))
    assert found.kind == "worse"
    answered = hidden.loc[hidden["is_answered"], "seconds"].median()
    assert answered < slow.waits["seconds"].median() / 2


def fields(period):
    return {name: getattr(period, name) for name in Period.__slots__}


def test_a_tiny_pilot_says_what_it_lacks():
    found = pilot.judge(SHORTER, simulated(1), simulated(2, weeks=1, a_day=7))
    assert found.kind == "not_enough"
    assert found.days == (40, 5)
    assert found.mails[1] < 60
    assert found.needed % 10 == 0 and 150 <= found.needed <= 300


def test_nineteen_days_are_not_enough_however_many_mails():
    long = simulated(1, weeks=4, a_day=80)
    short = long.waits[long.waits["day"] < sorted(set(long.waits["day"]))[19]]
    found = pilot.judge(SHORTER, simulated(2), Period(**{**fields(long), "waits": short}))
    assert (found.kind, found.days[1]) == ("not_enough", 19)
    assert found.needed > found.mails[1]
    assert pilot.judge(SHORTER, simulated(2), long).kind != "not_enough"


def test_a_pilot_of_nothing():
    empty = simulated(1, weeks=0)
    found = pilot.judge(SHORTER, simulated(2), empty)
    assert (found.kind, found.mails[1], found.gain, found.still) == ("not_enough", 0, None, None)
    found = pilot.judge(SHORTER, empty, empty)
    assert (found.kind, found.needed) == ("not_enough", None)


def test_a_rule_about_a_promise():
    rule = Rule(metric="within", target=0.1, margin=0.02, promised=4 * HOUR)
    before, after = simulated(3, a_day=20), simulated(4, a_day=20, median=1.5 * HOUR)
    found = pilot.judge(rule, before, after)
    assert found.kind == "keep"
    assert found.gain == found.within
    assert found.still[0].value - found.still[1].value == pytest.approx(found.gain.value, abs=0.03)
    assert pilot.judge(rule, after, before).kind == "worse"


def counted(hits, n, days=20):
    """So many of n answered within four hours."""
    rows = {
        "began": pd.Timestamp(MONDAY),
        "day": [MONDAY + timedelta(days=place % days) for place in range(n)],
        "seconds": [HOUR if place < hits else 9 * HOUR for place in range(n)],
        "is_answered": True,
        "mailbox": "support",
        "language": "sv",
    }
    return Period(
        waits=pd.DataFrame(rows),
        turns=n,
        turns_with_duplicates=0,
        working_days=days,
        holidays=0,
        carried_in=0,
    )


@pytest.mark.parametrize(
    ("hits", "kind"),
    [
        (250, "keep"),  # 13 points, surely more than 5
        (244, "promising"),  # 11 points, perhaps 4
        (230, "promising"),  # 8 points: not the target
        (210, "no_clear_effect"),
        (180, "no_clear_effect"),  # 5 points worse, perhaps none
        (150, "worse"),
    ],
)
def test_what_is_reached_must_be_sure_as_well(hits, kind):
    rule = Rule(metric="within", target=0.1, margin=0.05)
    assert pilot.judge(rule, counted(200, 400), counted(hits, 400)).kind == kind


def test_a_rule_about_duplicates():
    rule = Rule(metric="duplicates", target=0.5, margin=0.1)
    before = simulated(5, turns=900, doubled=90)
    found = pilot.judge(rule, before, simulated(6, turns=900, doubled=20))
    assert found.kind == "keep"
    assert found.gain.value == pytest.approx(1 - 20 / 90)
    assert pilot.judge(rule, before, simulated(6, turns=900, doubled=88)).kind == "no_clear_effect"
    assert pilot.judge(rule, before, simulated(6, turns=900, doubled=150)).kind == "worse"
    none = pilot.judge(rule, simulated(5, turns=900), simulated(6, turns=900, doubled=2))
    assert (none.kind, none.needed) == ("not_enough", None)


def test_what_else_differed_is_told_with_numbers():
    before = simulated(7)
    same = pilot.judge(SHORTER, before, simulated(8))
    assert [one.kind for one in same.confounders if one.is_large] == []
    other = simulated(
        8, a_day=28, mailboxes=["support"], languages=[0.2, 0.8], holidays=3, carried_in=60
    )
    found = {one.kind: one for one in pilot.judge(SHORTER, before, other).confounders}
    large = {"volume", "mailboxes", "languages", "holidays", "carried_in"}
    assert {kind for kind, one in found.items() if one.is_large} == large
    assert found["volume"].before == pytest.approx(15.4, abs=1.5)
    assert found["volume"].pilot == pytest.approx(30.8, abs=2)
    assert found["languages"].pilot == pytest.approx(0.6, abs=0.06)
    assert found["mailboxes"].pilot == pytest.approx(0.5, abs=0.06)
    assert found["carried_in"].pilot == pytest.approx(60 / 30.8, abs=0.2)


def test_another_mix_of_weekdays_is_told():
    short = simulated(9)
    mondays = short.waits[pd.to_datetime(short.waits["day"]).dt.weekday == 0]
    found = pilot.judge(SHORTER, simulated(7), Period(**{**fields(short), "waits": mondays}))
    assert next(one for one in found.confounders if one.kind == "weekdays").pilot > 0.6


@pytest.mark.parametrize(
    ("field", "rule"),
    [
        ("metric", Rule(metric="claims", target=0.3, margin=0.1)),
        ("target", Rule(metric="within", target=0.1, margin=0.1)),
        ("target", Rule(metric="within", target=1.0, margin=0.1)),
        ("promised", Rule(metric="within", target=0.2, margin=0.1, promised=0)),
    ],
)
def test_a_rule_that_decides_nothing_is_refused(field, rule):
    with pytest.raises(Invalid) as refused:
        pilot.judge(rule, simulated(1, weeks=1), simulated(2, weeks=1))
    assert refused.value.field == field
