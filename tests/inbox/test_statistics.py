"""Figures and intervals against SciPy, lifelines, published examples and simulated pilots."""

import math
import time
import warnings
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from inbox.statistics import beta, days, quantiles, rates, shares, waits
from inbox.statistics.estimates import Estimate, deviations

# Weeks in remission under 6-mercaptopurine (Freireich and others 1963; Gehan 1965): 9 relapses,
# 12 still well when last seen.
WEEKS = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
RELAPSED = [True] * 9 + [False] * 12
COUNTS = st.tuples(st.integers(0, 400), st.integers(0, 400))


@given(st.floats(0, 1), st.floats(0.3, 900), st.floats(0.3, 900))
def test_the_incomplete_beta_function_is_scipys(x, a, b):
    assert beta.below(x, a, b) == pytest.approx(special.betainc(a, b, x), rel=1e-8, abs=1e-12)


@pytest.mark.parametrize("freedom", [1, 2, 4, 9, 19, 39, 250])
def test_students_t_is_scipys(freedom):
    for share in (0.5, 0.9, 0.975, 0.999):
        expected = stats.t.ppf(share, freedom)
        assert beta.students_t(share, freedom) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(COUNTS, st.sampled_from([0.9, 0.95, 0.99]))
def test_shares_are_scipys(counts, level):
    hits, others = counts
    if hits + others == 0:
        return
    test = stats.binomtest(hits, hits + others)
    for found, method in (
        (shares.wilson(hits, hits + others, level=level), "wilson"),
        (shares.exact(hits, hits + others, level=level), "exact"),
    ):
        expected = test.proportion_ci(level, method)
        assert (found.low, found.high) == pytest.approx(tuple(expected), rel=1e-7, abs=1e-9)
        assert found.low <= found.value <= found.high


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # Newcombe 1998, table II, method 10.
        ((56, 70, 48, 80), (0.2000, 0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.6000, 0.1705, 0.8090)),
        ((6, 7, 2, 7), (0.5714, 0.0582, 0.8062)),
        ((5, 56, 0, 29), (0.0893, -0.0381, 0.1926)),
        ((0, 10, 0, 20), (0.0, -0.1611, 0.2775)),
        ((10, 10, 0, 20), (1.0, 0.6791, 1.0)),
    ],
)
def test_the_difference_of_two_shares_as_published(counts, expected):
    found = shares.difference(*counts)
    assert (found.value, found.low, found.high) == pytest.approx(expected, abs=5e-5)


@settings(max_examples=60, deadline=None)
@given(COUNTS, st.floats(1, 5000), st.floats(1, 5000))
def test_a_ratio_of_rates_is_the_binomial_of_scipy_turned_round(counts, exposure, earlier):
    events, before = counts
    found = rates.ratio(events, exposure, before, earlier)
    if events + before == 0:
        assert math.isnan(found.value) and (found.low, found.high) == (0, math.inf)
        return
    low, high = stats.binomtest(events, events + before).proportion_ci(0.95, "exact")
    with np.errstate(divide="ignore"):
        odds = np.array([low, high]) / (1 - np.array([low, high])) * earlier / exposure
    assert (found.low, found.high) == pytest.approx(tuple(odds), rel=1e-6, abs=1e-9)


def test_no_duplicates_before_leaves_the_ratio_open():
    found = rates.ratio(3, 100, 0, 100)
    assert found.value == found.high == math.inf and found.low == pytest.approx(0.413, abs=0.001)


def test_quartiles_are_those_of_numpy_and_come_with_their_number():
    found = quantiles.spread([4, 1, 3, 2])
    assert (found.n, found.p25, found.p50, found.p75) == (4, 1.75, 2.5, 3.25)
    assert found.p90 == pytest.approx(3.7)
    assert quantiles.spread([]).n == 0 and math.isnan(quantiles.spread([]).p50)


def test_the_curve_of_a_published_trial():
    """Kalbfleisch and Prentice; the band and the mean of 30 weeks as lifelines 0.30.3 has them."""
    found = waits.curve(WEEKS, RELAPSED)
    assert found.seconds.tolist() == [0, 6, 7, 10, 13, 16, 22, 23]
    assert found.still == pytest.approx(
        [1, 0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4
    )
    assert found.low[1:3] == pytest.approx([0.619718, 0.563147], abs=1e-6)
    assert found.high[[1, 7]] == pytest.approx([0.951552, 0.680143], abs=1e-6)
    assert waits.median(found) == 23
    assert waits.restricted_mean(found, 30).value == pytest.approx(21.04649859943977)
    assert (found.n, found.answered, found.known_until) == (21, 9, 35)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 60), st.booleans()), min_size=1, max_size=80))
def test_the_curve_and_its_band_are_scipys(told):
    seconds = np.array([wait for wait, _ in told], dtype=float)
    is_answered = np.array([answered for _, answered in told])
    found = waits.curve(seconds, is_answered)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # SciPy's band is undefined before the first answer and after the last.
        warnings.simplefilter("ignore", RuntimeWarning)
        oracle = stats.ecdf(stats.CensoredData.right_censored(seconds, ~is_answered)).sf
        band = oracle.confidence_interval(method="log-log")
    for at in range(61):
        here = waits.still_after(found, at)
        assert here.value == pytest.approx(float(oracle.evaluate(at)), abs=1e-12)
        assert here.low <= here.value <= here.high
        ends = float(band.low.evaluate(at)), float(band.high.evaluate(at))
        if 0 < here.value < 1 and not any(map(math.isnan, ends)):
            assert (here.low, here.high) == pytest.approx(ends, abs=1e-9)


def test_a_mean_wait_that_nobody_knows_is_not_told():
    found = waits.curve([10, 20], [True, False])
    assert waits.known(found) == 20
    assert waits.restricted_mean(found, 20).value == pytest.approx(15)
    with pytest.raises(ValueError):
        waits.restricted_mean(found, 21)
    ended = waits.curve([10, 20], [True, True])
    assert waits.restricted_mean(ended, 500).value == pytest.approx(15)


def test_a_mean_wait_without_any_still_waiting_is_the_mean():
    seconds = np.random.default_rng(4).exponential(3600, 500)
    found = waits.restricted_mean(waits.curve(seconds, np.ones(500)), 1e9)
    half = deviations() * seconds.std() / math.sqrt(500)
    assert found.value == pytest.approx(seconds.mean())
    assert (found.low, found.high) == pytest.approx((found.value - half, found.value + half))


def drawn(random, number_of_days, scale=3600.0, a_day=20, unanswered=0.05, weekly=0.0):
    """Waits of so many days; the day itself makes all its waits longer or shorter."""
    day = np.repeat(np.arange(number_of_days), random.poisson(a_day, number_of_days) + 1)
    mood = random.normal(0, 0.4, number_of_days)[day] + weekly * (day % 5 == 0)
    seconds = scale * np.exp(mood + random.normal(0, 1.1, day.size))
    is_answered = random.random(day.size) >= unanswered
    seconds = np.where(is_answered, seconds, seconds * random.random(day.size))
    return days.Period(seconds=seconds, is_answered=is_answered, days=day)


def test_each_resample_is_whole_days_and_its_median_that_of_the_curve():
    """Row by row: the weighted median is that of the curve of the mails written out."""
    random = np.random.default_rng(2)
    period = drawn(random, 6, a_day=5, unanswered=0.3)
    order = np.lexsort((~period.is_answered, period.seconds))
    seconds, answered = period.seconds[order], period.is_answered[order]
    day = np.asarray(period.days)[order]
    weights = random.multinomial(6, np.full(6, 1 / 6), size=200)[:, day].astype(np.int32)
    found = days._weighted(seconds, answered, weights)
    for row, median in zip(weights, found, strict=True):
        written = waits.curve(np.repeat(seconds, row), np.repeat(answered, row))
        assert median == waits.median(written)


def test_the_same_seed_says_the_same_and_another_nearly():
    random = np.random.default_rng(5)
    before, after = drawn(random, 30), drawn(random, 30, scale=1800)
    found = days.compare(before, after)
    assert found == days.compare(before, after)
    other = days.compare(before, after, seed=2)
    assert found.ratio.value == other.ratio.value
    assert found.ratio.low == pytest.approx(other.ratio.low, rel=0.1)
    assert found.ratio.low < 0.5 < found.ratio.high < 0.8
    assert found.difference.value == pytest.approx(found.after - found.before)


def test_most_still_waiting_has_no_median_and_no_limit():
    period = days.Period(
        seconds=[5.0] * 10, is_answered=[True] + [False] * 9, days=list("aabbccddee")
    )
    found = days.compare(period, period)
    assert found.before == math.inf and math.isnan(found.ratio.value)
    assert found.ratio.spans(1)


def test_instant_answers_divide_by_nothing():
    period = days.Period(seconds=[0.0] * 8, is_answered=[True] * 8, days=list("aabbccdd"))
    assert days.compare(period, period).ratio == Estimate(1.0, 1.0, 1.0)


def test_twenty_thousand_mails_are_compared_in_seconds():
    random = np.random.default_rng(6)
    before, after = drawn(random, 200, a_day=100), drawn(random, 200, a_day=100)
    began = time.process_time()
    days.compare(before, after)
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: shares.wilson(3, 2),
        lambda: shares.exact(-1, 2),
        lambda: rates.ratio(1, 0, 1, 1),
        lambda: waits.curve([1, 2], [True]),
        lambda: waits.curve([-1], [True]),
        lambda: waits.curve([math.nan], [True]),
        lambda: quantiles.spread([math.nan]),
        lambda: beta.below(0.5, 0, 1),
        lambda: beta.quantile(1.5, 1, 1),
        lambda: beta.students_t(0.975, 0),
        lambda: deviations(1.0),
        lambda: waits.restricted_mean(waits.curve([1], [True]), 0),
        lambda: days.compare(*[days.Period(seconds=[1], is_answered=[True], days=[1])] * 2),
    ],
)
def test_what_is_no_sample_is_refused(wrong):
    with pytest.raises(ValueError):
        wrong()


@cache
def ratio(events, exposure, before, earlier):
    return rates.ratio(events, exposure, before, earlier)


@pytest.mark.parametrize(("a_turn", "times"), [(0.03, 1.0), (0.05, 0.3), (0.01, 2.0)])
def test_the_exact_interval_of_a_ratio_holds_the_truth_as_often_as_it_says(a_turn, times):
    """4,000 pilots of 300 turns after 500: two standard errors below 95 % would be a fault."""
    random = np.random.default_rng(7)
    before = random.poisson(500 * a_turn, 4_000).tolist()
    events = random.poisson(300 * a_turn * times, 4_000).tolist()
    found = [ratio(one, 300, two, 500) for one, two in zip(events, before, strict=True)]
    assert np.mean([one.low <= times <= one.high for one in found]) >= 0.95


@pytest.mark.parametrize("truth", [0.02, 0.3, 0.5, 0.97])
@pytest.mark.parametrize("n", [7, 41, 150])
def test_the_exact_interval_of_a_share_holds_every_truth(n, truth):
    """Not simulated: summed over all that can happen."""
    holds = sum(
        stats.binom.pmf(hits, n, truth)
        for hits in range(n + 1)
        if (one := shares.exact(hits, n)).low <= truth <= one.high
    )
    assert holds >= 0.95
