"""A pilot's verdict in words."""

import math

import pytest

from inbox import words
from inbox.confounders import Confounder
from inbox.pilot import Verdict
from inbox.pilot_plans import Rule
from inbox.statistics.estimates import Estimate
from pages.parts import verdict

SHORTER = Rule(metric="first_response", target=0.3, margin=0.05)
LONG = {"mails": (640, 610), "days": (60, 30), "needed": 400}
REST = ("first_response", "within", "still", "mean_wait", "duplicates")


def told(kind, gain=None, **numbers):
    return Verdict(
        kind=kind, gain=gain, confounders=(), **dict.fromkeys(REST), **{**LONG, **numbers}
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            told("keep", Estimate(0.42, 0.31, 0.51)),
            "Keep it · median first response: 42% better (95% between 31% and 51%)",
        ),
        (
            told("worse", Estimate(-0.5, -0.8, -0.2)),
            "Worse than before · median first response: 50% worse (95% between 20% and 80%)",
        ),
        (
            told("no_clear_effect", Estimate(0.02, -0.1, 0.14)),
            "No clear effect · median first response: 2% better (95% between −10% and 14%)",
        ),
        (
            told("promising", Estimate(0.2, -math.inf, 0.4)),
            "Promising: go on for two weeks · median first response: 20% better "
            "(95% between not known and 40%)",
        ),
        (
            told("not_enough", mails=(640, 41), needed=150),
            "Not enough yet: 41 mails, about 150 needed",
        ),
        (
            told("not_enough", Estimate(0.4, 0.3, 0.5), days=(60, 19), mails=(900, 500)),
            "Not enough yet: 19 days, 20 needed",
        ),
        (
            told("not_enough", needed=None),
            "Not enough yet: before the pilot there was nothing to compare with",
        ),
    ],
)
def test_every_verdict_is_a_sentence(found, said):
    assert verdict.said(found, SHORTER) == said


def test_of_a_share_the_gain_is_told_in_points():
    kept = Rule(metric="within", target=0.15, margin=0.05)
    assert verdict.said(told("keep", Estimate(0.24, 0.18, 0.31)), kept) == (
        "Keep it · share answered within the promise: 24 points better (95% between 18 and 31)"
    )
    assert "3 points worse (95% between −4 and 10)" in verdict.said(
        told("no_clear_effect", Estimate(-0.03, -0.10, 0.04)), kept
    )


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (
            Confounder("volume", 15.42, 30.8, True),
            "Mails a working day: 15.4 before, 30.8 in the pilot",
        ),
        (Confounder("languages", 0.0, 0.6, True), "Other languages: 60% of the mails"),
        (
            Confounder("waiting", 0.04, 0.1, True),
            "Without an answer yet: 4% before, 10% in the pilot",
        ),
        (Confounder("holidays", 0.0, 3.0, True), "Public holidays: 0 before, 3 in the pilot"),
    ],
)
def test_what_else_differed_is_a_line_with_numbers(one, said):
    assert verdict.confounder(one) == said


def test_in_swedish():
    with words.speaking("sv"):
        said = verdict.said(told("not_enough", mails=(640, 41), needed=150), SHORTER)
    assert said == "Inte nog än: 41 mejl, det behövs ungefär 150"
