from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from data.domain import OpeningSpan, Queue
from forecasting.day_matrix import opening
from forecasting.profile import weekly_profile
from forecasting.weekly import same_hours, weekly_means
from tests.forecasting.hotline import QUEUE, after, make_history, series_of

SHORT_FRIDAY = replace(
    QUEUE,
    hours=(
        OpeningSpan(weekdays=frozenset({0, 1, 2, 3}), open_min=480, close_min=1080),
        OpeningSpan(weekdays=frozenset({4}), open_min=480, close_min=780),
        OpeningSpan(weekdays=frozenset({5}), open_min=1140, close_min=1320),
    ),
)


@pytest.mark.parametrize(
    "queue", [QUEUE, SHORT_FRIDAY], ids=["one span", "a short Friday, a Saturday evening"]
)
def test_the_shares_of_each_open_weekday_sum_to_one_and_closed_slots_have_none(queue: Queue) -> None:
    series, _ = series_of(make_history(queue), queue=queue)
    shares = weekly_profile(series, weeks=8)
    opened = opening(queue)
    np.testing.assert_allclose(shares.sum(axis=1), opened.any(axis=1).astype(float))
    assert (shares[~opened] == 0).all()
    assert (shares[opened] > 0).all()


def test_the_profile_of_a_history_without_noise_is_its_shape() -> None:
    series, _ = series_of(make_history(noise=False))
    shares = weekly_profile(series, weeks=8)
    expected = series.filled[:7] / series.filled[:7].sum(axis=1, keepdims=True)
    np.testing.assert_allclose(shares, expected, atol=1e-12)


def test_a_friday_of_its_own_hours_does_not_borrow_the_shape_of_a_whole_day() -> None:
    series, _ = series_of(make_history(SHORT_FRIDAY, noise=False), queue=SHORT_FRIDAY)
    friday = series.filled[4] / series.filled[4].sum()
    np.testing.assert_allclose(weekly_profile(series, weeks=8)[4], friday, atol=1e-12)


def test_only_the_latest_weeks_shape_the_day() -> None:
    history = make_history(noise=False)
    old = history.index < 20 * 7 * 6
    history.loc[old & (history.index % 20 == 0), "offered"] *= 5
    series, _ = series_of(history)
    recent = series.filled[-7:] / series.filled[-7:].sum(axis=1, keepdims=True)
    np.testing.assert_allclose(weekly_profile(series, weeks=6), recent, atol=1e-12)
    assert not np.allclose(weekly_profile(series, weeks=8), recent, atol=1e-3)


def test_a_weekday_never_seen_takes_the_shape_of_the_others() -> None:
    series, _ = series_of(make_history(noise=False, without=[after(day) for day in range(5, 84, 7)]))
    np.testing.assert_allclose(
        weekly_profile(series, weeks=8)[5], series.filled[0] / series.filled[0].sum(), atol=1e-9
    )


def test_weekdays_are_kin_when_their_hours_are_the_same() -> None:
    kin = same_hours(opening(SHORT_FRIDAY))
    assert kin[0].tolist() == [1, 1, 1, 1, 0, 0, 0]
    assert kin[4].tolist() == [0, 0, 0, 0, 1, 0, 0]


def test_means_borrow_from_kin_then_from_all_then_from_the_nearest_slot() -> None:
    opened = np.array([[True, True, True, False]] * 5 + [[True, True, True, True]] * 2)
    counts = np.full((6, 4), np.nan)
    weekdays = np.array([0, 0, 1, 5, 5, 5])
    counts[0, :2] = [2.0, 4.0]
    counts[1, :2] = [4.0, np.nan]
    counts[3, 1] = 10.0
    means = weekly_means(counts, weekdays, opened)
    assert means[0].tolist() == [3.0, 4.0, 4.0, 0.0]
    assert means[1].tolist() == [3.0, 4.0, 4.0, 0.0]
    assert means[5].tolist() == [3.0, 10.0, 10.0, 10.0]


def test_means_of_nothing_are_zero() -> None:
    opened = np.ones((7, 2), dtype=bool)
    assert (weekly_means(np.full((3, 2), np.nan), np.array([0, 1, 2]), opened) == 0).all()


def test_a_history_that_begins_mid_week_is_read_by_its_own_weekdays() -> None:
    series, _ = series_of(make_history(first=date(2025, 1, 9), noise=False))
    assert series.weekdays[0] == 3
