from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from data.domain import Peak, PeakKind
from data.errors import InputError
from forecasting.prepare import prepare, require_a_week, running_median
from tests.forecasting.hotline import SETTINGS, after, make_history, matrix_of, series_of, terms_of

QUIET = after(44)
LOUD = after(51)


def holiday(day: date, kind: PeakKind = PeakKind.HOLIDAY) -> Peak:
    return Peak(id="known", kind=kind, dates={day: None})


def test_an_ordinary_history_is_used_whole_and_its_totals_are_its_sums() -> None:
    history = make_history()
    series, _ = series_of(history)
    assert series.usable.all()
    assert series.left_out.empty
    day = history["start"].dt.tz_convert("Asia/Shanghai").dt.date
    np.testing.assert_allclose(series.totals, history["offered"].groupby(day).sum().to_numpy())


@pytest.mark.parametrize(
    ("share", "reason"),
    [(0.2, "far below"), (0.0, "not one contact"), (2.5, "far above")],
    ids=["low", "zero", "high"],
)
def test_a_broken_day_no_peak_explains_is_left_out_and_reported(share: float, reason: str) -> None:
    series, _ = series_of(make_history(lift={QUIET: share}))
    assert not series.usable[44]
    assert series.usable.sum() == 83
    assert np.isnan(series.totals[44])
    (row,) = series.left_out.to_dict("records")
    assert row["date"] == pd.Timestamp(QUIET)
    assert reason in row["reason"]
    assert row["found"] < 0.65 * row["usual"] or row["found"] > 1.75 * row["usual"]


@pytest.mark.parametrize("share", [0.8, 1.5], ids=["a little low", "a little high"])
def test_a_day_somewhat_off_its_usual_stays(share: float) -> None:
    series, _ = series_of(make_history(lift={QUIET: share}))
    assert series.usable.all()
    assert series.ordinary.all()


def test_a_low_day_a_known_holiday_explains_is_fitted_but_not_ordinary() -> None:
    series, _ = series_of(make_history(lift={QUIET: 0.3}), [holiday(QUIET)])
    assert series.usable[44]
    assert not series.ordinary[44]
    assert series.left_out.empty


def test_a_high_day_a_known_peak_explains_is_fitted() -> None:
    series, _ = series_of(make_history(lift={LOUD: 2.5}), [holiday(LOUD, PeakKind.BILLING)])
    assert series.usable[51]


def test_a_billing_day_does_not_explain_a_day_far_too_low() -> None:
    series, _ = series_of(make_history(lift={QUIET: 0.3}), [holiday(QUIET, PeakKind.BILLING)])
    assert not series.usable[44]


def test_a_known_outage_is_left_out_however_the_day_looks() -> None:
    series, _ = series_of(make_history(), [holiday(QUIET, PeakKind.OUTAGE)])
    assert not series.usable[44]
    assert series.left_out["reason"].tolist() == ["a known outage"]


def test_a_weekday_without_a_trading_session_may_be_low() -> None:
    sessions = Peak(
        id="session", kind=PeakKind.SESSION, dates={after(day): None for day in range(84) if day != 44}
    )
    series, _ = series_of(make_history(lift={QUIET: 0.3}), [sessions])
    assert series.usable[44]


def test_a_small_queue_keeps_its_quiet_days() -> None:
    series, _ = series_of(make_history(level=0.4, seed=5))
    totals = series.totals
    low = totals < 0.65 * running_median(totals, series.weekdays)
    assert low.sum() > 5
    assert series.usable[low].mean() > 0.9


def test_one_absurd_interval_becomes_a_gap_and_the_day_stays() -> None:
    history = make_history()
    clean, _ = series_of(history)
    history.loc[44 * 20 + 7, "offered"] *= 100
    series, _ = series_of(history)
    assert np.isnan(series.counts[44, 16 + 7])
    assert series.usable[44]
    assert series.totals[44] == pytest.approx(clean.totals[44], rel=0.1)
    assert series.left_out["reason"].tolist() == ["one interval far above its usual, at 11:30"]


def test_a_day_with_gaps_is_scaled_by_what_the_known_slots_usually_carry() -> None:
    history = make_history(noise=False)
    whole, _ = series_of(history)
    gap = history.drop(index=range(44 * 20 + 2, 44 * 20 + 9))
    series, _ = series_of(gap)
    assert series.totals[44] == pytest.approx(whole.totals[44], rel=1e-6)
    np.testing.assert_allclose(series.filled[44], whole.filled[44], rtol=1e-6)


def test_a_day_of_which_less_than_half_is_known_is_left_out() -> None:
    history = make_history()
    series, _ = series_of(history.drop(index=range(44 * 20, 44 * 20 + 12)))
    assert not series.usable[44]
    assert series.left_out["reason"].tolist() == ["less than half of its contacts are known"]


def test_a_missing_day_is_shown_as_one_without_intervals() -> None:
    series, _ = series_of(make_history(without=[QUIET]))
    assert series.left_out["reason"].tolist() == ["no intervals"]
    assert np.isnan(series.filled[44]).all()


def test_preparation_at_an_origin_does_not_know_what_comes_later() -> None:
    history = make_history(lift={after(41): 0.3})
    matrix = matrix_of(history)
    terms = terms_of(matrix)
    early = prepare(matrix.until(43), terms, SETTINGS)
    spoilt = history.assign(offered=history["offered"].where(history.index < 43 * 20, 1e7))
    again = prepare(matrix_of(spoilt).until(43), terms, SETTINGS)
    np.testing.assert_array_equal(early.filled, again.filled)
    np.testing.assert_array_equal(early.usable, again.usable)


def test_the_age_of_a_day_counts_the_ordinary_same_weekdays_after_it() -> None:
    series, _ = series_of(make_history(days=28, without=[after(21)]))
    mondays = series.same_weekday_age()[::7]
    assert mondays.tolist() == [2, 1, 0, 0]
    assert all(early >= late for early, late in pairwise(mondays))


def test_a_week_is_enough_and_a_day_less_is_not() -> None:
    for days, without, enough in ((7, [], True), (7, [after(3)], False), (6, [], False)):
        matrix = matrix_of(make_history(days=days, without=without))
        usable = prepare(matrix, terms_of(matrix), SETTINGS).usable
        if enough:
            assert require_a_week(matrix, usable) == 7
        else:
            with pytest.raises(InputError, match=r"queue 'hotline'.*7 whole days.*2025-01-06"):
                require_a_week(matrix, usable)
