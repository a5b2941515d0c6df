from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from data.domain import OpeningSpan, Peak, PeakKind, Queue
from data.errors import InputError
from data.intervals import grid
from data.schema import FORECAST, QUANTILE_COLUMNS, require
from data.version import __version__
from forecasting.combine import CHOICE
from forecasting.dispersion import Dispersion
from forecasting.forecast import Forecast, forecast
from forecasting.models.base import Fitted
from forecasting.prepare import Series
from forecasting.settings import LONGEST_HORIZON_DAYS, Settings
from forecasting.terms import DayTerms
from tests.forecasting.hotline import MONDAY, QUEUE, after, end_of, make_history, midnight

HISTORY = make_history()
HORIZON = after(84)
BASELINES = Settings(models=("seasonal_naive", "weekday_mean"))


def made(
    history: pd.DataFrame = HISTORY,
    peaks: tuple[Peak, ...] = (),
    *,
    queue: Queue = QUEUE,
    first: date = HORIZON,
    days: int = 7,
    cutoff: pd.Timestamp | None = None,
    settings: Settings = BASELINES,
    seed: int = 0,
    weights: Mapping[str, float] | None = None,
    dispersion: Dispersion | None = None,
) -> Forecast:
    return forecast(
        queue,
        history,
        peaks,
        first=first,
        days=days,
        cutoff=midnight(first, queue) if cutoff is None else cutoff,
        seed=seed,
        settings=settings,
        weights=weights,
        dispersion=dispersion,
    )


@pytest.mark.parametrize("settings", [BASELINES, Settings()], ids=["baselines", "defaults"])
def test_the_frame_keeps_its_schema_and_holds_every_open_interval_of_the_horizon(settings: Settings) -> None:
    frame = require(made(settings=settings).frame, FORECAST)
    pd.testing.assert_series_equal(frame["start"], grid(QUEUE, after(84), 7)["start"])
    assert (frame["queue"] == "hotline").all()


def test_quantiles_rise_along_each_row_and_lie_around_the_mean() -> None:
    frame = made(settings=Settings()).frame
    assert (np.diff(frame[list(QUANTILE_COLUMNS)].to_numpy(), axis=1) >= 0).all()
    assert (frame["q05"] < frame["mean"]).all()
    assert (frame["mean"] < frame["q95"]).all()


def test_same_history_and_seed_give_the_same_forecast() -> None:
    first, again = made(settings=Settings()), made(settings=Settings())
    pd.testing.assert_frame_equal(first.frame, again.frame)
    assert first.data_hash == again.data_hash


def test_nothing_that_ends_after_the_cutoff_is_known() -> None:
    cutoff = pd.Timestamp("2025-03-26 13:10", tz="Asia/Shanghai")
    ends = HISTORY["start"] + pd.Timedelta(minutes=30)
    absurd = HISTORY.assign(
        offered=HISTORY["offered"].where(ends <= cutoff, 1e9), handle_time_s=1.0, answered=1.0
    )
    absurd.loc[ends > cutoff, "handle_time_s"] = 1e9
    sane = HISTORY.loc[ends <= cutoff].assign(handle_time_s=1.0, answered=1.0)
    planted, honest = (
        made(history, cutoff=cutoff, first=cutoff.date(), settings=Settings()) for history in (absurd, sane)
    )
    pd.testing.assert_frame_equal(planted.frame, honest.frame)
    pd.testing.assert_frame_equal(planted.scores, honest.scores)
    assert planted.data_hash == honest.data_hash


def test_a_day_the_cutoff_falls_into_is_not_taken_for_a_quiet_one() -> None:
    noon = pd.Timestamp("2025-03-26 12:00", tz="Asia/Shanghai")
    at_noon = made(cutoff=noon, first=noon.date())
    at_midnight = made(cutoff=noon.normalize(), first=noon.date())
    assert at_noon.frame["mean"].sum() == pytest.approx(at_midnight.frame["mean"].sum(), rel=0.01)
    later = at_noon.frame["start"] >= noon.normalize() + pd.Timedelta(days=1)
    pd.testing.assert_frame_equal(at_noon.frame.loc[later], at_midnight.frame.loc[later])


def test_a_horizon_may_begin_on_the_cutoffs_day_or_weeks_later_but_not_before() -> None:
    noon = pd.Timestamp("2025-03-26 12:00", tz="Asia/Shanghai")
    assert made(cutoff=noon, first=date(2025, 3, 26)).first == date(2025, 3, 26)
    assert len(made(cutoff=noon, first=date(2025, 5, 1)).frame) == 140
    with pytest.raises(InputError, match=r"queue 'hotline'.*begins on 2025-03-25, before the cutoff"):
        made(cutoff=noon, first=date(2025, 3, 25))


@pytest.mark.parametrize("days", [0, -3, LONGEST_HORIZON_DAYS + 1])
def test_a_horizon_has_a_day_and_at_most_two_years(days: int) -> None:
    with pytest.raises(InputError, match=r"queue 'hotline'.*1 to 728 days"):
        made(days=days)


def test_a_horizon_without_an_open_day_is_refused_and_not_empty() -> None:
    closed = replace(QUEUE, hours=(OpeningSpan(weekdays=frozenset({0}), open_min=480, close_min=600),))
    with pytest.raises(InputError, match=r"queue 'hotline'.*closed on all 3 days from 2025-04-01"):
        made(make_history(closed), queue=closed, first=date(2025, 4, 1), days=3)


def test_a_cutoff_without_a_zone_is_refused() -> None:
    with pytest.raises(InputError, match="no time zone"):
        made(cutoff=pd.Timestamp("2025-03-31"))


def test_the_model_with_the_lowest_error_over_the_last_weeks_has_a_share_in_the_mix_that_is_named() -> None:
    steady = made(settings=Settings())
    methods = set(steady.scores["method"])
    assert steady.scores["method"].iloc[0] in {CHOICE, *steady.weights}
    assert all(name in steady.model for name in steady.weights)
    assert steady.scores["wape"].is_monotonic_increasing
    assert {"weekday_mean", "mixed_effects"} <= methods - {CHOICE} <= set(Settings().models)
    assert steady.scores["origins"].eq(Settings().origins).all()


def test_a_steady_queue_is_served_by_the_mean_and_one_that_just_jumped_by_its_last_week() -> None:
    assert made(make_history(level=400.0)).model == "weekday_mean"
    jump = {after(day): 1.6 for day in range(56, 84)}
    assert made(make_history(level=400.0, lift=jump)).model == "seasonal_naive"


def test_a_known_peak_in_the_horizon_lifts_its_day_by_what_was_learnt() -> None:
    bill = Peak(
        id="bill", kind=PeakKind.BILLING, dates={date(2025, month, 12): None for month in range(1, 8)}
    )
    lift = {date(2025, month, 12): 1.5 for month in range(1, 6)}
    history = make_history(days=154, lift=lift, level=100.0)
    only_prophet = Settings(models=("prophet",))
    arguments = {"first": after(154), "days": 10, "settings": only_prophet}
    known = made(history, (bill,), **arguments).frame
    place = (known["start"].dt.tz_convert("Asia/Shanghai").dt.date == date(2025, 6, 12)).to_numpy()
    other = (known["start"].dt.tz_convert("Asia/Shanghai").dt.date == date(2025, 6, 11)).to_numpy()
    ratio = known.loc[place, "mean"].sum() / known.loc[other, "mean"].sum()
    assert ratio == pytest.approx(1.5 * 0.95 / 1.0, rel=0.08)


def test_a_known_peak_is_read_back_from_the_left_out_days_only_when_nothing_explains_it() -> None:
    history = make_history(lift={after(44): 0.2})
    assert made(history).left_out["date"].tolist() == [pd.Timestamp(after(44))]
    holiday = Peak(id="h", kind=PeakKind.HOLIDAY, dates={after(44): None})
    assert made(history, (holiday,)).left_out.empty


def test_one_week_of_history_gives_a_forecast_and_says_on_what_it_rests() -> None:
    week = make_history(days=7)
    found = made(week, first=after(7), settings=Settings())
    assert found.model == "seasonal_naive"
    assert found.scores.empty
    np.testing.assert_array_equal(found.frame["mean"], week["offered"])
    assert any("too short for a back-test" in note for note in found.notes)


def test_a_day_less_than_a_week_is_refused_with_what_is_there_and_what_is_needed() -> None:
    with pytest.raises(InputError, match=r"queue 'hotline'.*one week.*7 whole days.*2025-01-06.*Import more"):
        made(make_history(days=6), first=after(6))


def test_handle_times_come_from_the_history_and_an_assumed_one_is_said_to_be() -> None:
    told = HISTORY.assign(answered=HISTORY["offered"], handle_time_s=HISTORY["offered"] * 180.0)
    assert made(told).frame["aht_s"].tolist() == pytest.approx([180.0] * 140)
    assert made(told).notes == ()
    assumed = made()
    assert (assumed.frame["aht_s"] == BASELINES.default_aht_s).all()
    assert any("handle time" in note for note in assumed.notes)


@pytest.mark.parametrize(
    ("first", "intervals"), [(date(2025, 3, 30), 23), (date(2025, 10, 26), 25)], ids=["23 hours", "25 hours"]
)
def test_a_day_whose_clock_changes_has_its_own_number_of_intervals(first: date, intervals: int) -> None:
    berlin = Queue(id="berlin", timezone="Europe/Berlin", interval_min=60)
    history = make_history(berlin, first=first - timedelta(days=42), days=42)
    found = made(history, queue=berlin, first=first, days=1)
    assert len(found.frame) == intervals
    assert found.frame["mean"].gt(0).all()
    assert found.frame["start"].is_unique


def test_two_years_ahead_by_day_are_finite_and_follow_the_level() -> None:
    coarse = replace(QUEUE, interval_min=60)
    history = make_history(coarse, days=580)
    found = made(history, queue=coarse, first=after(580), days=728, settings=Settings())
    frame = require(found.frame, FORECAST)
    assert len(frame) == 7280
    weekly = frame["mean"].to_numpy().reshape(104, 70).sum(axis=1)
    np.testing.assert_allclose(weekly, history["offered"].sum() * 7 / 580, rtol=0.4)


def test_the_spread_lies_over_the_rows_of_the_frame() -> None:
    found = made(days=3)
    assert found.spread.day.tolist() == [0] * 20 + [1] * 20 + [2] * 20
    assert (found.spread.day_sd > 0).all()


def test_a_model_that_finds_no_fit_is_passed_over_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from forecasting.models.base import ModelFailedError
    from forecasting.models.weekday_mean import WeekdayMean

    def fail(*_: object) -> None:
        raise ModelFailedError("it does not converge")

    monkeypatch.setattr(WeekdayMean, "fit", fail)
    found = made()
    assert found.model == "seasonal_naive"
    assert "weekday_mean was no candidate: it does not converge" in found.notes
    with pytest.raises(InputError, match=r"queue 'hotline': no model could be fitted.*does not converge"):
        made(settings=Settings(models=("weekday_mean",)))


MIX = {"weekday_mean": 0.75, "seasonal_naive": 0.25}


def test_weights_that_are_kept_make_the_weighted_mean_of_their_models_whatever_did_best() -> None:
    parts = {name: made(weights={name: 1.0}) for name in MIX}
    mixed = made(weights=MIX)
    expected = sum(share * parts[name].frame["mean"] for name, share in MIX.items())
    np.testing.assert_allclose(mixed.frame["mean"], expected)
    assert mixed.weights == MIX
    assert mixed.model == "0.75 weekday_mean + 0.25 seasonal_naive"
    assert mixed.data_hash == made().data_hash
    assert "The choice of an earlier forecast was kept." in mixed.notes


def test_keeping_the_choice_of_the_same_day_changes_nothing() -> None:
    first = made()
    again = made(weights=first.weights)
    kept = made(weights=first.weights, dispersion=first.dispersion)
    pd.testing.assert_frame_equal(first.frame, again.frame)
    pd.testing.assert_frame_equal(first.frame, kept.frame)
    assert kept.scores.empty
    assert not any("too short" in note for note in kept.notes)


def test_a_kept_choice_with_its_dispersion_fits_each_model_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from forecasting.models.weekday_mean import WeekdayMean

    first = made()
    fits, fit = [], WeekdayMean.fit

    def counted(self: WeekdayMean, series: Series, terms: DayTerms) -> Fitted:
        fits.append(self.name)
        return fit(self, series, terms)

    monkeypatch.setattr(WeekdayMean, "fit", counted)
    made(weights={"weekday_mean": 1.0}, dispersion=first.dispersion)
    assert fits == ["weekday_mean"]


@pytest.mark.parametrize(
    "weights",
    [
        {},
        {"weekday_mean": 0.5},
        {"weekday_mean": 1.5, "seasonal_naive": -0.5},
        {"weekday_mean": float("nan")},
    ],
    ids=["none", "half", "negative", "nan"],
)
def test_weights_that_are_no_shares_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(
        InputError, match=r"queue 'hotline': weights must be above 0 and sum to 1.*leave them out"
    ):
        made(weights=weights)


def test_a_model_of_the_mix_that_finds_no_fit_leaves_its_share_to_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from forecasting.models.base import ModelFailedError
    from forecasting.models.weekday_mean import WeekdayMean

    def fail(*_: object) -> None:
        raise ModelFailedError("it does not converge")

    monkeypatch.setattr(WeekdayMean, "fit", fail)
    found = made(weights=MIX)
    assert found.weights == {"seasonal_naive": 1.0}
    assert "weekday_mean was no candidate: it does not converge" in found.notes


def test_a_forecast_carries_what_it_can_be_made_again_from() -> None:
    found = made(seed=7)
    assert found.cutoff == midnight(HORIZON)
    assert (found.seed, found.product_version) == (7, __version__)
    assert len(found.data_hash) == 64
    assert sum(found.weights.values()) == pytest.approx(1.0)
    again = made(seed=found.seed, cutoff=found.cutoff, weights=found.weights)
    pd.testing.assert_frame_equal(again.frame, found.frame)


def test_the_cutoff_is_the_end_of_the_history_as_a_planner_would_ask() -> None:
    assert end_of(HISTORY) == midnight(after(84))
    assert MONDAY.weekday() == 0
